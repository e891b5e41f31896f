import type { ExpressionBuilder } from 'kysely'
import type { Db, EcosystemRow, GroupRow, MailedLinkRow, PersonRow, SessionRow, Tables, Tx } from '../db/tables.ts'

export type Membership = Tables['membership']
export type GroupLine = Pick<GroupRow, 'id' | 'short_name' | 'name' | 'languages' | 'activity' | 'origin_server' | 'checked_at' | 'updated_at'>

export function findPersonByAddress(db: Db, address: string): Promise<PersonRow | undefined> {
  return db.selectFrom('person').selectAll().where('address', '=', address).executeTakeFirst()
}

export function findPersonById(db: Db, id: string): Promise<PersonRow | undefined> {
  return db.selectFrom('person').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Adds the person unless the address is known; gives whoever has it. */
export async function insertPerson(tx: Tx, row: PersonRow): Promise<PersonRow> {
  await tx
    .insertInto('person')
    .values(row)
    .onConflict((conflict) => conflict.column('address').doNothing())
    .execute()
  return tx.selectFrom('person').selectAll().where('address', '=', row.address).executeTakeFirstOrThrow()
}

export async function updatePerson(tx: Tx, id: string, values: Partial<Omit<PersonRow, 'id'>>): Promise<void> {
  await tx.updateTable('person').set(values).where('id', '=', id).execute()
}

/** Sessions, tokens and memberships go with it. */
export async function deletePerson(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('person').where('id', '=', id).execute()
}

export function listMemberships(db: Db, personId: string): Promise<Membership[]> {
  return db.selectFrom('membership').selectAll().where('person_id', '=', personId).orderBy('role').orderBy('subject').execute()
}

/** Adds it unless it is there. */
export async function insertMembership(tx: Tx, membership: Membership): Promise<void> {
  await tx
    .insertInto('membership')
    .values(membership)
    .onConflict((conflict) => conflict.columns(['person_id', 'role', 'subject']).doNothing())
    .execute()
}

/** Says whether it was there. */
export async function deleteMembership(tx: Tx, { person_id, role, subject }: Omit<Membership, 'created_at'>): Promise<boolean> {
  const result = await tx
    .deleteFrom('membership')
    .where('person_id', '=', person_id)
    .where('role', '=', role)
    .where('subject', '=', subject)
    .executeTakeFirst()
  return result.numDeletedRows > 0n
}

/** Who animates a group, the first one first. Addresses are for mails, and for those who may see them. */
export function listAnimators(db: Db, groupId: string): Promise<Pick<PersonRow, 'id' | 'address' | 'name' | 'locale'>[]> {
  return listMembers(db, 'animator', groupId)
}

/** Who keeps (`steward`) or helps (`helper`) an ecosystem, or animates a group. */
export function listMembers(db: Db, role: Membership['role'], subject: string): Promise<Pick<PersonRow, 'id' | 'address' | 'name' | 'locale'>[]> {
  return db
    .selectFrom('membership')
    .innerJoin('person', 'person.id', 'membership.person_id')
    .select(['person.id', 'person.address', 'person.name', 'person.locale'])
    .where('membership.role', '=', role)
    .where('membership.subject', '=', subject)
    .orderBy('membership.created_at')
    .orderBy('person.id')
    .execute()
}

export function listOperators(db: Db): Promise<Pick<PersonRow, 'id' | 'address' | 'name' | 'locale'>[]> {
  return db.selectFrom('person').select(['id', 'address', 'name', 'locale']).where('operator', '=', 1).orderBy('address').execute()
}

/** A group as far as rights depend on it. */
export function findSubject(db: Db, shortName: string): Promise<Pick<GroupRow, 'id' | 'name' | 'origin_server' | 'source_url'> | undefined> {
  return db.selectFrom('group_record').select(['id', 'name', 'origin_server', 'source_url']).where('short_name', '=', shortName).executeTakeFirst()
}

/** Of these groups those that are still there, by name. */
export function listSubjects(db: Db, ids: string[]): Promise<GroupLine[]> {
  if (ids.length === 0) return Promise.resolve([])
  return db
    .selectFrom('group_record')
    .select(['id', 'short_name', 'name', 'languages', 'activity', 'origin_server', 'checked_at', 'updated_at'])
    .where('id', 'in', ids.slice(0, 500))
    .orderBy('sort_key')
    .execute()
}

export function listEcosystemTitles(db: Db, keywords: string[]): Promise<Pick<EcosystemRow, 'keyword' | 'title'>[]> {
  if (keywords.length === 0) return Promise.resolve([])
  return db.selectFrom('ecosystem').select(['keyword', 'title']).where('keyword', 'in', keywords.slice(0, 500)).execute()
}

/** Of these groups those that nobody else animates. */
export async function listOnlyMine(db: Db, personId: string): Promise<Pick<GroupRow, 'short_name' | 'name'>[]> {
  return db
    .selectFrom('membership as mine')
    .innerJoin('group_record', 'group_record.id', 'mine.subject')
    .select(['group_record.short_name', 'group_record.name'])
    .where('mine.person_id', '=', personId)
    .where('mine.role', '=', 'animator')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('membership as other')
            .select('other.person_id')
            .whereRef('other.subject', '=', 'mine.subject')
            .where('other.role', '=', 'animator')
            .where('other.person_id', '!=', personId),
        ),
      ),
    )
    .orderBy('group_record.sort_key')
    .execute()
}

