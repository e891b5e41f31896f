import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { isKnownList } from '../group/current.ts'
import { langOnly } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import * as urls from '../urls.ts'
import { registerKeywordPages } from './keyword-pages.ts'
import { listEcosystemRecords, mostKeywords } from './list.ts'
import { frequentKeywords, toKeywordRecord } from './present.ts'
import { toIsle } from './present-page.ts'
import { listEcosystems } from './queries.ts'

export function registerEcosystemPages(app: FastifyInstance, deps: Deps): void {
  app.get(urls.ecosystems, { schema: { querystring: langOnly } }, async (request, reply) => {
    const state = await deps.catalogue.current(deps.db)
    const rows = await listEcosystems(deps.db)
    const keywords = frequentKeywords(state, mostKeywords)
    const twins = [{ type: 'application/json', url: urls.twin(urls.ecosystems, 'json'), title: 'JSON' }]
    const page = pageFrame(request, deps.config, {
      title: request.t('ecosystem.title'),
      description: request.t('ecosystem.intro'),
      alternates: twins,
    })
    return reply.page('ecosystem/list', {
      page,
      ecosystems: rows.map((row) => toIsle(row, state)),
      keywords: keywords.map(({ keyword, count }) => ({ label: toKeywordRecord(keyword, state, '').title, url: urls.ecosystem(keyword), count })),
    })
  })

  app.get<{ Querystring: { lang?: string } }>(
    urls.twin(urls.ecosystems, 'json'),
    { schema: { querystring: langOnly, response: { 200: { $ref: '/schemas/ecosystem-list.json' } } } },
    async (request, reply) => {
      if (isKnownList(request, reply, deps, await deps.catalogue.current(deps.db))) return reply.code(304).send()
      return listEcosystemRecords(deps)
    },
  )

  registerKeywordPages(app, deps)
}
