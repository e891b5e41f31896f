import { chunks, removeWords } from '../../db/search.ts'
import type { Db, FollowedSourceRow, GroupRow, RemoteItemRow, Tables, Tx } from '../../db/tables.ts'

export async function insertSource(tx: Tx, source: FollowedSourceRow): Promise<void> {
  await tx.insertInto('followed_source').values(source).execute()
}

export function findSource(db: Db, id: string): Promise<FollowedSourceRow | undefined> {
  return db.selectFrom('followed_source').selectAll().where('id', '=', id).executeTakeFirst()
}

export function findSourceByUrl(db: Db, url: string): Promise<FollowedSourceRow | undefined> {
  return db.selectFrom('followed_source').selectAll().where('url', '=', url).executeTakeFirst()
}

/** Every source, or those of an ecosystem, by address. */
export function listSources(db: Db, keyword?: string): Promise<FollowedSourceRow[]> {
  const query = db.selectFrom('followed_source').selectAll().orderBy('url').limit(1000)
  return (keyword === undefined ? query : query.where('keyword', '=', keyword)).execute()
}

/** How many records of each state these sources hold. */
export async function countItems(db: Db, ids: string[]): Promise<Map<string, Partial<Record<RemoteItemRow['state'], number>>>> {
  const counts = new Map<string, Partial<Record<RemoteItemRow['state'], number>>>()
  if (ids.length === 0) return counts
  const rows = await db
    .selectFrom('remote_item')
    .select((e) => ['source_id', 'state', e.fn.countAll().as('count')])
    .where('source_id', 'in', ids)
    .groupBy(['source_id', 'state'])
    .execute()
  for (const { source_id, state, count } of rows) counts.set(source_id, { ...counts.get(source_id), [state]: Number(count) })
  return counts
}

export async function updateSource(tx: Tx, id: string, values: Partial<FollowedSourceRow>): Promise<void> {
  await tx.updateTable('followed_source').set(values).where('id', '=', id).execute()
}

export async function deleteSource(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('followed_source').where('id', '=', id).execute()
}

/** Those to be visited, the longest waiting first. */
export function listDue(db: Db, at: string, limit: number): Promise<FollowedSourceRow[]> {
  return db
    .selectFrom('followed_source')
    .selectAll()
    .where('due_at', '<=', at)
    .where('trust', '!=', 'blocked')
    .where('paused', 'is', null)
    .where((e) => e.or([e('claimed_until', 'is', null), e('claimed_until', '<=', at)]))
    .orderBy('due_at')
    .limit(limit)
    .execute()
}

/** Takes a source until `until`, unless somebody has it or another one of its host; says whether it did. */
export async function claimSource(db: Db, { id, origin }: Pick<FollowedSourceRow, 'id' | 'origin'>, at: string, until: string): Promise<boolean> {
  const result = await db
    .updateTable('followed_source')
    .set({ claimed_until: until })
    .where('id', '=', id)
    .where('trust', '!=', 'blocked')
    .where('paused', 'is', null)
    .where((e) =>
      e.not(
        e.exists(
          e.selectFrom('followed_source as other').select('other.id').where('other.origin', '=', origin).where('other.claimed_until', '>', at),
        ),
      ),
    )
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** The source as it is now, if it is still held by who claimed it until `until` and may be written for. */
export function findHeld(db: Db, id: string, until: string): Promise<FollowedSourceRow | undefined> {
  return db
    .selectFrom('followed_source')
    .selectAll()
    .where('id', '=', id)
    .where('claimed_until', '=', until)
    .where('trust', '!=', 'blocked')
    .executeTakeFirst()
}

/** Ends a visit; only for who still holds the source. */
export async function finishSource(db: Db, id: string, until: string, values: Partial<FollowedSourceRow>): Promise<void> {
  await db
    .updateTable('followed_source')
    .set({ ...values, claimed_until: null })
    .where('id', '=', id)
    .where('claimed_until', '=', until)
    .execute()
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

/** The work list: records of these sources in this state, the latest first. */
export function listWaiting(db: Db, sourceIds: string[], state: RemoteItemRow['state'], limit: number, offset = 0): Promise<RemoteItemRow[]> {
  return db
    .selectFrom('remote_item')
    .selectAll()
    .where('source_id', 'in', sourceIds.length > 0 ? sourceIds : [''])
    .where('state', '=', state)
    .orderBy('changed_at', 'desc')
    .orderBy('iri')
    .limit(limit)
    .offset(offset)
    .execute()
}

/** The records of a source that are not gone, after an address, in the order of addresses. */
export function listPresent(db: Db, sourceId: string, after: string, limit: number): Promise<RemoteItemRow[]> {
  return db
    .selectFrom('remote_item')
    .selectAll()
    .where('source_id', '=', sourceId)
    .where('state', '!=', 'gone')
    .where('iri', '>', after)
    .orderBy('iri')
    .limit(limit)
    .execute()
}

/** The records of a source to ask for again: those said to be missing, the longest missing first, and those that could not be had. */
export function listDoubtful(db: Db, sourceId: string, limit: number): Promise<RemoteItemRow[]> {
  return db
    .selectFrom('remote_item')
    .selectAll()
    .where('source_id', '=', sourceId)
    .where((e) => e.or([e('missing_since', 'is not', null), e('reason', 'like', 'failed: %')]))
    .where('state', '!=', 'gone')
    .orderBy('missing_since')
    .limit(limit)
    .execute()
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
        })),
      )
      .execute()
  }
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

/** Of these copies, those that a source still shows: not blocked, published, and seen after `cutoff`. */
export async function listShown(db: Db, ids: string[], cutoff: string): Promise<Set<string>> {
  const shown = new Set<string>()
  for (const part of chunks([...new Set(ids)], 500)) {
    const rows = await shownItems(db, cutoff).select('remote_item.group_id').where('remote_item.group_id', 'in', part).execute()
    for (const { group_id } of rows) shown.add(group_id!)
  }
  return shown
}

/** The copies that stand in the lists: of this source, or of records that nobody saw since `seenBefore`. */
export async function listStanding(db: Db, which: { sourceId: string } | { seenBefore: string }): Promise<string[]> {
  const query = db
    .selectFrom('remote_item')
    .innerJoin('group_record', 'group_record.id', 'remote_item.group_id')
    .select('group_record.id')
    .where('group_record.origin_server', 'is not', null)
    .distinct()
  const some =
    'sourceId' in which ? query.where('remote_item.source_id', '=', which.sourceId) : query.where('remote_item.seen_at', '<', which.seenBefore)
  return (await some.execute()).map(({ id }) => id)
}

/** Published records, of a source or of all, whose copies do not stand in the lists and may; a change that waits for a person is not shown. */
export function listWithdrawn(db: Db, cutoff: string, sourceId?: string): Promise<RemoteItemRow[]> {
  const query = shownItems(db, cutoff)
    .leftJoin('group_record', 'group_record.id', 'remote_item.group_id')
    .selectAll('remote_item')
    .where('group_record.id', 'is', null)
    .where('remote_item.state', '=', 'published')
    .where('remote_item.record', 'is not', null)
  return (sourceId === undefined ? query : query.where('remote_item.source_id', '=', sourceId)).orderBy('remote_item.iri').execute()
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

/** How many records of a source are held. */
export async function countHeld(db: Db, sourceId: string): Promise<number> {
  const query = db.selectFrom('remote_item').select((e) => e.fn.countAll().as('count'))
  const { count } = await query.where('source_id', '=', sourceId).where('state', 'not in', ['gone', 'refused']).executeTakeFirstOrThrow()
  return Number(count)
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
