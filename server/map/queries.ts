import type { Db, GroupRow } from '../db/tables.ts'

const columns = ['num', 'short_name', 'name', 'summary', 'type', 'languages', 'place', 'country', 'region', 'links'] as const

/** What the map says of a group. */
export type MapRow = Pick<GroupRow, (typeof columns)[number]>

/** By number. */
export async function listMapRows(db: Db, nums: number[]): Promise<Map<number, MapRow>> {
  if (nums.length === 0) return new Map()
  const rows = await db.selectFrom('group_record').select(columns).where('num', 'in', nums).execute()
  return new Map(rows.map((row) => [row.num, row]))
}
