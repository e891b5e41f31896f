import { scratch } from '../catalogue/scratch.ts'
import type { Snapshot } from '../catalogue/snapshot.ts'
import { joinBounds } from './extent.ts'
import { type Grid, gridOf, type View } from './grid.ts'

/** A place on the map: one group, several on one spot, or a cluster. Degrees. */
export interface Mark {
  kind: 'group' | 'spot' | 'cluster'
  lat: number
  lng: number
  count: number
  /** West, south, east, north of what it stands for. */
  bounds: [number, number, number, number]
  /** A group of the position that most of its groups share, if there is one; any of them where clusters are named by country. */
  slot: number
  /** Of most of its groups, as the snapshot numbers it; `mixed` when others are elsewhere. */
  country: number
  mixed: boolean
  /** Who they are, in the order of names: of one group or a spot, at most `mostListed`. */
  slots: number[]
}

export const mostListed = 50
/** From here on a cluster is named by a place, before by its country. */
export const namedFrom = 6
const mostMarks = 400
// Nearer than this to a larger mark, in pixels of the cell's side, a mark would hide behind it.
const overlap = 0.72

/**
 * What to show of these groups in a view: one mark a cell of a grid over the world, so that moving the view changes nothing inside it.
 * Only positions known to the place; at the last zoom what cannot be pulled apart is a spot.
 */
export function clusters(snapshot: Snapshot, slots: Int32Array, view: View): Mark[] {
  // Too many marks are counted again in larger cells, and named all the same.
  const isNamed = view.last || view.zoom >= namedFrom
  for (let zoom = view.zoom; ; zoom--) {
    const tally = countCells(snapshot, slots, { ...view, zoom }, isNamed)
    const marks = joinNear(tally)
    if (marks.length > mostMarks && zoom > 0) continue
    list(snapshot, tally, marks, view.last)
    return marks
  }
}

interface Tally {
  columns: number
  seen: Seen
  /** Mark of each cell, filled as they are made. */
  markOf: (Mark | undefined)[]
  marks: { cell: number; mark: Mark; x: number; y: number }[]
}

/** The slots that are in the view, and the cell of each. */
interface Seen {
  slots: Int32Array
  cells: Int32Array
}

// Plain loops over the columns, one for each question: all of 100,000 groups in a few milliseconds.
function countCells(snapshot: Snapshot, slots: Int32Array, view: View, isNamed: boolean): Tally {
  const grid = gridOf(view)
  const { columns, rows, positionIn } = grid
  const seen = look(snapshot, slots, grid)
  const { counts, bounds, sums } = extents(snapshot, seen, columns * rows)
  const { countries, mixed } = homes(snapshot, seen, columns * rows)
  const leaders = isNamed ? leading(snapshot, seen, columns * rows) : anyOf(seen, columns * rows)
  const marks: Tally['marks'] = []
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell]!
    if (count === 0) continue
    const [west, south, east, north] = bounds.subarray(cell * 4, cell * 4 + 4) as unknown as Mark['bounds']
    // Sums of equal numbers do not divide back exactly.
    const lat = south === north ? south : sums[cell * 2]! / count
    const lng = west === east ? west : sums[cell * 2 + 1]! / count
    const who = { slot: leaders[cell]!, country: countries[cell]!, mixed: mixed[cell] === 1, slots: [] }
    marks.push({ cell, mark: { kind: 'cluster', lat, lng, count, bounds: [west, south, east, north], ...who }, ...positionIn(lat, lng) })
  }
  return { columns, seen, markOf: new Array(columns * rows), marks }
}

const seenSlots = scratch((size) => new Int32Array(size))
const seenCells = scratch((size) => new Int32Array(size))

/** Without branches, which a processor often guesses wrong: a number is below zero where its highest bit is set. What is nowhere is in no row. */
function look({ x, y }: Snapshot, slots: Int32Array, { columns, rows, left, top, across, shift }: Grid): Seen {
  const seen = { slots: seenSlots(slots.length), cells: seenCells(slots.length) }
  let size = 0
  for (let at = 0; at < slots.length; at++) {
    const slot = slots[at]!
    const column = ((x[slot]! >>> shift) - left) & (across - 1)
    const row = (y[slot]! >>> shift) - top
    seen.slots[size] = slot
    seen.cells[size] = row * columns + column
    size += ((column - columns) & (row - rows) & ~row) >>> 31
  }
  return { slots: seen.slots.subarray(0, size), cells: seen.cells.subarray(0, size) }
}

