import type { Db } from '../db/tables.ts'
import { daysBefore } from '../text/days.ts'
import { deleteOldLetters } from './queries.ts'

/** Forgets letters after ninety days, and after two those whose address nobody confirmed. */
export async function purgeLetters(db: Db, now: Date): Promise<void> {
  await deleteOldLetters(db, { any: daysBefore(90, now), unconfirmed: daysBefore(2, now) })
}
