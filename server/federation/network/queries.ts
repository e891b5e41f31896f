import { blockedOrigins } from '../../db/blocked.ts'
import type { Db, FollowedSourceRow, RemoteEcosystemRow, Tx } from '../../db/tables.ts'

/** An ecosystem of a followed server. `mapping`: that source's, JSON. */
export type FollowedEcosystem = Omit<RemoteEcosystemRow, 'source_id'> & Pick<FollowedSourceRow, 'origin' | 'mapping'>

/** The sources whose servers may have ecosystems, were reached, and are to be asked for them. */
export function listSourcesToAsk(db: Db, at: string, limit: number): Promise<FollowedSourceRow[]> {
  return db
    .selectFrom('followed_source')
    .selectAll()
    .where('kind', '=', 'changes')
    .where('trust', '!=', 'blocked')
    .where('origin', 'not in', blockedOrigins(db))
    .where('paused', 'is', null)
    .where('seen_at', 'is not', null)
    .where((e) => e.or([e('ecosystems_due_at', 'is', null), e('ecosystems_due_at', '<=', at)]))
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Says when to ask next; false when the source is no longer followed. */
export async function postponeAsking(db: Db, id: string, dueAt: string): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('followed_source').set({ ecosystems_due_at: dueAt }).where('id', '=', id).executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Puts these in the place of what the source said before. */
export async function replaceEcosystems(tx: Tx, sourceId: string, rows: RemoteEcosystemRow[]): Promise<void> {
  await tx.deleteFrom('remote_ecosystem').where('source_id', '=', sourceId).execute()
  if (rows.length > 0) await tx.insertInto('remote_ecosystem').values(rows).execute()
}

/**
 * Ecosystems of the servers that are followed, as far as these spoke of them since `cutoff`, the largest first. Where people review what comes,
 * a server's are shown once they published something of it.
 */
export function listFollowedEcosystems(db: Db, cutoff: string, limit: number): Promise<FollowedEcosystem[]> {
  return db
    .selectFrom('remote_ecosystem')
    .innerJoin('followed_source', 'followed_source.id', 'remote_ecosystem.source_id')
    .select(['remote_ecosystem.keyword', 'remote_ecosystem.title', 'language', 'group_count', 'related', 'remote_ecosystem.seen_at'])
    .select(['followed_source.origin', 'followed_source.mapping'])
    .where('trust', '!=', 'blocked')
    .where('origin', 'not in', blockedOrigins(db))
    .where('remote_ecosystem.seen_at', '>=', cutoff)
    .where((e) =>
      e.or([
        e('trust', '=', 'automatic'),
        e.exists(
          e
            .selectFrom('remote_item')
            .select('iri')
            .whereRef('remote_item.source_id', '=', 'followed_source.id')
            .where('remote_item.state', '=', 'published'),
        ),
      ]),
    )
    .orderBy('group_count', 'desc')
    .orderBy('origin')
    .orderBy('remote_ecosystem.keyword')
    .orderBy('remote_ecosystem.seen_at', 'desc')
    .limit(limit)
    .execute()
}
