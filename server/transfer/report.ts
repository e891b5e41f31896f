/** What an import did, or would do. */
export interface ImportReport {
  source: string
  read: number
  added: string[]
  changed: string[]
  /** No longer in the source; they stay listed and say so. */
  gone: string[]
  /** In the source again. */
  returned: string[]
  /** Fields edited here that the source would have overwritten: `{shortName, fields}`. */
  kept: { shortName: string; fields: string[] }[]
  unchanged: number
  refused: { id: string; reason: string }[]
}

/** The report as lines for a terminal. */
export function describeReport(report: ImportReport): string {
  const lines = [
    `${report.source}: ${report.read} read, ${report.added.length} added, ${report.changed.length} changed, ${report.gone.length} gone, ` +
      `${report.returned.length} returned, ${report.kept.length} kept, ${report.unchanged} unchanged, ${report.refused.length} refused.`,
    ...section('Added', report.added),
    ...section('Changed', report.changed),
    ...section('Gone from the source, still listed', report.gone),
    ...section('Returned', report.returned),
    ...section(
      'Kept as edited here',
      report.kept.map(({ shortName, fields }) => `${shortName} (${fields.join(', ')})`),
    ),
    ...section(
      'Refused',
      report.refused.map(({ id, reason }) => `${id}: ${reason}`),
    ),
  ]
  return lines.join('\n')
}

const mostNames = 20

export function section(title: string, names: string[]): string[] {
  if (names.length === 0) return []
  const more = names.length > mostNames ? [`  … and ${names.length - mostNames} more`] : []
  return [`${title}:`, ...names.slice(0, mostNames).map((name) => `  ${name}`), ...more]
}
