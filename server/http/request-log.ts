import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { pathOf } from './security-headers.ts'

/** One line a request, without anything of the person who asks: no address, no query, no header. */
export function registerRequestLog(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? pathOf(request.url).slice(0, 200)
    request.log.info({ method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10 }, 'request')
  })
}

/** 12 characters that no client chooses. */
export function newRequestId(): string {
  return randomBytes(9).toString('base64url')
}

/** What of a request or an answer Fastify's own log lines may say. */
export const logSerializers = {
  req: (request: { method?: string }) => ({ method: request.method }),
  res: (reply: { statusCode?: number }) => ({ status: reply.statusCode }),
}
