import type { Db, Tables, Tx } from '../db/tables.ts'

type PictureRow = Tables['picture']

/** Notes a picture that is about to be shown; one that was noted already is as if it were new. */
export async function upsertPicture(db: Db, row: Omit<PictureRow, 'unused_since'>): Promise<void> {
  await db
    .insertInto('picture')
    .values({ ...row, unused_since: null })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ unused_since: null, created_at: row.created_at }))
    .execute()
}

export function listPictures(db: Db): Promise<Pick<PictureRow, 'id' | 'created_at' | 'unused_since'>[]> {
  return db.selectFrom('picture').select(['id', 'created_at', 'unused_since']).execute()
}

/** The pictures that records show now, as JSON texts that hold their addresses; of the records after one number, up to another. */
export async function listShownPictures(db: Db, after: number, upTo: number): Promise<string[]> {
  const rows = await db
    .selectFrom('group_record')
    .select(['banner', 'logo', 'partners'])
    .where('num', '>', after)
    .where('num', '<=', upTo)
    .where((e) => e.or((['banner', 'logo', 'partners'] as const).map((column) => e(column, 'like', '%/uploads/%'))))
    .execute()
  return rows.flatMap(({ banner, logo, partners }) => [banner, logo, partners].filter((text) => text !== null))
}

/** Above it no record has a number. */
export async function findLastNumber(db: Db): Promise<number> {
  const query = db.selectFrom('group_record').select((e) => e.fn.max('num').as('last'))
  return (await query.executeTakeFirst())?.last ?? 0
}

export async function setUnusedSince(db: Db, id: string, since: string | null): Promise<void> {
  await db.updateTable('picture').set({ unused_since: since }).where('id', '=', id).execute()
}

/** Deletes the row if nobody touched the picture since it was read; says whether it did. */
export async function deletePicture(tx: Tx, id: string, unusedSince: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('picture').where('id', '=', id).where('unused_since', '=', unusedSince).executeTakeFirst()
  return numDeletedRows === 1n
}
