import { v7 as uuid } from 'uuid'
import { lockName } from '../db/dialect.ts'
import { transaction } from '../db/open.ts'
import type { Db, PersonRow, Tables, Tx } from '../db/tables.ts'
import { badRequest, forbidden, notFound } from '../errors.ts'
import * as urls from '../urls.ts'
import { type ConfirmHandler, makeLink, type Purpose } from './mailed-link.ts'
import type { Keeping } from './me-hook.ts'
import { findOrCreatePerson } from './people.ts'
import * as queries from './queries.ts'
import type { Person } from './rights.ts'
import { hashOf, newSecret } from './secret.ts'
import { startSession, tokenStart } from './session.ts'

/** When, and in which language. */
export interface Moment {
  at: string
  locale: 'fr' | 'en'
}

/** Whose browser it is: the session it has, and what it calls itself. */
export interface Browser {
  person?: Person
  sessionId?: string
  agent?: string
}

const mostTokens = 20
// Links that start a session anew, whoever the browser is signed in as.
const opening = ['sign-in', 'address', 'address-back']

/** Mails a link to sign in. Known or not, every address gets the same: nobody learns who has an account here. */
export function sendSignInLink(db: Db, address: string, back: string, { at, locale }: Moment): Promise<void> {
  return transaction(db, (tx) => makeLink(tx, { purpose: 'sign-in', address, payload: { back }, locale, at, view: 'sign-in', model: {} }))
}

/**
 * Uses a mailed link up and does what it confirms, all or nothing. Gives where to go on, and the `Set-Cookie` value of a new
 * session if somebody is signed in by it; undefined when the link is not good any more.
 */
export function confirmLink(
  db: Db,
  config: { publicUrl: string },
  handlers: ReadonlyMap<Purpose, ConfirmHandler>,
  { secret, browser, at, locale }: Moment & { secret: string; browser: Browser },
): Promise<{ to: string; setCookie?: string } | undefined> {
  return transaction(db, async (tx) => {
    const link = await queries.takeMailedLink(tx, hashOf(secret), at)
    if (!link) return undefined
    const confirm = handlers.get(link.purpose as Purpose)
    if (!confirm) throw new Error(`Nothing confirms ${link.purpose}.`)
    const { to, personId } = await confirm(tx, {
      address: link.address,
      payload: JSON.parse(link.payload ?? '{}'),
      person: browser.person,
      locale,
      at,
    })
    if (!personId || (personId === browser.person?.id && !opening.includes(link.purpose))) return { to }
    // What this browser had is over: nobody can have planted it, and none is left behind.
    if (browser.person && browser.sessionId) await queries.deleteSession(tx, browser.person.id, browser.sessionId)
    await queries.markPersonSeen(tx, personId, at)
    return { to, setCookie: await startSession(tx, config, personId, at, browser.agent) }
  })
}

/** The click on a link to sign in: whoever reads this mailbox is this person, new or not. */
export async function confirmSignIn(
  tx: Tx,
  { address, payload, locale, at }: Parameters<ConfirmHandler>[1],
): Promise<{ to: string; personId: string }> {
  const { id } = await findOrCreatePerson(tx, address, locale, at)
  return { to: payload.back, personId: id }
}

export function saveProfile(db: Db, { id }: Person, { name, locale }: { name: string; locale: 'fr' | 'en' }): Promise<void> {
  return transaction(db, (tx) => queries.updatePerson(tx, id, { name: name || null, locale }))
}

/** Mails a link to the new address: it is changed when that mailbox has clicked. */
export function askNewAddress(db: Db, person: Person, address: string, { at, locale }: Moment): Promise<void> {
  const link = { purpose: 'address', address, payload: { personId: person.id }, locale, at, view: 'new-address', model: {} } as const
  return transaction(db, (tx) => makeLink(tx, link))
}

/** Forgets the person and what every room keeps of them: sessions, tokens and roles go; what they wrote in records stays, under the name they showed. */
export function deleteAccount(db: Db, person: Person, keepings: readonly Keeping[]): Promise<void> {
  return transaction(db, async (tx) => {
    for (const { erase } of keepings) await erase(tx, person)
  })
}

