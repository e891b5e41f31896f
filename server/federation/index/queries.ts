import type { Db, FollowedSourceRow, RemoteItemRow } from '../../db/tables.ts'

/** What an index needs of a group kept here beside what the catalogue holds. `at`: when it last changed here. */
export interface OwnRow {
  num: number
  short_name: string
  place: string | null
  links: string | null
  change_seq: number
  at: string
}

const batch = 2000

/** The groups kept here whose last change is after number `from`, up to `to`, in batches. */
export async function* listOwn(db: Db, from: number, to: number): AsyncGenerator<OwnRow[]> {
  for (let last = from; ; ) {
    const rows = await db
      .selectFrom('group_record')
      .innerJoin('change_log', 'change_log.seq', 'group_record.change_seq')
      .select(['num', 'short_name', 'place', 'links', 'change_seq', 'change_log.at'])
      .where('group_record.change_seq', '>', last)
      .where('change_log.seq', '>', last)
      .where('change_log.seq', '<=', to)
      .where('change_log.local', '=', 1)
      .where('group_record.origin_server', 'is', null)
      // In the order in which SQLite reads: by the other number it would sort all that is left at each batch.
      .orderBy('change_log.seq')
      .limit(batch)
      .execute()
    if (rows.length > 0) yield rows
    if (rows.length < batch) return
    last = rows.at(-1)!.change_seq
  }
}

/** A range of changes: after number `from`, up to `to`. `since` is the ISO time before which nothing is told. */
export interface Range {
  from: number
  to: number
  since: string
}

/** Names of the groups of this server that were deleted by these changes. */
export function listDeleted(db: Db, { from, to, since }: Range): Promise<{ name: string; at: string }[]> {
  return db
    .selectFrom('tombstone')
    .innerJoin('change_log', 'change_log.seq', 'tombstone.change_seq')
    .select(['tombstone.short_name as name', 'change_log.at'])
    .where('tombstone.change_seq', '>', from)
    .where('tombstone.change_seq', '<=', to)
    .where('tombstone.deleted_at', '>=', since)
    .where('change_log.local', '=', 1)
    .where('change_log.kind', '=', 'delete')
    .execute()
}

/** Former names of the groups of this server that were changed by these, with the time when a name was last taken: when each was left is not kept. */
export async function listFormer(db: Db, { from, to, since }: Range): Promise<{ name: string; at: string }[]> {
  const rows = await db
    .selectFrom('group_record')
    .innerJoin('short_name as former', 'former.group_id', 'group_record.id')
    .select((e) => [
      'former.name',
      e
        .selectFrom('short_name as taken')
        .select((inner) => inner.fn.max('taken.created_at').as('at'))
        .whereRef('taken.group_id', '=', 'group_record.id')
        .as('at'),
    ])
    .where('group_record.change_seq', '>', from)
    .where('group_record.change_seq', '<=', to)
    // Not "is null", by which SQLite would read all groups kept here.
    .where((e) => e(e.fn.coalesce('group_record.origin_server', e.val('')), '=', ''))
    .whereRef('former.name', '!=', 'group_record.short_name')
    .execute()
  return rows.flatMap(({ name, at }) => (at !== null && at >= since ? [{ name, at }] : []))
}

/** A single profile that somebody asked to be looked at, by what an index calls it. */
export function findSubmitted(db: Db, nodeId: string): Promise<Pick<FollowedSourceRow, 'id' | 'url' | 'created_at'> | undefined> {
  return db
    .selectFrom('followed_source')
    .select(['id', 'url', 'created_at'])
    .where('node_id', '=', nodeId)
    .where('trust', '!=', 'blocked')
    .orderBy('created_at')
    .executeTakeFirst()
}

/** What became of a single profile, once it was fetched. */
export function findItem(db: Db, sourceId: string): Promise<Pick<RemoteItemRow, 'state' | 'reason' | 'changed_at'> | undefined> {
  return db.selectFrom('remote_item').select(['state', 'reason', 'changed_at']).where('source_id', '=', sourceId).executeTakeFirst()
}
