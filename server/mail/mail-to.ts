import type { MailRow, Tx } from '../db/tables.ts'
import { insertMails, type NewMail } from './queries.ts'

type Reader = Pick<MailRow, 'address' | 'locale'>

/** Queues a mail for each of these people, each address once, in the caller's transaction: it leaves if that ends well. `at` is ISO time. */
export function mailTo(tx: Tx, readers: Reader[], mail: Pick<NewMail, 'view' | 'model' | 'replyTo'>, at: string): Promise<void> {
  const byAddress = new Map(readers.map(({ address, locale }) => [address, { ...mail, address, locale }]))
  return insertMails(tx, [...byAddress.values()], at)
}
