import { readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { Test } from 'tap'
import type { Db, MailRow } from '../../server/db/tables.ts'
import type { NewMail } from '../../server/mail/queries.ts'
import type { SendDeps } from '../../server/mail/send.ts'
import type { Patience } from '../../server/mail/transport.ts'
import { makeTestDeps, now } from '../helper.ts'

/** An id that sorts as it counts. */
export function mailId(at: number): string {
  return `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`
}

/** A mail to `zoe@reader.example`, unless `facts` say more, whose id is known. */
export function newMail(at: number, facts: Partial<NewMail> = {}): MailRow {
  const { address = 'zoe@reader.example', locale = 'fr', view = 'sign-in', model = { link: '/sign-in/abc' }, replyTo = null } = facts
  const waiting = { state: 'queued' as const, attempts: 0, due_at: now, claimed_until: null, error: null, created_at: now, ended_at: null }
  return { id: mailId(at), address, locale, view, model: JSON.stringify(model), reply_to: replyTo, ...waiting }
}

export async function queue(db: Db, ...mails: MailRow[]): Promise<void> {
  await db.insertInto('mail').values(mails).execute()
}

export function rowsOf(db: Db): Promise<MailRow[]> {
  return db.selectFrom('mail').selectAll().orderBy('id').execute()
}

/** What sending needs, with a clock that `pass` moves and warnings that are kept. */
export async function senderDeps(db: Db, demo = false) {
  let time = Date.parse(now)
  const warnings: string[] = []
  const { views, config } = await makeTestDeps(db, { mailFrom: 'Les îles <iles@archipel.example>', demo })
  const warn = (facts: object, text: string) => {
    warnings.push(`${text} ${JSON.stringify(facts)}`)
  }
  const deps: SendDeps = { db, views, config, clock: () => new Date(time), random: () => 0.5, warn }
  const pass = (minutes: number) => {
    time += minutes * 60_000
  }
  return { deps, warnings, pass }
}

/** Milliseconds that no test waits for, except where silence is the subject. */
export const hasty: Patience = { connect: 5_000, greeting: 5_000, silence: 5_000, whole: 10_000 }

export const certificate = readFileSync(join(import.meta.dirname, '../fixtures/mail/server.crt'), 'utf8')
const key = readFileSync(join(import.meta.dirname, '../fixtures/mail/server.key'), 'utf8')

/** A real SMTP server on loopback: what it took, parsed by somebody else, and how many spoke to it at once. */
export async function startSmtp(t: Test, options: SMTPServerOptions = {}) {
  const taken: { email: Email; raw: string; to: string[] }[] = []
  const talks = { now: 0, most: 0 }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    key,
    cert: certificate,
    logger: false,
    onConnect: (_session, done) => {
      talks.most = Math.max(talks.most, ++talks.now)
      done()
    },
    onClose: () => {
      talks.now--
    },
    onData: async (stream, session, done) => {
      const raw = Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>))
      taken.push({ email: await PostalMime.parse(raw), raw: raw.toString(), to: session.envelope.rcptTo.map(({ address }) => address) })
      done()
    },
    ...options,
  })
  t.teardown(() => new Promise<void>((resolve) => server.close(() => resolve())))
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as { port: number }
  return { taken, talks, port, url: `smtp://127.0.0.1:${port}` }
}

/** A port that takes connections and does with them what `speak` does: nothing, unless it is given. */
export async function startMute(t: Test, speak: (socket: Socket) => void = () => {}): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    speak(socket)
  })
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `smtp://127.0.0.1:${(server.address() as { port: number }).port}`
}

/** What an SMTP server answers to refuse. */
export function refusal(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code })
}
