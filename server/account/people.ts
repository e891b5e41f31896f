import { v7 as uuid } from 'uuid'
import type { Db, PersonRow, Tx } from '../db/tables.ts'
import { insertPerson, listMemberships } from './queries.ts'
import type { Person } from './rights.ts'

/** The person with this address, which must be in lower case (`readAddress`) and proven to be theirs. `at` is ISO time. */
export function findOrCreatePerson(tx: Tx, address: string, locale: 'fr' | 'en', at: string): Promise<PersonRow> {
  return insertPerson(tx, { id: uuid({ msecs: Date.parse(at) }), address, name: null, locale, operator: 0, created_at: at, seen_at: null })
}

/** A row with all that rights depend on. */
export async function toPerson(db: Db, { id, address, name, locale, operator }: PersonRow): Promise<Person> {
  const memberships = await listMemberships(db, id)
  const subjects = (role: string) => new Set(memberships.filter((one) => one.role === role).map(({ subject }) => subject))
  const roles = { animates: subjects('animator'), stewards: subjects('steward'), helps: subjects('helper') }
  return { id, address, name: name ?? undefined, locale, operator: operator === 1, ...roles }
}
