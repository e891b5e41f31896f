import type { Fault } from '../errors.ts'
import type { Translate } from '../text/translate.ts'

/** What both kinds of import report: what was refused, what may be a duplicate, what is missing. */
export interface Findings {
  /** How many records were refused; `refusals` says every fault of each. `line` counts records in JSON and GeoJSON; `id` is the source's own. */
  refused: number
  refusals: { line?: number; id?: string; field: string; reason: string }[]
  /** New records that may be groups which are here already, or twice in the file. */
  duplicates: { line?: number; shortName: string; like: string[] }[]
  /** New records that stand among so many others that they were compared with only some of them. */
  crowded: number
  /** Dates and numbers that the server keeps and a table spoilt: set aside, what is known here stays. */
  spoilt: { line?: number; field: string; reason: string }[]
  /** Pictures that records show and that are neither here nor in the archive. */
  missingPictures: { line?: number; shortName: string; url: string }[]
  pictures: number
  /** Ecosystems, and records with private facts, that were read without leave to take them. */
  setAside: number
  /** False after a dry run, and when something was refused without leave to import the rest. */
  written: boolean
}

/** What an import from a source did, or would do. */
export interface ImportReport extends Findings {
  source: string
  read: number
  added: string[]
  changed: string[]
  /** No longer in the source; they stay listed and say so. */
  gone: string[]
  /** In the source again. */
  returned: string[]
  /** Left as they are here: the fields edited here that the source would have overwritten, or why. */
  kept: { shortName: string; fields: string[]; why?: 'deleted' | 'here' }[]
  unchanged: number
  /** Something could not be read so far that it is known which group it is: nothing was marked as gone. */
  isBlind: boolean
  /** The source holds too little of what was known of it to be believed. */
  shrunk?: { known: number; present: number }
}

export function emptyFindings(): Findings {
  const lists = { refusals: [], duplicates: [], spoilt: [], missingPictures: [] }
  return { refused: 0, crowded: 0, pictures: 0, setAside: 0, written: false, ...lists }
}

/** Faults of a line, said. */
export function toRefusals(line: number, faults: Fault[], t: Translate): { line: number; field: string; reason: string }[] {
  return faults.map(({ field, message }) => ({ line, field, reason: t(message.key, message.values) }))
}

/** The report as lines for a terminal. */
export function describeReport(report: ImportReport): string {
  const { source, read, added, changed, gone, returned, kept, unchanged, refused } = report
  return [
    `${source}: ${read} read, ${added.length} added, ${changed.length} changed, ${gone.length} gone, ` +
      `${returned.length} returned, ${kept.length} kept, ${unchanged} unchanged, ${refused} refused.`,
    ...(report.pictures > 0 ? [`Pictures added: ${report.pictures}.`] : []),
    ...(report.setAside > 0 ? [`Ecosystems and records with private facts, set aside: ${report.setAside}.`] : []),
    ...section('Added', added),
    ...section('Changed', changed),
    ...section('Gone from the source, still listed', gone),
    ...(report.isBlind ? ['Nothing is called gone: it is not known which groups some of what is refused is of.'] : []),
    ...section('Returned', returned),
    ...section(
      'Kept as they are here',
      kept.map(({ shortName, fields, why }) => (why ? `${shortName}: ${reasons[why]}` : `${shortName} (${fields.join(', ')})`)),
    ),
    ...describeFindings(report, 'Line'),
    ...(report.written ? [] : [endingOf(report)]),
  ].join('\n')
}

const reasons = { deleted: 'it was deleted here', here: 'it is here already, and not from this source' }

function endingOf({ source, shrunk, refused }: ImportReport): string {
  if (shrunk?.known === 0) return 'Nothing was written: there is nothing in it.'
  if (shrunk)
    return `Nothing was written: of ${shrunk.known} groups that ${source} held, ${shrunk.present} are in it now. If that is so, say --many-gone.`
  return notWritten(refused)
}

export function notWritten(refused: number): string {
  return refused > 0 ? 'Nothing was written: correct what is refused, or import the rest with --partial.' : 'Nothing was written.'
}

/** Each refusal is said, however many there are: who mends the file needs them all. */
export function describeFindings({ duplicates, crowded, spoilt, missingPictures, refusals }: Findings, lineName: string): string[] {
  const at = ({ line, id, field = '' }: { line?: number; id?: string; field?: string }) =>
    [line === undefined ? id : `${lineName} ${line}`, field].filter(Boolean).join(', ')
  return [
    ...section(
      'Possible duplicates, added all the same',
      duplicates.map((one) => `${[at(one), one.shortName].filter(Boolean).join(', ')}: like ${one.like.join(', ')}`),
    ),
    ...(crowded > 0 ? [`Not compared with every group near them, for there are too many: ${crowded}.`] : []),
    ...section(
      'Set aside because it cannot be read; what is known here stays',
      spoilt.map((one) => `${at(one)}: ${one.reason}`),
    ),
    ...section(
      'Pictures that are neither here nor in an archive',
      missingPictures.map((one) => `${[at(one), one.shortName].filter(Boolean).join(', ')}: ${one.url}`),
    ),
    ...section(
      'Refused',
      refusals.map((one) => `${at(one)}: ${one.reason}`.replace(/^: /, '')),
      Number.POSITIVE_INFINITY,
    ),
  ]
}

const mostNames = 20

export function section(title: string, names: string[], most = mostNames): string[] {
  if (names.length === 0) return []
  const more = names.length > most ? [`  … and ${names.length - most} more`] : []
  return [`${title}:`, ...names.slice(0, most).map((name) => `  ${name}`), ...more]
}
