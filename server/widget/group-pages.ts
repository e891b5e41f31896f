import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { findCurrent } from '../group/current.ts'
import { toCard } from '../group/present.ts'
import { readerContext } from '../group/reader.ts'
import type { WidgetQuery } from '../schema-types.ts'
import * as urls from '../urls.ts'
import { frameOf, isKnownWidget, samePlace } from './answer.ts'
import { findSisters } from './find.ts'
import { defaultLimits, groupOptions } from './options.ts'

type Asked = { Params: { shortName: string }; Querystring: Pick<WidgetQuery, (typeof groupOptions)['neighbours'][number]> }

/** The card of one group, and the groups beside it. */
export function registerGroupWidgets(app: FastifyInstance, deps: Deps): void {
  for (const kind of ['group', 'neighbours'] as const) {
    const schema = { querystring: only(groupOptions[kind]) }
    app.get<Asked>(`${urls.embed(kind)}/:shortName`, { schema }, (request, reply) => send(request, reply, deps, kind))
  }
}

async function send(request: FastifyRequest<Asked>, reply: FastifyReply, deps: Deps, kind: 'group' | 'neighbours'): Promise<unknown> {
  const { lang = 'auto', theme = 'auto', heading, limit = defaultLimits[kind] } = request.query
  const accent = request.query.accent?.toLowerCase()
  const row = await findCurrent(deps, reply, request.params.shortName, (name) => samePlace(request, urls.embed(kind, name)))
  if (!row) return reply
  const state = await deps.catalogue.current(deps.db)
  if (isKnownWidget(request, reply, deps, state, { lang })) return reply.code(304).send()
  const rows = kind === 'group' ? [row] : await findSisters(deps.db, state, row, limit)
  const context = readerContext(request, deps, state)
  const frame = frameOf(request, deps, {
    kind,
    options: { theme, accent, heading: heading?.trim() },
    heading: kind === 'group' ? row.name : request.t('widget.neighbours', { name: row.name }),
    headed: kind === 'neighbours',
    siteUrl: urls.group(row.short_name),
  })
  return reply.page('widget/group', { frame, cards: rows.map((one) => toCard(one, context)), banners: kind === 'group' })
}

/** The named options of a widget, and no other. */
function only(names: readonly string[]): object {
  const properties = names.map((name) => [name, { $ref: `/schemas/widget-query.json#/properties/${name}` }])
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) }
}
