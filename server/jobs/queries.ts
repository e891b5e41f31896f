import type { Db } from '../db/tables.ts'

/** Makes jobs known that are not yet. */
export async function insertJobs(db: Db, names: string[], dueAt: string): Promise<void> {
  await db
    .insertInto('job')
    .values(names.map((name) => ({ name, due_at: dueAt, claimed_until: null, ran_at: null, outcome: null })))
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
}

/** Takes a job that is due, until `until`; says whether it did. */
export async function claimJob(db: Db, name: string, at: string, until: string): Promise<boolean> {
  const result = await db
    .updateTable('job')
    .set({ claimed_until: until })
    .where('name', '=', name)
    .where('due_at', '<=', at)
    .where((e) => e.or([e('claimed_until', 'is', null), e('claimed_until', '<=', at)]))
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Only for who still holds it. */
export async function finishJob(db: Db, name: string, until: string, values: { due_at: string; ran_at: string; outcome: string }): Promise<void> {
  await db
    .updateTable('job')
    .set({ ...values, claimed_until: null })
    .where('name', '=', name)
    .where('claimed_until', '=', until)
    .execute()
}
