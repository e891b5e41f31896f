import { isMigrated } from '../db/migrate.ts'
import type { Db } from '../db/tables.ts'

/** True when the database can be written and is up to the code; takes the write lock and changes nothing. */
export async function isReady(db: Db): Promise<boolean> {
  try {
    await db
      .updateTable('counter')
      .set((e) => ({ value: e.ref('value') }))
      .where('name', '=', 'change')
      .execute()
    return await isMigrated(db)
  } catch {
    return false
  }
}

/** What these groups are called and when they last changed, by their numbers; one that is gone meanwhile is left out. */
export function listTimes(db: Db, nums: number[]): Promise<{ short_name: string; updated_at: string }[]> {
  return db.selectFrom('group_record').select(['short_name', 'updated_at']).where('num', 'in', nums).orderBy('num').execute()
}
