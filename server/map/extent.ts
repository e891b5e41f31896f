import type { Snapshot } from '../catalogue/snapshot.ts'
import type { Mark } from './clusters.ts'

/** How far the positions of some groups reach, however precise, and how many have none. */
export interface Extent {
  /** Undefined when none has a position. */
  bounds: Mark['bounds'] | undefined
  unplaced: number
}

const listed = new WeakMap<Snapshot, Extent>()

export function extentOf(snapshot: Snapshot, slots: Int32Array): Extent {
  if (slots !== snapshot.listed) return measure(snapshot, slots)
  const known = listed.get(snapshot) ?? measure(snapshot, slots)
  listed.set(snapshot, known)
  return known
}

function measure({ lat, lng }: Snapshot, slots: Int32Array): Extent {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  let unplaced = 0
  for (let at = 0; at < slots.length; at++) {
    const [y, x] = [lat[slots[at]!]!, lng[slots[at]!]!]
    unplaced += Number.isNaN(y) ? 1 : 0
    if (x < west) west = x
    if (x > east) east = x
    if (y < south) south = y
    if (y > north) north = y
  }
  return { bounds: west === Infinity ? undefined : [west, south, east, north], unplaced }
}
