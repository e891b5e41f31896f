import { createHash } from 'node:crypto'
import type { Db } from '../db/tables.ts'
import type { Group } from '../schema-types.ts'
import { toSlug } from '../text/fold.ts'
import type { Translate } from '../text/translate.ts'
import { type Draft, toDraft } from './check-draft.ts'
import type { Format } from './format/formats.ts'
import { readers } from './format/read.ts'
import { importSource } from './import-source.ts'
import type { ImportReport } from './report.ts'
import type { RefusedRecord, SourceRecord } from './source-record.ts'

export interface ForeignImport {
  format: Format
  text: AsyncIterable<string>
  /** The name under which the source is known from now on. */
  source: string
  publicUrl: string
  at: string
  t: Translate
  dryRun?: boolean
  partial?: boolean
}

/**
 * Brings in a file as everything that one source holds: what was edited here is kept, what is no longer in the file is marked as gone.
 * A record is known by its `id`, else by its short name, else by its name. Unless `partial`, nothing is written if something is refused.
 */
export async function importForeign(
  db: Db,
  { format, text, publicUrl, t, partial, ...input }: ForeignImport,
): Promise<ImportReport & { written: boolean }> {
  const records = new Map<string, SourceRecord>()
  const refused: RefusedRecord[] = []
  for await (const entry of readers[format](text)) {
    const draft = toDraft(entry, publicUrl)
    const record = toSourceRecord(draft)
    if (draft.faults.length > 0) refused.push({ sourceId: `line ${draft.line}`, reason: sayFaults(draft, t) })
    else if (records.has(record.sourceId)) refused.push({ sourceId: record.sourceId, reason: `line ${draft.line}: it is in the file already` })
    else records.set(record.sourceId, record)
  }
  const all = { ...input, records: [...records.values()], refused }
  const trial = await importSource(db, { ...all, dryRun: true })
  if (input.dryRun || (trial.refused.length > 0 && !partial)) return { ...trial, written: false }
  return { ...(await importSource(db, all)), written: true }
}

function toSourceRecord({ group: { shortName, ...group }, facts: { id } }: Draft): SourceRecord {
  const name = typeof shortName === 'string' ? shortName : String(group.name ?? '')
  const sourceId = (id ?? name).slice(0, 200)
  return { sourceId, group: group as unknown as Omit<Group, 'shortName'>, shortNameHints: hints(name, sourceId) }
}

function hints(name: string, sourceId: string): string[] {
  const hash = createHash('sha256').update(sourceId).digest('hex').slice(0, 8)
  const plain = toSlug(name)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
  const cut = (length: number) => plain.slice(0, length).replace(/-+$/, '')
  return [...new Set([cut(40), `${cut(31)}-${hash}`, `group-${hash}`])].filter((hint) => /^[a-z]./.test(hint))
}

function sayFaults({ faults }: Draft, t: Translate): string {
  return faults.map(({ field, message }) => `${field && `${field}: `}${t(message.key, message.values)}`).join(' ')
}
