import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { CatalogueState } from '../catalogue/catalogue.ts'
import type { Deps } from '../deps.ts'
import { isKnownList } from '../group/current.ts'
import { listGroups } from '../group/list.ts'
import { sendAtom } from '../group/list-atom.ts'
import { toGroupList } from '../group/present-list.ts'
import { findGroup } from '../group/queries.ts'
import { isFiltered, pageParams, readSearch, toParams } from '../group/query.ts'
import { querySchema } from '../group/query-schema.ts'
import { readerContext, wordsOf } from '../group/reader.ts'
import { toListView } from '../group/view-list.ts'
import { pageFrame } from '../http/page-frame.ts'
import type { EcosystemRecord, GroupQuery } from '../schema-types.ts'
import { jsonLdScript } from '../text/json-ld.ts'
import * as urls from '../urls.ts'
import { findKeyword } from './find-keyword.ts'
import { toEcosystemJsonLd } from './json-ld.ts'
import { toEcosystemRecord, toKeywordRecord } from './present.ts'
import { toEcosystemView, toKeywordView } from './present-page.ts'
import { findEcosystem } from './queries.ts'

type Listed = { Params: { keyword: string }; Querystring: GroupQuery }

/** The groups of one keyword, registered as an ecosystem or not: the page, its JSON, JSON-LD and feed. The whole lists are in transfer/pages.ts. */
export function registerKeywordPages(app: FastifyInstance, deps: Deps): void {
  const jsonSchema = { querystring: querySchema, response: { 200: { $ref: '/schemas/group-list.json' } } }

  app.get<Listed>('/e/:keyword', { schema: { querystring: querySchema } }, async (request, reply) => {
    const state = await deps.catalogue.current(deps.db)
    const keyword = findKeyword(request, reply, state, request.params.keyword, urls.ecosystem)
    return keyword === undefined ? undefined : sendPage(request, reply, deps, keyword)
  })

  app.get<Listed>('/e/:keyword.json', { schema: jsonSchema }, async (request, reply) => {
    const state = await deps.catalogue.current(deps.db)
    const twin = (slug: string) => urls.twin(urls.ecosystem(slug), 'json')
    const keyword = findKeyword(request, reply, state, request.params.keyword, twin)
    if (keyword === undefined) return undefined
    const search = readSearch(request.query)
    if (isKnownList(request, reply, deps, state, { byLanguage: true })) return reply.code(304).send()
    const result = await listGroups(deps, search, keyword)
    const context = { publicUrl: deps.config.publicUrl, ecosystems: result.state.ecosystems }
    return {
      ...toGroupList(result, wordsOf(request), context, { path: twin(keyword), lang: request.query.lang }),
      ecosystem: await recordOf(deps, result.state, keyword),
    }
  })

  app.get<Listed>('/e/:keyword.jsonld', { schema: { querystring: querySchema } }, async (request, reply) => {
    const state = await deps.catalogue.current(deps.db)
    const keyword = findKeyword(request, reply, state, request.params.keyword, (slug) => urls.twin(urls.ecosystem(slug), 'jsonld'))
    if (keyword === undefined) return undefined
    const search = readSearch(request.query)
    if (isKnownList(request, reply, deps, state)) return reply.code(304).send()
    const { rows, selection, next } = await listGroups(deps, search, keyword)
    const at = (after?: string) =>
      urls.withParams(urls.twin(urls.ecosystem(keyword), 'jsonld'), pageParams(toParams(search), { after, lang: request.query.lang }))
    const page = { groups: rows, total: selection.slots.length, first: at(), self: at(request.query.after), next: next && at(next) }
    const data = toEcosystemJsonLd(await recordOf(deps, state, keyword), deps.config.publicUrl, page)
    return reply.type('application/ld+json; charset=utf-8').send(JSON.stringify(data))
  })

  app.get<Listed>('/e/:keyword.atom', { schema: { querystring: querySchema } }, async (request, reply) => {
    const state = await deps.catalogue.current(deps.db)
    const keyword = findKeyword(request, reply, state, request.params.keyword, (slug) => urls.twin(urls.ecosystem(slug), 'atom'))
    if (keyword === undefined) return undefined
    const { title } = await recordOf(deps, state, keyword)
    return sendAtom(request, reply, deps, { path: urls.ecosystem(keyword), title, scope: keyword })
  })
}

async function recordOf({ db, config }: Deps, state: CatalogueState, keyword: string): Promise<EcosystemRecord> {
  const row = await findEcosystem(db, keyword)
  return row ? toEcosystemRecord(row, state, config.publicUrl) : toKeywordRecord(keyword, state, config.publicUrl)
}

async function sendPage(request: FastifyRequest<Listed>, reply: FastifyReply, deps: Deps, keyword: string): Promise<FastifyReply> {
  const { publicUrl } = deps.config
  const result = await listGroups(deps, readSearch(request.query), keyword)
  const row = await findEcosystem(deps.db, keyword)
  const kernel = row?.kernel_group ? await findGroup(deps.db, row.kernel_group) : undefined
  const ecosystem = row ? toEcosystemView(row, kernel, result.state) : toKeywordView(keyword, result.state)
  const path = urls.ecosystem(keyword)
  const list = toListView(result, wordsOf(request), readerContext(request, deps, result.state), path)
  const record = row ? toEcosystemRecord(row, result.state, publicUrl) : toKeywordRecord(keyword, result.state, publicUrl)
  const page = pageFrame(request, deps.config, {
    title: ecosystem.title,
    description: ecosystem.summary ?? request.t('ecosystem.plain', { label: ecosystem.title }),
    alternates: [...list.twins, { type: 'application/ld+json', url: urls.twin(path, 'jsonld'), title: 'JSON-LD' }],
    embeddable: list.asMap.listUrl,
    robots: isFiltered(request.query) ? 'noindex, follow' : undefined,
    jsonLdHtml: jsonLdScript(toEcosystemJsonLd(record, publicUrl)),
    share: { url: urls.sharePicture(path), alt: ecosystem.title },
  })
  return reply.page('ecosystem/page', { page, ecosystem, list })
}
