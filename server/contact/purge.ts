import type { Db } from '../db/tables.ts'
import { deleteOldLetters } from './queries.ts'

const day = 24 * 3600_000

/** Forgets letters after ninety days, and after two those whose address nobody confirmed. */
export async function purgeLetters(db: Db, now: Date): Promise<void> {
  const before = (days: number) => new Date(now.getTime() - days * day).toISOString()
  await deleteOldLetters(db, { any: before(90), unconfirmed: before(2) })
}
