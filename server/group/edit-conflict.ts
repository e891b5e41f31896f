import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GroupRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { pageFrame } from '../http/page-frame.ts'
import * as urls from '../urls.ts'
import type { Merged } from './edit-merge.ts'
import { listValues, toFields } from './form-fields.ts'
import { zoneOf } from './form-time.ts'
import { tellField } from './present-conflict.ts'
import { findRevision } from './queries.ts'
import { wordsOf } from './reader.ts'
import { toGroup } from './row.ts'
import type { ConflictView } from './view-edit.ts'

/** 409: both versions of what two people changed, to choose from; everything else travels along. */
export async function sendConflict(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  row: GroupRow,
  { group, conflicts }: Merged,
): Promise<FastifyReply> {
  const words = wordsOf(request)
  const theirs = toGroup(row)
  const last = await findRevision(deps.db, row.id, row.revision)
  const fields = toFields(group, { locale: request.locale, zone: zoneOf(row.country ?? undefined) })
  const view: ConflictView = {
    name: row.name,
    action: urls.groupEdit(row.short_name),
    author: last?.author ?? undefined,
    at: last?.at ?? row.updated_at,
    revision: row.revision,
    hidden: [...listValues(fields), ...acceptedCharters(request.body)].map(([name, value]) => ({ name, value })),
    fields: conflicts.map((field) => ({
      name: `choice.${field}`,
      key: field,
      mine: tellField(field, group, words),
      theirs: tellField(field, theirs, words),
    })),
  }
  const page = pageFrame(request, deps.config, { title: request.t('conflict.title'), robots: 'noindex' })
  return reply.page('group/conflict', { page, ...view }, 409)
}

function acceptedCharters(body: unknown): [string, string][] {
  return Object.keys((body ?? {}) as object).flatMap((name) => (name.startsWith('charter.') ? [[name, '1']] : []))
}
