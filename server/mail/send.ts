import type { Config } from '../config.ts'
import type { Db, MailRow } from '../db/tables.ts'
import type { Views } from '../http/views.ts'
import type { Random } from '../text/random.ts'
import { claimMail, listDueMails, markMailSent, markMailTried } from './queries.ts'
import { renderMail } from './render.ts'
import { retryAt, toFailure } from './rules.ts'
import { mostAtOnce, type Transport } from './transport.ts'

export interface SendDeps {
  db: Db
  views: Views
  config: Pick<Config, 'publicUrl' | 'mailFrom' | 'demo'>
  clock: () => Date
  random: Random
  /** Told of what failed, without addresses. */
  warn: (facts: object, text: string) => void
}

export interface Sender {
  /** Takes what is due as far as there is room, and gives how many mails that was; it does not wait for them to leave. */
  pass: () => Promise<number>
  /** Resolves when nothing is under way. */
  settled: () => Promise<void>
}

// Longer than a conversation may last: whoever still holds a mail then is dead.
const lease = 10 * 60_000

/**
 * Sends the mails of the queue, at most five at once. A mail is held while it leaves, so that of several processes one sends it, and
 * comes back by itself if its process dies. `onRoom` is called when one is done: another may follow.
 */
export function createSender(deps: SendDeps, transport: Transport, onRoom: () => void = () => {}): Sender {
  const underWay = new Set<Promise<void>>()
  return {
    pass: async () => {
      let taken = 0
      while (underWay.size < mostAtOnce) {
        const row = await claimNext(deps)
        if (!row) break
        taken++
        const task = deliver(deps, transport, row)
          .catch((error: unknown) => deps.warn({ mail: row.id, err: error }, 'a mail could not be settled; it will come back'))
          .finally(() => {
            underWay.delete(task)
            onRoom()
          })
        underWay.add(task)
      }
      return taken
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

/** Sends all that is due, and waits for it; gives how many mails were tried. */
export async function sendDue(deps: SendDeps, transport: Transport): Promise<number> {
  const sender = createSender(deps, transport)
  let tried = 0
  for (;;) {
    const taken = await sender.pass()
    await sender.settled()
    if (taken === 0) return tried
    tried += taken
  }
}

/** `MAIL_FROM`, or an address at the server's own name. */
function senderOf({ publicUrl, mailFrom }: Pick<Config, 'publicUrl' | 'mailFrom'>): string {
  const { hostname } = new URL(publicUrl)
  return mailFrom ?? `Archipel <archipel@${/[a-z]/i.test(hostname) && !hostname.includes(':') ? hostname : 'localhost'}>`
}

async function claimNext({ db, clock }: SendDeps): Promise<MailRow | undefined> {
  const now = clock()
  const until = new Date(now.getTime() + lease).toISOString()
  for (;;) {
    const due = await listDueMails(db, now.toISOString(), mostAtOnce)
    if (due.length === 0) return undefined
    for (const id of due) {
      const row = await claimMail(db, id, now.toISOString(), until)
      if (row) return row
    }
  }
}

async function deliver(deps: SendDeps, transport: Transport, row: MailRow): Promise<void> {
  const { db, views, config, clock, random, warn } = deps
  try {
    const { id, address, locale, reply_to, created_at } = row
    const rendered = renderMail(views, row, config.publicUrl)
    await transport.send({ id, from: senderOf(config), to: address, replyTo: reply_to ?? undefined, locale, at: created_at, ...rendered })
  } catch (error) {
    const { permanent, reason, sign } = toFailure(error)
    const now = clock()
    const dueAt = permanent ? undefined : retryAt(row.attempts, now, random)
    warn({ mail: row.id, view: row.view, attempts: row.attempts, sign, givenUp: dueAt === undefined }, 'a mail could not be sent')
    await markMailTried(db, row, reason, dueAt ? { dueAt } : { endedAt: now.toISOString() })
    return
  }
  await markMailSent(db, row.id, clock().toISOString(), config.demo ? row.model : undefined)
}
