import type { Insertable } from 'kysely'
import { chunks, type GroupWords, indexWords, removeWords } from '../db/search.ts'
import type { Db, GroupRow, Tables, Tx, Via } from '../db/tables.ts'

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

/** Which group a short name belongs to, now or formerly; the group may be deleted since. */
export async function findNameOwner(db: Db, name: string): Promise<{ groupId: string; current?: string; deletedAt?: string } | undefined> {
  const owner = await db
    .selectFrom('short_name')
    .leftJoin('group_record', 'group_record.id', 'short_name.group_id')
    .leftJoin('tombstone', 'tombstone.group_id', 'short_name.group_id')
    .select(['short_name.group_id', 'group_record.short_name', 'tombstone.deleted_at'])
    .where('short_name.name', '=', name)
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

export async function deleteGroup(tx: Tx, row: GroupRow, deletedAt: string, changeSeq: number): Promise<void> {
  await tx.deleteFrom('group_record').where('num', '=', row.num).execute()
  await tx.deleteFrom('ecosystem_listing').where('group_id', '=', row.id).execute()
  await removeWords(tx, [row.num])
  const tombstone = { group_id: row.id, num: row.num, short_name: row.short_name, deleted_at: deletedAt, change_seq: changeSeq }
  await tx.insertInto('tombstone').values(tombstone).execute()
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

export async function insertChanges(tx: Tx, changes: Insertable<Tables['change_log']>[]): Promise<void> {
  for (const part of chunks(changes, 500)) await tx.insertInto('change_log').values(part).execute()
}

export async function saveWords(tx: Tx, words: GroupWords[]): Promise<void> {
  await indexWords(tx, words)
}

export type { Via }
