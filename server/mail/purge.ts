import type { Db } from '../db/tables.ts'
import { daysBefore } from '../text/days.ts'
import { deleteEndedMails } from './queries.ts'

/** Forgets mails seven days after they left, and those given up after thirty. */
export async function purgeMails(db: Db, now: Date): Promise<void> {
  await deleteEndedMails(db, 'sent', daysBefore(7, now))
  await deleteEndedMails(db, 'failed', daysBefore(30, now))
}
