import { formats } from '../../text/format.ts'
import { widestDivisions } from './regions.ts'

const widest = widestDivisions()

/** A French department by its number, as ISO 3166-2: `29` as `FR-29`, Paris as `FR-75C`. Empty if it has no code. */
export function districtOf(number: string): string {
  const codes = [`FR-${number}`, `FR-${number}C`]
  return codes.find((code) => widest.get(code)?.startsWith('FR-') && formats('fr').region(code) !== code) ?? ''
}

/** The region of a department: `FR-29` in `FR-BRE`. */
export function regionOfDistrict(code: string): string {
  return code ? (widest.get(code) ?? '') : ''
}
