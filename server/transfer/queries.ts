import { chunks } from '../db/search.ts'
import type { Db, GroupRow, Tables, Tx } from '../db/tables.ts'

/** What this source gave so far, by its own identifiers. */
export async function listImportItems(db: Db, source: string): Promise<Map<string, Tables['import_item']>> {
  const items = await db.selectFrom('import_item').selectAll().where('source', '=', source).execute()
  return new Map(items.map((item) => [item.source_id, item]))
}

export async function listGroupsOfSource(db: Db, source: string): Promise<Map<string, GroupRow>> {
  const rows = await db.selectFrom('group_record').selectAll().where('source', '=', source).execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** Notes that the source was read whole, so that its groups can say when they were last seen in it. */
export async function saveSourceSeen(tx: Tx, source: string, seenAt: string): Promise<void> {
  await tx
    .insertInto('import_source')
    .values({ source, seen_at: seenAt })
    .onConflict((conflict) => conflict.column('source').doUpdateSet({ seen_at: seenAt }))
    .execute()
}

export async function upsertImportItems(tx: Tx, items: Tables['import_item'][]): Promise<void> {
  for (const part of chunks(items, 200)) {
    await tx
      .insertInto('import_item')
      .values(part)
      .onConflict((conflict) =>
        conflict.columns(['source', 'source_id']).doUpdateSet((e) => ({
          record: e.ref('excluded.record'),
          imported_at: e.ref('excluded.imported_at'),
          gone_at: e.ref('excluded.gone_at'),
        })),
      )
      .execute()
  }
}
