import { isDeepStrictEqual } from 'node:util'
import type { Db, GroupRow, Tables } from '../db/tables.ts'
import type { Fault } from '../errors.ts'
import { listNameOwners } from '../group/queries.ts'
import { toGroup } from '../group/row.ts'
import type { Group } from '../schema-types.ts'
import type { Translate } from '../text/translate.ts'
import type { SourceStep } from './actions.ts'
import { checkRecord } from './check-record.ts'
import { type Compare, comparing } from './likenesses.ts'
import { findMatches, type Match } from './match.ts'
import { merge } from './merge.ts'
import { missingPictures, type PicturesHere } from './pictures.ts'
import * as queries from './queries.ts'
import { emptyFindings, type ImportReport } from './report.ts'
import type { SourceRecord } from './source-record.ts'

export interface SourceInput {
  /** The name under which the source is known from now on. */
  source: string
  /** ISO time. */
  at: string
  /** Says why a record is refused; without it, the keys of the sentences are given. */
  t?: Translate
  dryRun?: boolean
  /** Believe a source that holds nothing, or less than half of what was known. */
  manyGone?: boolean
  pictures?: PicturesHere
}

/** The reading of one source, batch after batch. */
export interface SourceRun {
  db: Db
  input: SourceInput
  report: ImportReport
  /** Where each identifier was first met: its line, if it has one. */
  seen: Map<string, number | undefined>
  /** Identifiers that refused records may have: their groups are not gone. */
  refused: Set<string>
  /** Short names given to new groups. */
  names: Set<string>
  compare: Compare
}

export function startSource(db: Db, input: SourceInput): SourceRun {
  const lists = { added: [], changed: [], gone: [], returned: [], kept: [] }
  const report: ImportReport = { source: input.source, read: 0, unchanged: 0, isBlind: false, ...lists, ...emptyFindings() }
  return { db, input, report, seen: new Map(), refused: new Set(), names: new Set(), compare: comparing(db, report) }
}

/** What is to be written of these records; all the rest goes into the report. */
export async function planSource(run: SourceRun, given: SourceRecord[]): Promise<SourceStep[]> {
  const { db, input, report } = run
  const records = given.filter((record) => isFirst(run, record))
  const items = await queries.listImportItems(
    db,
    input.source,
    records.map(({ sourceId }) => sourceId),
  )
  const fresh = records.filter(({ sourceId }) => !items.has(sourceId))
  const rows = await queries.listGroupsById(
    db,
    [...items.values()].map((item) => item.group_id),
  )
  const found = await findMatches(db, fresh.map(toDraft(input)))
  const matches = new Map(fresh.map((record, at) => [record, found[at]!]))
  const hints = fresh.flatMap((record) => record.shortNameHints)
  const taken = await listNameOwners(db, hints)
  const steps: SourceStep[] = []
  for (const record of records) {
    report.read++
    const item = items.get(record.sourceId)
    const step = item ? update(run, record, item, rows.get(item.group_id)) : await meet(run, record, matches.get(record)!, taken)
    if (step?.put) await notePictures(run, record, step.put.group)
    if (step) steps.push(step)
  }
  return steps
}

/** Puts a refused record into the report; `ids` are those that it may have, none if it is not known of which group it is. */
export function refuseRecord({ report, input, refused }: SourceRun, place: { line?: number; id?: string }, faults: Fault[], ids: string[]): void {
  const t = input.t ?? ((key) => key)
  report.refused++
  for (const { field, message } of faults) report.refusals.push({ ...place, field, reason: t(message.key, message.values) })
  if (ids.length === 0) report.isBlind = true
  for (const id of ids) refused.add(id)
}

/** A file that says two things of one group is wrong on the second line. */
function isFirst(run: SourceRun, { sourceId, line }: SourceRecord): boolean {
  if (!run.seen.has(sourceId)) {
    run.seen.set(sourceId, line)
    return true
  }
  run.report.read++
  const again = { key: 'error.field.again', values: { line: run.seen.get(sourceId) ?? sourceId } }
  refuseRecord(run, { line, id: sourceId }, [{ field: 'id', message: again }], [sourceId])
  return false
}

function toDraft({ source }: SourceInput): (record: SourceRecord) => Parameters<typeof findMatches>[1][0] {
  return ({ sourceId, group, shortNameHints, known }) => ({
    group: { ...group, shortName: known?.shortName ?? shortNameHints[0] },
    facts: { id: known?.id, origin: known?.origin ?? { source, sourceId } },
  })
}

