import type { Db } from '../db/tables.ts'
import { deleteOldModeration } from './queries.ts'

const day = 24 * 3600_000

/** Forgets after two days what nobody confirmed, after ninety what was decided, after a year suggestions that nobody decided on. */
export async function purgeModeration(db: Db, now: Date): Promise<void> {
  const before = (days: number) => new Date(now.getTime() - days * day).toISOString()
  await deleteOldModeration(db, { unconfirmed: before(2), decided: before(90), undecided: before(365) })
}
