import type { FastifyInstance, FastifyRequest } from 'fastify'
import { forbidden } from '../errors.ts'
import { pathOf } from './security-headers.ts'

interface Deps {
  config: { publicUrl: string }
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Refuses (403) what another site's page makes a browser send; no token is needed in forms. */
export function registerCrossOrigin(app: FastifyInstance, { config }: Deps): void {
  app.addHook('onRequest', async (request) => {
    if (!safe.has(request.method) && !isOwn(request, config.publicUrl)) throw forbidden({ key: 'error.forbidden.crossOrigin' })
  })
}

function isOwn({ headers, url }: FastifyRequest, publicUrl: string): boolean {
  // The index knows nobody by a cookie: any site may ask it.
  if (pathOf(url).startsWith('/v2/')) return true
  // A token is not something a browser adds by itself.
  if (/^Bearer /i.test(headers.authorization ?? '') && !headers.cookie) return true
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  const { origin, host } = headers
  return origin === undefined || origin === publicUrl || URL.parse(origin)?.host === host
}
