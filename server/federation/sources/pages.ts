import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify'
import { type FindNotices, onMe } from '../../account/me-hook.ts'
import type { Deps } from '../../deps.ts'
import { findEcosystem } from '../../ecosystem/queries.ts'
import { AppError, type Fault, notFound } from '../../errors.ts'
import { wordsOf } from '../../group/reader.ts'
import { langAnd, langOnly } from '../../http/lang-only.ts'
import { pageFrame } from '../../http/page-frame.ts'
import * as urls from '../../urls.ts'
import { removeSource } from '../follow/actions.ts'
import { addSource } from '../follow/add-source.ts'
import { countItems, listSources } from '../follow/queries.ts'
import { emptyFields, readSettings, type SourceFields } from './fields.ts'
import { fieldsSchema, getSource, keeperOf, type Place, tellFaults, text, withOwnKeyword } from './place.ts'
import { toFormView, toSourceView } from './present.ts'
import { registerSourcePage } from './source-pages.ts'

const done = ['added', 'removed'] as const
const listSchema = langAnd({ done: { type: 'string', enum: done } })
const addSchema = { type: 'object', additionalProperties: false, required: ['url'], properties: { ...fieldsSchema, do: text } } as const
const noFields = { type: 'object', additionalProperties: false, properties: {} } as const

/** `/me/sources` for operators and `/e/{keyword}/sources` for stewards: the servers and files that are followed, and what came from them. */
export function registerSourcePages(app: FastifyInstance, deps: Deps): void {
  for (const [path, config] of [
    ['/me/sources', { right: 'operate' }],
    ['/e/:keyword/sources', { right: 'keep' }],
  ] as const) {
    registerList(app, deps, path, config)
    registerSourcePage(app, deps, `${path}/:id`, config)
    registerRemove(app, deps, `${path}/:id/remove`, config)
  }
  onMe(app, sourceNotices(deps))
}

type Config = RouteShorthandOptions['config']

function registerList(app: FastifyInstance, deps: Deps, path: string, config: Config): void {
  app.get<Place & { Querystring: { done?: (typeof done)[number] } }>(path, { config, schema: { querystring: listSchema } }, (request, reply) =>
    sendList(request, reply, deps, { done: request.query.done }),
  )

  app.post<Place & { Body: Partial<SourceFields> & { url: string } }>(path, { config, schema: { body: addSchema } }, async (request, reply) => {
    const { keyword } = request.params
    await checkEcosystem(request, deps)
    const fields = { ...emptyFields, ...request.body }
    const { settings, faults } = readSettings(fields, keyword)
    if (faults.length > 0) return sendList(request, reply, deps, { fields, faults })
    const { keywords, ...others } = withOwnKeyword(settings, keyword)
    // Without a choice of its own, an address may stand for one.
    const wished = keywords?.length ? { ...others, keywords } : others
    try {
      const source = await addSource(deps, fields.url.trim(), { keyword: keyword ?? null, ...wished })
      return reply.redirect(urls.sources(keyword, source.id), 303)
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500) throw error
      const message = error.detail ?? error.errors?.[0]?.message ?? { key: 'error.follow.address', values: { address: fields.url.slice(0, 200) } }
      return sendList(request, reply, deps, { fields, faults: [{ field: 'url', message }] })
    }
  })
}

interface Shown {
  done?: string | undefined
  fields?: SourceFields
  faults?: Fault[]
}

async function sendList(
  request: FastifyRequest<Place>,
  reply: FastifyReply,
  deps: Deps,
  { done: said, fields, faults = [] }: Shown,
): Promise<FastifyReply> {
  const { keyword } = request.params
  const ecosystem = await checkEcosystem(request, deps)
  const rows = await listSources(deps.db, keyword)
  const counts = await countItems(
    deps.db,
    rows.map(({ id }) => id),
  )
  const told = tellFaults(request, faults)
  const title = ecosystem ? request.t('sources.titleOf', { ecosystem: ecosystem.title }) : request.t('sources.title')
  const model = {
    page: pageFrame(request, deps.config, { title, robots: 'noindex' }),
    action: urls.sources(keyword),
    backUrl: ecosystem ? urls.ecosystem(ecosystem.keyword) : urls.me,
    ecosystem: ecosystem?.title,
    done: said,
    sources: rows.map((row) => toSourceView(row, counts.get(row.id) ?? {}, keyword)),
    form: toFormView(fields ?? { ...emptyFields, keywords: keyword ?? '' }, told.wrong, wordsOf(request)),
    adding: true,
    faults: told.faults,
  }
  return reply.page('federation/sources', model, faults.length > 0 ? 400 : 200)
}

/** The ecosystem whose pages these are; nothing on operators' own. */
async function checkEcosystem({ params: { keyword } }: FastifyRequest<Place>, { db }: Deps) {
  if (keyword === undefined) return undefined
  const ecosystem = await findEcosystem(db, keyword)
  if (!ecosystem) throw notFound()
  return ecosystem
}

function registerRemove(app: FastifyInstance, deps: Deps, path: string, config: Config): void {
  app.get<Place>(path, { config, schema: { querystring: langOnly } }, async (request, reply) => {
    const source = await getSource(request, deps)
    const counts = await countItems(deps.db, [source.id])
    const view = toSourceView(source, counts.get(source.id) ?? {}, request.params.keyword)
    const page = pageFrame(request, deps.config, { title: request.t('sources.removeTitle', { host: view.host }), robots: 'noindex' })
    return reply.page('federation/remove', { page, source: view, action: urls.sources(request.params.keyword, source.id, 'remove') })
  })

  app.post<Place>(path, { config, schema: { body: noFields } }, async (request, reply) => {
    const source = await getSource(request, deps)
    await removeSource(deps.db, source.id, deps.clock(), keeperOf(request.params.keyword))
    return reply.redirect(urls.withParams(urls.sources(request.params.keyword), [['done', 'removed']]), 303)
  })
}

/** Records that wait for this person, and sources that stopped until somebody looks. */
function sourceNotices({ db }: Pick<Deps, 'db'>): FindNotices {
  return async ({ operator, stewards }) => {
    const kept = operator || stewards.size > 0 ? (await listSources(db)).filter(({ keyword }) => operator || (keyword && stewards.has(keyword))) : []
    const counts = await countItems(
      db,
      kept.map(({ id }) => id),
    )
    return [...Map.groupBy(kept, ({ keyword }) => keyword)].flatMap(([keyword, sources]) => {
      const waiting = sources.reduce((sum, { id }) => sum + (counts.get(id)?.new ?? 0) + (counts.get(id)?.changed ?? 0), 0)
      const paused = sources.filter((source) => source.paused !== null).length
      const url = urls.sources(keyword ?? undefined)
      return [
        ...(waiting > 0 ? [{ message: { key: 'sources.notice', values: { count: waiting } }, url }] : []),
        ...(paused > 0 ? [{ message: { key: 'sources.noticePaused', values: { count: paused } }, url }] : []),
      ]
    })
  }
}