function extents({ lat, lng }: Snapshot, { slots, cells }: Seen, size: number) {
  const counts = new Uint32Array(size)
  const sums = new Float64Array(size * 2)
  const bounds = new Float64Array(size * 4)
  for (let at = 0; at < slots.length; at++) {
    const cell = cells[at]!
    const y = lat[slots[at]!]!
    const x = lng[slots[at]!]!
    const box = cell * 4
    const isFirst = counts[cell]!++ === 0
    if (isFirst || x < bounds[box]!) bounds[box] = x
    if (isFirst || y < bounds[box + 1]!) bounds[box + 1] = y
    if (isFirst || x > bounds[box + 2]!) bounds[box + 2] = x
    if (isFirst || y > bounds[box + 3]!) bounds[box + 3] = y
    sums[cell * 2]! += y
    sums[cell * 2 + 1]! += x
  }
  return { counts, sums, bounds }
}

/** The country that more than half of a cell's groups are in, if one is: each group is weighed against the leader so far. */
function homes({ country }: Snapshot, { slots, cells }: Seen, size: number) {
  const countries = new Uint32Array(size)
  const votes = new Int32Array(size)
  const mixed = new Uint8Array(size)
  for (let at = 0; at < slots.length; at++) {
    const cell = cells[at]!
    const home = country[slots[at]!]!
    if (votes[cell] === 0) countries[cell] = home
    const isOther = countries[cell] === home ? 0 : 1
    mixed[cell]! |= isOther
    votes[cell]! += 1 - 2 * isOther
  }
  return { countries, mixed }
}

/** A group of the position that more than half of a cell's groups share, in the same way. */
function leading({ x, y }: Snapshot, { slots, cells }: Seen, size: number): Int32Array {
  const leaders = new Int32Array(size)
  const votes = new Int32Array(size)
  for (let at = 0; at < slots.length; at++) {
    const cell = cells[at]!
    const slot = slots[at]!
    if (votes[cell] === 0) leaders[cell] = slot
    const leader = leaders[cell]!
    votes[cell]! += x[leader] === x[slot] && y[leader] === y[slot] ? 1 : -1
  }
  return leaders
}

/** Any group of a cell. */
function anyOf({ slots, cells }: Seen, size: number): Int32Array {
  const found = new Int32Array(size)
  for (let at = 0; at < slots.length; at++) found[cells[at]!] = slots[at]!
  return found
}

/** The largest first; what would lie over it from a cell beside joins it, so that no two marks of the answer touch. */
function joinNear({ columns, markOf, marks }: Tally): Mark[] {
  const kept = new Map<number, Tally['marks'][number]>()
  for (const one of marks.toSorted((a, b) => b.mark.count - a.mark.count || a.cell - b.cell)) {
    const beside = [-columns - 1, -columns, -columns + 1, -1, 1, columns - 1, columns, columns + 1].map((step) => kept.get(one.cell + step))
    const host = beside.find((other) => other && Math.hypot(other.x - one.x, other.y - one.y) < overlap)
    markOf[one.cell] = host?.mark ?? one.mark
    if (host) join(host.mark, one.mark)
    else kept.set(one.cell, one)
  }
  return [...kept.values()].map(({ mark }) => mark)
}

function join(host: Mark, { count, bounds, country, mixed }: Mark): void {
  host.count += count
  host.mixed ||= mixed || country !== host.country
  host.bounds = joinBounds(host.bounds, bounds)
}

/** Says which marks are one group or one spot, and who is there. */
function list({ lat, lng }: Snapshot, { seen: { slots, cells }, markOf }: Tally, marks: Mark[], last: boolean): void {
  const listed = new Set<Mark>()
  for (const mark of marks) {
    const [west, south, east, north] = mark.bounds
    if (mark.count === 1) mark.kind = 'group'
    else if (last || (west === east && south === north)) mark.kind = 'spot'
    if (mark.kind === 'cluster') continue
    listed.add(mark)
    // The middle of several streets is nobody's place.
    if (mark.kind === 'spot') Object.assign(mark, { lat: lat[mark.slot]!, lng: lng[mark.slot]! })
  }
  if (listed.size === 0) return
  for (let at = 0; at < slots.length; at++) {
    const mark = markOf[cells[at]!]
    if (mark && mark.kind !== 'cluster' && mark.slots.length < mostListed && listed.has(mark)) mark.slots.push(slots[at]!)
  }
}
