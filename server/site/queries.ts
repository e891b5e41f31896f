import type { Db } from '../db/tables.ts'

/** Takes the write lock and changes nothing; throws where the database cannot be written. */
export async function probeWrite(db: Db): Promise<void> {
  await db
    .updateTable('counter')
    .set((e) => ({ value: e.ref('value') }))
    .where('name', '=', 'change')
    .execute()
}
