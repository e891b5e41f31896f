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
 * Only positions known to the place; at the last zoom what cannot be pulled apart is a spot. From west to east.
 */
export function clusters(snapshot: Snapshot, slots: Int32Array, view: View): Mark[] {
  for (let zoom = view.zoom; ; zoom--) {
    const tally = countCells(snapshot, slots, { ...view, zoom })
    const marks = joinNear(tally)
    if (marks.length > mostMarks && zoom > 0) continue
    list(snapshot, slots, tally, marks, view.last)
    return marks.sort((a, b) => a.lng - b.lng || b.lat - a.lat || a.slot - b.slot)
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
  counts: Uint32Array
  marks: { cell: number; mark: Mark; x: number; y: number }[]
}

/** Plain loops over the columns: all of 100,000 groups in two or three milliseconds. */
function countCells(snapshot: Snapshot, slots: Int32Array, view: View): Tally {
  const { lat, lng, precision, country } = snapshot
  const { columns, rows, cellAt, positionIn } = gridOf(view)
  const size = columns * rows
  const cellOf = new Int32Array(slots.length)
  const counts = new Uint32Array(size)
  const sums = new Float64Array(size * 2)
  const bounds = new Float64Array(size * 4)
  // Who leads by more than half, found in one pass by weighing each against the leader so far.
  const leaders = new Int32Array(size)
  const votes = new Int32Array(size)
  const countries = new Uint16Array(size)
  const countryVotes = new Int32Array(size)
  const mixed = new Uint8Array(size)
  for (let at = 0; at < slots.length; at++) {
    const slot = slots[at]!
    const isSure = precision[slot]! > 0 && precision[slot]! <= placed
    const cell = isSure ? cellAt(lat[slot]!, lng[slot]!) : -1
    cellOf[at] = cell
    if (cell < 0) continue
    const [y, x] = [lat[slot]!, lng[slot]!]
    const box = cell * 4
    if (counts[cell]!++ === 0) {
      bounds[box] = bounds[box + 2] = x
      bounds[box + 1] = bounds[box + 3] = y
      leaders[cell] = slot
      countries[cell] = country[slot]!
    } else {
      if (x < bounds[box]!) bounds[box] = x
      else if (x > bounds[box + 2]!) bounds[box + 2] = x
      if (y < bounds[box + 1]!) bounds[box + 1] = y
      else if (y > bounds[box + 3]!) bounds[box + 3] = y
    }
    sums[cell * 2]! += y
    sums[cell * 2 + 1]! += x
    if (votes[cell] === 0) leaders[cell] = slot
    votes[cell]! += lat[leaders[cell]!] === y && lng[leaders[cell]!] === x ? 1 : -1
    if (countries[cell] !== country[slot]) mixed[cell] = 1
    if (countryVotes[cell] === 0) countries[cell] = country[slot]!
    countryVotes[cell]! += countries[cell] === country[slot] ? 1 : -1
  }
  const marks: Tally['marks'] = []
  for (let cell = 0; cell < size; cell++) {
    const count = counts[cell]!
    if (count === 0) continue
    const [south, north, west, east] = [bounds[cell * 4 + 1]!, bounds[cell * 4 + 3]!, bounds[cell * 4]!, bounds[cell * 4 + 2]!]
    // Sums of equal numbers do not divide back exactly.
    const here = { lat: south === north ? south : sums[cell * 2]! / count, lng: west === east ? west : sums[cell * 2 + 1]! / count }
    const mark: Mark = {
      kind: 'cluster',
      ...here,
      count,
      bounds: [west, south, east, north],
      slot: leaders[cell]!,
      country: countries[cell]!,
      mixed: mixed[cell] === 1,
      slots: [],
    }
    marks.push({ cell, mark, ...positionIn(here.lat, here.lng) })
  }
  return { columns, cellOf, markOf: new Array(size), counts, marks }
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
