import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GroupRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { gone, notFound } from '../errors.ts'
import { pageFrame } from '../http/page-frame.ts'
import { contourSvg } from '../look/contour.ts'
import type { GroupQuery } from '../schema-types.ts'
import * as urls from '../urls.ts'
import { listGroups } from './list.ts'
import { toRecord } from './present.ts'
import { toGroupList } from './present-list.ts'
import { toGroupPage } from './present-page.ts'
import { findGroup, findGroupById, findNameOwner, findTombstone } from './queries.ts'
import { readSearch } from './query.ts'
import { readerContext, wordsOf } from './reader.ts'
import { toGroup } from './row.ts'
import { findSurroundings } from './surroundings.ts'
import { toListView } from './view-list.ts'

export const querySchema = { $ref: '/schemas/group-query.json' }
export const langOnly = { type: 'object', additionalProperties: false, properties: { lang: { $ref: '/schemas/group-query.json#/properties/lang' } } }

export function registerGroupPages(app: FastifyInstance, deps: Deps): void {
  app.get<{ Querystring: GroupQuery }>(urls.groups, { schema: { querystring: querySchema } }, async (request, reply) => {
    const result = await listGroups(deps, readSearch(request.query))
    const list = toListView(result, wordsOf(request), readerContext(request, deps, result.state), urls.groups)
    const page = pageFrame(request, deps.config, {
      title: request.t('list.title'),
      description: request.t('list.intro'),
      alternates: list.twins,
      robots: request.url.includes('?') ? 'noindex, follow' : undefined,
    })
    return reply.page('group/list', { page, list })
  })

  app.get<{ Querystring: GroupQuery }>(
    urls.twin(urls.groups, 'json'),
    { schema: { querystring: querySchema, response: { 200: { $ref: '/schemas/group-list.json' } } } },
    async (request) => {
      const result = await listGroups(deps, readSearch(request.query))
      return toGroupList(
        result,
        wordsOf(request),
        { publicUrl: deps.config.publicUrl, ecosystems: result.state.ecosystems },
        urls.twin(urls.groups, 'json'),
      )
    },
  )

  app.get<{ Params: { shortName: string } }>('/g/:shortName', { schema: { querystring: langOnly } }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, urls.group)
    return row && sendGroupPage(request, reply, deps, row)
  })

  app.get<{ Params: { shortName: string } }>(
    '/g/:shortName.json',
    { schema: { querystring: langOnly, response: { 200: { $ref: '/schemas/group-record.json' } } } },
    async (request, reply) => {
      const row = await findCurrent(deps, reply, request.params.shortName, (name) => urls.twin(urls.group(name), 'json'))
      const { ecosystems } = await deps.catalogue.current(deps.db)
      return row && toRecord(row, { publicUrl: deps.config.publicUrl, ecosystems })
    },
  )

  app.get<{ Params: { shortName: string } }>('/g/:shortName/banner.svg', { schema: { querystring: langOnly } }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, urls.groupBanner)
    return (
      row &&
      reply
        .type('image/svg+xml')
        .header('cache-control', 'public, max-age=86400')
        .send(contourSvg(row.short_name, row.type, { inline: false }))
    )
  })

  app.get<{ Params: { id: string } }>('/id/:id', { schema: { querystring: langOnly } }, async (request, reply) => {
    const row = await findGroupById(deps.db, request.params.id)
    if (!row && (await findTombstone(deps.db, request.params.id))) throw gone({ key: 'error.groupDeleted' })
    if (!row) throw notFound()
    const page = urls.group(row.short_name)
    return reply.header('vary', 'Accept').redirect(prefersJson(request) ? urls.twin(page, 'json') : page, 303)
  })

  app.get<{ Params: { shortName: string } }>('/:shortName', async (request, reply) => {
    const owner = await findNameOwner(deps.db, request.params.shortName)
    if (owner?.current) return reply.redirect(urls.group(owner.current), 308)
    throw owner?.deletedAt ? gone({ key: 'error.groupDeleted' }) : notFound()
  })
}

/** The group of this name; a former name redirects to `to(current name)`, a deleted group is gone. */
async function findCurrent(deps: Deps, reply: FastifyReply, name: string, to: (name: string) => string): Promise<GroupRow | undefined> {
  const row = await findGroup(deps.db, name)
  if (row) return row
  const owner = await findNameOwner(deps.db, name.toLowerCase())
  if (owner?.current) {
    reply.redirect(to(owner.current), 308)
    return undefined
  }
  throw owner?.deletedAt ? gone({ key: 'error.groupDeleted' }) : notFound({ key: 'error.noGroup', values: { name: name.slice(0, 60) } })
}

async function sendGroupPage(request: FastifyRequest, reply: FastifyReply, deps: Deps, row: GroupRow): Promise<FastifyReply> {
  const state = await deps.catalogue.current(deps.db)
  const around = await findSurroundings(deps.db, state, row, toGroup(row))
  const group = toGroupPage(row, around, readerContext(request, deps, state))
  const page = pageFrame(request, deps.config, {
    title: row.name,
    description: row.summary,
    alternates: [{ type: 'application/json', url: urls.twin(urls.group(row.short_name), 'json'), title: 'JSON' }],
  })
  return reply.page('group/page', { page, group })
}

function prefersJson(request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? ''
  return /json/.test(accept) && !/text\/html/.test(accept)
}