/** A record that this source did not hold when it was last read. */
async function meet(run: SourceRun, record: SourceRecord, match: Match, taken: Map<string, string>): Promise<SourceStep | undefined> {
  const { row, namesake, deleted } = match
  const { input, report } = run
  if (row && row.source === input.source && row.source_id === record.sourceId)
    return { item: { ...toItem(run, record), group_id: row.id }, ...update(run, record, toItem(run, lastSaid(row), row), row) }
  const shortName = record.shortNameHints.find((hint) => !taken.has(hint) && !run.names.has(hint))
  const checked = checkRecord({ ...record.group, shortName })
  if (checked.faults.length > 0) return refuse(run, record, checked.faults)
  const bearer = namesake?.short_name === record.known?.shortName ? namesake : undefined
  const here = row ?? (bearer && isDeepStrictEqual({ ...checked.group, shortName: bearer.short_name }, toGroup(bearer)) ? bearer : undefined)
  if (here || deleted) {
    report.kept.push({ shortName: here?.short_name ?? nameOf(record), fields: [], why: here ? 'here' : 'deleted' })
    return undefined
  }
  run.names.add(checked.group.shortName)
  report.added.push(checked.group.shortName)
  await run.compare(checked.group, { line: record.line, besides: bearer && [bearer.short_name] })
  const stamp = { source: input.source, source_id: record.sourceId, source_url: record.sourceUrl ?? null }
  return { put: { group: checked.group, stamp }, item: toItem(run, record) }
}

function update(run: SourceRun, given: SourceRecord, item: Tables['import_item'] | SourceItem, row: GroupRow | undefined): SourceStep | undefined {
  const { report } = run
  const said = JSON.parse(item.record) as Record<string, unknown>
  const unsaid = Object.entries(said).filter(([name]) => given.unsaid?.includes(name))
  const record = { ...given, group: { ...given.group, ...Object.fromEntries(unsaid) } }
  const isNews = !isDeepStrictEqual(said, record.group) || item.gone_at !== null
  const step: SourceStep = isNews ? { item: { ...toItem(run, record), group_id: item.group_id } } : {}
  if (!row) {
    report.kept.push({ shortName: nameOf(record), fields: [], why: 'deleted' })
    return step
  }
  const current = toGroup(row)
  const base = row.claimed_at ? {} : (said as Partial<Group>)
  const { merged, kept } = merge(current, base, record.group)
  const checked = checkRecord(merged)
  if (checked.faults.length > 0) return refuse(run, record, checked.faults)
  if (kept.length > 0) report.kept.push({ shortName: row.short_name, fields: kept })
  if (row.gone_at) report.returned.push(row.short_name)
  const isChanged = !isDeepStrictEqual(checked.group, current)
  if (isChanged) report.changed.push(row.short_name)
  if (!isChanged && !row.gone_at) {
    if (kept.length === 0) report.unchanged++
    return step
  }
  const stamp = { gone_at: null, source_url: record.sourceUrl ?? null }
  return { ...step, put: { before: { id: row.id, revision: row.revision }, group: checked.group, stamp } }
}

function refuse(run: SourceRun, { line, sourceId }: SourceRecord, faults: Fault[]): undefined {
  refuseRecord(run, { line, id: sourceId }, faults, [sourceId])
}

function nameOf({ known, shortNameHints, sourceId }: SourceRecord): string {
  return known?.shortName ?? shortNameHints[0] ?? sourceId
}

type SourceItem = NonNullable<SourceStep['item']>

function toItem({ input: { source, at } }: SourceRun, { sourceId, group }: Pick<SourceRecord, 'sourceId' | 'group'>, row?: GroupRow): SourceItem {
  return { source, source_id: sourceId, record: JSON.stringify(group), imported_at: at, gone_at: row?.gone_at ?? null, group_id: row?.id }
}

/** Nobody edited a record at its first revision; of a later one it is not known what the source said. */
function lastSaid(row: GroupRow): Pick<SourceRecord, 'sourceId' | 'group'> {
  const { shortName, ...group } = toGroup(row)
  return { sourceId: row.source_id!, group: row.revision === 1 ? group : ({} as typeof group) }
}

async function notePictures({ input, report }: SourceRun, { line }: SourceRecord, group: Group): Promise<void> {
  report.missingPictures.push(...(await missingPictures(group, input.pictures)).map((url) => ({ line, shortName: group.shortName, url })))
}
