import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify'
import type { FollowedSourceRow, RemoteItemRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import type { Fault } from '../../errors.ts'
import { wordsOf } from '../../group/reader.ts'
import { langAnd } from '../../http/lang-only.ts'
import { pageFrame } from '../../http/page-frame.ts'
import { findLike } from '../../moderation/duplicates.ts'
import { listGroupsById } from '../../transfer/queries.ts'
import * as urls from '../../urls.ts'
import { examine } from '../copies/record.ts'
import { decideItems, type Keeper, resumeSource, saveSource } from '../follow/actions.ts'
import { countItems, listWaiting } from '../follow/queries.ts'
import { decideAll, pullSoon } from './actions.ts'
import { emptyFields, readSettings, type SourceFields, toFields } from './fields.ts'
import { fieldsSchema, getSource, keeperOf, type Place, tellFaults, withOwnKeyword } from './place.ts'
import { toFormView, toSourceView, toWorkItem, type WorkState, workStates } from './present.ts'

const orders = ['save', 'block', 'unblock', 'resume', 'pull', 'publish', 'dismiss', 'publish-all', 'dismiss-all'] as const
type Order = (typeof orders)[number]
type Sent = Partial<SourceFields> & { do: Order; iri?: string; state?: WorkState }
type Asked = { state?: WorkState; page?: number; done?: Order }

const state = { type: 'string', enum: workStates } as const
const querySchema = langAnd({ state, page: { type: 'integer', minimum: 1, maximum: 10_000 }, done: { type: 'string', enum: orders } })
const orderSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['do'],
  properties: { ...fieldsSchema, do: { type: 'string', enum: orders }, iri: { type: 'string', maxLength: 2000 }, state },
} as const
const size = 20

/** One source: how it is, its terms, and the records that wait for a person. */
export function registerSourcePage(app: FastifyInstance, deps: Deps, path: string, config: RouteShorthandOptions['config']): void {
  app.get<Place & { Querystring: Asked }>(path, { config, schema: { querystring: querySchema } }, async (request, reply) =>
    sendSource(request, reply, deps, await getSource(request, deps), { asked: request.query }),
  )

  app.post<Place & { Body: Sent }>(path, { config, schema: { body: orderSchema } }, async (request, reply) => {
    const source = await getSource(request, deps)
    const { do: order, state: shown } = request.body
    if (order === 'save') {
      const fields = { ...emptyFields, ...toFields(source), ...request.body }
      const { settings, faults } = readSettings(fields, request.params.keyword)
      if (faults.length > 0) return sendSource(request, reply, deps, source, { asked: {}, fields, faults })
      // Blocked stays blocked until somebody says otherwise.
      const trust = source.trust === 'blocked' ? undefined : settings.trust
      const { keyword } = request.params
      await saveSource(deps.db, source.id, { ...withOwnKeyword(settings, keyword), trust }, termsOf(deps), keeperOf(keyword))
    } else await obey(deps, source, request.body, keeperOf(request.params.keyword))
    const params: urls.Params = [...(shown ? [['state', shown] as [string, string]] : []), ['done', order]]
    return reply.redirect(urls.withParams(urls.sources(request.params.keyword, source.id), params), 303)
  })
}

async function obey(deps: Deps, source: FollowedSourceRow, { do: order, iri, state: shown }: Sent, by: Keeper): Promise<void> {
  const { db } = deps
  const terms = termsOf(deps)
  if (order === 'block') return saveSource(db, source.id, { trust: 'blocked' }, terms, by)
  if (order === 'unblock') return saveSource(db, source.id, { trust: 'review' }, terms, by)
  if (order === 'resume') return resumeSource(db, source.id, terms.now)
  if (order === 'pull') return pullSoon(db, source.id, terms.now)
  const verdict = order.startsWith('publish') ? 'publish' : 'dismiss'
  if (iri) await decideItems(db, source.id, [iri], verdict, terms)
  else if (shown === 'new' || shown === 'changed') await decideAll(db, source, shown, verdict, terms)
}

function termsOf({ config, clock }: Deps): { publicUrl: string; now: Date } {
  return { publicUrl: config.publicUrl, now: clock() }
}

interface Shown {
  asked: Asked
  fields?: SourceFields
  faults?: Fault[]
}

async function sendSource(
  request: FastifyRequest<Place>,
  reply: FastifyReply,
  deps: Deps,
  source: FollowedSourceRow,
  { asked, fields, faults = [] }: Shown,
): Promise<FastifyReply> {
  const { keyword } = request.params
  const counts = (await countItems(deps.db, [source.id])).get(source.id) ?? {}
  const current = asked.state ?? workStates.find((one) => counts[one]) ?? 'new'
  const at = asked.page ?? 1
  const items = await listWaiting(deps.db, [source.id], current, size, (at - 1) * size)
  const view = toSourceView(source, counts, keyword)
  const to = (params: urls.Params) => urls.withParams(urls.sources(keyword, source.id), params)
  const told = tellFaults(request, faults)
  const model = {
    page: pageFrame(request, deps.config, { title: request.t('sources.oneTitle', { host: view.host }), robots: 'noindex' }),
    source: view,
    action: view.ownUrl,
    backUrl: urls.sources(keyword),
    removeUrl: urls.sources(keyword, source.id, 'remove'),
    done: asked.done,
    form: toFormView(fields ?? toFields(source), told.wrong, wordsOf(request)),
    adding: false,
    faults: told.faults,
    states: workStates.map((one) => ({ state: one, count: counts[one] ?? 0, url: to([['state', one]]), current: one === current })),
    state: current,
    decidable: current === 'new' || current === 'changed',
    many: (counts[current] ?? 0) > 1,
    items: await toItems(request, deps, source, items),
    nextUrl:
      at * size < (counts[current] ?? 0)
        ? to([
            ['state', current],
            ['page', String(at + 1)],
          ])
        : undefined,
  }
  return reply.page('federation/source', model, faults.length > 0 ? 400 : 200)
}

/** Records with the copies they would change, and the groups that new ones may be already. */
async function toItems(request: FastifyRequest, deps: Deps, source: FollowedSourceRow, items: RemoteItemRow[]) {
  const terms = { ...termsOf(deps), source: { ...source, keywords: null } }
  const copies = await listGroupsById(
    deps.db,
    items.flatMap(({ group_id }) => group_id ?? []),
  )
  return Promise.all(
    items.map(async (item) => {
      const verdict = item.state === 'new' && item.record ? examine({ iri: item.iri, value: JSON.parse(item.record) }, terms) : undefined
      const like = verdict?.kind === 'copy' ? await findLike(deps, verdict.group) : []
      return toWorkItem(item, copies.get(item.group_id ?? ''), like, terms, wordsOf(request))
    }),
  )
}
