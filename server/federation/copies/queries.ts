import { blockedOrigins } from '../../db/blocked.ts'
import { locking } from '../../db/dialect.ts'
import { chunks, removeWords } from '../../db/search.ts'
import type { Db, FollowedSourceRow, GroupRow, RemoteItemRow, Tables, Tx } from '../../db/tables.ts'

/** These sources, kept from others until the transaction ends; everybody locks them in this order. */
export async function lockSources(tx: Tx, ids: string[]): Promise<FollowedSourceRow[]> {
  if (ids.length === 0) return []
  return locking(tx, tx.selectFrom('followed_source').selectAll().where('id', 'in', ids).orderBy('id')).execute()
}

/** The servers whose records operators want nowhere, whichever source brings them. */
export async function listBlockedOrigins(db: Db): Promise<Set<string>> {
  const rows = await blockedOrigins(db).distinct().execute()
  return new Set(rows.map(({ origin }) => origin))
}

/** What is known of these records of a source, by address. */
export async function listItems(db: Db, sourceId: string, iris: string[]): Promise<Map<string, RemoteItemRow>> {
  const items = new Map<string, RemoteItemRow>()
  for (const part of chunks([...new Set(iris)], 500)) {
    const rows = await db.selectFrom('remote_item').selectAll().where('source_id', '=', sourceId).where('iri', 'in', part).execute()
    for (const row of rows) items.set(row.iri, row)
  }
  return items
}

export async function saveItems(tx: Tx, items: RemoteItemRow[]): Promise<void> {
  for (const part of chunks(items, 100)) {
    await tx
      .insertInto('remote_item')
      .values(part)
      .onConflict((conflict) =>
        conflict.columns(['source_id', 'iri']).doUpdateSet((e) => ({
          group_id: e.ref('excluded.group_id'),
          state: e.ref('excluded.state'),
          version: e.ref('excluded.version'),
          record: e.ref('excluded.record'),
          reason: e.ref('excluded.reason'),
          changed_at: e.ref('excluded.changed_at'),
          seen_at: e.ref('excluded.seen_at'),
          missing_count: e.ref('excluded.missing_count'),
          missing_since: e.ref('excluded.missing_since'),
          check_at: e.ref('excluded.check_at'),
          dismissed_at: e.ref('excluded.dismissed_at'),
        })),
      )
      .execute()
  }
}

/** Ends these records for all sources: their home said that they are no more. Gives the copies there were. */
export async function endItems(tx: Tx, iris: string[], reason: string, at: string): Promise<string[]> {
  const copies = new Set<string>()
  const ended = { state: 'gone' as const, record: null, reason, changed_at: at, check_at: null }
  for (const part of chunks([...new Set(iris)], 500)) {
    const rows = await tx
      .updateTable('remote_item')
      .set((e) => ({
        ...ended,
        dismissed_at: e
          .case()
          .when('state', '=', 'dismissed')
          .then(e.fn.coalesce('dismissed_at', e.val(at)))
          .else(e.ref('dismissed_at'))
          .end(),
      }))
      .where('iri', 'in', part)
      .where('state', '!=', 'gone')
      .returning('group_id')
      .execute()
    for (const { group_id } of rows) if (group_id) copies.add(group_id)
  }
  return [...copies]
}

/** Copies that any source has of these records, by address. */
export async function listCopyIds(db: Db, iris: string[]): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const part of chunks([...new Set(iris)], 500)) {
    const rows = await db.selectFrom('remote_item').select(['iri', 'group_id']).where('iri', 'in', part).where('group_id', 'is not', null).execute()
    for (const { iri, group_id } of rows) ids.set(iri, group_id!)
  }
  return ids
}

/** A source that shows a record, and what it has of it. */
export type Holder = Pick<FollowedSourceRow, 'kind' | 'keyword' | 'mapping' | 'created_at'> &
  Pick<RemoteItemRow, 'source_id' | 'iri' | 'group_id' | 'seen_at' | 'state'>

/** Who shows these records besides one source, perhaps with a change that waits, by address. */
export async function listHolders(db: Db, iris: string[], exceptId: string): Promise<Map<string, Holder[]>> {
  const holders: Holder[] = []
  for (const part of chunks([...new Set(iris)], 500)) {
    const rows = await db
      .selectFrom('remote_item')
      .innerJoin('followed_source', 'followed_source.id', 'remote_item.source_id')
      .select(['source_id', 'iri', 'group_id', 'remote_item.seen_at', 'state', 'kind', 'followed_source.keyword', 'mapping', 'created_at'])
      .where('iri', 'in', part)
      .where('source_id', '!=', exceptId)
      .where('state', 'in', ['published', 'changed'])
      .where('record', 'is not', null)
      .where('trust', '!=', 'blocked')
      .execute()
    holders.push(...rows)
  }
  return Map.groupBy(holders, ({ iri }) => iri)
}

export async function getRecord(db: Db, { source_id, iri }: Pick<RemoteItemRow, 'source_id' | 'iri'>): Promise<string> {
  const query = db.selectFrom('remote_item').select('record').where('source_id', '=', source_id).where('iri', '=', iri)
  return (await query.executeTakeFirstOrThrow()).record!
}

