import type { Format } from './format/formats.ts'
import type { Reason } from './plan.ts'
import { describeFindings, emptyFindings, type Findings, notWritten, section } from './report.ts'

/** What the import of a file did, or would do. Short names in the order of the file. */
export interface FileReport extends Findings {
  file: string
  format: Format
  read: number
  added: string[]
  changed: string[]
  unchanged: number
  /** Left as they are here. */
  kept: { shortName: string; why: Reason }[]
  /** Keywords of ecosystems that were not registered here. */
  ecosystems: string[]
}

export function emptyFileReport(file: string, format: Format): FileReport {
  return { file, format, read: 0, added: [], changed: [], unchanged: 0, kept: [], ecosystems: [], ...emptyFindings() }
}

/** The report as lines for a terminal. */
export function describeFileReport(report: FileReport): string {
  const { file, format, read, added, changed, unchanged, kept, refused, ecosystems, pictures, setAside } = report
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
    ...describeFindings(report, lineName),
    ...(report.written ? [] : [notWritten(refused)]),
  ].join('\n')
}

const reasons: Record<Reason, string> = {
  deleted: 'it was deleted here',
  claimed: 'its animators look after it here',
  newer: 'it was changed here after this file was made',
  copy: 'it is a copy, changed by its own server alone',
  origin: 'it is kept elsewhere than the file says',
}
