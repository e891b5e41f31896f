import type { Db } from '../db/tables.ts'
import { deleteEndedMails } from './queries.ts'

const day = 24 * 3600_000

/** Forgets mails seven days after they left, and those given up after thirty. */
export async function purgeMails(db: Db, now: Date): Promise<void> {
  const before = (days: number) => new Date(now.getTime() - days * day).toISOString()
  await deleteEndedMails(db, 'sent', before(7))
  await deleteEndedMails(db, 'failed', before(30))
}
