import type { Db } from '../db/tables.ts'
import type { CatalogueRow } from './snapshot.ts'

/** The change numbers: what the catalogue must have seen to be current. */
export async function readCounters(db: Db): Promise<{ change: number; ecosystem: number }> {
  const rows = await db.selectFrom('counter').select(['name', 'value']).execute()
  const value = (name: string) => rows.find((row) => row.name === name)?.value ?? 0
  return { change: value('change'), ecosystem: value('ecosystem') }
}

/** Every group; a covering index serves it on SQLite. */
export function listCatalogueRows(db: Db): Promise<CatalogueRow[]> {
  return db.selectFrom('group_record').select(columns).orderBy('num').execute()
}

/** Groups written after change number `seq`. */
export function listChangedRows(db: Db, seq: number): Promise<CatalogueRow[]> {
  return db.selectFrom('group_record').select(columns).where('change_seq', '>', seq).execute()
}

export function listGone(db: Db, seq: number): Promise<{ num: number }[]> {
  return db.selectFrom('tombstone').select('num').where('change_seq', '>', seq).execute()
}

/** The registered ecosystems, by keyword. */
export function listEcosystems(db: Db): Promise<{ keyword: string; title: string; policy: 'open' | 'curated' }[]> {
  return db.selectFrom('ecosystem').select(['keyword', 'title', 'policy']).orderBy('keyword').execute()
}

/** When each source of imports was last read. */
export function listSources(db: Db): Promise<{ source: string; seen_at: string }[]> {
  return db.selectFrom('import_source').select(['source', 'seen_at']).execute()
}

/** Numbers of the groups that ecosystems have accepted. */
export function listAccepted(db: Db): Promise<{ keyword: string; num: number }[]> {
  return db
    .selectFrom('ecosystem_listing')
    .innerJoin('group_record', 'group_record.id', 'ecosystem_listing.group_id')
    .select(['keyword', 'num'])
    .where('state', '=', 'accepted')
    .execute()
}

const columns = [
  'num',
  'sort_key',
  'short_name',
  'type',
  'activity',
  'country',
  'region',
  'languages',
  'keywords',
  'wanted',
  'member_count',
  'lat',
  'lng',
  'precision',
  'updated_at',
] as const
