import type { FastifyInstance, FastifyRequest } from 'fastify'
import { badRequest, notFound } from '../errors.ts'
import { ownPath } from './page-frame.ts'
import { pathOf } from './security-headers.ts'

/** Names of parameters that say where a reader came from. */
export const trackers = /^(utm_.*|fbclid|gclid|mc_.*)$/

/**
 * Looks at the query before any route: what is not valid UTF-8 is refused by name; on pages, trackers' parameters are
 * taken off by a redirect, so that addresses that are passed on stay clean.
 */
export function registerAddress(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    // No name holds a NUL, and PostgreSQL refuses to look for one.
    if (pathOf(request.url).includes('%00')) throw notFound()
    const at = request.url.indexOf('?')
    if (at < 0) return
    const parts = request.url.slice(at + 1).split('&')
    // Words to look for bear any noise.
    const garbled = parts.find((part) => !isDecodable(part) && !/^(my-)?q=/.test(part))
    if (garbled !== undefined) throw badRequest([{ field: nameOf(garbled), message: { key: 'error.field.encoding' } }])
    if (!isPage(request)) return
    const kept = parts.filter((part) => !trackers.test(nameOf(part)))
    if (kept.length < parts.length) return reply.redirect(ownPath(request.url) + (kept.length > 0 ? `?${kept.join('&')}` : ''), 302)
  })
}

/** Pages are what people read; twins, the API and files are not. */
function isPage({ method, url, routeOptions }: FastifyRequest): boolean {
  return (method === 'GET' || method === 'HEAD') && !/\.\w+$/.test(pathOf(url)) && !/^\/(api|static|schemas)\//.test(routeOptions.url ?? '')
}

function nameOf(part: string): string {
  const name = part.split('=')[0]!
  return (isDecodable(name) ? decodeURIComponent(name) : name).slice(0, 100)
}

function isDecodable(part: string): boolean {
  try {
    decodeURIComponent(part)
    return true
  } catch {
    return false
  }
}
