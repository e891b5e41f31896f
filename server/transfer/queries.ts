import { chunks } from '../db/search.ts'
import type { Db, GroupRow, Tables, Tx } from '../db/tables.ts'

/** What this source gave so far under these identifiers of its own. */
export async function listImportItems(db: Db, source: string, ids: string[]): Promise<Map<string, Tables['import_item']>> {
  const query = (part: string[]) => db.selectFrom('import_item').selectAll().where('source', '=', source).where('source_id', 'in', part).execute()
  return keyed(ids, query, (item) => item.source_id)
}

/** What this source held when it was last read, after this identifier. */
export function listHeldItems(db: Db, source: string, after: string, limit: number): Promise<Tables['import_item'][]> {
  return db
    .selectFrom('import_item')
    .selectAll()
    .where('source', '=', source)
    .where('source_id', '>', after)
    .where('gone_at', 'is', null)
    .orderBy('source_id')
    .limit(limit)
    .execute()
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

/** The rows of these groups, by id. */
export async function listGroupsById(db: Db, ids: string[]): Promise<Map<string, GroupRow>> {
  return keyed(
    ids,
    (part) => db.selectFrom('group_record').selectAll().where('id', 'in', part).execute(),
    (row) => row.id,
  )
}

/** The rows of the groups that bear these short names now. */
export async function listGroupsByName(db: Db, names: string[]): Promise<Map<string, GroupRow>> {
  return keyed(
    names,
    (part) => db.selectFrom('group_record').selectAll().where('short_name', 'in', part).execute(),
    (row) => row.short_name,
  )
}

/** The rows that came from these sources under these identifiers, by source and identifier joined by NUL. */
export async function listGroupsBySource(db: Db, origins: { source: string; sourceId: string }[]): Promise<Map<string, GroupRow>> {
  const found = new Map<string, GroupRow>()
  for (const source of new Set(origins.map((one) => one.source))) {
    const ids = origins.filter((one) => one.source === source).map((one) => one.sourceId)
    const query = (part: string[]) => db.selectFrom('group_record').selectAll().where('source', '=', source).where('source_id', 'in', part).execute()
    for (const [key, row] of await keyed(ids, query, (row) => `${source}\0${row.source_id}`)) found.set(key, row)
  }
  return found
}

/** Which of these ids belonged to groups deleted here. */
export async function listDeleted(db: Db, ids: string[]): Promise<Set<string>> {
  const query = (part: string[]) => db.selectFrom('tombstone').select('group_id').where('group_id', 'in', part).execute()
  return new Set((await keyed(ids, query, (row) => row.group_id)).keys())
}

/** What is needed to recognise a group under another id, for the groups after number `after`. */
export function listLikenesses(db: Db, after: number, limit: number): Promise<LikenessRow[]> {
  const columns = ['num', 'short_name', 'name', 'lat', 'lng', 'precision', 'links'] as const
  return db.selectFrom('group_record').select(columns).where('num', '>', after).orderBy('num').limit(limit).execute()
}

export type LikenessRow = Pick<GroupRow, 'num' | 'short_name' | 'name' | 'lat' | 'lng' | 'precision' | 'links'>

/** What a private export says of these groups besides their records: all short names they ever had, and where they stand in ecosystems. */
export async function listPrivateFacts(db: Db, ids: string[]): Promise<{ names: Tables['short_name'][]; listings: Tables['ecosystem_listing'][] }> {
  if (ids.length === 0) return { names: [], listings: [] }
  return {
    names: await db.selectFrom('short_name').selectAll().where('group_id', 'in', ids).execute(),
    listings: await db.selectFrom('ecosystem_listing').selectAll().where('group_id', 'in', ids).execute(),
  }
}

/** Adds what is not there yet; a decision taken here stays. Listings in ecosystems that are not registered here are left out. */
export async function insertListings(tx: Tx, listings: Tables['ecosystem_listing'][]): Promise<void> {
  const registered = new Set((await tx.selectFrom('ecosystem').select('keyword').execute()).map(({ keyword }) => keyword))
  const known = listings.filter(({ keyword }) => registered.has(keyword))
  for (const part of chunks(known, 500)) {
    await tx
      .insertInto('ecosystem_listing')
      .values(part)
      .onConflict((conflict) => conflict.columns(['keyword', 'group_id']).doNothing())
      .execute()
  }
}

async function keyed<Row>(keys: string[], query: (part: string[]) => Promise<Row[]>, keyOf: (row: Row) => string): Promise<Map<string, Row>> {
  const found = new Map<string, Row>()
  for (const part of chunks([...new Set(keys)], 500)) for (const row of await query(part)) found.set(keyOf(row), row)
  return found
}
