import type { FastifyInstance } from 'fastify'
import type { Deps } from '../../deps.ts'
import { isKnown } from '../../http/cache.ts'
import { langOnly } from '../../http/lang-only.ts'
import * as urls from '../../urls.ts'
import { registerArrival } from './arrival-pages.ts'
import { registerDeparture } from './departure-pages.ts'
import { ownKeys } from './keys.ts'

/** A group that changes servers: where it leaves, where it arrives, and the keys that prove it. */
export function registerMovePages(app: FastifyInstance, deps: Deps): void {
  app.get(urls.keySet, { schema: { querystring: langOnly } }, async (request, reply) => {
    const keys = await ownKeys(deps.db, deps.config)
    if (isKnown(request, reply, { of: ['keys', ...keys.map(({ kid }) => kid)] })) return reply.code(304).send()
    return reply.type('application/jwk-set+json; charset=utf-8').send(JSON.stringify({ keys }))
  })
  registerDeparture(app, deps)
  registerArrival(app, deps)
}