/** Of these copies, those that a source still shows: not blocked, published, and seen after `cutoff`. */
export async function listShown(db: Db, ids: string[], cutoff: string): Promise<Set<string>> {
  const shown = new Set<string>()
  for (const part of chunks([...new Set(ids)], 500)) {
    const rows = await shownItems(db, cutoff)
      .innerJoin('group_record', 'group_record.id', 'remote_item.group_id')
      .select('remote_item.group_id')
      .where('remote_item.group_id', 'in', part)
      .where('group_record.origin_server', 'not in', blockedOrigins(db))
      .execute()
    for (const { group_id } of rows) shown.add(group_id!)
  }
  return shown
}

/** The copies that stand in the lists: of this source, of this server, or of records that nobody saw since `seenBefore`. */
export async function listStanding(db: Db, which: { sourceId: string } | { origin: string } | { seenBefore: string }): Promise<string[]> {
  if ('origin' in which) {
    const rows = await db.selectFrom('group_record').select('id').where('origin_server', '=', which.origin).execute()
    return rows.map(({ id }) => id)
  }
  // A cross join is done in this order: few records are followed beside all groups, or none.
  const query = db
    .selectFrom('remote_item')
    .crossJoin('group_record')
    .select('group_record.id')
    .whereRef('group_record.id', '=', 'remote_item.group_id')
    .where('group_record.origin_server', 'is not', null)
    .distinct()
  const some =
    'sourceId' in which ? query.where('remote_item.source_id', '=', which.sourceId) : query.where('remote_item.seen_at', '<', which.seenBefore)
  return (await some.execute()).map(({ id }) => id)
}

/**
 * Published records, of a source or of all, whose copies do not stand in the lists and may, after one of them, in their order; a change that waits
 * for a person is not shown.
 */
export function listWithdrawn(
  db: Db,
  { cutoff, sourceId, after, limit }: { cutoff: string; sourceId?: string; after: Pick<RemoteItemRow, 'source_id' | 'iri'>; limit: number },
): Promise<RemoteItemRow[]> {
  const query = shownItems(db, cutoff)
    .leftJoin('group_record', 'group_record.id', 'remote_item.group_id')
    .selectAll('remote_item')
    .where('group_record.id', 'is', null)
    .where('remote_item.state', '=', 'published')
    .where('remote_item.record', 'is not', null)
    .where('followed_source.origin', 'not in', blockedOrigins(db))
    .where((e) =>
      e.or([
        e('remote_item.source_id', '>', after.source_id),
        e.and([e('remote_item.source_id', '=', after.source_id), e('remote_item.iri', '>', after.iri)]),
      ]),
    )
  const some = sourceId === undefined ? query : query.where('remote_item.source_id', '=', sourceId)
  return some.orderBy('remote_item.source_id').orderBy('remote_item.iri').limit(limit).execute()
}

/** Takes copies out of the lists, in the caller's order of change numbers. Where they stood in ecosystems stays, for the day they come back. */
export async function withdrawGroups(tx: Tx, rows: GroupRow[], at: string, firstSeq: number): Promise<void> {
  for (const part of chunks(rows, 500)) {
    await tx
      .deleteFrom('group_record')
      .where(
        'id',
        'in',
        part.map(({ id }) => id),
      )
      .execute()
  }
  await removeWords(
    tx,
    rows.map(({ num }) => num),
  )
  const stones = rows.map(({ id, num, short_name }, index) => ({
    group_id: id,
    num,
    short_name,
    deleted_at: at,
    change_seq: firstSeq + index,
    kept: null,
  }))
  for (const part of chunks(stones, 200)) await tx.insertInto('tombstone').values(part).execute()
}

/** Number and last name of copies that were taken out, by id; their tombstones go, since they come back. */
export async function liftStones(tx: Tx, ids: string[]): Promise<Map<string, Tables['tombstone']>> {
  const stones = new Map<string, Tables['tombstone']>()
  for (const part of chunks([...new Set(ids)], 500)) {
    for (const stone of await tx.deleteFrom('tombstone').where('group_id', 'in', part).returningAll().execute()) stones.set(stone.group_id, stone)
  }
  return stones
}

/** The last revision of each of these groups' histories. */
export async function listLastRevisions(db: Db, ids: string[]): Promise<Map<string, number>> {
  const last = new Map<string, number>()
  for (const part of chunks([...new Set(ids)], 500)) {
    const rows = await db
      .selectFrom('group_revision')
      .select((e) => ['group_id', e.fn.max('revision').as('revision')])
      .where('group_id', 'in', part)
      .groupBy('group_id')
      .execute()
    for (const { group_id, revision } of rows) last.set(group_id, Number(revision))
  }
  return last
}

/** Forgets the history of copies: what its home erases is not kept here. */
export async function deleteRevisions(tx: Tx, ids: string[]): Promise<void> {
  for (const part of chunks(ids, 500)) await tx.deleteFrom('group_revision').where('group_id', 'in', part).execute()
}

function shownItems(db: Db, cutoff: string) {
  return db
    .selectFrom('remote_item')
    .innerJoin('followed_source', 'followed_source.id', 'remote_item.source_id')
    .where('followed_source.trust', '!=', 'blocked')
    .where('remote_item.state', 'in', ['published', 'changed'])
    .where((e) =>
      e.or([
        e('remote_item.seen_at', '>=', cutoff),
        e.and([e('remote_item.missing_since', 'is', null), e('remote_item.reason', 'is', null), e('followed_source.seen_at', '>=', cutoff)]),
      ]),
    )
}
