import type { Format } from './format/formats.ts'
import type { Reason } from './plan.ts'
import { section } from './report.ts'

/** What the import of a file did, or would do. Short names in the order of the file. */
export interface FileReport {
  file: string
  format: Format
  read: number
  added: string[]
  changed: string[]
  unchanged: number
  /** Left as they are here. */
  kept: { shortName: string; why: Reason }[]
  /** How many records were refused; `refusals` tells of the first thousand faults. `line` counts records in JSON and GeoJSON. */
  refused: number
  refusals: { line: number; field: string; reason: string }[]
  /** New records that may be groups which are here already, or twice in the file. */
  duplicates: { line: number; shortName: string; like: string[] }[]
  /** Keywords of ecosystems that were not registered here. */
  ecosystems: string[]
  pictures: number
  /** Ecosystems, and records with private facts, that were read without leave to take them. */
  setAside: number
  /** False after a dry run, and when something was refused without leave to import the rest. */
  written: boolean
}

export const mostRefusals = 1000

export function emptyFileReport(file: string, format: Format): FileReport {
  const lists = { added: [], changed: [], kept: [], refusals: [], duplicates: [], ecosystems: [] }
  return { file, format, read: 0, unchanged: 0, refused: 0, pictures: 0, setAside: 0, written: false, ...lists }
}

/** The report as lines for a terminal. */
export function describeFileReport(report: FileReport): string {
  const { file, format, read, added, changed, unchanged, kept, refused, duplicates, ecosystems, pictures, setAside } = report
  const lineName = format === 'json' || format === 'geojson' ? 'Record' : 'Line'
  return [
    `${file}: ${read} read, ${added.length} added, ${changed.length} changed, ${unchanged} unchanged, ${kept.length} kept, ${refused} refused.`,
    ...(ecosystems.length + pictures > 0 ? [`Ecosystems added: ${ecosystems.length}. Pictures added: ${pictures}.`] : []),
    ...(setAside > 0 ? [`Private facts set aside: ${setAside}. Take them with --private.`] : []),
    ...section('Added', added),
    ...section('Changed', changed),
    ...section(
      'Kept as they are here',
      kept.map(({ shortName, why }) => `${shortName}: ${reasons[why]}`),
    ),
    ...section(
      'Possible duplicates, added all the same',
      duplicates.map(({ line, shortName, like }) => `${lineName} ${line}, ${shortName}: like ${like.join(', ')}`),
    ),
    ...section(
      'Refused',
      report.refusals.map(({ line, field, reason }) => `${lineName} ${line}${field && `, ${field}`}: ${reason}`),
    ),
    ...ending(report),
  ].join('\n')
}

const reasons: Record<Reason, string> = {
  deleted: 'it was deleted here',
  claimed: 'its animators look after it here',
  newer: 'it was changed here after this file was made',
  copy: 'it is a copy, changed by its own server alone',
  origin: 'it is kept elsewhere than the file says',
}

function ending({ written, refused }: FileReport): string[] {
  if (written) return []
  return [refused > 0 ? 'Nothing was written: correct what is refused, or import the rest with --partial.' : 'Nothing was written.']
}
