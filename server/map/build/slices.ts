import { mergeArcs } from 'topojson-client'
import type { MapFile } from '../map-file.ts'
import { indices, pack, type Shared, share } from './topology.ts'
import type { Unit } from './units.ts'

/** West, south, east, north, in degrees. */
export type Box = [number, number, number, number]

export interface Slice {
  /** `FR`, or `RU-3` for a part of a country too large for one file. */
  name: string
  country: string
  /** What it covers, island groups apart. */
  boxes: Box[]
  file: MapFile
}

type Kind = 'coast' | 'border' | 'region' | 'unit'

/** Degrees; about 100 m. */
export const FINE_STEP = 0.001
/** A corner whose triangle is smaller is left out: about half a pixel at zoom 9. In the far north, where Mercator swells and few live, more is. */
const leastAt = (latitude: number) => (Math.abs(latitude) > 60 ? 300 : 14)
/** More points than these, and the country is cut in parts: 30 KB compressed. */
const MOST_POINTS = 13_000

/** Countries cut along their own regions, for zoom 7 and more: `land` to fill; `coast`, `border`, `region` and `unit` (the finest) to draw. */
export function makeSlices(units: Unit[]): Slice[] {
  const shared = share(
    units.map((unit) => unit.polygons),
    leastAt,
    FINE_STEP,
  )
  const byCountry = Map.groupBy(units.keys(), (i) => units[i]!.country)
  return [...byCountry.keys()].sort().flatMap((country) => {
    const parts = split(shared, byCountry.get(country)!)
    return parts.map((part, i) => toSlice(shared, units, part, parts.length > 1 ? `${country}-${i + 1}` : country))
  })
}

function toSlice(shared: Shared, units: Unit[], part: number[], name: string): Slice {
  const lines: Record<Kind, number[]> = { coast: [], border: [], region: [], unit: [] }
  const used = new Set(part.flatMap((i) => indices(shared.areas[i])))
  for (const arc of used) {
    const kind = kindOf(shared.owners[arc]!.map((i) => units[i]!))
    if (kind) lines[kind].push(arc)
  }
  const land = mergeArcs(
    { type: 'Topology', arcs: shared.arcs, objects: {} },
    part.map((i) => shared.areas[i]!),
  )
  const file = pack(shared.arcs, { land: land.arcs, ...lines }, FINE_STEP)
  return { name, country: units[part[0]!]!.country, boxes: boxesOf(shared, part), file }
}

function kindOf([one, other]: Unit[]): Kind | undefined {
  if (!one) return undefined
  if (!other) return 'coast'
  if (one.country !== other.country) return 'border'
  return one.region === other.region ? 'unit' : 'region'
}

/** Halved across its longer side until each part is small enough. */
function split(shared: Shared, part: number[]): number[][] {
  const weight = (i: number) => indices(shared.areas[i]).reduce((sum, arc) => sum + shared.arcs[arc]!.length, 0)
  const total = part.reduce((sum, i) => sum + weight(i), 0)
  if (total <= MOST_POINTS || part.length === 1) return [part]
  const centres = new Map(part.map((i) => [i, middle(boxOf(shared, i))]))
  const spread = (axis: 0 | 1) => Math.max(...part.map((i) => centres.get(i)![axis])) - Math.min(...part.map((i) => centres.get(i)![axis]))
  const axis = spread(0) > spread(1) ? 0 : 1
  const sorted = part.toSorted((a, b) => centres.get(a)![axis] - centres.get(b)![axis])
  let sum = 0
  const half = sorted.findIndex((i) => {
    sum += weight(i)
    return sum >= total / 2
  })
  const cut = Math.min(Math.max(half, 1), sorted.length - 1)
  return [...split(shared, sorted.slice(0, cut)), ...split(shared, sorted.slice(cut))]
}

/** Boxes that come within two degrees of each other are one. */
function boxesOf(shared: Shared, part: number[]): Box[] {
  const boxes: Box[] = []
  for (const polygon of part.flatMap((i) => shared.areas[i]!.arcs)) {
    let box = around(shared, polygon.flat())
    for (let near = boxes.findIndex((other) => isNear(box, other)); near >= 0; near = boxes.findIndex((other) => isNear(box, other)))
      box = join(box, boxes.splice(near, 1)[0]!)
    boxes.push(box)
  }
  return boxes.map(([w, s, e, n]) => [Math.floor(w * 10) / 10, Math.floor(s * 10) / 10, Math.ceil(e * 10) / 10, Math.ceil(n * 10) / 10])
}

function boxOf(shared: Shared, i: number): Box {
  return around(shared, shared.areas[i]!.arcs.flat(2))
}

function around(shared: Shared, arcs: number[]): Box {
  const box: Box = [180, 90, -180, -90]
  for (const arc of arcs)
    for (const [x, y] of shared.arcs[arc < 0 ? ~arc : arc]!) {
      const [lng, lat] = [x * FINE_STEP, y * FINE_STEP]
      box[0] = Math.min(box[0], lng)
      box[1] = Math.min(box[1], lat)
      box[2] = Math.max(box[2], lng)
      box[3] = Math.max(box[3], lat)
    }
  return box
}

function isNear([w, s, e, n]: Box, [west, south, east, north]: Box): boolean {
  return w - 2 < east && e + 2 > west && s - 2 < north && n + 2 > south
}

function join([w, s, e, n]: Box, [west, south, east, north]: Box): Box {
  return [Math.min(w, west), Math.min(s, south), Math.max(e, east), Math.max(n, north)]
}

function middle([w, s, e, n]: Box): [number, number] {
  return [(w + e) / 2, (s + n) / 2]
}
