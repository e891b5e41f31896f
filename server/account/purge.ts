import type { Db } from '../db/tables.ts'
import { daysBefore } from '../text/days.ts'
import { deleteOld } from './queries.ts'

/** Forgets attempts after a day, links two days after they ended (until then they say why), sessions when they end. */
export async function purgeAccounts(db: Db, now: Date): Promise<void> {
  await deleteOld(db, { attempts: daysBefore(1, now), links: daysBefore(2, now), sessions: daysBefore(0, now) })
}
