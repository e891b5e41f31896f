import type { FastifyInstance, FastifyRequest } from 'fastify'
import { forbidden } from '../errors.ts'

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

function isOwn({ headers }: FastifyRequest, publicUrl: string): boolean {
  // A token is not something a browser adds by itself.
  if (/^Bearer /i.test(headers.authorization ?? '') && !headers.cookie) return true
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  const { origin, host } = headers
  return origin === undefined || origin === publicUrl || URL.parse(origin)?.host === host
}
