import type { Db, ForwardingRow, Tx } from '../../db/tables.ts'

/** Where a group went that is no longer here: one that was kept here, or a copy. */
export function findForwarding(db: Db, id: string): Promise<ForwardingRow | undefined> {
  return db
    .selectFrom('forwarding')
    .selectAll()
    .where((e) => e.or([e.and([e('own_id', '=', id), e('kind', '=', 'left')]), e('copy_id', '=', id)]))
    .where('revoked_at', 'is', null)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The copy that there is or was of a record that is kept elsewhere. */
export async function findCopyId(db: Db, iri: string): Promise<string | undefined> {
  const query = db.selectFrom('remote_item').select('group_id').where('iri', '=', iri).where('group_id', 'is not', null).limit(1)
  return (await query.executeTakeFirst())?.group_id ?? undefined
}

/** Whether operators want nothing of this server; a steward's no is for their ecosystem alone. */
export async function isBlocked(db: Db, origin: string): Promise<boolean> {
  const query = db.selectFrom('followed_source').select('id').where('origin', '=', origin).where('trust', '=', 'blocked')
  const found = await query
    .where((e) => e.or([e('keyword', 'is', null), e('blocked_by', '=', 'operators')]))
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** Where records of ours were kept before they came here, by group: of one, or of all. */
export async function listArrivals(db: Db, id?: string): Promise<Map<string, { iri: string; forwarding: string }[]>> {
  const query = db.selectFrom('forwarding').select(['own_id', 'from_iri', 'statement']).where('kind', '=', 'arrived').where('revoked_at', 'is', null)
  const rows = await (id === undefined ? query : query.where('own_id', '=', id)).orderBy('at').execute()
  const byGroup = Map.groupBy(rows, ({ own_id }) => own_id!)
  return new Map([...byGroup].map(([group, list]) => [group, list.map(({ from_iri, statement }) => ({ iri: from_iri, forwarding: statement }))]))
}

/** The pages that groups have which were kept here and moved, by group. */
export async function listDepartures(db: Db, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const query = db.selectFrom('forwarding').select(['own_id', 'to_url']).where('own_id', 'in', ids)
  const rows = await query.where('kind', '=', 'left').where('revoked_at', 'is', null).execute()
  return new Map(rows.map(({ own_id, to_url }) => [own_id!, to_url]))
}

/** Takes back the forwarding address of a group that was kept here. */
export async function deleteForwarding(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('forwarding').where('own_id', '=', id).where('kind', '=', 'left').execute()
}
