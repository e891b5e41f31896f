import type { FastifyInstance } from 'fastify'
import type { Tx } from '../db/tables.ts'
import { mailTo } from '../mail/mail-to.ts'
import * as urls from '../urls.ts'
import { insertMailedLink } from './queries.ts'
import type { Person } from './rights.ts'
import { hashOf, newSecret } from './secret.ts'

/** What a mailed link confirms: `confirm.title.<purpose>`, `.text.` and `.button.` are its sentences. */
export type Purpose = 'sign-in' | 'address' | 'address-back' | 'animator' | 'proposal' | 'suggestion' | 'letter'

export interface LinkRequest {
  purpose: Purpose
  /** In lower case, see `readAddress`. */
  address: string
  /** JSON values, given to the handler. */
  payload: object
  locale: 'fr' | 'en'
  /** ISO time. */
  at: string
  /** The mail, under views/mail/; its model gets `link`, a path of this site. */
  view: string
  model: object
}

export interface Confirmed {
  address: string
  // biome-ignore lint/suspicious/noExplicitAny: whoever made the link knows what it holds.
  payload: any
  /** Signed in in the browser that clicked. */
  person: Person | undefined
  /** Of whoever clicked. */
  locale: 'fr' | 'en'
  /** ISO time of the click. */
  at: string
}

/** Does what the click confirms, in its transaction: says where to go on, and perhaps who is signed in by it. Throwing keeps the link good. */
export type ConfirmHandler = (tx: Tx, confirmed: Confirmed) => Promise<{ to: string; personId?: string }>

declare module 'fastify' {
  interface FastifyInstance {
    confirmations: Map<Purpose, ConfirmHandler>
  }
}

const day = 24 * 60
const minutes: Partial<Record<Purpose, number>> = { 'sign-in': 15, 'address-back': 7 * day }

/** Mails a link, in the caller's transaction: good once, 15 minutes to sign in, seven days to undo, two for the rest. Only a hash of it stays. */
export async function makeLink(tx: Tx, { purpose, address, payload, locale, at, view, model }: LinkRequest): Promise<void> {
  const secret = newSecret()
  const expiresAt = new Date(Date.parse(at) + (minutes[purpose] ?? 2 * day) * 60_000).toISOString()
  const kept = { hash: hashOf(secret), purpose, address, payload: JSON.stringify(payload), created_at: at, expires_at: expiresAt, used_at: null }
  await insertMailedLink(tx, kept)
  await mailTo(tx, [{ address, locale }], { view, model: { ...model, link: urls.mailedLink(secret) } }, at)
}

/** Says what is done when a link of this purpose is confirmed; once a purpose, from the room's pages. */
export function onConfirmed(app: FastifyInstance, purpose: Purpose, handler: ConfirmHandler): void {
  if (app.confirmations.has(purpose)) throw new Error(`There are two handlers for ${purpose}.`)
  app.confirmations.set(purpose, handler)
}
