import { chunks } from '../db/search.ts'
import type { Db } from '../db/tables.ts'
import type { CatalogueRow } from './snapshot.ts'
import type { TwinRow } from './twins.ts'

/** The change numbers: what the catalogue must have seen to be current. */
export async function readCounters(db: Db): Promise<{ change: number; ecosystem: number }> {
  const rows = await db.selectFrom('counter').select(['name', 'value']).execute()
  const value = (name: string) => rows.find((row) => row.name === name)?.value ?? 0
  return { change: value('change'), ecosystem: value('ecosystem') }
}

/** Groups whose last change is after number `from`, up to `to`, in batches; from 0 it is all of them. A covering index serves it on SQLite. */
export async function* listCatalogueRows(db: Db, from: number, to: number): AsyncGenerator<CatalogueRow[]> {
  for (let last = from; ; ) {
    const rows = await db
      .selectFrom('group_record')
      .select([...columns, 'change_seq'])
      .where('change_seq', '>', last)
      .where('change_seq', '<=', to)
      .orderBy('change_seq')
      .limit(loadBatch)
      .execute()
    if (rows.length > 0) yield rows
    if (rows.length < loadBatch) return
    last = rows.at(-1)!.change_seq
  }
}

export async function countGroups(db: Db): Promise<number> {
  const { count } = await db.selectFrom('group_record').select(db.fn.countAll().as('count')).executeTakeFirstOrThrow()
  return Number(count)
}

export function findChange(db: Db, seq: number): Promise<{ at: string; group_id: string } | undefined> {
  return db.selectFrom('change_log').select(['at', 'group_id']).where('seq', '=', seq).executeTakeFirst()
}

/** When anything that lists show was last changed, whichever way. */
export async function findLastChange(db: Db): Promise<string | undefined> {
  const last = await db.selectFrom('change_log').select('at').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  const ecosystem = await db
    .selectFrom('ecosystem')
    .select((e) => e.fn.max('updated_at').as('at'))
    .executeTakeFirst()
  const listing = await db
    .selectFrom('ecosystem_listing')
    .select((e) => e.fn.max('at').as('at'))
    .executeTakeFirst()
  const source = await db
    .selectFrom('import_source')
    .select((e) => e.fn.max('seen_at').as('at'))
    .executeTakeFirst()
  const times = [last, ecosystem, listing, source].map((found) => found?.at)
  return times
    .filter((at) => typeof at === 'string')
    .sort()
    .at(-1)
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

/** What people said to be one group, two by two, and the records that are still here. */
export async function listTwins(db: Db): Promise<{ pairs: { one_id: string; other_id: string }[]; rows: TwinRow[] }> {
  const pairs = await db.selectFrom('same_group').select(['one_id', 'other_id']).where('verdict', '=', 'same').execute()
  const ids = [...new Set(pairs.flatMap(({ one_id, other_id }) => [one_id, other_id]))]
  const rows: TwinRow[] = []
  for (const part of chunks(ids, 500)) rows.push(...(await db.selectFrom('group_record').select(twinColumns).where('id', 'in', part).execute()))
  return { pairs, rows }
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

const loadBatch = 5000

const twinColumns = ['num', 'id', 'short_name', 'name', 'origin_server', 'source', 'source_url', 'claimed_at', 'checked_at', 'links'] as const

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
  'origin_server',
] as const
