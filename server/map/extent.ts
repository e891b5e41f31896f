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

/** The smallest bounds that hold both; across the antimeridian, their west is greater than their east. */
export function joinBounds(a: Mark['bounds'], b: Mark['bounds']): Mark['bounds'] {
  const spans = [a, b].flatMap(([west]) => [a, b].map(([, , east]) => ({ west, east })))
  const narrowest = spans.filter((span) => holds(span, a) && holds(span, b)).sort((one, other) => width(one) - width(other))[0]
  const { west, east } = narrowest ?? { west: -180, east: 180 }
  return [west, Math.min(a[1], b[1]), east, Math.max(a[3], b[3])]
}

interface Span {
  west: number
  east: number
}

function holds(span: Span, [west, , east]: Mark['bounds']): boolean {
  return width({ west: span.west, east: west }) + width({ west, east }) <= width(span)
}

/** Degrees eastward. */
function width({ west, east }: Span): number {
  return east >= west ? east - west : east - west + 360
}
