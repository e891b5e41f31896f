import { transaction } from '../db/open.ts'
import type { KnownWords } from '../db/search.ts'
import type { Db, GroupRow, Tables, Tx } from '../db/tables.ts'
import { conflict } from '../errors.ts'
import { type Author, type Put, putGroups } from '../group/actions.ts'
import { insertShortNames, takeNumbers } from '../group/queries.ts'
import type { Group } from '../schema-types.ts'
import type { Facts } from './check-draft.ts'
import * as queries from './queries.ts'

/** One record that an import has decided to write: new, or over the row of this id as it was at this revision. */
export interface Planned {
  group: Group
  stamp: Put['stamp']
  before?: { id: string; revision: number }
  /** From a private export: where it stands, and the names it had. */
  private?: Pick<Facts, 'formerNames' | 'listings'>
}

/** What the import of a source does about one record of it. */
export interface SourceStep {
  /** Nothing to write if what the source says changes nothing here. */
  put?: Pick<Planned, 'group' | 'stamp' | 'before'>
  /** What the source said, to compare with the next time; without a group it is of the new one. */
  item?: Omit<Tables['import_item'], 'group_id'> & { group_id?: string }
}

/** Writes these steps, all or none. Throws a conflict if a row changed since it was planned. */
export function writeSteps(db: Db, steps: SourceStep[], by: Author, known?: KnownWords): Promise<void> {
  return transaction(db, async (tx) => {
    const writing = steps.filter((step) => step.put)
    const rows = await putPlanned(
      tx,
      writing.map((step) => step.put!),
      by,
      known,
    )
    const ids = new Map(writing.map((step, at) => [step, rows[at]!.id]))
    const items = steps.flatMap((step) => (step.item ? { ...step.item, group_id: step.item.group_id ?? ids.get(step)! } : []))
    await queries.upsertImportItems(tx, items)
    await takeNumbers(tx, 'ecosystem', 1)
  })
}

/** Notes that the source was read to its end. */
export function noteSeen(db: Db, source: string, at: string): Promise<void> {
  return transaction(db, (tx) => queries.saveSourceSeen(tx, source, at))
}

/** Writes these records, all or none. Throws a conflict if a row changed since it was planned. */
export function writeRecords(db: Db, planned: Planned[], by: Author, known?: KnownWords): Promise<void> {
  return transaction(db, async (tx) => {
    const rows = await putPlanned(tx, planned, by, known)
    await queries.upsertImportItems(
      tx,
      rows.flatMap((row, at) => (planned[at]!.before ? [] : toItem(row, planned[at]!.group, by.at))),
    )
    await writePrivate(tx, planned, rows, by.at)
    await takeNumbers(tx, 'ecosystem', 1)
  })
}

async function putPlanned(tx: Tx, planned: Pick<Planned, 'group' | 'stamp' | 'before'>[], by: Author, known?: KnownWords): Promise<GroupRow[]> {
  const rows = await queries.listGroupsById(
    tx,
    planned.flatMap((one) => one.before?.id ?? []),
  )
  const puts = planned.map(({ group, stamp, before }) => ({ group, stamp, before: before && unchanged(rows.get(before.id), before.revision) }))
  return putGroups(tx, puts, by, known)
}

function unchanged(row: GroupRow | undefined, revision: number): GroupRow {
  if (row?.revision !== revision) throw conflict({ key: 'error.changedMeanwhile' })
  return row
}

/**
 * A record that came from a source here can be followed in it again. Nobody edited a record at its first revision; of a later one
 * it is not known what the source said, so that whatever differs from the source at the next import stays as it is.
 */
function toItem(row: GroupRow, { shortName, ...words }: Group, at: string): Tables['import_item'][] {
  if (row.source === null || row.source_id === null) return []
  const record = JSON.stringify(row.revision === 1 ? words : {})
  return [{ source: row.source, source_id: row.source_id, group_id: row.id, record, imported_at: at, gone_at: row.gone_at }]
}

async function writePrivate(tx: Tx, planned: Planned[], rows: GroupRow[], at: string): Promise<void> {
  const names = rows.flatMap((row, index) => (planned[index]!.private?.formerNames ?? []).map((name) => ({ name, group_id: row.id, created_at: at })))
  const listings = rows.flatMap((row, index) => (planned[index]!.private?.listings ?? []).map((listing) => ({ ...listing, group_id: row.id })))
  await insertShortNames(tx, names)
  if (listings.length > 0) await queries.insertListings(tx, listings)
}
