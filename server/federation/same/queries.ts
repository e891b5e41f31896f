import { chunks } from '../../db/search.ts'
import type { Db, GroupRow, Tables, Tx } from '../../db/tables.ts'

const columns = [
  ...(['num', 'id', 'short_name', 'name', 'lat', 'lng', 'precision', 'links', 'keywords', 'origin_server', 'source', 'source_url'] as const),
]
type Columns = Pick<GroupRow, (typeof columns)[number]>

/** Whether any record was taken from elsewhere: without one, nothing is kept twice. */
export async function hasForeign(db: Db): Promise<boolean> {
  const query = db.selectFrom('group_record').select('num')
  // Not "is not null", for which SQLite reads all records.
  const found = await query
    .where((e) => e.or([e('origin_server', '>', ''), e('source', '>', '')]))
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** All records, in batches, as far as they are compared. */
export async function* listComparable(db: Db): AsyncGenerator<Columns[]> {
  for (let last = 0; ; ) {
    const rows = await db.selectFrom('group_record').select(columns).where('num', '>', last).orderBy('num').limit(batch).execute()
    if (rows.length > 0) yield rows
    if (rows.length < batch) return
    last = rows.at(-1)!.num
  }
}

const batch = 2000

/** Records as received that say of themselves what else they are, with the ids of their copies. */
export async function listSaying(db: Db, text: string): Promise<{ group_id: string; record: string }[]> {
  const rows = await db
    .selectFrom('remote_item')
    .select(['group_id', 'record'])
    .where('group_id', 'is not', null)
    .where('record', 'like', `%${text}%`)
    .limit(5000)
    .execute()
  return rows.flatMap(({ group_id, record }) => (group_id && record ? [{ group_id, record }] : []))
}

/** The number of the last change, and of the one at which pairs were last looked for. */
export async function findLooked(db: Db): Promise<{ change: number; looked: number }> {
  const rows = await db.selectFrom('counter').selectAll().where('name', 'in', ['change', 'pairs']).execute()
  const at = (name: string) => Number(rows.find((row) => row.name === name)?.value ?? 0)
  return { change: at('change'), looked: at('pairs') }
}

/** Puts these in the place of what was found before. The counter's lock lets one do so at a time. */
export async function replaceLikely(tx: Tx, change: number, rows: Tables['likely_pair'][]): Promise<void> {
  await tx.updateTable('counter').set({ value: change }).where('name', '=', 'pairs').execute()
  await tx.deleteFrom('likely_pair').execute()
  for (const part of chunks(rows, 200)) await tx.insertInto('likely_pair').values(part).execute()
}

/** What was found and nobody decided on, the surest first. */
export function listUndecided(db: Db): Promise<Tables['likely_pair'][]> {
  return db
    .selectFrom('likely_pair')
    .leftJoin('same_group', (join) =>
      join.onRef('same_group.one_id', '=', 'likely_pair.one_id').onRef('same_group.other_id', '=', 'likely_pair.other_id'),
    )
    .selectAll('likely_pair')
    .where('verdict', 'is', null)
    .orderBy('place')
    .execute()
}

/** What was decided, the latest first. */
export function listDecided(db: Db): Promise<Tables['same_group'][]> {
  return db.selectFrom('same_group').selectAll().orderBy('decided_at', 'desc').orderBy('one_id').orderBy('other_id').execute()
}

export async function listByIds(db: Db, ids: string[]): Promise<Map<string, Columns>> {
  const rows = new Map<string, Columns>()
  for (const part of chunks(ids, 500)) {
    for (const row of await db.selectFrom('group_record').select(columns).where('id', 'in', part).execute()) rows.set(row.id, row)
  }
  return rows
}

/** Who decided on two records. */
export async function findDecider(db: Db, one: string, other: string): Promise<string | null> {
  const found = await db.selectFrom('same_group').select('decided_by').where('one_id', '=', one).where('other_id', '=', other).executeTakeFirst()
  return found?.decided_by ?? null
}

export async function saveVerdict(tx: Tx, row: Tables['same_group']): Promise<void> {
  const { verdict, decided_by, decided_at } = row
  await tx
    .insertInto('same_group')
    .values(row)
    .onConflict((conflict) => conflict.columns(['one_id', 'other_id']).doUpdateSet({ verdict, decided_by, decided_at }))
    .execute()
}

export async function deleteVerdict(tx: Tx, one: string, other: string): Promise<void> {
  await tx.deleteFrom('same_group').where('one_id', '=', one).where('other_id', '=', other).execute()
}
