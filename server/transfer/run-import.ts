import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { addAbortSignal } from 'node:stream'
import { createCatalogue } from '../catalogue/catalogue.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/tables.ts'
import { uploadsFolder } from '../look/uploads.ts'
import type { CommandTools, ImportOptions } from './commands.ts'
import { describeFileReport } from './file-report.ts'
import { type Format, formatOf, formats } from './format/formats.ts'
import { decodeText } from './format/unreadable.ts'
import { importFile } from './import-file.ts'
import { importForeign } from './import-foreign.ts'
import type { PicturesHere } from './pictures.ts'
import { progressOn } from './progress.ts'
import { type Archive, openArchive } from './read-archive.ts'
import { describeReport } from './report.ts'

/** Imports this file as these options ask, and says what was done. */
export async function importFrom(file: string, options: ImportOptions, tools: CommandTools, signal: AbortSignal): Promise<void> {
  const { source, from } = options
  if (source !== undefined && (options.private || from))
    throw new Error('--private and --from are for exports of our own, --source for what another directory holds: choose.')
  const config = tools.readConfig()
  const input = await openInput(file, options.format, signal)
  try {
    if (options.dryRun) await input.archive?.checkPictures()
    await tools.withDatabase(config, async (db) => {
      const common = {
        ...{ ...options, ...input, publicUrl: config.publicUrl, at: tools.clock().toISOString(), t: tools.t(), signal },
        ...{ file: basename(file), pictures: picturesHere(config, input.archive), onProgress: progressOn(tools.stderr) },
        beforeWriting: async () => (await input.archive?.copyPictures(uploadsFolder(config))) ?? 0,
      }
      const report = source === undefined ? await importFile(db, common) : await importForeign(db, { ...common, source })
      if (report.written) await prepareStart(db, config.dataDir)
      const words = 'source' in report ? describeReport(report) : describeFileReport(report)
      tools.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : words}\n`)
      if ((report.refused > 0 && !options.partial) || ('shrunk' in report && report.shrunk)) process.exitCode = 1
    })
  } finally {
    input.archive?.close()
  }
}

/** The next start finds the catalogue ready. It does without where it cannot be kept. */
async function prepareStart(db: Db, dataDir: string): Promise<void> {
  const catalogue = createCatalogue({ dataDir })
  await catalogue.find(db, await catalogue.current(db), [])
  await catalogue.keep(db).catch(() => {})
}

interface Input {
  archive?: Archive
  format: Format
  text: AsyncIterable<string>
}

async function openInput(file: string, given: Format | undefined, signal: AbortSignal): Promise<Input> {
  if (file.toLowerCase().endsWith('.zip')) {
    const archive = await openArchive(file)
    return { archive, text: archive.text, format: 'ndjson' }
  }
  const format = given ?? formatOf(file)
  if (!format) throw new Error(`Say the format of ${file === '-' ? 'what comes in' : file}: --format ${formats.join(', ')}.`)
  return { format, text: decodeText(bytesOf(file, signal)) }
}

/** Opens the file when it is read, so that whoever reads hears of its absence. */
async function* bytesOf(file: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield* file === '-' ? addAbortSignal(signal, process.stdin) : createReadStream(file, { signal, highWaterMark: 1 << 18 })
}

function picturesHere(config: Config, archive: Archive | undefined): PicturesHere {
  const isKept = (name: string) =>
    access(join(uploadsFolder(config), name)).then(
      () => true,
      () => false,
    )
  return { publicUrl: config.publicUrl, has: (name) => archive?.has(name) || isKept(name) }
}
