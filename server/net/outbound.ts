import type { Agent, Dispatcher } from 'undici'
import type { Policy } from './address.ts'
import { judge, type Redirect, toAnswer } from './answer.ts'
import { type Read, readWith } from './body.ts'
import { type Call, createCalls } from './call.ts'
import { guardConnect } from './connect.ts'
import { firstHop, type Hop, nextHop, type OutboundRequest } from './hop.ts'
import { Failure, type Outcome, toFailure } from './outcome.ts'
import { createResolve, type Resolve } from './resolve.ts'
import { createTurns, type TakeTurn, type TurnLimits } from './turns.ts'

/** Times in milliseconds; `idle` is the longest silence within a body, `whole` the time for everything where the request says none. */
export interface Limits extends TurnLimits {
  connect: number
  headers: number
  idle: number
  whole: number
  headerBytes: number
  redirects: number
}

export interface OutboundOptions {
  /** Named in every request, for those who wonder who is asking. */
  publicUrl: string
  clock: () => Date
  policy?: Policy
  resolve?: Resolve
  limits?: Partial<Limits>
  /** Trusted in place of the system's certificates. */
  ca?: string
}

/** The one way out to other people's servers. Whatever they do is an outcome; only a mistake of ours is thrown. */
export interface Outbound {
  fetch(url: string, request?: OutboundRequest): Promise<Outcome>
  stream<T>(url: string, request: OutboundRequest, read: Read<T>): Promise<Outcome<T>>
  /** Ends what is under way as `aborted`. */
  close(): Promise<void>
}

const usual: Limits = {
  connect: 5000,
  headers: 5000,
  idle: 5000,
  whole: 10_000,
  headerBytes: 16 * 1024,
  redirects: 3,
  perHost: 2,
  total: 16,
  pace: 100,
  waiting: 1000,
}

type Way = { limits: Limits; policy: Policy; clock: () => Date; takeTurn: TakeTurn; openAgent: () => Promise<Agent> }

/** Opens nothing and loads nothing until it is first used. */
export function createOutbound(options: OutboundOptions): Outbound {
  const { policy = {}, publicUrl, clock } = options
  const limits = { ...usual, ...options.limits }
  const calls = createCalls()
  let agent: Promise<Agent> | undefined
  const open = () => {
    agent ??= openAgent(options, limits)
    return agent
  }
  const way: Way = { limits, policy, clock, takeTurn: createTurns(limits), openAgent: open }

  async function stream<T>(url: string, request: OutboundRequest, read: Read<T>): Promise<Outcome<T>> {
    const call = calls.open(request.timeout ?? limits.whole, request.signal)
    const trail = { at: url }
    try {
      return await follow(way, firstHop(url, request, publicUrl, policy), trail, (hop) => visit(way, hop, call, request, read))
    } catch (error) {
      if (error instanceof Failure) return { name: error.outcome, url: trail.at }
      throw error
    } finally {
      call.end()
    }
  }

  return {
    stream,
    fetch: (url, request = {}) => stream(url, request, readWhole),
    close: async () => {
      calls.close()
      await (await agent)?.destroy()
    },
  }
}

/** From redirect to redirect; `trail.at` is the address being asked, for whoever says where it failed. */
async function follow<T>({ limits, policy }: Way, first: Hop, trail: { at: string }, go: (hop: Hop) => Promise<Outcome<T> | Redirect>) {
  let hop = first
  for (let redirects = 0; ; redirects++) {
    const outcome = await go(hop)
    if (outcome.name !== 'redirect') return outcome
    if (redirects === limits.redirects) throw new Failure('too-many-redirects')
    trail.at = URL.parse(outcome.location, hop.url)?.href ?? trail.at
    hop = nextHop(hop, outcome.status, outcome.location, policy)
  }
}

/** One address, within its host's turn. */
async function visit<T>(way: Way, hop: Hop, call: Call, request: OutboundRequest, read: Read<T>): Promise<Outcome<T> | Redirect> {
  const endTurn = await way.takeTurn(hop.url.hostname, call.signal)
  let response: Dispatcher.ResponseData | undefined
  try {
    call.startClock()
    response = await ask(await way.openAgent(), hop, call.signal)
    // Whoever reads the body meets its error; until then, and after, it is nobody's.
    response.body.on('error', () => undefined)
    const outcome = judge(response, hop, way.clock())
    if (outcome?.name === 'http-error' && request.errorBytes)
      return { ...outcome, body: await readWith(response.body, outcome, request.errorBytes, readWhole) }
    if (outcome) return outcome
    const answer = toAnswer(response, hop)
    return { name: 'ok', ...answer, body: await readWith(response.body, answer, request.maxBytes ?? 2 ** 20, read) }
  } finally {
    response?.body.destroy()
    endTurn()
  }
}

async function readWhole(body: AsyncIterable<Buffer>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(body))
}

async function openAgent({ policy = {}, resolve = createResolve(), ca }: OutboundOptions, limits: Limits): Promise<Agent> {
  // Loaded late: it takes longer than the rest of the server's start.
  const { Agent, buildConnector } = await import('undici')
  return new Agent({
    connect: guardConnect(buildConnector, { policy, resolve, timeout: limits.connect, ca }),
    connections: limits.perHost,
    headersTimeout: limits.headers,
    bodyTimeout: limits.idle,
    maxHeaderSize: limits.headerBytes,
    keepAliveMaxTimeout: 10_000,
    useMilo: false,
  })
}

async function ask(agent: Agent, { url, ...hop }: Hop, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const end = () => reject(signal.reason)
  try {
    signal.throwIfAborted()
    // undici hears the signal only once it has a connection.
    signal.addEventListener('abort', end)
    return await Promise.race([agent.request({ ...hop, origin: url.origin, path: `${url.pathname}${url.search}`, signal }), ended])
  } catch (error) {
    // What undici calls invalid is a mistake of ours.
    if ((error as NodeJS.ErrnoException).code === 'UND_ERR_INVALID_ARG') throw error
    throw toFailure(error)
  } finally {
    signal.removeEventListener('abort', end)
  }
}
