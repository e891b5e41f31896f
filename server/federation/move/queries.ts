import { chunks } from '../../db/search.ts'
import type { Db, ForwardingRow, RemoteItemRow, Tables, Tx } from '../../db/tables.ts'

export function findForwarding(db: Db, fromIri: string): Promise<ForwardingRow | undefined> {
  return db.selectFrom('forwarding').selectAll().where('from_iri', '=', fromIri).executeTakeFirst()
}

/** Puts it in the place of what was known of the same record. */
export async function saveForwarding(tx: Tx, { from_iri, ...values }: ForwardingRow): Promise<void> {
  const whole = { settled_at: null, revoked_at: null, ...values }
  await tx
    .insertInto('forwarding')
    .values({ from_iri, ...whole })
    .onConflict((conflict) => conflict.column('from_iri').doUpdateSet(whole))
    .execute()
}

/** Adds to a change what the feed says of the move; in the transaction that made the change. */
export async function markChange(tx: Tx, seq: number, moved: object): Promise<void> {
  await tx
    .updateTable('change_log')
    .set({ moved: JSON.stringify(moved) })
    .where('seq', '=', seq)
    .execute()
}

/** What is known of those of these records that left their homes, by address. */
export async function listLeft(db: Db, iris: string[]): Promise<Map<string, ForwardingRow>> {
  const left = new Map<string, ForwardingRow>()
  for (const part of chunks([...new Set(iris)], 500)) {
    const rows = await db.selectFrom('forwarding').selectAll().where('from_iri', 'in', part).where('revoked_at', 'is', null).execute()
    for (const row of rows) left.set(row.from_iri, row)
  }
  return left
}

export async function revokeForwarding(tx: Tx, fromIri: string, at: string): Promise<void> {
  await tx.updateTable('forwarding').set({ revoked_at: at, settled_at: null }).where('from_iri', '=', fromIri).execute()
}

/** The public keys that statements of ours were signed with, as JSON. */
export async function listOwnKeys(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('forwarding').select('jwk').where('kind', '=', 'left').distinct().limit(50).execute()
  return rows.map(({ jwk }) => jwk)
}

/** Whether anything of this server is followed. */
export async function isFollowed(db: Db, origin: string): Promise<boolean> {
  const query = db.selectFrom('followed_source').select('id').where('origin', '=', origin).where('trust', '!=', 'blocked').limit(1)
  return (await query.executeTakeFirst()) !== undefined
}

export async function findKey(db: Db, origin: string, kid: string): Promise<string | undefined> {
  const row = await db.selectFrom('origin_key').select('jwk').where('origin', '=', origin).where('kid', '=', kid).executeTakeFirst()
  return row?.jwk
}

/** The keys that are remembered of a server, by name. */
export async function listKids(db: Db, origin: string): Promise<string[]> {
  const rows = await db.selectFrom('origin_key').select('kid').where('origin', '=', origin).execute()
  return rows.map(({ kid }) => kid)
}

/** Remembers keys; those that are known stay as they are. */
export async function addKeys(db: Db, keys: Tables['origin_key'][]): Promise<void> {
  if (keys.length === 0) return
  await db
    .insertInto('origin_key')
    .values(keys)
    .onConflict((conflict) => conflict.columns(['origin', 'kid']).doNothing())
    .execute()
}

/** What sources have of a record. */
export function listItemsOf(db: Db, iri: string): Promise<RemoteItemRow[]> {
  return db.selectFrom('remote_item').selectAll().where('iri', '=', iri).execute()
}

/** Records that sources still show at a home they left. */
export function listStale(db: Db): Promise<RemoteItemRow[]> {
  return db
    .selectFrom('remote_item')
    .innerJoin('forwarding', 'forwarding.from_iri', 'remote_item.iri')
    .selectAll('remote_item')
    .where('forwarding.revoked_at', 'is', null)
    .where('remote_item.state', '!=', 'gone')
    .limit(1000)
    .execute()
}

/**
 * Moves whose records are here as they are at their new homes, which say that they came from elsewhere, while what was decided of the old ones was not
 * carried over yet; after an address, in the order of addresses.
 */
export function listUnsettled(db: Db, after: string, limit: number): Promise<ForwardingRow[]> {
  return db
    .selectFrom('forwarding')
    .selectAll()
    .where('settled_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where((e) => e.or([e('copy_id', 'is not', null), e('dismissed', '=', 1)]))
    .where((e) => {
      const there = e.selectFrom('remote_item').select('iri').whereRef('remote_item.iri', '=', 'forwarding.to_iri')
      // Most records were never elsewhere: they are not even read.
      return e.exists(there.where('record', 'like', '%"formerly":[%'))
    })
    .where('from_iri', '>', after)
    .orderBy('from_iri')
    .limit(limit)
    .execute()
}

export async function markSettled(tx: Tx, fromIri: string, at: string): Promise<void> {
  await tx.updateTable('forwarding').set({ settled_at: at }).where('from_iri', '=', fromIri).execute()
}

/** Where a group was listed, refused or taken off counts for another, unless something was said of that one. */
export async function carryListings(tx: Tx, from: string, to: string): Promise<void> {
  const rows = await tx.selectFrom('ecosystem_listing').selectAll().where('group_id', '=', from).where('state', '!=', 'asked').execute()
  for (const row of rows) {
    await tx
      .insertInto('ecosystem_listing')
      .values({ ...row, group_id: to })
      .onConflict((conflict) => conflict.columns(['keyword', 'group_id']).doNothing())
      .execute()
  }
}

/** What was decided about a record and others counts for another record, unless something was decided of that one. */
export async function carryVerdicts(tx: Tx, from: string, to: string): Promise<void> {
  const rows = await tx
    .selectFrom('same_group')
    .selectAll()
    .where((e) => e.or([e('one_id', '=', from), e('other_id', '=', from)]))
    .execute()
  for (const { one_id, other_id, ...said } of rows) {
    const other = one_id === from ? other_id : one_id
    if (other === to) continue
    const [first, second] = other < to ? [other, to] : [to, other]
    await tx
      .insertInto('same_group')
      .values({ ...said, one_id: first!, other_id: second! })
      .onConflict((conflict) => conflict.columns(['one_id', 'other_id']).doNothing())
      .execute()
  }
}
