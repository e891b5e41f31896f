import type { Db } from '../db/tables.ts'
import { deleteOld } from './queries.ts'

const day = 24 * 3600 * 1000

/** Forgets attempts after a day, links two days after they ended (until then they say why), sessions when they end. `now` in milliseconds. */
export async function purgeAccounts(db: Db, now: number): Promise<void> {
  const ago = (days: number) => new Date(now - days * day).toISOString()
  await deleteOld(db, { attempts: ago(1), links: ago(2), sessions: ago(0) })
}