/** Keeps an attempt unless there were `max` since then (ISO time); says whether it did. Of many at once, none slips through. */
export async function takeAttempt(db: Db, attempt: Tables['attempt'], since: string, max: number): Promise<boolean> {
  // A flood ends here, without anybody waiting for anybody.
  if ((await queries.countAttempts(db, attempt, since)) >= max) return false
  return transaction(db, async (tx) => {
    await lockName(tx, `${attempt.kind} ${attempt.key}`)
    if ((await queries.countAttempts(tx, attempt, since)) >= max) return false
    await queries.insertAttempt(tx, attempt)
    return true
  })
}

/** A new token: its text, which is never kept. Throws when they have twenty. */
export function createToken(db: Db, { id }: Person, name: string, at: string): Promise<string> {
  return transaction(db, async (tx) => {
    const tokens = await queries.listTokens(tx, id)
    if (tokens.length >= mostTokens) throw badRequest({ key: 'error.tooManyTokens', values: { limit: mostTokens } })
    const secret = newSecret()
    await queries.insertToken(tx, { hash: hashOf(secret), id: uuid({ msecs: Date.parse(at) }), person_id: id, name, created_at: at, used_at: null })
    return tokenStart + secret
  })
}

/** Mails an invitation to animate a group along; it holds as long as whoever sent it may do so. */
export function inviteAnimator(
  db: Db,
  person: Person,
  group: { id: string; shortName: string; name: string },
  address: string,
  { at, locale }: Moment,
): Promise<void> {
  const payload = { groupId: group.id, by: person.id }
  const model = { group: group.name, url: urls.group(group.shortName), by: person.name ?? '' }
  return transaction(db, (tx) => makeLink(tx, { purpose: 'animator', address, payload, locale, at, view: 'animator', model }))
}

/** The click that accepts it. */
export async function confirmAnimator(
  tx: Tx,
  { address, payload, locale, at }: Parameters<ConfirmHandler>[1],
): Promise<{ to: string; personId: string }> {
  const [group] = await queries.listSubjects(tx, [payload.groupId])
  if (!group || group.origin_server !== null) throw notFound({ key: 'error.noInvitation' })
  if (!(await mayInvite(tx, payload.by, group.id))) throw forbidden({ key: 'error.noInvitation' })
  const { id } = await findOrCreatePerson(tx, address, locale, at)
  await queries.insertMembership(tx, { person_id: id, role: 'animator', subject: group.id, created_at: at })
  return { to: urls.groupAnimators(group.short_name), personId: id }
}

/** Takes somebody out of a group's animators; the last one only if that is `sure`. Says what came of it. */
export function removeAnimator(db: Db, groupId: string, personId: string, sure: boolean): Promise<'removed' | 'last'> {
  return transaction(db, async (tx) => {
    const animators = await queries.listAnimators(tx, groupId)
    if (!sure && animators.length === 1 && animators[0]!.id === personId) return 'last'
    await queries.deleteMembership(tx, { person_id: personId, role: 'animator', subject: groupId })
    return 'removed'
  })
}

/** Makes an operator of whoever has this address, known or not. */
export function addOperator(db: Db, address: string, { at, locale }: Moment): Promise<PersonRow> {
  return transaction(db, async (tx) => {
    const person = await findOrCreatePerson(tx, address, locale, at)
    await queries.updatePerson(tx, person.id, { operator: 1 })
    return { ...person, operator: 1 }
  })
}

/** Says whether they were one. */
export function removeOperator(db: Db, address: string): Promise<boolean> {
  return transaction(db, async (tx) => {
    const person = await queries.findPersonByAddress(tx, address)
    if (person?.operator !== 1) return false
    await queries.updatePerson(tx, person.id, { operator: 0 })
    return true
  })
}

async function mayInvite(tx: Tx, personId: string, groupId: string): Promise<boolean> {
  const person = await queries.findPersonById(tx, personId)
  const memberships: Tables['membership'][] = person ? await queries.listMemberships(tx, personId) : []
  return person?.operator === 1 || memberships.some(({ role, subject }) => role === 'animator' && subject === groupId)
}
