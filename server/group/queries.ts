import type { Insertable } from 'kysely'
import { chunks, removeWords } from '../db/search.ts'
import type { Db, EcosystemRow, GroupRow, KeptGroup, Tables, Tx, Via } from '../db/tables.ts'

export function findGroup(db: Db, shortName: string): Promise<GroupRow | undefined> {
  return db.selectFrom('group_record').selectAll().where('short_name', '=', shortName).executeTakeFirst()
}

export function findGroupById(db: Db, id: string): Promise<GroupRow | undefined> {
  return db.selectFrom('group_record').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The rows with these numbers, in the order asked. */
export async function listGroupsByNum(db: Db, nums: number[]): Promise<GroupRow[]> {
  if (nums.length === 0) return []
  const rows = await db.selectFrom('group_record').selectAll().where('num', 'in', nums).execute()
  const byNum = new Map(rows.map((row) => [row.num, row]))
  return nums.flatMap((num) => byNum.get(num) ?? [])
}

const named = ['num', 'short_name', 'name', 'type', 'languages', 'place', 'region', 'country'] as const

/** As much of a group as naming it takes. */
export type NamedRow = Pick<GroupRow, (typeof named)[number]>

/** By number. */
export async function listNamed(db: Db, nums: number[]): Promise<Map<number, NamedRow>> {
  if (nums.length === 0) return new Map()
  const rows = await db.selectFrom('group_record').select(named).where('num', 'in', nums).execute()
  return new Map(rows.map((row) => [row.num, row]))
}

/** Which group a short name belongs to, now or formerly, in whatever letters; the group may be deleted since. */
export async function findNameOwner(db: Db, name: string): Promise<{ groupId: string; current?: string; deletedAt?: string } | undefined> {
  const owner = await db
    .selectFrom('short_name')
    .leftJoin('group_record', 'group_record.id', 'short_name.group_id')
    .leftJoin('tombstone', 'tombstone.group_id', 'short_name.group_id')
    .select(['short_name.group_id', 'group_record.short_name', 'tombstone.deleted_at'])
    .where('short_name.name', '=', name.toLowerCase())
    .executeTakeFirst()
  return owner && { groupId: owner.group_id, current: owner.short_name ?? undefined, deletedAt: owner.deleted_at ?? undefined }
}

export function findTombstone(db: Db, id: string): Promise<Tables['tombstone'] | undefined> {
  return db.selectFrom('tombstone').selectAll().where('group_id', '=', id).executeTakeFirst()
}

/** Which of these short names were ever given, and to whom. */
export async function listNameOwners(db: Db, names: string[]): Promise<Map<string, string>> {
  const owners = new Map<string, string>()
  for (const part of chunks(names, 500)) {
    const rows = await db.selectFrom('short_name').select(['name', 'group_id']).where('name', 'in', part).execute()
    for (const row of rows) owners.set(row.name, row.group_id)
  }
  return owners
}

export function listChildren(db: Db, shortName: string): Promise<{ name: string; short_name: string }[]> {
  return db.selectFrom('group_record').select(['name', 'short_name']).where('parent', '=', shortName).orderBy('sort_key').limit(50).execute()
}

/** Takes the next `count` numbers of a counter and returns the first. The row's lock puts writers in one order on both engines. */
export async function takeNumbers(tx: Tx, name: Tables['counter']['name'], count: number): Promise<number> {
  const { value } = await tx
    .updateTable('counter')
    .set((e) => ({ value: e('value', '+', count) }))
    .where('name', '=', name)
    .returning('value')
    .executeTakeFirstOrThrow()
  return value - count + 1
}

export async function insertGroups(tx: Tx, rows: GroupRow[]): Promise<void> {
  for (const part of chunks(rows, 200)) await tx.insertInto('group_record').values(part).execute()
}

/** Replaces the row if nobody changed it since `revision`; says whether it did. */
export async function updateGroup(tx: Tx, row: GroupRow, revision: number): Promise<boolean> {
  const { num, ...values } = row
  const result = await tx.updateTable('group_record').set(values).where('num', '=', num).where('revision', '=', revision).executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Puts a tombstone in the row's place if nobody changed it meanwhile; says whether it did. */
export async function deleteGroup(tx: Tx, row: GroupRow, deletedAt: string, changeSeq: number): Promise<boolean> {
  const deleted = await tx.deleteFrom('group_record').where('num', '=', row.num).where('revision', '=', row.revision).executeTakeFirst()
  if (deleted.numDeletedRows !== 1n) return false
  const listings = await listListings(tx, row.id)
  await tx.deleteFrom('ecosystem_listing').where('group_id', '=', row.id).execute()
  await removeWords(tx, [row.num])
  const kept = JSON.stringify({ row, listings } satisfies KeptGroup)
  const tombstone = { group_id: row.id, num: row.num, short_name: row.short_name, deleted_at: deletedAt, change_seq: changeSeq, kept }
  await tx.insertInto('tombstone').values(tombstone).execute()
  return true
}

export async function deleteTombstone(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('tombstone').where('group_id', '=', id).execute()
}

/** Ends the way back, and the history with it, for what was deleted before `before` (ISO time); says for how many. */
export async function forgetDeleted(tx: Tx, before: string): Promise<number> {
  const old = await tx.selectFrom('tombstone').select('group_id').where('kept', 'is not', null).where('deleted_at', '<', before).execute()
  for (const part of chunks(
    old.map((one) => one.group_id),
    500,
  )) {
    await tx.updateTable('tombstone').set({ kept: null }).where('group_id', 'in', part).execute()
    await tx.deleteFrom('group_revision').where('group_id', 'in', part).execute()
  }
  return old.length
}

/** What can be brought back, the latest first: of these groups, or of all. */
export function listDeleted(db: Db, ids?: string[]): Promise<{ group_id: string; short_name: string; deleted_at: string }[]> {
  const query = db
    .selectFrom('tombstone')
    .select(['group_id', 'short_name', 'deleted_at'])
    .where('kept', 'is not', null)
    .orderBy('change_seq', 'desc')
    .limit(20)
  return (ids ? query.where('group_id', 'in', ids.length > 0 ? ids : ['']) : query).execute()
}

/** JSON of the record as of a revision. */
export async function findRevision(db: Db, id: string, revision: number): Promise<Tables['group_revision'] | undefined> {
  return db.selectFrom('group_revision').selectAll().where('group_id', '=', id).where('revision', '=', revision).executeTakeFirst()
}

/** The latest revisions of a record, or those before one, the newest first. */
export function listRevisions(db: Db, id: string, limit: number, before?: number): Promise<Tables['group_revision'][]> {
  const found = db.selectFrom('group_revision').selectAll().where('group_id', '=', id).orderBy('revision', 'desc').limit(limit)
  return (before === undefined ? found : found.where('revision', '<', before)).execute()
}

/** Of these pictures, none will be deleted soon. */
export async function keepPictures(db: Db, ids: string[]): Promise<void> {
  if (ids.length > 0) await db.updateTable('picture').set({ unused_since: null }).where('id', 'in', ids).execute()
}

/** The registered ecosystems among these keywords. */
export function listEcosystemsOf(db: Db, keywords: string[]): Promise<EcosystemRow[]> {
  return keywords.length === 0
    ? Promise.resolve([])
    : db.selectFrom('ecosystem').selectAll().where('keyword', 'in', keywords).orderBy('keyword').execute()
}

/** Where a group stands in curated ecosystems. */
export function listListings(db: Db, id: string): Promise<Tables['ecosystem_listing'][]> {
  return db.selectFrom('ecosystem_listing').selectAll().where('group_id', '=', id).orderBy('keyword').execute()
}

export async function saveListing(tx: Tx, listing: Tables['ecosystem_listing']): Promise<void> {
  await tx
    .insertInto('ecosystem_listing')
    .values(listing)
    .onConflict((conflict) => conflict.columns(['keyword', 'group_id']).doUpdateSet({ state: listing.state, at: listing.at }))
    .execute()
}

/** Ends what a group asked for or was given; what was refused stays known. Says how many. */
export async function deleteListings(tx: Tx, id: string, keywords: string[]): Promise<number> {
  if (keywords.length === 0) return 0
  const result = await tx
    .deleteFrom('ecosystem_listing')
    .where('group_id', '=', id)
    .where('keyword', 'in', keywords)
    .where('state', 'in', ['asked', 'accepted'])
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}

export async function insertShortNames(tx: Tx, names: Tables['short_name'][]): Promise<void> {
  for (const part of chunks(names, 500)) {
    await tx
      .insertInto('short_name')
      .values(part)
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
  }
}

export async function insertRevisions(tx: Tx, revisions: Tables['group_revision'][]): Promise<void> {
  for (const part of chunks(revisions, 300)) await tx.insertInto('group_revision').values(part).execute()
}

/**
 * Adds to the log of changes, in the order of their numbers. Their times rise with them, by a millisecond at least, whatever the clock does:
 * who follows asks for what came after a time.
 */
export async function insertChanges(tx: Tx, changes: Insertable<Tables['change_log']>[]): Promise<void> {
  const last = await tx.selectFrom('change_log').select('at').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  let time = last ? Date.parse(last.at) : Number.NEGATIVE_INFINITY
  const dated = changes.map((change) => {
    time = Math.max(time + 1, Date.parse(change.at))
    return { ...change, at: new Date(time).toISOString() }
  })
  for (const part of chunks(dated, 500)) await tx.insertInto('change_log').values(part).execute()
}

export { indexWords as saveWords } from '../db/search.ts'
export type { Via }
