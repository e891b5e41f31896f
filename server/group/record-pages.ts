import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GroupRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { langOnly } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import { contourSvg } from '../look/contour.ts'
import { jsonLdScript } from '../text/json-ld.ts'
import * as urls from '../urls.ts'
import { findCurrent, isKnownRecord } from './current.ts'
import { toGroupJsonLd } from './json-ld.ts'
import { listArrivals } from './moved/queries.ts'
import { homeOf, isInside, toRecord } from './present.ts'
import { toGroupPage } from './present-page.ts'
import { readerContext } from './reader.ts'
import { toGroup } from './row.ts'
import { findSurroundings } from './surroundings.ts'

type Named = { Params: { shortName: string } }

/** One group: the page, its JSON and JSON-LD, its banner. */
export function registerRecordPages(app: FastifyInstance, deps: Deps): void {
  const { publicUrl } = deps.config
  const recordSchema = { querystring: langOnly, response: { 200: { $ref: '/schemas/group-record.json' } } }

  app.get<Named>('/g/:shortName', { schema: { querystring: langOnly } }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, urls.group)
    return row && sendGroupPage(request, reply, deps, row)
  })

  app.get<Named>('/g/:shortName.json', { schema: recordSchema }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, (name) => urls.twin(urls.group(name), 'json'))
    const state = await deps.catalogue.current(deps.db)
    if (row && isKnownRecord(request, reply, deps, row, state)) return reply.code(304).send()
    if (!row) return undefined
    const formerly = (await listArrivals(deps.db, row.id)).get(row.id)
    return toRecord(row, { publicUrl, ecosystems: state.ecosystems }, { formerly })
  })

  app.get<Named>('/g/:shortName.jsonld', { schema: { querystring: langOnly } }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, (name) => urls.twin(urls.group(name), 'jsonld'))
    if (!row) return undefined
    const state = await deps.catalogue.current(deps.db)
    if (isKnownRecord(request, reply, deps, row, state)) return reply.code(304).send()
    const data = toGroupJsonLd(toRecord(row, { publicUrl, ecosystems: state.ecosystems }))
    return reply.type('application/ld+json; charset=utf-8').send(JSON.stringify(data))
  })

  app.get<Named>('/g/:shortName/banner.svg', { schema: { querystring: langOnly } }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, urls.groupBanner)
    if (!row) return undefined
    const svg = contourSvg(row.short_name, row.type, { inline: false })
    return reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(svg)
  })
}

async function sendGroupPage(request: FastifyRequest, reply: FastifyReply, deps: Deps, row: GroupRow): Promise<FastifyReply> {
  const state = await deps.catalogue.current(deps.db)
  const around = await findSurroundings(deps.db, state, row, toGroup(row))
  const context = readerContext(request, deps, state)
  const inside = isInside(request.person, row, context)
  const path = urls.group(row.short_name)
  const page = pageFrame(request, deps.config, {
    title: row.name,
    description: row.summary,
    canonical: homeOf(row)?.url,
    alternates: [
      { type: 'application/json', url: urls.twin(path, 'json'), title: 'JSON' },
      { type: 'application/ld+json', url: urls.twin(path, 'jsonld'), title: 'JSON-LD' },
    ],
    embeddable: path,
    jsonLdHtml: jsonLdScript(toGroupJsonLd(toRecord(row, context))),
    share: { url: urls.sharePicture(path), alt: row.name },
  })
  const formerly = (await listArrivals(deps.db, row.id)).get(row.id)
  return reply.page('group/page', { page, group: toGroupPage(row, around, context, { inside, formerly }) })
}
