import { isDeepStrictEqual } from 'node:util'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GroupRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { AppError, badRequest, preconditionFailed } from '../errors.ts'
import { langOnly } from '../http/lang-only.ts'
import type { Group, GroupRecord } from '../schema-types.ts'
import * as urls from '../urls.ts'
import { createGroup, deleteGroup, editGroup } from './actions.ts'
import { checkGroup } from './check.ts'
import { authorOf, findCurrent, isKnownRecord, matchRecord } from './current.ts'
import { listArrivals } from './moved/queries.ts'
import { toRecord } from './present.ts'
import { findGroup } from './queries.ts'
import { toGroup } from './row.ts'
import { mergePatch, readRecord } from './write-input.ts'

type Named = { Params: { shortName: string }; Body: Record<string, unknown> }

const body = { type: 'object' } as const
const record = { $ref: '/schemas/group-record.json' }

/** Writing for programs: the same rules and actions as the forms', from the version that If-Match names. */
export function registerWriteApi(app: FastifyInstance, deps: Deps): void {
  const { db } = deps
  const schema = { querystring: langOnly, body, response: { 200: record } }
  const one = '/api/groups/:shortName'
  app.addContentTypeParser('application/merge-patch+json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'))

  app.put<Named>(one, { config: { right: 'edit' }, schema }, (request, reply) => change(request, reply, deps, () => request.body))

  app.patch<Named>(one, { config: { right: 'edit' }, schema }, (request, reply) =>
    change(request, reply, deps, (current) => mergePatch(current, request.body) as Record<string, unknown>),
  )

  app.delete<Named>(one, { config: { right: 'edit' }, schema: { querystring: langOnly } }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, urls.apiGroup)
    if (!row) return reply
    matchRecord(request, row)
    await unlessChanged(deleteGroup(db, row, authorOf(request, deps, 'api')))
    return reply.code(204).send()
  })

  app.post<Named>(
    urls.apiGroups,
    { config: { right: 'operate' }, schema: { querystring: langOnly, body, response: { 201: record } } },
    async (request, reply) => {
      const { group, faults } = checkGroup(request.body)
      if (faults.length > 0) throw badRequest(faults)
      await checkParent(deps, group)
      const row = await createGroup(db, group, authorOf(request, deps, 'api'))
      return reply
        .code(201)
        .header('location', urls.apiGroup(row.short_name))
        .send(await answer(request, reply, deps, row))
    },
  )
}

/** `next` makes what to check out of the record as its readers see it. */
async function change(
  request: FastifyRequest<Named>,
  reply: FastifyReply,
  deps: Deps,
  next: (current: GroupRecord) => Record<string, unknown>,
): Promise<FastifyReply> {
  const row = await findCurrent(deps, reply, request.params.shortName, urls.apiGroup)
  if (!row) return reply
  const { whole } = matchRecord(request, row)
  const { ecosystems } = await deps.catalogue.current(deps.db)
  const formerly = (await listArrivals(deps.db, row.id)).get(row.id)
  const seen = toRecord(row, { publicUrl: deps.config.publicUrl, ecosystems }, { whole, formerly })
  const group = readRecord(next(seen), row, seen, { whole })
  await checkParent(deps, group, row.parent)
  if (isDeepStrictEqual(group, toGroup(row))) return reply.send(await answer(request, reply, deps, row))
  const saved = await unlessChanged(editGroup(deps.db, row, group, authorOf(request, deps, 'api')))
  return reply.send(await answer(request, reply, deps, saved))
}

/** The record as it is now, with the ETag to go on from. */
async function answer(request: FastifyRequest, reply: FastifyReply, deps: Deps, row: GroupRow): Promise<GroupRecord> {
  const state = await deps.catalogue.current(deps.db)
  isKnownRecord(request, reply, deps, row, state, { whole: true })
  const formerly = (await listArrivals(deps.db, row.id)).get(row.id)
  return toRecord(row, { publicUrl: deps.config.publicUrl, ecosystems: state.ecosystems }, { whole: true, formerly })
}

async function checkParent({ db }: Deps, { parent }: Group, known: string | null = null): Promise<void> {
  if (parent && parent !== known && !(await findGroup(db, parent))) throw badRequest([{ field: 'parent', message: { key: 'error.field.noGroup' } }])
}

/** What somebody else was quicker to change is no longer what If-Match named. */
async function unlessChanged<T>(writing: Promise<T>): Promise<T> {
  return writing.catch((error: unknown) => {
    throw error instanceof AppError && error.detail?.key === 'error.changedMeanwhile' ? preconditionFailed() : error
  })
}
