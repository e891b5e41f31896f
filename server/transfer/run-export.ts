import { createCatalogue } from '../catalogue/catalogue.ts'
import { uploadsFolder } from '../look/uploads.ts'
import type { CommandTools, ExportOptions } from './commands.ts'
import { exportRecords, send, writeWhole } from './export.ts'
import { formatOf, writers } from './format/formats.ts'
import { counted, progressOn } from './progress.ts'
import { writeArchive } from './write-archive.ts'

/** Writes what these options ask for. Stopped, it leaves no file. */
export async function exportTo(options: ExportOptions, tools: CommandTools, signal: AbortSignal): Promise<void> {
  const { out, keyword, private: whole } = options
  const config = tools.readConfig()
  const isArchive = out?.toLowerCase().endsWith('.zip') ?? false
  const format = isArchive ? 'ndjson' : (options.format ?? formatOf(out ?? '') ?? 'json')
  if (isArchive && options.format && options.format !== 'ndjson')
    throw new Error(`An archive holds its records as ndjson, not as ${options.format}: leave out --format, or write another file than a .zip.`)
  if (whole && (format === 'csv' || format === 'geojson'))
    tools.stderr.write(`${format} has no place for ecosystems, who is listed in them, former names and claims: json, ndjson and .zip keep them.\n`)
  await tools.withDatabase(config, async (db) => {
    const deps = { db, config, catalogue: createCatalogue(config) }
    const records = await exportRecords(deps, { format, keyword, private: whole })
    if (out === undefined) return send(writers[format](records), tools.stdout, signal)
    const counting = counted(records, progressOn(tools.stderr))
    const place = { publicUrl: config.publicUrl, uploads: uploadsFolder(config), at: tools.clock().toISOString(), signal }
    await writeWhole(out, async (file) => {
      if (isArchive) await writeArchive(counting, file, place)
      else await send(writers[format](counting), file, signal)
    })
  })
}
