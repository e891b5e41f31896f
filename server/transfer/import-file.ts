import type { KnownWords } from '../db/search.ts'
import type { Db } from '../db/tables.ts'
import { saveEcosystem } from '../ecosystem/actions.ts'
import type { Translate } from '../text/translate.ts'
import { type Planned, writeRecords } from './actions.ts'
import { type Checks, checkEntries, startChecks } from './check-entries.ts'
import { emptyFileReport, type FileReport } from './file-report.ts'
import type { Format } from './format/formats.ts'
import { readers } from './format/read.ts'
import type { PicturesHere } from './pictures.ts'
import { batched, openSpool, type Spool } from './spool.ts'

/** A file to import, and how. */
export interface FileInput {
  /** Its name, for the report. */
  file: string
  format: Format
  text: AsyncIterable<string>
  publicUrl: string
  /** ISO time. */
  at: string
  dryRun?: boolean
  /** Import what is right even if something is refused. */
  partial?: boolean
  /** Which pictures will be here; those that will not are told. */
  pictures?: PicturesHere
  /** Runs when everything was checked and before anything is written; gives the number of pictures added. */
  beforeWriting?: () => Promise<number>
  onProgress?: (doing: 'checked' | 'written', count: number) => void
  /** Stops between two batches; what was written stays, and running again does the rest. */
  signal?: AbortSignal
}

export interface FileImport extends FileInput {
  /** Says why a record is refused. */
  t: Translate
  /** Take what a private export holds besides records: ecosystems, who is listed in them, former names, claims. */
  private?: boolean
  /** The address that this server had when the file was made: what was kept there is kept here. */
  from?: string
}

export const checkedAtOnce = 500
/** A transaction of a second at most: fewer are quicker, longer ones make other writers wait. */
export const writtenAtOnce = 1000

/**
 * Brings the records of a file in our own format into the directory. Everything is checked before anything is written, in constant memory:
 * what is to be written waits in a temporary file. Each batch is one transaction. Throws a 400 when the file cannot be read.
 */
export async function importFile(db: Db, input: FileImport): Promise<FileReport> {
  const report = emptyFileReport(input.file, input.format)
  const spool = await openSpool<Planned>()
  try {
    const checks = startChecks(db, input, report)
    for await (const entries of batched(readers[input.format](input.text), checkedAtOnce)) {
      input.signal?.throwIfAborted()
      await spool.write(await checkEntries(checks, entries))
      input.onProgress?.('checked', report.read)
    }
    if (input.dryRun || (report.refused > 0 && !input.partial)) return report
    report.pictures = (await input.beforeWriting?.()) ?? 0
    await write(db, input, checks, spool)
    report.written = true
    return report
  } finally {
    await spool.remove()
  }
}

async function write(db: Db, { at, onProgress, signal }: FileImport, { ecosystems }: Checks, spool: Spool<Planned>): Promise<void> {
  for (const ecosystem of ecosystems) await saveEcosystem(db, ecosystem, at)
  const known: KnownWords = new Map()
  let count = 0
  for await (const planned of spool.read(writtenAtOnce)) {
    signal?.throwIfAborted()
    await writeRecords(db, planned, { at, via: 'import' }, known)
    count += planned.length
    onProgress?.('written', count)
  }
}
