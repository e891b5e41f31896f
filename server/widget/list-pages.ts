import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { CatalogueState } from '../catalogue/catalogue.ts'
import { keywordLabel } from '../catalogue/keyword.ts'
import type { Deps } from '../deps.ts'
import { findKeyword } from '../ecosystem/find-keyword.ts'
import { listGroups, matchGroups } from '../group/list.ts'
import { readerContext, wordsOf } from '../group/reader.ts'
import { extentOf } from '../map/extent.ts'
import { findMapView, readSight } from '../map/find.ts'
import { toMapView } from '../map/present.ts'
import { toMapBox } from '../map/present-page.ts'
import { schemas } from '../schema.ts'
import type { MapQuery, WidgetQuery } from '../schema-types.ts'
import * as urls from '../urls.ts'
import { frameOf, isKnownWidget } from './answer.ts'
import { findBounds } from './find.ts'
import { listKinds, readWidgetQuery } from './options.ts'
import { linksWithin, sitePage, toWidgetList } from './present.ts'

type ListKind = (typeof listKinds)[number]
type Asked = { Params: { keyword?: string }; Querystring: WidgetQuery & Pick<MapQuery, 'view' | 'zoom' | 'at'> }
type Handle = (request: FastifyRequest<Asked>, reply: FastifyReply, state: CatalogueState, keyword: string | undefined) => Promise<unknown>

const widgetSchema = { $ref: '/schemas/widget-query.json' }

/** Widgets of all groups or of one keyword's, and the marks of the map's. */
export function registerListWidgets(app: FastifyInstance, deps: Deps): void {
  const add = (path: (keyword?: string) => string, schema: object, handle: Handle) => {
    const answer = async (request: FastifyRequest<Asked>, reply: FastifyReply) => {
      const state = await deps.catalogue.current(deps.db)
      const asked = request.params.keyword
      const keyword = asked === undefined ? undefined : findKeyword(request, reply, state, asked, path)
      return asked !== undefined && keyword === undefined ? reply : handle(request, reply, state, keyword)
    }
    app.get<Asked>(path(), { schema }, answer)
    app.get<Asked>(path(':keyword').replace('%3A', ':'), { schema }, answer)
  }
  for (const kind of listKinds) {
    const send = kind === 'count' ? sendCount : sendList
    add(
      (keyword) => urls.embed(kind, keyword),
      { querystring: widgetSchema },
      (request, reply, state, keyword) => send(request, reply, deps, { state, kind, keyword }),
    )
  }
  const marksSchema = { querystring: withView(), response: { 200: { $ref: '/schemas/map-view.json' } } }
  add(
    (keyword) => urls.twin(urls.embed('map', keyword), 'json'),
    marksSchema,
    (request, reply, state, keyword) => sendMarks(request, reply, deps, { state, kind: 'map', keyword }),
  )
}

interface Place {
  state: CatalogueState
  kind: ListKind
  keyword: string | undefined
}

async function sendList(request: FastifyRequest<Asked>, reply: FastifyReply, deps: Deps, { state, kind, keyword }: Place): Promise<unknown> {
  const options = readWidgetQuery(request.query, kind)
  if (isKnownWidget(request, reply, deps, state, options)) return reply.code(304).send()
  const words = wordsOf(request)
  const result = await listGroups(deps, options.mine, keyword, await findBounds(deps, options))
  const list = toWidgetList(result, options, words, readerContext(request, deps, result.state), kind)
  const map = () => {
    const { bounds } = extentOf(result.state.snapshot, result.selection.slots)
    return toMapBox({ path: urls.embed(kind, keyword), bounds, view: undefined, words, config: deps.config, prefix: 'my-' })
  }
  return reply.page(kind === 'map' ? 'widget/map' : 'widget/list', {
    frame: frameOf(request, deps, { kind, options, heading: headingOf(request, state, keyword), siteUrl: sitePage(kind, options, keyword) }),
    list,
    ...(kind === 'map' ? { map: map() } : {}),
  })
}

async function sendCount(request: FastifyRequest<Asked>, reply: FastifyReply, deps: Deps, { state, kind, keyword }: Place): Promise<unknown> {
  const options = readWidgetQuery(request.query, kind)
  if (isKnownWidget(request, reply, deps, state, options)) return reply.code(304).send()
  const { slots } = await matchGroups(deps, options.mine, keyword, await findBounds(deps, options))
  const heading = headingOf(request, state, keyword)
  const frame = frameOf(request, deps, { kind, options, heading, headed: false, siteUrl: sitePage(kind, options, keyword) })
  return reply.page('widget/count', { frame, count: slots.length })
}

async function sendMarks(request: FastifyRequest<Asked>, reply: FastifyReply, deps: Deps, { state, kind, keyword }: Place): Promise<unknown> {
  const { view, zoom, at, ...query } = request.query
  const options = readWidgetQuery(query, kind)
  const sight = readSight({ view, zoom, at }, deps.config)
  if (isKnownWidget(request, reply, deps, state, options)) return reply.code(304).send()
  const found = await findMapView(deps, { search: options.mine, ...sight }, keyword, await findBounds(deps, options))
  return toMapView(found, wordsOf(request), linksWithin(urls.embed('list', keyword), options))
}

function headingOf(request: FastifyRequest, { ecosystems, snapshot }: CatalogueState, keyword: string | undefined): string {
  if (keyword === undefined) return request.t('widget.heading')
  return ecosystems.get(keyword)?.title ?? keywordLabel(snapshot, keyword)
}

/** A widget's query, and what is looked at. */
function withView(): object {
  const { properties } = schemas.get(widgetSchema.$ref) as { properties: object }
  const looked = ['view', 'zoom', 'at'].map((name) => [name, { $ref: `/schemas/map-query.json#/properties/${name}` }])
  return { type: 'object', additionalProperties: false, properties: { ...properties, ...Object.fromEntries(looked) } }
}
