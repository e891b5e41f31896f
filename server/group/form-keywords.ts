// More than a record may hold, so that what is cut is refused as too many.
const longest = 10_000

/** Keywords as they are typed: one a row or separated by commas; one with a comma in it stands in quotes, as in a CSV file. */
export function readKeywords(text: string): string[] {
  const labels = [...text.slice(0, longest).matchAll(/\s*("((?:[^"]|"")*)"(?=\s*(?:[,\n]|$))|[^,\n]*)\s*(?:[,\n]|$)/g)].map(
    ([, plain = '', quoted]) => (quoted === undefined ? plain : quoted.replaceAll('""', '"')).trim(),
  )
  return labels.filter(Boolean)
}

/** The other way round, commas between. */
export function writeKeywords(labels: string[]): string {
  return labels.map((label) => (/,|^"/.test(label) ? `"${label.replaceAll('"', '""')}"` : label)).join(', ')
}
