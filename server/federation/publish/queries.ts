import type { ChangeRow, Db, GroupRow } from '../../db/tables.ts'

/** A change as it is told to others. */
export type Change = Omit<ChangeRow, 'local'>

/** The last number given to a change, and the last change of a record of ours: its number (0: none yet) and ISO time. */
export async function findFeedEnd(db: Db): Promise<{ last: number; own: number; at?: string }> {
  const counter = await db.selectFrom('counter').select('value').where('name', '=', 'change').executeTakeFirst()
  const last = counter?.value ?? 0
  const own = await db
    .selectFrom('change_log')
    .select(['seq', 'at'])
    .where('local', '=', 1)
    .where('seq', '<=', last)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return { last, own: own?.seq ?? 0, ...(own ? { at: own.at } : {}) }
}

/** When the changes of these numbers happened; for a number that was never used, the next one's time. */
export async function listTimes(db: Db, numbers: number[]): Promise<Map<number, string>> {
  if (numbers.length === 0) return new Map()
  const rows = await db.selectFrom('change_log').select(['seq', 'at']).where('seq', 'in', numbers).execute()
  const times = new Map(rows.map(({ seq, at }) => [seq, at]))
  for (const number of numbers.filter((one) => !times.has(one))) {
    const next = await db.selectFrom('change_log').select('at').where('seq', '>', number).orderBy('seq').limit(1).executeTakeFirst()
    if (next) times.set(number, next.at)
  }
  return times
}

/** The changes of our own records among these numbers, both included; with a keyword, of those that carry it or just left it. */
export function listOwnChanges(db: Db, from: number, to: number, keyword?: string): Promise<Change[]> {
  const columns = ['seq', 'at', 'kind', 'group_id', 'version', 'keywords', 'moved'] as const
  const ours = db.selectFrom('change_log').select(columns).where('local', '=', 1)
  const found = ours.where('seq', '>=', from).where('seq', '<=', to).orderBy('seq')
  // A slug holds no sign that means something here.
  return (keyword === undefined ? found : found.where('keywords', 'like', `%|${keyword}|%`)).execute()
}

/** The next of our own records after this number of a group, in the order of their coming. */
export function listOwnGroups(db: Db, after: number, limit: number, keyword?: string): Promise<GroupRow[]> {
  const found = db.selectFrom('group_record').selectAll().where('origin_server', 'is', null).where('num', '>', after).orderBy('num').limit(limit)
  return (keyword === undefined ? found : found.where('keywords', 'like', `%"slug":"${keyword}"%`)).execute()
}

export async function countOwnGroups(db: Db): Promise<number> {
  const found = db.selectFrom('group_record').select(db.fn.countAll().as('count')).where('origin_server', 'is', null)
  return Number((await found.executeTakeFirst())?.count ?? 0)
}
