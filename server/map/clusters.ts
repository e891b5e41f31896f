import { precisions, type Snapshot } from '../catalogue/snapshot.ts'
import { gridOf, type View } from './grid.ts'

/** A place on the map: one group, several on one spot, or a cluster. Degrees. */
export interface Mark {
  kind: 'group' | 'spot' | 'cluster'
  lat: number
  lng: number
  count: number
  /** West, south, east, north of what it stands for. */
  bounds: [number, number, number, number]
  /** A group of the position that most of its groups share, if there is one. */
  slot: number
  /** Of most of its groups, as the snapshot numbers it; `mixed` when others are elsewhere. */
  country: number
  mixed: boolean
  /** Who they are, in the order of names: of one group or a spot, at most `mostListed`. */
  slots: number[]
}

export const mostListed = 50
const mostMarks = 400
// Nearer than this to a larger mark, in pixels of the cell's side, a mark would hide behind it.
const overlap = 0.72
const placed = precisions.indexOf('place')

/**
 * What to show of these groups in a view: one mark a cell of a grid over the world, so that moving the view changes nothing inside it.
 * Only positions known to the place; at the last zoom what cannot be pulled apart is a spot.
 */
export function clusters(snapshot: Snapshot, slots: Int32Array, view: View): Mark[] {
  for (let zoom = view.zoom; ; zoom--) {
    const tally = countCells(snapshot, slots, { ...view, zoom })
    const marks = joinNear(tally)
    if (marks.length > mostMarks && zoom > 0) continue
    list(snapshot, slots, tally, marks, view.last)
    return marks
  }
}

/** West, south, east, north of all positions, however precise; undefined when there is none. */
export function boundsOf({ lat, lng }: Snapshot, slots: Int32Array): Mark['bounds'] | undefined {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let at = 0; at < slots.length; at++) {
    const [y, x] = [lat[slots[at]!]!, lng[slots[at]!]!]
    if (x < west) west = x
    if (x > east) east = x
    if (y < south) south = y
    if (y > north) north = y
  }
  return west === Infinity ? undefined : [west, south, east, north]
}

interface Tally {
  columns: number
  /** Cell of each of the slots given, −1 outside the view. */
  cellOf: Int32Array
  /** Mark of each cell, filled as they are made. */
  markOf: (Mark | undefined)[]
  marks: { cell: number; mark: Mark; x: number; y: number }[]
}

// Plain loops over the columns, one for each question: all of 100,000 groups in a few milliseconds.
function countCells(snapshot: Snapshot, slots: Int32Array, view: View): Tally {
  const { columns, rows, cellAt, positionIn } = gridOf(view)
  const cellOf = cellsOf(snapshot, slots, cellAt)
  const { counts, bounds, sums } = extents(snapshot, slots, cellOf, columns * rows)
  const { leaders, countries, mixed } = leading(snapshot, slots, cellOf, columns * rows)
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
  return { columns, cellOf, markOf: new Array(columns * rows), marks }
}

function cellsOf({ lat, lng, precision }: Snapshot, slots: Int32Array, cellAt: (lat: number, lng: number) => number): Int32Array {
  const cells = new Int32Array(slots.length)
  for (let at = 0; at < slots.length; at++) {
    const slot = slots[at]!
    const known = precision[slot]!
    cells[at] = known > 0 && known <= placed ? cellAt(lat[slot]!, lng[slot]!) : -1
  }
  return cells
}

function extents({ lat, lng }: Snapshot, slots: Int32Array, cellOf: Int32Array, size: number) {
  const counts = new Uint32Array(size)
  const sums = new Float64Array(size * 2)
  const bounds = new Float64Array(size * 4)
  for (let at = 0; at < slots.length; at++) {
    const cell = cellOf[at]!
    if (cell < 0) continue
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

/** Which position and which country has more than half of a cell, in one pass: each group is weighed against the leader so far. */
function leading({ lat, lng, country }: Snapshot, slots: Int32Array, cellOf: Int32Array, size: number) {
  const leaders = new Int32Array(size).fill(-1)
  const votes = new Int32Array(size)
  const countries = new Uint16Array(size)
  const countryVotes = new Int32Array(size)
  const mixed = new Uint8Array(size)
  for (let at = 0; at < slots.length; at++) {
    const cell = cellOf[at]!
    if (cell < 0) continue
    const slot = slots[at]!
    const leader = leaders[cell]!
    if (leader < 0) countries[cell] = country[slot]!
    else if (countries[cell] !== country[slot]) mixed[cell] = 1
    if (countryVotes[cell] === 0) countries[cell] = country[slot]!
    countryVotes[cell]! += countries[cell] === country[slot] ? 1 : -1
    if (votes[cell] === 0) leaders[cell] = slot
    const isSame = votes[cell] === 0 || (lat[leader] === lat[slot] && lng[leader] === lng[slot])
    votes[cell]! += isSame ? 1 : -1
  }
  return { leaders, countries, mixed }
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

function join(host: Mark, { count, bounds: [west, south, east, north], country, mixed }: Mark): void {
  host.count += count
  host.mixed ||= mixed || country !== host.country
  const [w, s, e, n] = host.bounds
  host.bounds = [Math.min(w, west), Math.min(s, south), Math.max(e, east), Math.max(n, north)]
}

/** Says which marks are one group or one spot, and who is there. */
function list({ lat, lng }: Snapshot, slots: Int32Array, { cellOf, markOf }: Tally, marks: Mark[], last: boolean): void {
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
    const mark = cellOf[at]! < 0 ? undefined : markOf[cellOf[at]!]
    if (mark && mark.kind !== 'cluster' && mark.slots.length < mostListed && listed.has(mark)) mark.slots.push(slots[at]!)
  }
}