export async function insertMailedLink(tx: Tx, row: MailedLinkRow): Promise<void> {
  await tx.insertInto('mailed_link').values(row).execute()
}

export function findMailedLink(db: Db, hash: string): Promise<MailedLinkRow | undefined> {
  return db.selectFrom('mailed_link').selectAll().where('hash', '=', hash).executeTakeFirst()
}

/** Uses the link up, if it is still good; of two at once, one gets it. */
export function takeMailedLink(tx: Tx, hash: string, at: string): Promise<MailedLinkRow | undefined> {
  return tx
    .updateTable('mailed_link')
    .set({ used_at: at })
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .returningAll()
    .executeTakeFirst()
}

export async function insertSession(tx: Tx, row: SessionRow): Promise<void> {
  await tx.insertInto('session').values(row).execute()
}

/** The session of this secret's hash that is still good, and whose it is. */
export async function findSession(db: Db, hash: string, at: string): Promise<{ session: SessionRow; person: PersonRow } | undefined> {
  const session = await db.selectFrom('session').selectAll().where('hash', '=', hash).where('expires_at', '>', at).executeTakeFirst()
  const person = session && (await findPersonById(db, session.person_id))
  return person && { session, person }
}

export async function renewSession(db: Db, hash: string, at: string, expiresAt: string): Promise<void> {
  await db.updateTable('session').set({ seen_at: at, expires_at: expiresAt }).where('hash', '=', hash).execute()
}

/** Those that are still good, the last used first. */
export function listSessions(db: Db, personId: string, at: string): Promise<SessionRow[]> {
  return db
    .selectFrom('session')
    .selectAll()
    .where('person_id', '=', personId)
    .where('expires_at', '>', at)
    .orderBy('seen_at', 'desc')
    .orderBy('id')
    .execute()
}

export async function deleteSession(db: Db, personId: string, id: string): Promise<void> {
  await db.deleteFrom('session').where('person_id', '=', personId).where('id', '=', id).execute()
}

/** All of a person's, but the one kept. */
export async function deleteOtherSessions(db: Db, personId: string, keptId: string): Promise<void> {
  await db.deleteFrom('session').where('person_id', '=', personId).where('id', '!=', keptId).execute()
}

