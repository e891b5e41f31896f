import type { Db } from '../db/tables.ts'
import { noteSeen, type SourceStep, writeSteps } from './actions.ts'
import { planGone } from './plan-gone.ts'
import { planSource, refuseRecord, type SourceInput, startSource } from './plan-source.ts'
import type { ImportReport } from './report.ts'
import type { RefusedRecord, SourceRecord } from './source-record.ts'

export interface SourceImport extends SourceInput {
  records: SourceRecord[]
  /** What the reader of the source could not take. */
  refused: RefusedRecord[]
}

/**
 * Brings everything a source holds into the directory: adds, updates, and marks what is gone from it.
 * Fields edited here and records claimed or deleted here stay as they are. All or nothing, save what is refused; a dry run writes nothing.
 */
export async function importSource(db: Db, { records, refused, ...input }: SourceImport): Promise<ImportReport> {
  const run = startSource(db, input)
  const { report } = run
  for (const { sourceId, reason } of refused) {
    report.read++
    refuseRecord(run, { id: sourceId }, [{ field: '', message: { key: reason } }], [sourceId])
  }
  const steps: SourceStep[] = await planSource(
    run,
    records.toSorted((a, b) => (a.sourceId < b.sourceId ? -1 : 1)),
  )
  for await (const gone of planGone(run)) steps.push(...gone)
  if (input.dryRun || report.shrunk) return report
  if (steps.length > 0) await writeSteps(db, steps, { at: input.at, via: 'import', author: input.source })
  await noteSeen(db, input.source, input.at)
  report.written = true
  return report
}
