import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CatalogueState } from '../catalogue/catalogue.ts'
import type { GroupRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { gone, notFound } from '../errors.ts'
import { isKnown } from '../http/cache.ts'
import { findGroup, findNameOwner } from './queries.ts'

/** The group of this name; a former name redirects to `to(current name)`, a deleted group is gone. */
export async function findCurrent(deps: Deps, reply: FastifyReply, name: string, to: (name: string) => string): Promise<GroupRow | undefined> {
  const row = await findGroup(deps.db, name)
  if (row) return row
  const owner = await findNameOwner(deps.db, name.toLowerCase())
  if (owner?.current) {
    reply.redirect(to(owner.current), 308)
    return undefined
  }
  throw owner?.deletedAt ? gone({ key: 'error.groupDeleted' }) : notFound({ key: 'error.noGroup', values: { name: name.slice(0, 60) } })
}

/** `isKnown` for what is made from one record. */
export function isKnownRecord(
  request: FastifyRequest,
  reply: FastifyReply,
  { config }: Pick<Deps, 'config'>,
  row: GroupRow,
  { aroundVersion }: CatalogueState,
): boolean {
  const of = [config.publicUrl, row.id, row.revision, row.change_seq, aroundVersion]
  return isKnown(request, reply, { of, modified: row.updated_at })
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
