import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { keywordLabel } from '../catalogue/keyword.ts'
import type { Deps } from '../deps.ts'
import { findKeyword } from '../ecosystem/find-keyword.ts'
import { findEcosystem } from '../ecosystem/queries.ts'
import { toEcosystem } from '../ecosystem/row.ts'
import { isKnownList } from '../group/current.ts'
import { listGroups } from '../group/list.ts'
import { type GroupSearch, isFiltered, readSearch, toParams } from '../group/query.ts'
import { querySchema } from '../group/query-schema.ts'
import { readerContext, wordsOf } from '../group/reader.ts'
import { toListView } from '../group/view-list.ts'
import { pageFrame } from '../http/page-frame.ts'
import type { GroupQuery, MapQuery } from '../schema-types.ts'
import * as urls from '../urls.ts'
import { extentOf } from './extent.ts'
import { findMapView, readMapQuery } from './find.ts'
import { toMapView } from './present.ts'
import { toMapBox } from './present-page.ts'

type ByKeyword = { Params: { keyword: string } }

/** The map of all groups and of one keyword's: the page, with the list in it, and the marks of a view. */
export function registerMapPages(app: FastifyInstance, deps: Deps): void {
  const marksSchema = { querystring: { $ref: '/schemas/map-query.json' }, response: { 200: { $ref: '/schemas/map-view.json' } } }

  app.get<{ Querystring: GroupQuery }>(urls.map, { schema: { querystring: querySchema } }, (request, reply) => sendPage(request, reply, deps))

  app.get<{ Querystring: MapQuery }>(urls.twin(urls.map, 'json'), { schema: marksSchema }, (request, reply) => sendMarks(request, reply, deps))

  app.get<ByKeyword & { Querystring: GroupQuery }>('/e/:keyword/map', { schema: { querystring: querySchema } }, async (request, reply) => {
    const state = await deps.catalogue.current(deps.db)
    const keyword = findKeyword(request, reply, state, request.params.keyword, (slug) => urls.mapOf(urls.ecosystem(slug)))
    return keyword === undefined ? undefined : sendPage(request, reply, deps, keyword)
  })

  app.get<ByKeyword & { Querystring: MapQuery }>('/e/:keyword/map.json', { schema: marksSchema }, async (request, reply) => {
    const state = await deps.catalogue.current(deps.db)
    const keyword = findKeyword(request, reply, state, request.params.keyword, (slug) => urls.twin(urls.mapOf(urls.ecosystem(slug)), 'json'))
    return keyword === undefined ? undefined : sendMarks(request, reply, deps, keyword)
  })
}

async function sendPage(request: FastifyRequest, reply: FastifyReply, deps: Deps, scope?: string): Promise<FastifyReply> {
  const query = request.query as GroupQuery
  const listPath = scope === undefined ? urls.groups : urls.ecosystem(scope)
  const path = urls.mapOf(listPath)
  const result = await listGroups(deps, readSearch(query), scope)
  const words = wordsOf(request)
  const list = toListView(result, words, readerContext(request, deps, result.state), path)
  const row = scope === undefined ? undefined : await findEcosystem(deps.db, scope)
  const ecosystem = scope === undefined ? undefined : { title: row?.title ?? keywordLabel(result.state.snapshot, scope), url: listPath }
  // What an ecosystem chose to show first is of all its groups.
  const view = row && !isFiltered(query) ? toEcosystem(row).mapView : undefined
  const { bounds } = extentOf(result.state.snapshot, result.selection.slots)
  const page = pageFrame(request, deps.config, {
    title: ecosystem ? request.t('map.titleOf', { title: ecosystem.title }) : request.t('map.title'),
    description: request.t('map.intro'),
    alternates: list.twins,
    embeddable: list.asMap.mapUrl,
    robots: isFiltered(query) ? 'noindex, follow' : undefined,
  })
  return reply.page('map/page', { page, ecosystem, list, map: toMapBox({ path, bounds, view, words, config: deps.config }) })
}

async function sendMarks(request: FastifyRequest, reply: FastifyReply, deps: Deps, scope?: string): Promise<unknown> {
  const asked = readMapQuery(request.query as MapQuery, deps.config)
  if (isKnownList(request, reply, deps, await deps.catalogue.current(deps.db), { byLanguage: true })) return reply.code(304).send()
  const listPath = scope === undefined ? urls.groups : urls.ecosystem(scope)
  const to = (changed: Partial<GroupSearch>) => urls.withParams(listPath, toParams({ ...asked.search, ...changed }))
  return toMapView(await findMapView(deps, asked, scope), wordsOf(request), to)
}
