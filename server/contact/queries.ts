import type { Db, LetterRow, Tx } from '../db/tables.ts'

export async function insertLetter(tx: Tx, row: LetterRow): Promise<void> {
  await tx.insertInto('letter').values(row).execute()
}

/** A letter to this group that its animators may read. */
export function findLetter(db: Db, groupId: string, id: string): Promise<LetterRow | undefined> {
  return db
    .selectFrom('letter')
    .selectAll()
    .where('id', '=', id)
    .where('group_id', '=', groupId)
    .where('state', '!=', 'unconfirmed')
    .executeTakeFirst()
}

/** The letter, if it was waiting for its address to be confirmed and is not any more. */
export function confirmLetter(tx: Tx, id: string, at: string): Promise<LetterRow | undefined> {
  return tx
    .updateTable('letter')
    .set({ state: 'sent', created_at: at })
    .where('id', '=', id)
    .where('state', '=', 'unconfirmed')
    .returningAll()
    .executeTakeFirst()
}

/** Says who answers, if nobody did yet; says whether it did. */
export async function answerLetter(tx: Tx, id: string, personId: string, at: string): Promise<boolean> {
  const result = await tx
    .updateTable('letter')
    .set({ state: 'answered', answered_by: personId, answered_at: at })
    .where('id', '=', id)
    .where('state', '=', 'sent')
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** The letters to these groups that nobody answered yet, the oldest first. */
export async function listOpenLetters(
  db: Db,
  groupIds: string[],
  limit: number,
): Promise<{ id: string; name: string; group: string; shortName: string }[]> {
  if (groupIds.length === 0) return []
  return db
    .selectFrom('letter')
    .innerJoin('group_record', 'group_record.id', 'letter.group_id')
    .select(['letter.id', 'letter.name', 'group_record.name as group', 'group_record.short_name as shortName'])
    .where('letter.group_id', 'in', groupIds)
    .where('letter.state', '=', 'sent')
    .orderBy('letter.created_at')
    .orderBy('letter.id')
    .limit(limit)
    .execute()
}

/** What somebody wrote, for their copy of it. */
export function listLettersFrom(db: Db, address: string): Promise<Pick<LetterRow, 'group_id' | 'name' | 'role' | 'text' | 'state' | 'created_at'>[]> {
  return db.selectFrom('letter').select(['group_id', 'name', 'role', 'text', 'state', 'created_at']).where('address', '=', address).execute()
}

/** Who wrote these has another address now. What nobody confirmed may have been typed by anybody, and stays. */
export async function moveLetters(tx: Tx, from: string, to: string): Promise<void> {
  await tx.updateTable('letter').set({ address: to }).where('address', '=', from).where('state', '!=', 'unconfirmed').execute()
}

export async function deleteLettersFrom(tx: Tx, address: string): Promise<void> {
  await tx.deleteFrom('letter').where('address', '=', address).execute()
}

export async function deleteOldLetters(db: Db, before: { any: string; unconfirmed: string }): Promise<void> {
  await db.deleteFrom('letter').where('created_at', '<', before.any).execute()
  await db.deleteFrom('letter').where('state', '=', 'unconfirmed').where('created_at', '<', before.unconfirmed).execute()
}
