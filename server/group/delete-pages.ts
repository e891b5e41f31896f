import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { onMe } from '../account/me-hook.ts'
import type { GroupRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { forbidden, gone, notFound } from '../errors.ts'
import { langOnly } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import { daysAfter } from '../text/days.ts'
import * as urls from '../urls.ts'
import { daysBack, deleteGroup, restoreGroup } from './actions.ts'
import { authorOf, findCurrent } from './current.ts'
import { listDepartures } from './moved/queries.ts'
import { findNameOwner, findTombstone, listDeleted } from './queries.ts'

type Named = { Params: { shortName: string } }

const text = { type: 'string', maxLength: 200 } as const
const nothing = { type: ['object', 'null'], additionalProperties: false } as const
const confirmSchema = { body: { type: 'object', additionalProperties: false, required: ['shortName'], properties: { shortName: text } } }

/** `/g/{shortName}/delete` and, for a month, the way back: `/g/{shortName}/restore`. */
export function registerDeletePages(app: FastifyInstance, deps: Deps): void {
  const { db } = deps

  app.get<Named>('/g/:shortName/delete', { config: { right: 'edit' }, schema: { querystring: langOnly } }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, urls.groupDelete)
    return row ? sendDelete(request, reply, deps, row) : reply
  })

  app.post<Named & { Body: { shortName: string } }>(
    '/g/:shortName/delete',
    { config: { right: 'edit' }, schema: confirmSchema },
    async (request, reply) => {
      const row = await findCurrent(deps, reply, request.params.shortName, urls.groupDelete)
      if (!row) return reply
      const typed = request.body.shortName.trim()
      if (typed !== row.short_name) return sendDelete(request, reply, deps, row, typed)
      await deleteGroup(db, row, authorOf(request, deps))
      return reply.redirect(urls.groupRestore(row.short_name), 303)
    },
  )
  registerRestore(app, deps)
}

function registerRestore(app: FastifyInstance, deps: Deps): void {
  const { db } = deps

  app.get<Named>('/g/:shortName/restore', { config: { right: 'signed-in' }, schema: { querystring: langOnly } }, async (request, reply) => {
    const { groupId, current } = await findOwn(request, deps)
    if (current) return reply.redirect(urls.group(current), 303)
    const tombstone = await findTombstone(db, groupId)
    if (!tombstone?.kept) throw gone({ key: 'error.groupDeleted' })
    const host = hostOf((await listDepartures(db, [groupId])).get(groupId))
    const title = request.t(host ? 'restore.moved.title' : 'restore.title', { name: tombstone.short_name })
    const page = pageFrame(request, deps.config, { title, robots: 'noindex' })
    const until = daysAfter(daysBack, tombstone.deleted_at)
    return reply.page('group/restore', { page, host, deletedAt: tombstone.deleted_at, until, action: urls.groupRestore(tombstone.short_name) })
  })

  app.post<Named>('/g/:shortName/restore', { config: { right: 'signed-in' }, schema: { body: nothing } }, async (request, reply) => {
    const { groupId, current } = await findOwn(request, deps)
    if (current) return reply.redirect(urls.group(current), 303)
    const row = await restoreGroup(db, groupId, authorOf(request, deps))
    return reply.redirect(urls.group(row.short_name), 303)
  })

  onMe(app, async (person) => {
    const deleted = await listDeleted(db, person.operator ? undefined : [...person.animates])
    const departures = await listDepartures(
      db,
      deleted.map(({ group_id }) => group_id),
    )
    return deleted.map(({ group_id, short_name: name }) => {
      const host = hostOf(departures.get(group_id))
      const message = host ? { key: 'restore.moved.notice', values: { name, host } } : { key: 'restore.notice', values: { name } }
      return { message, url: urls.groupRestore(name) }
    })
  })
}

/** The server that a deleted group moved to, if it did. */
function hostOf(url: string | undefined): string | undefined {
  return url && new URL(url).host
}

/** Who a short name belongs to or belonged to, if the person kept that group. */
async function findOwn({ params, person }: FastifyRequest<Named>, { db }: Deps): Promise<{ groupId: string; current?: string }> {
  const owner = await findNameOwner(db, params.shortName)
  if (!owner) throw notFound({ key: 'error.noGroup', values: { name: params.shortName.slice(0, 60) } })
  if (!person?.operator && !person?.animates.has(owner.groupId)) throw forbidden({ key: 'error.forbidden.edit', values: { name: params.shortName } })
  return owner
}

/** `typed` is what was written instead of the short name. */
function sendDelete(request: FastifyRequest, reply: FastifyReply, { config }: Deps, row: GroupRow, typed?: string): FastifyReply {
  const { t } = request
  const page = pageFrame(request, config, { title: t('delete.title', { name: row.name }), robots: 'noindex' })
  const model = {
    shortName: row.short_name,
    typed: typed ?? '',
    days: daysBack,
    archived: row.activity === 'archived',
    faults: typed === undefined ? [] : [{ id: 'shortName', message: t('delete.wrong') }],
    action: urls.groupDelete(row.short_name),
    editUrl: urls.groupEdit(row.short_name),
    moveUrl: urls.groupMove(row.short_name),
    groupUrl: urls.group(row.short_name),
  }
  return reply.page('group/delete', { page, ...model }, typed === undefined ? 200 : 400)
}
