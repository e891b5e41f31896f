import { transaction } from '../../db/open.ts'
import type { Db } from '../../db/tables.ts'
import * as queries from './queries.ts'
import type { ToldEcosystem } from './rules.ts'

/** Keeps what the server of a source says of its ecosystems, in the place of what it said before. */
export function saveEcosystems(db: Db, sourceId: string, told: ToldEcosystem[], seenAt: string, dueAt: string): Promise<void> {
  return transaction(db, async (tx) => {
    if (!(await queries.postponeAsking(tx, sourceId, dueAt))) return
    await queries.replaceEcosystems(
      tx,
      sourceId,
      told.map(({ groupCount, related, ...rest }) => ({
        ...rest,
        source_id: sourceId,
        group_count: groupCount,
        related: related.length > 0 ? JSON.stringify(related) : null,
        seen_at: seenAt,
      })),
    )
  })
}
