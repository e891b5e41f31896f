import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { CatalogueState } from '../catalogue/catalogue.ts'
import { indexIn } from '../catalogue/snapshot.ts'
import type { Deps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { listGroups } from '../group/list.ts'
import { langOnly, querySchema } from '../group/pages.ts'
import { toGroupList } from '../group/present-list.ts'
import { findGroup } from '../group/queries.ts'
import { readSearch } from '../group/query.ts'
import { readerContext, wordsOf } from '../group/reader.ts'
import { toListView } from '../group/view-list.ts'
import { pageFrame } from '../http/page-frame.ts'
import type { GroupQuery } from '../schema-types.ts'
import { toSlug } from '../text/fold.ts'
import * as urls from '../urls.ts'
import { frequentKeywords, nearKeywords, toEcosystemRecord, toKeywordRecord } from './present.ts'
import { toEcosystemView, toIsle, toKeywordView } from './present-page.ts'
import { findEcosystem, listEcosystems } from './queries.ts'

const mostKeywords = 100

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

  app.get(
    urls.twin(urls.ecosystems, 'json'),
    { schema: { querystring: langOnly, response: { 200: { $ref: '/schemas/ecosystem-list.json' } } } },
    async () => {
      const state = await deps.catalogue.current(deps.db)
      const items = (await listEcosystems(deps.db)).map((row) => toEcosystemRecord(row, state, deps.config.publicUrl))
      const keywords = frequentKeywords(state, mostKeywords).map(({ keyword }) => toKeywordRecord(keyword, state, deps.config.publicUrl))
      return { total: items.length, items, keywords }
    },
  )

  app.get<{ Params: { keyword: string }; Querystring: GroupQuery }>(
    '/e/:keyword',
    { schema: { querystring: querySchema } },
    async (request, reply) => {
      const state = await deps.catalogue.current(deps.db)
      const keyword = findKeyword(request, reply, state, request.params.keyword, urls.ecosystem)
      return keyword === undefined ? undefined : sendEcosystemPage(request, reply, deps, keyword, request.query)
    },
  )

  app.get<{ Params: { keyword: string }; Querystring: GroupQuery }>(
    '/e/:keyword.json',
    { schema: { querystring: querySchema, response: { 200: { $ref: '/schemas/group-list.json' } } } },
    async (request, reply) => {
      const twin = (slug: string) => urls.twin(urls.ecosystem(slug), 'json')
      const keyword = findKeyword(request, reply, await deps.catalogue.current(deps.db), request.params.keyword, twin)
      if (keyword === undefined) return undefined
      const result = await listGroups(deps, readSearch(request.query), keyword)
      const row = await findEcosystem(deps.db, keyword)
      const { publicUrl } = deps.config
      const ecosystem = row ? toEcosystemRecord(row, result.state, publicUrl) : toKeywordRecord(keyword, result.state, publicUrl)
      return { ...toGroupList(result, wordsOf(request), { publicUrl, ecosystems: result.state.ecosystems }, twin(keyword)), ecosystem }
    },
  )
}

/** The slug, if it is registered or in use. Another spelling redirects; what nobody uses is a 404 with the keywords that look like it. */
function findKeyword(
  request: FastifyRequest,
  reply: FastifyReply,
  state: CatalogueState,
  asked: string,
  to: (slug: string) => string,
): string | undefined {
  const isKnown = (slug: string) => state.ecosystems.has(slug) || listHas(state, slug)
  if (isKnown(asked)) return asked
  const slug = toSlug(asked)
  if (isKnown(slug)) {
    const query = request.url.indexOf('?')
    reply.redirect(to(slug) + (query < 0 ? '' : request.url.slice(query)), 308)
    return undefined
  }
  const near = nearKeywords(state, slug).map(({ keyword, label }) => ({ label, url: urls.ecosystem(keyword) }))
  throw notFound({ key: 'error.noKeyword', values: { keyword: asked.slice(0, 60) } }, near)
}

function listHas({ snapshot }: CatalogueState, slug: string): boolean {
  const index = indexIn(snapshot.keywordNames, slug)
  return index > 0 && snapshot.groupsOf.starts[index + 1]! > snapshot.groupsOf.starts[index]!
}

async function sendEcosystemPage(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  keyword: string,
  query: GroupQuery,
): Promise<FastifyReply> {
  const result = await listGroups(deps, readSearch(query), keyword)
  const row = await findEcosystem(deps.db, keyword)
  const kernel = row?.kernel_group ? await findGroup(deps.db, row.kernel_group) : undefined
  const ecosystem = row ? toEcosystemView(row, kernel, result.state) : toKeywordView(keyword, result.state)
  const list = toListView(result, wordsOf(request), readerContext(request, deps, result.state), urls.ecosystem(keyword))
  const page = pageFrame(request, deps.config, {
    title: ecosystem.title,
    description: ecosystem.summary ?? request.t('ecosystem.plain', { label: ecosystem.title }),
    alternates: list.twins,
    robots: request.url.includes('?') ? 'noindex, follow' : undefined,
  })
  return reply.page('ecosystem/page', { page, ecosystem, list })
}
