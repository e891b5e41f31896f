import type { ExpressionBuilder } from 'kysely'
import { blockedOrigins } from '../../db/blocked.ts'
import { lockName } from '../../db/dialect.ts'
import { chunks } from '../../db/search.ts'
import type { Db, FollowedSourceRow, RemoteItemRow, Tables, Tx } from '../../db/tables.ts'

export async function insertSource(tx: Tx, source: FollowedSourceRow): Promise<void> {
  await tx.insertInto('followed_source').values(source).execute()
}

export function findSource(db: Db, id: string): Promise<FollowedSourceRow | undefined> {
  return db.selectFrom('followed_source').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The source of this address: the one that is followed for all, else that of an ecosystem. */
export function findSourceByUrl(db: Db, url: string): Promise<FollowedSourceRow | undefined> {
  const query = db.selectFrom('followed_source').selectAll().where('url', '=', url)
  return query.orderBy((e) => e.fn.coalesce('keyword', e.val(''))).executeTakeFirst()
}

/** The source of this address that operators keep (`keyword` null), or the stewards of an ecosystem. */
export function findSourceFor(db: Db, url: string, keyword: string | null): Promise<FollowedSourceRow | undefined> {
  const query = db.selectFrom('followed_source').selectAll().where('url', '=', url)
  return (keyword === null ? query.where('keyword', 'is', null) : query.where('keyword', '=', keyword)).executeTakeFirst()
}

/** Every source, or those of an ecosystem, by address; those that nobody here asked for come last. */
export function listSources(db: Db, keyword?: string): Promise<FollowedSourceRow[]> {
  const query = db.selectFrom('followed_source').selectAll().orderBy(submittedLast).orderBy('url').orderBy('id').limit(1000)
  return (keyword === undefined ? query : query.where('keyword', '=', keyword)).execute()
}

/** Sources that somebody without an account asked for before `before` and that never gave a record. */
export async function listNeverValid(db: Db, before: string): Promise<string[]> {
  const rows = await db
    .selectFrom('followed_source')
    .select('id')
    .where('submitted_at', '<', before)
    .where('trust', '!=', 'blocked')
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('remote_item')
            .select('iri')
            .whereRef('remote_item.source_id', '=', 'followed_source.id')
            .where((inner) => inner.or([inner('record', 'is not', null), inner('dismissed_at', 'is not', null)])),
        ),
      ),
    )
    .limit(1000)
    .execute()
  return rows.map(({ id }) => id)
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

/** Those to be visited, what people here asked for first, then the longest waiting. */
export function listDue(db: Db, at: string, limit: number): Promise<FollowedSourceRow[]> {
  return db
    .selectFrom('followed_source')
    .selectAll()
    .where('due_at', '<=', at)
    .where('trust', '!=', 'blocked')
    .where('origin', 'not in', blockedOrigins(db))
    .where('paused', 'is', null)
    .where((e) => e.or([e('claimed_until', 'is', null), e('claimed_until', '<=', at)]))
    .orderBy(submittedLast)
    .orderBy('due_at')
    .limit(limit)
    .execute()
}

/** Takes a source until `until`, unless somebody has it or another one of its host; says whether it did. */
export async function claimSource(tx: Tx, { id, origin }: Pick<FollowedSourceRow, 'id' | 'origin'>, at: string, until: string): Promise<boolean> {
  // Two that look at once would each find the host free.
  await lockName(tx, `visit ${origin}`)
  const result = await tx
    .updateTable('followed_source')
    .set({ claimed_until: until })
    .where('id', '=', id)
    .where('trust', '!=', 'blocked')
    .where('origin', 'not in', blockedOrigins(tx))
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

/** Ends a visit; only for who still holds the source. */
export async function finishSource(db: Db, id: string, until: string, values: Partial<FollowedSourceRow>): Promise<void> {
  await db
    .updateTable('followed_source')
    .set({ ...values, claimed_until: null })
    .where('id', '=', id)
    .where('claimed_until', '=', until)
    .execute()
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

/** The records of a source to ask for again by `at`: those said to be missing and those that could not be had, the longest waiting first. */
export function listDoubtful(db: Db, sourceId: string, at: string, limit: number): Promise<RemoteItemRow[]> {
  return db
    .selectFrom('remote_item')
    .selectAll()
    .where('source_id', '=', sourceId)
    .where('check_at', '<=', at)
    .where('state', '!=', 'gone')
    .orderBy('check_at')
    .orderBy('iri')
    .limit(limit)
    .execute()
}

/** The other sources that have these records still. */
export async function listOtherSources(db: Db, iris: string[], exceptId: string): Promise<string[]> {
  const ids = new Set<string>()
  for (const part of chunks([...new Set(iris)], 500)) {
    const query = db.selectFrom('remote_item').select('source_id').distinct()
    const rows = await query.where('iri', 'in', part).where('source_id', '!=', exceptId).where('state', '!=', 'gone').execute()
    for (const { source_id } of rows) ids.add(source_id)
  }
  return [...ids]
}

/** How many records of a source are held. */
export async function countHeld(db: Db, sourceId: string): Promise<number> {
  const query = db.selectFrom('remote_item').select((e) => e.fn.countAll().as('count'))
  const { count } = await query.where('source_id', '=', sourceId).where('state', 'not in', ['gone', 'refused']).executeTakeFirstOrThrow()
  return Number(count)
}

function submittedLast(e: ExpressionBuilder<Tables, 'followed_source'>) {
  return e.case().when('submitted_at', 'is', null).then(0).else(1).end()
}
