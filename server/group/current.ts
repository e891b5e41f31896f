import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CatalogueState } from '../catalogue/catalogue.ts'
import type { Db, GroupRow, Via } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { notFound, preconditionFailed, preconditionRequired } from '../errors.ts'
import { isKnown } from '../http/cache.ts'
import * as urls from '../urls.ts'
import type { Author } from './actions.ts'
import { answerDeleted } from './moved/answer.ts'
import { findGroup, findNameOwner } from './queries.ts'

/** The group of this name; a former name redirects to `to(current name)`, a deleted group is gone or leads to where it went. */
export async function findCurrent(deps: Deps, reply: FastifyReply, name: string, to: (name: string) => string): Promise<GroupRow | undefined> {
  const row = await findGroup(deps.db, name)
  if (row) return row
  const owner = await findNameOwner(deps.db, name)
  if (owner?.current) {
    reply.redirect(urls.withQueryOf(reply.request.url, to(owner.current)), 308)
    return undefined
  }
  if (!owner?.deletedAt) throw notFound({ key: 'error.noGroup', values: { name: name.slice(0, 60) } })
  return answerDeleted(deps, reply, owner.groupId, { here: to, isPage: to === urls.group })
}

/** The group that has this name, or had it. */
export async function findByAnyName(db: Db, name: string): Promise<GroupRow | undefined> {
  const row = await findGroup(db, name)
  if (row) return row
  const owner = await findNameOwner(db, name)
  return owner?.current === undefined ? undefined : findGroup(db, owner.current)
}

/** Who writes now, by the name they chose. */
export function authorOf({ person }: FastifyRequest, { clock }: Pick<Deps, 'clock'>, via: Via = 'form'): Author {
  return { at: clock().toISOString(), via, author: person?.name }
}

/** `isKnown` for what is made from one record. */
export function isKnownRecord(
  request: FastifyRequest,
  reply: FastifyReply,
  { config }: Pick<Deps, 'config'>,
  row: GroupRow,
  { aroundVersion }: CatalogueState,
  { whole = false } = {},
): boolean {
  const of = [config.publicUrl, row.id, row.revision, row.change_seq, aroundVersion]
  return isKnown(request, reply, { of, mark: markOf(row, whole), modified: row.updated_at })
}

/** How the ETags of a record begin: `7-`, or `7+` with the links for insiders. */
function markOf({ revision }: GroupRow, whole: boolean): string {
  return `${revision}${whole ? '+' : '-'}`
}

/**
 * Makes sure that a change starts from today's record: If-Match names its ETag, whatever else went into it. `whole` if the links for
 * insiders were seen. Throws 428 without one (`*` is none: it would overwrite unseen), 412 when the record changed since.
 */
export function matchRecord({ headers }: FastifyRequest, row: GroupRow): { whole: boolean } {
  const tags = (headers['if-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  if (tags.every((tag) => tag === '' || tag === '*')) throw preconditionRequired()
  const begins = (whole: boolean) => tags.some((tag) => tag.startsWith(`"${markOf(row, whole)}`))
  if (!begins(true) && !begins(false)) throw preconditionFailed()
  return { whole: begins(true) }
}

/** `isKnown` for what is made from a list of groups. */
export function isKnownList(
  request: FastifyRequest,
  reply: FastifyReply,
  { config }: Pick<Deps, 'config'>,
  state: CatalogueState,
  { byLanguage = false } = {},
): boolean {
  return isKnown(request, reply, { of: [config.publicUrl, state.version], modified: state.changedAt, byLanguage })
}
