import type { Db, Tables } from '../../server/db/tables.ts'

/** What is noted of a job. */
export function jobOf(db: Db, name: string): Promise<Tables['job'] | undefined> {
  return db.selectFrom('job').selectAll().where('name', '=', name).executeTakeFirst()
}
