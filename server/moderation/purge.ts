import type { Db } from '../db/tables.ts'
import { daysBefore } from '../text/days.ts'
import { deleteOldModeration } from './queries.ts'

/** Forgets after two days what nobody confirmed, after ninety what was decided, after a year suggestions that nobody decided on. */
export async function purgeModeration(db: Db, now: Date): Promise<void> {
  await deleteOldModeration(db, { unconfirmed: daysBefore(2, now), decided: daysBefore(90, now), undecided: daysBefore(365, now) })
}
