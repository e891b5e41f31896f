import type { GeometryCollection, MultiLineString } from 'geojson'
import { topology } from 'topojson-server'
import { presimplify } from 'topojson-simplify'
import type * as topojson from 'topojson-specification'
import { encodeArc, type MapFile } from '../map-file.ts'
import { type Ring, SOUTH } from './units.ts'

type Arc = [x: number, y: number][]
export type Area = topojson.MultiPolygon

/** Areas that share their lines. `owners[i]` says which areas the arc `i` bounds: one for a coast, two for a border, none where the map was cut. */
export interface Shared {
  areas: Area[]
  arcs: Arc[]
  owners: number[][]
}

/** Finds the lines the areas share, and leaves out the corners whose triangle is smaller than `leastAt(latitude)` squares of the grid of `step` degrees. */
export function share(areas: Ring[][][], leastAt: (latitude: number) => number, step: number): Shared {
  const cuts: MultiLineString = { type: 'MultiLineString', coordinates: areas.flat(2).flatMap((ring) => cutEdges(ring, step)) }
  const made = presimplify(topology({ areas: collect(areas), cuts }))
  const shared = (made.objects.areas as topojson.GeometryCollection).geometries.map(asArea)
  const cut = new Set(indices(made.objects.cuts))
  const owners: number[][] = made.arcs.map(() => [])
  shared.forEach((area, i) => {
    for (const arc of indices(area)) if (!cut.has(arc) && !owners[arc]!.includes(i)) owners[arc]!.push(i)
  })
  return { areas: shared, arcs: made.arcs.map((arc) => thin(arc, leastAt(arc[0]![1]! * step))), owners }
}

/** Areas as `topology` takes them. */
export function collect(areas: Ring[][][]): GeometryCollection {
  return { type: 'GeometryCollection', geometries: areas.map((coordinates) => ({ type: 'MultiPolygon', coordinates })) }
}

/** The arcs an object is made of, each way round alike. */
export function indices(object: unknown): number[] {
  const { arcs } = object as { arcs?: unknown[] }
  return (arcs ?? []).flat(3).map((arc) => ((arc as number) < 0 ? ~(arc as number) : (arc as number)))
}

/** A file of `shapes`, whatever their depth, with the arcs they use only. */
export function pack(arcs: Arc[], shapes: Omit<MapFile, 'step' | 'arcs'>, step: number): MapFile {
  const renumbered = new Map<number, number>()
  const renumber = (arc: number): number => {
    const plain = arc < 0 ? ~arc : arc
    if (!renumbered.has(plain)) renumbered.set(plain, renumbered.size)
    return arc < 0 ? ~renumbered.get(plain)! : renumbered.get(plain)!
  }
  const walk = (value: unknown): unknown => {
    if (typeof value === 'number') return renumber(value)
    if (Array.isArray(value)) return value.map(walk)
    return Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, walk(one)]))
  }
  const renumberedShapes = walk(shapes) as object
  return { step, ...renumberedShapes, arcs: [...renumbered.keys()].map((arc) => encodeArc(arcs[arc]!)) } as MapFile
}

/** Lines that are no coast: along the antimeridian and the southern end, where the map was cut. Named, they become arcs of their own. */
function cutEdges(ring: Ring, step: number): Arc[] {
  const [turn, south] = [Math.round(180 / step), Math.round(SOUTH / step)]
  const isCut = ([x, y]: number[], [u, v]: number[]) => (Math.abs(x!) >= turn && x === u) || (y === v && y! <= south)
  return ring.slice(1).flatMap((point, i) => (isCut(point, ring[i]!) ? [[ring[i]!, point]] : []))
}

function asArea(geometry: topojson.GeometryObject): Area {
  const { arcs = [] } = geometry as { arcs?: topojson.ArcIndexes[] | topojson.ArcIndexes[][] }
  return { type: 'MultiPolygon', arcs: (geometry.type === 'Polygon' ? [arcs] : arcs) as topojson.ArcIndexes[][] }
}

/** A closed line keeps four points at least: the smallest island stays one. */
function thin(arc: number[][], least: number): Arc {
  const [first, last] = [arc[0]!, arc.at(-1)!]
  const isRing = first[0] === last[0] && first[1] === last[1]
  const weights = arc.map((point) => point[2]!).sort((a, b) => b - a)
  const limit = isRing ? Math.min(least, weights[3] ?? 0) : least
  return arc.filter((point) => point[2]! >= limit).map(([x, y]) => [x!, y!])
}
