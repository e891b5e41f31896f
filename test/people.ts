import type { FastifyInstance } from 'fastify'
import { v7 as uuid } from 'uuid'
import { findOrCreatePerson } from '../server/account/people.ts'
import { findSubject, insertMembership, insertToken, updatePerson } from '../server/account/queries.ts'
import { hashOf, newSecret } from '../server/account/secret.ts'
import { startSession, tokenStart } from '../server/account/session.ts'
import { transaction } from '../server/db/open.ts'
import type { Db } from '../server/db/tables.ts'
import { now, publicUrl } from './helper.ts'

/**
 * People of the tests. `animator` animates jardin-de-la-rade, `otherAnimator` phare-citoyen; `steward` and `helper` are of
 * the ecosystem energie, `otherSteward` of balise; `stranger` is signed in and nothing else.
 */
export const people = {
  operator: { address: 'operator@people.example', name: 'Odile' },
  animator: { address: 'animator@people.example', name: 'Ana', role: 'animator', subject: 'jardin-de-la-rade' },
  otherAnimator: { address: 'other-animator@people.example', name: 'Otto', role: 'animator', subject: 'phare-citoyen' },
  steward: { address: 'steward@people.example', name: 'Sam', role: 'steward', subject: 'energie' },
  otherSteward: { address: 'other-steward@people.example', name: 'Théo', role: 'steward', subject: 'balise' },
  helper: { address: 'helper@people.example', name: 'Hélène', role: 'helper', subject: 'energie' },
  stranger: { address: 'stranger@people.example', name: 'Inès' },
} as const

export type Who = keyof typeof people

/** The person's id; they are there from the first call on. */
export function addPerson(db: Db, who: Who): Promise<string> {
  return transaction(db, async (tx) => {
    const { address, name, ...more } = people[who]
    const { id } = await findOrCreatePerson(tx, address, 'fr', now)
    await updatePerson(tx, id, { name, operator: who === 'operator' ? 1 : 0 })
    if (!('role' in more)) return id
    const subject = more.role === 'animator' ? (await findSubject(tx, more.subject))?.id : more.subject
    if (subject) await insertMembership(tx, { person_id: id, role: more.role, subject, created_at: now })
    return id
  })
}

/** Signs them in, in a new session: the `cookie` header of their browser. */
export async function signInAs(_app: FastifyInstance, db: Db, who: Who): Promise<string> {
  const id = await addPerson(db, who)
  const setCookie = await transaction(db, (tx) => startSession(tx, { publicUrl }, id, now))
  return setCookie.split(';')[0]!
}

/** The `authorization` header of a program of theirs. */
export async function tokenOf(db: Db, who: Who): Promise<string> {
  const secret = newSecret()
  const person_id = await addPerson(db, who)
  await transaction(db, (tx) => insertToken(tx, { hash: hashOf(secret), id: uuid(), person_id, name: 'test', created_at: now, used_at: null }))
  return `Bearer ${tokenStart}${secret}`
}
