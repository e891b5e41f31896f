import { createReadStream } from 'node:fs'
import { basename, join } from 'node:path'
import { addAbortSignal } from 'node:stream'
import { createCatalogue } from '../catalogue/catalogue.ts'
import { keptFile } from '../catalogue/kept.ts'
import type { Db } from '../db/tables.ts'
import { AppError } from '../errors.ts'
import type { Translate } from '../text/translate.ts'
import type { CommandTools, ExportOptions, ImportOptions } from './commands.ts'
import { exportRecords, exportText, send, writeWhole } from './export.ts'
import { describeFileReport } from './file-report.ts'
import { type Format, formatOf, formats } from './format/formats.ts'
import { decodeText } from './format/unreadable.ts'
import { importFile } from './import-file.ts'
import { importForeign } from './import-foreign.ts'
import { openArchive } from './read-archive.ts'
import { describeReport } from './report.ts'
import { writeArchive } from './write-archive.ts'

/** `archipel export`; throws one sentence for the person at the terminal. */
export function runExport(options: ExportOptions, tools: CommandTools): Promise<void> {
  return speaking(tools, () => exportTo(options, tools))
}

/** `archipel import`; the same. */
export function runImport(file: string, options: ImportOptions, tools: CommandTools): Promise<void> {
  return speaking(tools, () => importFrom(file, options, tools))
}

async function exportTo({ out, keyword, format, private: whole }: ExportOptions, { readConfig, withDatabase, clock }: CommandTools): Promise<void> {
  const config = readConfig()
  await withDatabase(config, async (db) => {
    const deps = { db, config, catalogue: createCatalogue({ file: keptFile(config.dataDir) }) }
    if (out?.toLowerCase().endsWith('.zip')) {
      const records = await exportRecords(deps, { format: 'ndjson', keyword, private: whole })
      const place = { publicUrl: config.publicUrl, uploads: join(config.dataDir, 'uploads'), at: clock().toISOString() }
      await writeWhole(out, async (file) => void (await writeArchive(records, file, place)))
      return
    }
    const text = await exportText(deps, { format: format ?? formatOf(out ?? '') ?? 'json', keyword, private: whole })
    await (out === undefined ? send(text, process.stdout) : writeWhole(out, (file) => send(text, file)))
  })
}

async function importFrom(file: string, options: ImportOptions, { readConfig, withDatabase, clock, t }: CommandTools): Promise<void> {
  const config = readConfig()
  const stop = new AbortController()
  const onSignal = () => stop.abort()
  process.once('SIGINT', onSignal)
  const input = await openInput(file, options.format, stop.signal)
  try {
    await withDatabase(config, async (db) => {
      const common = { ...options, ...input, publicUrl: config.publicUrl, at: clock().toISOString(), t: t() }
      if (options.source !== undefined) {
        const report = await importForeign(db, { ...common, source: options.source })
        await prepareStart(db, config.dataDir, options)
        return tell(options, report, describeReport(report), report.refused.length)
      }
      const beforeWriting = async () => (await input.archive?.copyPictures(join(config.dataDir, 'uploads'))) ?? 0
      const report = await importFile(db, { ...common, file: basename(file), beforeWriting, signal: stop.signal, onProgress: progress() })
      await prepareStart(db, config.dataDir, options)
      tell(options, report, describeFileReport(report), report.refused)
    })
  } finally {
    process.off('SIGINT', onSignal)
    input.archive?.close()
  }
}

/** The next start finds the catalogue ready. It does without where it cannot be kept. */
async function prepareStart(db: Db, dataDir: string, { dryRun }: ImportOptions): Promise<void> {
  if (dryRun) return
  const catalogue = createCatalogue({ file: keptFile(dataDir) })
  await catalogue.current(db)
  await catalogue.keep(db).catch(() => {})
}

async function openInput(file: string, given: Format | undefined, signal: AbortSignal) {
  if (file.toLowerCase().endsWith('.zip')) {
    const archive = await openArchive(file)
    return { archive, text: archive.text, format: 'ndjson' as const }
  }
  const format = given ?? formatOf(file)
  if (!format) throw new Error(`Say the format of ${file === '-' ? 'what comes in' : file}: --format ${formats.join(', ')}.`)
  return { format, text: decodeText(bytesOf(file, signal)) }
}

/** Opens the file when it is read, so that whoever reads hears of its absence. */
async function* bytesOf(file: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield* file === '-' ? addAbortSignal(signal, process.stdin) : createReadStream(file, { signal, highWaterMark: 1 << 18 })
}

function tell({ json, partial }: ImportOptions, report: object, words: string, refused: number): void {
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : words}\n`)
  if (refused > 0 && !partial) process.exitCode = 1
}

/** Counts on a terminal, on one line that the report then overwrites. */
function progress(): ((doing: string, count: number) => void) | undefined {
  if (!process.stderr.isTTY) return undefined
  return (doing, count) => process.stderr.write(`\r${count} ${doing}\u001b[K\r`)
}

/** Says what went wrong in a sentence that the person at the terminal can act on. */
async function speaking({ t }: CommandTools, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    throw readable(error as NodeJS.ErrnoException, t())
  }
}

function readable(error: NodeJS.ErrnoException, t: Translate): Error {
  if (error instanceof AppError) return new Error(error.detail ? t(error.detail.key, error.detail.values) : error.message)
  if (error.name === 'AbortError') return new Error('Stopped. What was written stays; run the same command again to do the rest.')
  if (error.code === 'ENOENT') return new Error(`${error.path} does not exist.`)
  if (error.code === 'EISDIR') return new Error('A file is expected, not a folder.')
  return error
}
