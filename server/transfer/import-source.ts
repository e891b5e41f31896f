import { isDeepStrictEqual } from 'node:util'
import { transaction } from '../db/open.ts'
import type { Db, GroupRow, Tables, Tx } from '../db/tables.ts'
import { type Put, putGroups } from '../group/actions.ts'
import { checkGroup } from '../group/check.ts'
import { listNameOwners, takeNumbers } from '../group/queries.ts'
import { toGroup } from '../group/row.ts'
import type { Group } from '../schema-types.ts'
import { merge } from './merge.ts'
import * as queries from './queries.ts'
import type { ImportReport } from './report.ts'
import type { RefusedRecord, SourceRecord } from './source-record.ts'

export interface SourceImport {
  source: string
  records: SourceRecord[]
  refused: RefusedRecord[]
  at: string
  dryRun?: boolean
}

/**
 * Brings everything a source holds into the directory: adds, updates, and marks what is gone from it.
 * Fields edited here and records claimed or deleted here stay as they are. All or nothing; a dry run writes nothing.
 */
export async function importSource(db: Db, input: SourceImport): Promise<ImportReport> {
  let report: ImportReport | undefined
  const stop = new Error('dry run')
  try {
    await transaction(db, async (tx) => {
      report = await runImport(tx, input)
      if (input.dryRun) throw stop
    })
  } catch (error) {
    if (error !== stop) throw error
  }
  return report!
}

interface Run {
  input: SourceImport
  report: ImportReport
  puts: Put[]
  items: Tables['import_item'][]
  /** Which item each new group belongs to, by short name: its id is known after writing. */
  names: Map<string, string>
}

async function runImport(tx: Tx, input: SourceImport): Promise<ImportReport> {
  const run: Run = { input, report: emptyReport(input), puts: [], items: [], names: await takenNames(tx, input.records) }
  const items = await queries.listImportItems(tx, input.source)
  const rows = await queries.listGroupsOfSource(tx, input.source)
  const added: { record: SourceRecord; put: Put }[] = []
  for (const record of input.records.toSorted((a, b) => (a.sourceId < b.sourceId ? -1 : 1))) {
    const item = items.get(record.sourceId)
    if (item) update(run, record, item, rows.get(item.group_id))
    else {
      const put = add(run, record)
      if (put) added.push({ record, put })
    }
  }
  const present = new Set(input.records.map((record) => record.sourceId))
  for (const item of items.values()) if (!present.has(item.source_id)) markGone(run, item, rows.get(item.group_id))
  const written = await putGroups(tx, [...added.map(({ put }) => put), ...run.puts], { at: input.at, via: 'import', author: input.source })
  const fresh = added.map(({ record }, at) => toItem(run, record, written[at]!.id))
  await queries.upsertImportItems(tx, [...fresh, ...run.items])
  await queries.saveSourceSeen(tx, input.source, input.at)
  await takeNumbers(tx, 'ecosystem', 1)
  return run.report
}

function add(run: Run, record: SourceRecord): Put | undefined {
  const shortName = record.shortNameHints.find((hint) => !run.names.has(hint))
  const checked = checkGroup({ ...record.group, shortName })
  if (!shortName || checked.faults.length > 0) {
    const reason = checked.faults.map(({ field, message }) => `${field}: ${message.key}`).join(', ')
    run.report.refused.push({ id: record.sourceId, reason: reason || 'no short name is free' })
    return undefined
  }
  run.names.set(shortName, record.sourceId)
  run.report.added.push(shortName)
  return { group: checked.group, stamp: { source: run.input.source, source_id: record.sourceId, source_url: record.sourceUrl ?? null } }
}

function update(run: Run, record: SourceRecord, item: Tables['import_item'], row: GroupRow | undefined): void {
  const { report } = run
  if (!isDeepStrictEqual(JSON.parse(item.record), record.group) || item.gone_at) run.items.push(toItem(run, record, item.group_id))
  if (!row) {
    report.kept.push({ shortName: record.shortNameHints[0] ?? record.sourceId, fields: ['deleted'] })
    return
  }
  const current = toGroup(row)
  const base = row.claimed_at ? {} : (JSON.parse(item.record) as Partial<Group>)
  const { merged, kept } = merge(current, base, record.group)
  const checked = checkGroup(merged)
  if (checked.faults.length > 0) {
    report.refused.push({ id: record.sourceId, reason: checked.faults.map(({ field, message }) => `${field}: ${message.key}`).join(', ') })
    return
  }
  if (kept.length > 0) report.kept.push({ shortName: row.short_name, fields: kept })
  if (row.gone_at) report.returned.push(row.short_name)
  const changed = !isDeepStrictEqual(checked.group, current)
  if (changed) report.changed.push(row.short_name)
  if (changed || row.gone_at) run.puts.push({ before: row, group: checked.group, stamp: { gone_at: null, source_url: record.sourceUrl ?? null } })
  else if (kept.length === 0) report.unchanged++
}

function markGone(run: Run, item: Tables['import_item'], row: GroupRow | undefined): void {
  if (item.gone_at) return
  run.items.push({ ...item, gone_at: run.input.at })
  if (!row) return
  run.report.gone.push(row.short_name)
  run.puts.push({ before: row, group: toGroup(row), stamp: { gone_at: run.input.at } })
}

function toItem({ input }: Run, record: SourceRecord, groupId: string): Tables['import_item'] {
  const { source, at } = input
  return { source, source_id: record.sourceId, group_id: groupId, record: JSON.stringify(record.group), imported_at: at, gone_at: null }
}

async function takenNames(tx: Tx, records: SourceRecord[]): Promise<Map<string, string>> {
  return listNameOwners(
    tx,
    records.flatMap((record) => record.shortNameHints),
  )
}

function emptyReport({ source, records, refused }: SourceImport): ImportReport {
  return {
    source,
    read: records.length + refused.length,
    added: [],
    changed: [],
    gone: [],
    returned: [],
    kept: [],
    unchanged: 0,
    refused: refused.map(({ sourceId, reason }) => ({ id: sourceId, reason })),
  }
}
