import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { isKnownList } from '../group/current.ts'
import { langOnly } from '../http/lang-only.ts'
import * as urls from '../urls.ts'
import { listEcosystemRecords } from './list.ts'

/** The ecosystems for programs; the groups that one of them lists are at `/e/{keyword}.json`. */
export function registerEcosystemApi(app: FastifyInstance, deps: Deps): void {
  const schema = { querystring: langOnly, response: { 200: { $ref: '/schemas/ecosystem-list.json' } } }

  app.get<{ Querystring: { lang?: string } }>(urls.apiEcosystems, { schema }, async (request, reply) => {
    if (isKnownList(request, reply, deps, await deps.catalogue.current(deps.db))) return reply.code(304).send()
    return listEcosystemRecords(deps)
  })
}
