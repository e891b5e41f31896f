import { createHash } from 'node:crypto'
import type { KnownWords } from '../db/search.ts'
import type { Db } from '../db/tables.ts'
import type { Group } from '../schema-types.ts'
import { toSlug } from '../text/fold.ts'
import { noteSeen, type SourceStep, writeSteps } from './actions.ts'
import { type Draft, toDraft } from './check-draft.ts'
import { ecosystemOf } from './check-entries.ts'
import { type Entry, readers } from './format/read.ts'
import { checkedAtOnce, type FileInput, writtenAtOnce } from './import-file.ts'
import { planGone } from './plan-gone.ts'
import { planSource, refuseRecord, type SourceInput, type SourceRun, startSource } from './plan-source.ts'
import { type ImportReport, toRefusals } from './report.ts'
import type { SourceRecord } from './source-record.ts'
import { batched, openSpool, type Spool } from './spool.ts'

export type ForeignImport = FileInput & SourceInput

/**
 * Brings in a file as everything that one source holds: what was edited here is kept, what is no longer in the file is marked as gone.
 * A record is known by its `id`, else by its short name, else by its name. Everything is checked before anything is written, as for a file
 * of our own; unless `partial`, nothing is written if something is refused.
 */
export async function importForeign(db: Db, input: ForeignImport): Promise<ImportReport> {
  const { format, text, signal, onProgress, dryRun, partial } = input
  const run = startSource(db, input)
  const { report } = run
  const spool = await openSpool<SourceStep>()
  try {
    for await (const entries of batched(readers[format](text), checkedAtOnce)) {
      signal?.throwIfAborted()
      const before = report.refusals.length
      await spool.write(await planSource(run, toRecords(run, entries, input)))
      report.refusals.push(...report.refusals.splice(before).sort(byLine))
      onProgress?.('checked', report.read)
    }
    for await (const steps of planGone(run)) await spool.write(steps)
    signal?.throwIfAborted()
    if (dryRun || report.shrunk || (report.refused > 0 && !partial)) return report
    report.pictures = (await input.beforeWriting?.()) ?? 0
    await write(db, input, spool)
    if (!report.isBlind) await noteSeen(db, input.source, input.at)
    report.written = true
    return report
  } finally {
    await spool.remove()
  }
}

async function write(db: Db, { source, at, onProgress, signal }: ForeignImport, spool: Spool<SourceStep>): Promise<void> {
  const known: KnownWords = new Map()
  let count = 0
  for await (const steps of spool.read(writtenAtOnce)) {
    signal?.throwIfAborted()
    await writeSteps(db, steps, { at, via: 'import', author: source }, known)
    count += steps.length
    onProgress?.('written', count)
  }
}

function toRecords(run: SourceRun, entries: Entry[], { publicUrl, t = (key) => key }: ForeignImport): SourceRecord[] {
  const { report } = run
  const records: SourceRecord[] = []
  for (const entry of entries) {
    if (ecosystemOf(entry.value) !== undefined) {
      report.setAside++
      continue
    }
    const draft = toDraft(entry, publicUrl)
    const record = toRecord(draft)
    if (draft.facts.claimedAt || draft.facts.formerNames || draft.facts.listings) report.setAside++
    report.spoilt.push(...toRefusals(draft.line, draft.spoilt, t))
    if (draft.faults.length === 0 && record.sourceId !== '') records.push(record)
    else refuseDraft(run, draft, record)
  }
  return records
}

function byLine(a: { line?: number }, b: { line?: number }): number {
  return (a.line ?? 0) - (b.line ?? 0)
}

/** A record whose id cannot be read may be of any group. */
function refuseDraft(run: SourceRun, { line, faults }: Draft, { sourceId }: SourceRecord): void {
  const nameless = { field: 'name', message: { key: 'error.field.required', values: { name: 'name' } } }
  const isUnknown = sourceId === '' || faults.some(({ field }) => field === 'id')
  run.report.read++
  refuseRecord(run, { line, id: sourceId }, faults.length > 0 ? faults : [nameless], isUnknown ? [] : [sourceId])
}

function toRecord({ line, group: { shortName, ...group }, facts: { id, origin }, spoilt }: Draft): SourceRecord {
  const name = typeof shortName === 'string' && shortName.trim() ? shortName.trim() : String(group.name ?? '').trim()
  const sourceId = (id ?? name).slice(0, 200)
  const known = { shortName: typeof shortName === 'string' ? name : undefined, id, origin }
  return {
    line,
    sourceId,
    group: group as unknown as Omit<Group, 'shortName'>,
    shortNameHints: hints(name, sourceId),
    known,
    unsaid: spoilt.map(({ field }) => field),
  }
}

function hints(name: string, sourceId: string): string[] {
  const hash = createHash('sha256').update(sourceId).digest('hex').slice(0, 8)
  const plain = toSlug(name)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
  const cut = (length: number) => plain.slice(0, length).replace(/-+$/, '')
  return [...new Set([cut(40), `${cut(31)}-${hash}`, `group-${hash}`])].filter((hint) => /^[a-z]./.test(hint))
}
