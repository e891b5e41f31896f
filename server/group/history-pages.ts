import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { mayEdit } from '../account/rights.ts'
import type { GroupRow, KeptGroup, Tables } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { AppError, badRequest, type Fault, notFound } from '../errors.ts'
import { langAnd, langOnly } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import type { Group } from '../schema-types.ts'
import * as urls from '../urls.ts'
import { authorOf, findCurrent } from './current.ts'
import { changesOf, withoutInside } from './history-changes.ts'
import { restoreFields } from './history-restore.ts'
import { languageOf } from './present.ts'
import { findGroup, findNameOwner, findRevision, findTombstone, listRevisions } from './queries.ts'
import { wordsOf } from './reader.ts'
import { toGroup } from './row.ts'

type Revision = Tables['group_revision']
type Named = { Params: { shortName: string } }
type Numbered = { Params: { shortName: string; revision: string } }
type Restoring = Numbered & { Body: { against: string; field?: string } }

/** Whose history it is; `deleted` can only be seen by who may bring it back. */
interface Subject {
  row: GroupRow
  deleted: boolean
  mayEdit: boolean
}

const pageSize = 20
const listQuery = langAnd({ before: { type: 'integer', minimum: 2, maximum: 1e9 } })
const restoreBody = {
  type: 'object',
  additionalProperties: false,
  required: ['against'],
  properties: { against: { type: 'string', pattern: '^[1-9][0-9]{0,8}$' }, field: { type: 'string', maxLength: 40 } },
}

/** What changed in a record: the list of its revisions, each beside today's, and the way back. */
export function registerHistoryPages(app: FastifyInstance, deps: Deps): void {
  app.get<Named & { Querystring: { before?: number } }>('/g/:shortName/history', { schema: { querystring: listQuery } }, async (request, reply) => {
    const subject = await findSubject(request, reply, deps)
    return subject ? sendHistory(request, reply, deps, subject, request.query.before) : reply
  })

  app.get<Numbered>('/g/:shortName/history/:revision', { schema: { querystring: langOnly } }, async (request, reply) => {
    const row = await findNamed(request, reply, deps)
    return row ? sendRevision(request, reply, deps, row, await getRevision(request, deps, row)) : reply
  })

  app.post<Restoring>('/g/:shortName/history/:revision', { config: { right: 'edit' }, schema: { body: restoreBody } }, async (request, reply) => {
    const row = await findNamed(request, reply, deps)
    if (!row) return reply
    const revision = await getRevision(request, deps, row)
    const then = JSON.parse(revision.record) as Group
    const { field, against } = request.body
    if (field !== undefined && !Object.hasOwn({ ...then, ...toGroup(row) }, field))
      throw badRequest([{ field: 'field', message: { key: 'error.field.unknown', values: { name: field } } }])
    if (Number(against) !== row.revision) return sendRevision(request, reply, deps, row, revision, 409)
    try {
      const saved = await restoreFields(deps, row, then, field as keyof Group | undefined, authorOf(request, deps))
      return reply.redirect(urls.groupHistory(saved.short_name), 303)
    } catch (error) {
      if (!(error instanceof AppError) || (error.status !== 409 && !error.errors)) throw error
      const latest = (await findGroup(deps.db, row.short_name)) ?? row
      return sendRevision(request, reply, deps, latest, revision, error.status, error.errors)
    }
  })
}

async function findSubject(request: FastifyRequest<Named>, reply: FastifyReply, deps: Deps): Promise<Subject | undefined> {
  const { shortName } = request.params
  const owner = await findNameOwner(deps.db, shortName)
  const tombstone = owner?.deletedAt ? await findTombstone(deps.db, owner.groupId) : undefined
  if (tombstone?.kept && mayEdit(request.person, { id: tombstone.group_id, origin_server: null }))
    return { row: (JSON.parse(tombstone.kept) as KeptGroup).row, deleted: true, mayEdit: true }
  const row = await findCurrent(deps, reply, shortName, (name) => urls.groupHistory(name))
  return row && { row, deleted: false, mayEdit: mayEdit(request.person, row) }
}