/** Ends all sessions of a person, and all their tokens. */
export async function deleteKeys(tx: Tx, personId: string): Promise<void> {
  await tx.deleteFrom('session').where('person_id', '=', personId).execute()
  await tx.deleteFrom('access_token').where('person_id', '=', personId).execute()
}

export function listTokens(db: Db, personId: string): Promise<Tables['access_token'][]> {
  return db.selectFrom('access_token').selectAll().where('person_id', '=', personId).orderBy('created_at').orderBy('id').execute()
}

export async function deleteToken(db: Db, personId: string, id: string): Promise<void> {
  await db.deleteFrom('access_token').where('person_id', '=', personId).where('id', '=', id).execute()
}

export async function findToken(db: Db, hash: string): Promise<{ token: Tables['access_token']; person: PersonRow } | undefined> {
  const token = await db.selectFrom('access_token').selectAll().where('hash', '=', hash).executeTakeFirst()
  const person = token && (await findPersonById(db, token.person_id))
  return person && { token, person }
}

export async function insertToken(tx: Tx, row: Tables['access_token']): Promise<void> {
  await tx.insertInto('access_token').values(row).execute()
}

export async function markTokenUsed(db: Db, hash: string, at: string): Promise<void> {
  await db.updateTable('access_token').set({ used_at: at }).where('hash', '=', hash).execute()
}

export async function markPersonSeen(db: Db, id: string, at: string): Promise<void> {
  await db.updateTable('person').set({ seen_at: at }).where('id', '=', id).execute()
}

export async function insertAttempt(tx: Tx, attempt: Tables['attempt']): Promise<void> {
  await tx.insertInto('attempt').values(attempt).execute()
}

/** How many attempts there were since then. */
export async function countAttempts(db: Db, { kind, key }: Pick<Tables['attempt'], 'kind' | 'key'>, since: string): Promise<number> {
  const rows = db.selectFrom('attempt').where('kind', '=', kind).where('key', '=', key).where('at', '>', since)
  const { many } = await rows.select(({ fn }) => fn.countAll<number | string>().as('many')).executeTakeFirstOrThrow()
  return Number(many)
}

/** When the first of those attempts was. */
export async function findFirstAttempt(db: Db, kind: string, key: string, since: string): Promise<string | undefined> {
  const rows = db.selectFrom('attempt').select('at').where('kind', '=', kind).where('key', '=', key).where('at', '>', since)
  return (await rows.orderBy('at').limit(1).executeTakeFirst())?.at
}

/** Forgets what is over: attempts older than `attempts`, links that ended before `links`, sessions that ended before `sessions` (ISO times). */
export async function deleteOld(db: Db, { attempts, links, sessions }: { attempts: string; links: string; sessions: string }): Promise<void> {
  await db.deleteFrom('attempt').where('at', '<', attempts).execute()
  await db.deleteFrom('mailed_link').where('expires_at', '<', links).execute()
  await db.deleteFrom('session').where('expires_at', '<', sessions).execute()
}

/** Forgets links that were mailed to this address, or about this person to another. Gives where they went. */
export async function deleteMailedLinks(tx: Tx, { id, address }: Pick<PersonRow, 'id' | 'address'>): Promise<string[]> {
  const links = await tx
    .deleteFrom('mailed_link')
    .where((e) => e.or([e('address', '=', address), isAbout(e, id)]))
    .returning('address')
    .execute()
  return [...new Set(links.map((link) => link.address))]
}

/** Links about this person that were made since then (ISO time) and not used. */
export async function deleteLinksSince(tx: Tx, personId: string, since: string): Promise<void> {
  await tx
    .deleteFrom('mailed_link')
    .where((e) => isAbout(e, personId))
    .where('created_at', '>=', since)
    .where('used_at', 'is', null)
    .execute()
}

function isAbout(e: ExpressionBuilder<Tables, 'mailed_link'>, personId: string) {
  return e('payload', 'like', `%"personId":"${personId}"%`)
}
