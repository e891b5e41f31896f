import type { PersonRow, Tx } from '../db/tables.ts'
import { conflict, forbidden, notFound } from '../errors.ts'
import * as urls from '../urls.ts'
import { type ConfirmHandler, makeLink } from './mailed-link.ts'
import type { Keeping, Owner } from './me-hook.ts'
import * as queries from './queries.ts'

/**
 * The click that changes an address; the old one is told, and can take it back. Only in a browser of that person: whoever reads a
 * mistyped mailbox is somebody else. What rooms keep under the address follows. Throws a conflict when somebody has the new one.
 */
export async function confirmNewAddress(
  tx: Tx,
  { address, payload, person: clicking, at }: Parameters<ConfirmHandler>[1],
  keepings: readonly Keeping[],
): Promise<{ to: string; personId: string }> {
  if (clicking?.id !== payload.personId) throw forbidden({ key: 'error.addressFirst' })
  const former = await moveTo(tx, payload.personId, address, keepings)
  if (former) {
    const model = { purpose: 'address-back', payload: { personId: former.id, since: at }, view: 'address-changed', model: {} } as const
    await makeLink(tx, { ...model, address: former.address, locale: former.locale, at })
  }
  return { to: urls.me, personId: payload.personId }
}

/** The click of whoever reads the former mailbox: the account is theirs again, whatever was done with it since. */
export async function confirmOldAddress(
  tx: Tx,
  { address, payload }: Parameters<ConfirmHandler>[1],
  keepings: readonly Keeping[],
): Promise<{ to: string; personId: string }> {
  const holder = await queries.findPersonByAddress(tx, address)
  // Signing in meanwhile made an account without roles of the address: it gives way, and leaves what was written with it.
  if (holder && holder.id !== payload.personId && (await isEmptySince(tx, holder, payload.since))) {
    await handOn(tx, keepings, holder, { id: payload.personId, address })
    await queries.deletePerson(tx, holder.id)
  }
  await moveTo(tx, payload.personId, address, keepings)
  // What was mailed to addresses that came later changes nothing any more; a link to an earlier one still does.
  await queries.deleteLinksSince(tx, payload.personId, payload.since)
  return { to: urls.me, personId: payload.personId }
}

async function isEmptySince(tx: Tx, { id, operator, created_at }: PersonRow, since: string): Promise<boolean> {
  return created_at >= since && operator === 0 && (await queries.listMemberships(tx, id)).length === 0
}

/** Gives the person another address, and ends all their sessions and tokens: who held the account until now holds it no longer. As they were, if that changed anything. */
async function moveTo(tx: Tx, personId: string, address: string, keepings: readonly Keeping[]): Promise<PersonRow | undefined> {
  const person = await queries.findPersonById(tx, personId)
  if (!person) throw notFound({ key: 'error.noPerson' })
  const holder = await queries.findPersonByAddress(tx, address)
  if (holder && holder.id !== person.id) throw conflict({ key: 'error.addressTaken' })
  if (holder) return undefined
  await queries.updatePerson(tx, person.id, { address })
  await handOn(tx, keepings, person, { id: person.id, address })
  await queries.deleteKeys(tx, person.id)
  return person
}

async function handOn(tx: Tx, keepings: readonly Keeping[], from: Owner, to: Owner): Promise<void> {
  for (const { move } of keepings) await move?.(tx, from, to)
}