function findNamed(request: FastifyRequest<Numbered>, reply: FastifyReply, deps: Deps): Promise<GroupRow | undefined> {
  const { shortName, revision } = request.params
  return findCurrent(deps, reply, shortName, (name) => urls.groupHistory(name, Number(revision)))
}

async function getRevision({ params }: FastifyRequest<Numbered>, { db }: Deps, row: GroupRow): Promise<Revision> {
  const found = /^[1-9][0-9]{0,8}$/.test(params.revision) ? await findRevision(db, row.id, Number(params.revision)) : undefined
  if (!found) throw notFound({ key: 'history.noRevision' })
  return found
}

async function sendHistory(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  { row, deleted, mayEdit }: Subject,
  before?: number,
): Promise<FastifyReply> {
  // One more than is shown: the last one shown is compared with it, and it tells that there are more.
  const revisions = await listRevisions(deps.db, row.id, pageSize + 1, before)
  const seen = (revision: Revision) => toSeen(revision, row, mayEdit)
  const words = wordsOf(request)
  const entries = revisions.slice(0, pageSize).map((revision, at) => {
    const earlier = revisions[at + 1]
    const isFirst = !earlier
    return {
      ...told(revision),
      first: isFirst,
      url: deleted || revision.revision === row.revision ? undefined : urls.groupHistory(row.short_name, revision.revision),
      changes: isFirst ? [] : changesOf(seen(earlier), seen(revision), words),
    }
  })
  const next = revisions.length > pageSize ? String(revisions[pageSize - 1]!.revision) : undefined
  const path = urls.groupHistory(row.short_name)
  return reply.page('group/history', {
    page: pageFrame(request, deps.config, { title: request.t('history.title', { name: row.name }), canonical: path, robots: 'noindex' }),
    group: subjectOf(row, deleted),
    entries,
    mayEdit,
    laterUrl: before === undefined ? undefined : path,
    earlierUrl: next && urls.withParams(path, [['before', next]]),
  })
}

/** One revision beside today's record: what restoring it would change. */
async function sendRevision(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  row: GroupRow,
  revision: Revision,
  status = 200,
  wrong: Fault[] = [],
): Promise<FastifyReply> {
  const may = mayEdit(request.person, row)
  const now = may ? toGroup(row) : withoutInside(toGroup(row), toGroup(row).publicServices)
  const faults = wrong.map(({ field, message }) => ({ id: field, message: request.t(message.key, message.values) }))
  const title = request.t('history.revisionTitle', { name: row.name, revision: revision.revision })
  return reply.page(
    'group/revision',
    {
      page: pageFrame(request, deps.config, { title, robots: 'noindex' }),
      group: subjectOf(row, false),
      revision: told(revision),
      changes: changesOf(now, toSeen(revision, row, may), wordsOf(request)),
      mayEdit: may,
      conflict: status === 409,
      against: row.revision,
      action: urls.groupHistory(row.short_name, revision.revision),
      historyUrl: urls.groupHistory(row.short_name),
      faults,
    },
    status,
  )
}

function toSeen(revision: Revision, row: GroupRow, inside: boolean): Group {
  const group = JSON.parse(revision.record) as Group
  return inside ? group : withoutInside(group, toGroup(row).publicServices)
}

/** Who changed it, when and from where. A name that looks like an address is kept back. */
function told({ revision, at, via, author }: Revision): { revision: number; at: string; via: string; author: string | undefined } {
  return { revision, at, via, author: author && !author.includes('@') ? author : undefined }
}

function subjectOf(row: GroupRow, deleted: boolean): object {
  const { languages } = toGroup(row)
  return { name: row.name, ...languageOf(languages), url: deleted ? urls.groupRestore(row.short_name) : urls.group(row.short_name), deleted }
}
