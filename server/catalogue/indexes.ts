import { nowhere } from './mercator.ts'
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
  /** Slots by cell, row by row: those of listed groups whose place is known. */
  cells: Lists
  /** Slots of listed groups that are known no better than to a region or country, ascending. */
  vague: Int32Array
  /** How many groups have each tag. */
  tagTotals: Uint32Array
  /** A keyword as most groups write it. */
  keywordLabels: string[]
}

type Columns = Omit<Snapshot, keyof Indexes>

/** The world as cells of a tenth of a degree of latitude, south first, by two of longitude, west first. */
export const rowCount = 1800
export const columnCount = 180

export function rowOf(lat: number): number {
  return Math.max(0, Math.min(rowCount - 1, Math.floor((lat + 90) * 10)))
}

export function columnOf(lng: number): number {
  return Math.max(0, Math.min(columnCount - 1, Math.floor((lng + 180) / 2)))
}

/** Kilometres from one row to the next. */
export const rowHeight = 11.1

export function indexesOf(columns: Columns): Indexes {
  const tagTotals = totalsOf(columns)
  const keywordLabels = labelsOf(columns, tagTotals)
  return {
    slotOf: slotsByNumber(columns),
    groupsOf: groupsByKeyword(columns),
    cells: cellsOf(columns),
    vague: vagueOf(columns),
    tagTotals,
    keywordLabels,
  }
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

function vagueOf({ listed, precision, y }: Columns): Int32Array {
  return listed.filter((slot) => precision[slot]! > 0 && y[slot] === nowhere)
}

function cellsOf({ listed, lat, lng, y }: Columns): Lists {
  const somewhere = listed.filter((slot) => y[slot] !== nowhere)
  const cells = somewhere.map((slot) => rowOf(lat[slot]!) * columnCount + columnOf(lng[slot]!))
  const starts = new Uint32Array(rowCount * columnCount + 1)
  for (const cell of cells) starts[cell + 1]!++
  for (let cell = 1; cell < starts.length; cell++) starts[cell]! += starts[cell - 1]!
  const values = new Uint32Array(cells.length)
  const filled = starts.slice()
  for (let at = 0; at < cells.length; at++) values[filled[cells[at]!]!++] = somewhere[at]!
  return { starts, values }
}
