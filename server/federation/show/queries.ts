import { chunks } from '../../db/search.ts'
import type { Db, FollowedSourceRow, RemoteItemRow, Tx } from '../../db/tables.ts'

/** Where a copy was seen: one for each source that has it. */
export interface Sighting {
  groupId: string
  goneAt: string | null
  item: Pick<RemoteItemRow, 'seen_at' | 'missing_since' | 'reason'>
  source: Pick<FollowedSourceRow, 'seen_at'>
}

/** Copies that are marked as unseen, and those that some source of theirs did not see since `cutoff` (ISO time). */
export async function listDoubtfulCopies(db: Db, cutoff: string): Promise<string[]> {
  const rows = await db
    .selectFrom('group_record')
    .innerJoin('remote_item', 'remote_item.group_id', 'group_record.id')
    .innerJoin('followed_source', 'followed_source.id', 'remote_item.source_id')
    .select('group_record.id')
    .where('group_record.origin_server', 'is not', null)
    .where((e) =>
      e.or([
        e('group_record.gone_at', 'is not', null),
        e.and([
          e('remote_item.seen_at', '<', cutoff),
          e.or([
            e('remote_item.missing_since', 'is not', null),
            e('remote_item.reason', 'is not', null),
            e('followed_source.seen_at', 'is', null),
            e('followed_source.seen_at', '<', cutoff),
          ]),
        ]),
      ]),
    )
    .distinct()
    .execute()
  return rows.map(({ id }) => id)
}

export async function listSightings(db: Db, ids: string[]): Promise<Sighting[]> {
  const found: Sighting[] = []
  for (const part of chunks(ids, 500)) {
    const rows = await db
      .selectFrom('group_record')
      .innerJoin('remote_item', 'remote_item.group_id', 'group_record.id')
      .innerJoin('followed_source', 'followed_source.id', 'remote_item.source_id')
      .select(['group_record.id', 'group_record.gone_at', 'remote_item.seen_at', 'remote_item.missing_since', 'remote_item.reason'])
      .select('followed_source.seen_at as source_seen_at')
      .where('group_record.id', 'in', part)
      .execute()
    for (const { id, gone_at, source_seen_at, ...item } of rows)
      found.push({ groupId: id, goneAt: gone_at, item, source: { seen_at: source_seen_at } })
  }
  return found
}

export async function markCopy(tx: Tx, id: string, unseenSince: string | null): Promise<void> {
  await tx.updateTable('group_record').set({ gone_at: unseenSince }).where('id', '=', id).where('origin_server', 'is not', null).execute()
}
