import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import nodemailer, { type SendMailOptions } from 'nodemailer'
import { type Config, makeFolder } from '../config.ts'
import { outboxOf } from './rules.ts'

export interface Message {
  /** Of the row: the same each time it is tried, so that one delivered twice is shown once. */
  id: string
  from: string
  to: string
  replyTo: string | undefined
  locale: 'fr' | 'en'
  subject: string
  text: string
  html: string
  /** ISO time. */
  at: string
}

export interface Transport {
  /** Throws as nodemailer does. */
  send: (message: Message) => Promise<void>
  close: () => void
}

/** Milliseconds. */
export interface Patience {
  connect: number
  greeting: number
  /** Without a word from the server. */
  silence: number
  /** For the whole conversation. */
  whole: number
}

export const mostAtOnce = 5
export const patience: Patience = { connect: 20_000, greeting: 30_000, silence: 120_000, whole: 300_000 }

/** How mails leave, as the settings say. */
export function transportOf(config: Pick<Config, 'dataDir' | 'smtpUrl'>): Transport {
  return config.smtpUrl ? smtpTransport(config.smtpUrl) : outboxTransport(outboxOf(config))
}

/** Speaks to the server of `smtp://` or `smtps://`. Encrypted and verified, except to this machine or where `?tls=optional` is said. */
export function smtpTransport(url: string, { connect, greeting, silence, whole }: Patience = patience, ca?: string): Transport {
  const { protocol, hostname, port, username, password, searchParams } = new URL(url)
  const isTls = protocol === 'smtps:'
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const pool = nodemailer.createTransport({
    pool: true,
    maxConnections: mostAtOnce,
    // A mail that a server dropped goes back into our own queue.
    maxRequeues: 0,
    idleTimeout: 20_000,
    host,
    port: Number(port) || (isTls ? 465 : 587),
    secure: isTls,
    requireTLS: !isTls && !isHere(host) && searchParams.get('tls') !== 'optional',
    auth: username ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : undefined,
    tls: ca === undefined ? undefined : { ca },
    connectionTimeout: connect,
    greetingTimeout: greeting,
    socketTimeout: silence,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async (message) => {
      await pool.sendMail({ ...toMail(message), signal: AbortSignal.timeout(whole) })
    },
    close: () => pool.close({ force: true }),
  }
}

/** Writes each mail to `<folder>/<id>.eml`, whole or not at all, for this user's eyes only. */
function outboxTransport(folder: string): Transport {
  const composer = nodemailer.createTransport({ streamTransport: true, buffer: true })
  return {
    send: async (message) => {
      const { message: eml } = await composer.sendMail(toMail(message))
      makeFolder(folder)
      const file = join(folder, `${message.id}.eml`)
      await writeFile(`${file}.part`, eml as Buffer, { mode: 0o600 })
      await rename(`${file}.part`, file)
    },
    close: () => {},
  }
}

/** Addresses are given as objects: nothing in them is read as a list or a header. */
function toMail({ id, from, to, replyTo, locale, subject, text, html, at }: Message): SendMailOptions {
  const sender = /^(.*?)\s*<([^<>]+)>$/.exec(from)
  const address = sender?.[2] ?? from
  return {
    from: { name: sender?.[1] ?? 'Archipel', address },
    to: { name: '', address: to },
    replyTo: replyTo === undefined ? undefined : { name: '', address: replyTo },
    subject,
    text,
    html,
    date: new Date(at),
    messageId: `<${id}@${address.split('@').at(-1)}>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': locale },
    textEncoding: 'quoted-printable',
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

function isHere(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host)
}
