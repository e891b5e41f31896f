import type { Db, MailRow, Tx } from '../db/tables.ts'

/** A mail yet to be put into the queue: `view` under views/mail/, `model` its fields (JSON values only). */
export interface NewMail {
  id: string
  address: string
  locale: 'fr' | 'en'
  view: string
  model: object
  replyTo?: string
}

/** Puts mails into the queue, in the transaction of their cause. `at` is ISO time. */
export async function insertMails(tx: Tx, mails: NewMail[], at: string): Promise<void> {
  if (mails.length === 0) return
  await tx
    .insertInto('mail')
    .values(mails.map((mail) => toRow(mail, at)))
    .execute()
}

export function findMail(db: Db, id: string): Promise<MailRow | undefined> {
  return db.selectFrom('mail').selectAll().where('id', '=', id).executeTakeFirst()
}

function toRow({ id, address, locale, view, model, replyTo }: NewMail, at: string): MailRow {
  const waiting = { state: 'queued' as const, attempts: 0, due_at: at, claimed_until: null, error: null, created_at: at, ended_at: null }
  return { id, address, locale, view, model: JSON.stringify(model), reply_to: replyTo ?? null, ...waiting }
}
