import type { Outbound } from '../../net/outbound.ts'
import { originOf } from '../copies/rules.ts'
import { slow, VisitFailed } from './ask.ts'

/** What a question takes at most where nothing else is said, in milliseconds. */
const usual = 10_000

/**
 * The client for one visit of so many milliseconds: after that, what is asked, and what is still being answered, fails as `slow`. Without an end, a
 * source that answers slowly would keep a worker beyond its claim. Throws `VisitFailed`.
 */
export function withinTime(outbound: Outbound, clock: () => Date, milliseconds: number): Outbound {
  const end = clock().getTime() + milliseconds
  const stream: Outbound['stream'] = async (url, request, read) => {
    const left = end - clock().getTime()
    if (left <= 0) throw new VisitFailed(slow)
    const isShort = left < (request.timeout ?? usual)
    const outcome = await outbound.stream(url, isShort ? { ...request, timeout: left } : request, read)
    if (outcome.name === 'timeout' && isShort) throw new VisitFailed(slow)
    return outcome
  }
  return {
    ...outbound,
    stream,
    fetch: (url, request = {}) => stream(url, request, async (body) => Buffer.concat(await Array.fromAsync(body))),
  }
}

/** The client as it never asks these servers, except where another one leads to them: then nothing of the answer is used. */
export function withoutServers(outbound: Outbound, origins: ReadonlySet<string>): Outbound {
  if (origins.size === 0) return outbound
  const isOut = (url: string) => origins.has(originOf(url) ?? '')
  return {
    ...outbound,
    stream: async (url, request, read) => (isOut(url) ? { name: 'refused-address', url } : outbound.stream(url, request, read)),
    fetch: async (url, request) => (isOut(url) ? { name: 'refused-address', url } : outbound.fetch(url, request)),
  }
}
