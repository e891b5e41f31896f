import { v7 as uuid } from 'uuid'
import type { Db, MailRow, Tx } from '../db/tables.ts'

/** A mail yet to be put into the queue: `view` under views/mail/, `model` its fields (JSON values only). */
export interface NewMail {
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

/** What should leave now and is in nobody's hands, the oldest first. */
export async function listDueMails(db: Db, at: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('mail')
    .select('id')
    .where('state', '=', 'queued')
    .where('due_at', '<=', at)
    .where((e) => e.or([e('claimed_until', 'is', null), e('claimed_until', '<=', at)]))
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** Takes a due mail until `until`, and counts the try; undefined when another was quicker. */
export function claimMail(db: Db, id: string, at: string, until: string): Promise<MailRow | undefined> {
  return db
    .updateTable('mail')
    .set((e) => ({ claimed_until: until, attempts: e('attempts', '+', 1) }))
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .where('due_at', '<=', at)
    .where((e) => e.or([e('claimed_until', 'is', null), e('claimed_until', '<=', at)]))
    .returningAll()
    .executeTakeFirst()
}

/** A mail that left keeps nothing of what it said, unless `model` is given. */
export async function markMailSent(db: Db, id: string, at: string, model = '{}'): Promise<void> {
  await db.updateTable('mail').set({ state: 'sent', model, error: null, claimed_until: null, ended_at: at }).where('id', '=', id).execute()
}

/** Waits until `dueAt`, or fails at `endedAt`. Only for who still holds the mail: later, it may be in other hands. */
export async function markMailTried(
  db: Db,
  { id, claimed_until }: Pick<MailRow, 'id' | 'claimed_until'>,
  error: string,
  next: { dueAt: string } | { endedAt: string },
): Promise<void> {
  const values = 'dueAt' in next ? { due_at: next.dueAt } : { state: 'failed' as const, ended_at: next.endedAt }
  await db
    .updateTable('mail')
    .set({ ...values, error, claimed_until: null })
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .where('claimed_until', '=', claimed_until)
    .execute()
}

/** What could not be delivered, given up or not, the latest first. */
export function listTroubledMails(db: Db, limit: number): Promise<MailRow[]> {
  return db
    .selectFrom('mail')
    .selectAll()
    .where((e) => e.or([e('state', '=', 'failed'), e.and([e('state', '=', 'queued'), e('error', 'is not', null)])]))
    .orderBy('state')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** How many mails were given up. */
export async function countFailedMails(db: Db): Promise<number> {
  const { many } = await db
    .selectFrom('mail')
    .select((e) => e.fn.countAll().as('many'))
    .where('state', '=', 'failed')
    .executeTakeFirstOrThrow()
  return Number(many)
}

/** The latest of all, the newest first. */
export function listLatestMails(db: Db, limit: number): Promise<MailRow[]> {
  return db.selectFrom('mail').selectAll().orderBy('id', 'desc').limit(limit).execute()
}

/** Tries a mail again from the start, now, unless it left or is under way: then it stays in the hands it is in. */
export async function requeueMail(db: Db, id: string, at: string): Promise<void> {
  const waiting = { state: 'queued' as const, attempts: 0, due_at: at, claimed_until: null, ended_at: null }
  await db
    .updateTable('mail')
    .set(waiting)
    .where('id', '=', id)
    .where('state', '!=', 'sent')
    .where((e) => e.or([e('claimed_until', 'is', null), e('claimed_until', '<=', at)]))
    .execute()
}

export async function deleteMail(db: Db, id: string): Promise<void> {
  await db.deleteFrom('mail').where('id', '=', id).execute()
}

/** All mails to this address, the oldest first. */
export function listMailsTo(db: Db, address: string): Promise<Pick<MailRow, 'view' | 'state' | 'created_at'>[]> {
  return db.selectFrom('mail').select(['view', 'state', 'created_at']).where('address', '=', address).orderBy('created_at').orderBy('id').execute()
}

/** Forgets an address: what was for it does not leave, and what others get does not say it. */
export async function forgetAddress(tx: Tx, address: string): Promise<void> {
  await tx.deleteFrom('mail').where('address', '=', address).execute()
  await tx.updateTable('mail').set({ reply_to: null }).where('reply_to', '=', address).execute()
}

export async function deleteMailsTo(tx: Tx, address: string, views: string[]): Promise<void> {
  await tx.deleteFrom('mail').where('address', '=', address).where('view', 'in', views).execute()
}

/** Forgets what ended in this state before then. */
export async function deleteEndedMails(db: Db, state: 'sent' | 'failed', before: string): Promise<void> {
  await db.deleteFrom('mail').where('state', '=', state).where('ended_at', '<', before).execute()
}

function toRow({ address, locale, view, model, replyTo }: NewMail, at: string): MailRow {
  const id = uuid({ msecs: Date.parse(at) })
  const waiting = { state: 'queued' as const, attempts: 0, due_at: at, claimed_until: null, error: null, created_at: at, ended_at: null }
  return { id, address, locale, view, model: JSON.stringify(model), reply_to: replyTo ?? null, ...waiting }
}
