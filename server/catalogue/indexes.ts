import type { Snapshot } from './snapshot.ts'

/** Several values a group: those of slot `s` are `values[starts[s] … starts[s + 1])`. */
export interface Lists {
  starts: Uint32Array
  values: Uint32Array
}

/** The ways into a snapshot, made of its columns. */
export interface Indexes {
  /** Slot by group number, −1 where there is none. */
  slotOf: Int32Array
  /** Slots by keyword, ascending. */
  groupsOf: Lists
  /** Slots by band of latitude, south first, without those that have no position. */
  bands: Lists
  /** How many groups have each tag. */
  tagTotals: Uint32Array
  /** A keyword as most groups write it. */
  keywordLabels: string[]
}

type Columns = Omit<Snapshot, keyof Indexes>

/** The band of latitude that holds this latitude: a tenth of a degree, 1800 of them. */
export function bandOf(lat: number): number {
  return Math.max(0, Math.min(1799, Math.floor((lat + 90) * 10)))
}

/** Kilometres from one band to the next. */
export const bandHeight = 11.1

export function indexesOf(columns: Columns): Indexes {
  const tagTotals = totalsOf(columns)
  const keywordLabels = labelsOf(columns, tagTotals)
  return { slotOf: slotsByNumber(columns), groupsOf: groupsByKeyword(columns), bands: bandsOf(columns), tagTotals, keywordLabels }
}

function slotsByNumber({ size, num }: Columns): Int32Array {
  let last = 0
  for (let slot = 0; slot < size; slot++) if (num[slot]! > last) last = num[slot]!
  const slots = new Int32Array(last + 1).fill(-1)
  for (let slot = 0; slot < size; slot++) slots[num[slot]!] = slot
  return slots
}

function totalsOf({ tags, tagNames }: Columns): Uint32Array {
  const totals = new Uint32Array(tagNames.values.length)
  for (const tag of tags.values) totals[tag]!++
  return totals
}

function labelsOf({ tagNames, keywordOf, keywordNames }: Columns, counts: Uint32Array): string[] {
  const best = new Uint32Array(keywordNames.values.length)
  for (let tag = 1; tag < counts.length; tag++) {
    const known = best[keywordOf[tag]!]!
    const isBetter = counts[tag]! > counts[known]! || (counts[tag] === counts[known] && tagNames.values[tag]! < tagNames.values[known]!)
    if (known === 0 || isBetter) best[keywordOf[tag]!] = tag
  }
  return Array.from(best, (tag) => tagNames.values[tag]!)
}

function groupsByKeyword({ size, tags, keywordOf, keywordNames }: Columns): Lists {
  const starts = new Uint32Array(keywordNames.values.length + 1)
  for (const tag of tags.values) starts[keywordOf[tag]! + 1]!++
  for (let keyword = 1; keyword < starts.length; keyword++) starts[keyword]! += starts[keyword - 1]!
  const values = new Uint32Array(tags.values.length)
  const filled = starts.slice()
  for (let slot = 0; slot < size; slot++) {
    for (let at = tags.starts[slot]!; at < tags.starts[slot + 1]!; at++) values[filled[keywordOf[tags.values[at]!]!]!++] = slot
  }
  return { starts, values }
}

function bandsOf({ size, lat }: Columns): Lists {
  const starts = new Uint32Array(1801)
  for (let slot = 0; slot < size; slot++) if (!Number.isNaN(lat[slot]!)) starts[bandOf(lat[slot]!) + 1]!++
  for (let band = 0; band < 1800; band++) starts[band + 1]! += starts[band]!
  const values = new Uint32Array(starts[1800]!)
  const filled = starts.slice()
  for (let slot = 0; slot < size; slot++) if (!Number.isNaN(lat[slot]!)) values[filled[bandOf(lat[slot]!)]!++] = slot
  return { starts, values }
}
