import { presimplify } from 'topojson-simplify'
import { topology } from 'topojson-server'
import type { GeometryCollection, MultiPolygon, Topology } from 'topojson-specification'
import type { Ring } from './units.ts'

type Arc = [x: number, y: number][]
export type Area = MultiPolygon

/** Areas that share their lines. `owners[i]` says which areas the arc `i` bounds: one for a coast, two for a border, none where the map was cut. */
export interface Shared {
  areas: Area[]
  arcs: Arc[]
  owners: number[][]
}

/** Finds the lines the areas share and leaves out points that matter less than `least` (squares of the grid). `turn` is 180° on the grid. */
export function share(areas: Ring[][][], least: number, turn: number): Shared {
  const geometries = areas.map((coordinates) => ({ type: 'MultiPolygon' as const, coordinates }))
  const cuts = { type: 'MultiLineString' as const, coordinates: areas.flat(2).flatMap((ring) => cutEdges(ring, turn)) }
  const made = presimplify(topology({ areas: { type: 'GeometryCollection', geometries }, cuts }))
  const shared = (made.objects.areas as GeometryCollection).geometries.map(asArea)
  const cut = new Set(indices(made.objects.cuts))
  const owners: number[][] = made.arcs.map(() => [])
  shared.forEach((area, i) => {
    for (const arc of indices(area)) if (!cut.has(arc) && !owners[arc]!.includes(i)) owners[arc]!.push(i)
  })
  return { areas: shared, arcs: made.arcs.map((arc) => thin(arc, least)), owners }
}

/** The arcs an object is made of, each way round alike. */
export function indices(object: unknown): number[] {
  const { arcs } = object as { arcs?: unknown[] }
  return (arcs ?? []).flat(3).map((arc) => ((arc as number) < 0 ? ~(arc as number) : (arc as number)))
}

/** A TopoJSON file of `objects`, with the arcs they use only. */
export function pack(arcs: Arc[], objects: Record<string, { type: string; arcs: unknown[] } | GeometryCollection>, step: number): Topology {
  const renumbered = new Map<number, number>()
  const number = (arc: number): number => {
    const plain = arc < 0 ? ~arc : arc
    if (!renumbered.has(plain)) renumbered.set(plain, renumbered.size)
    return arc < 0 ? ~renumbered.get(plain)! : renumbered.get(plain)!
  }
  const walk = (value: unknown): unknown => (Array.isArray(value) ? value.map(walk) : number(value as number))
  const packed = (object: object): object => {
    if ('geometries' in object) return { ...object, geometries: (object.geometries as object[]).map(packed) }
    return { ...object, arcs: walk((object as { arcs: unknown }).arcs) }
  }
  const entries = Object.entries(objects).map(([name, object]) => [name, packed(object)])
  const transform = { scale: [step, step], translate: [0, 0] }
  return { type: 'Topology', transform, objects: Object.fromEntries(entries), arcs: [...renumbered.keys()].map((arc) => delta(arcs[arc]!)) } as Topology
}

/** Lines that are no coast: along the antimeridian and the southern end, where the map was cut. Named, they become arcs of their own. */
function cutEdges(ring: Ring, turn: number): Arc[] {
  const isCut = ([x, y]: number[], [u, v]: number[]) => (Math.abs(x!) >= turn && x === u) || (y === v && y! <= (-85 / 180) * turn)
  return ring.slice(1).flatMap((point, i) => (isCut(point, ring[i]!) ? [[ring[i]!, point]] : []))
}

function asArea(geometry: { type: string }): Area {
  const { arcs = [] } = geometry as { arcs?: unknown }
  return { type: 'MultiPolygon', arcs: (geometry.type === 'Polygon' ? [arcs] : arcs) as number[][][] }
}

/** A closed line keeps four points at least: the smallest island stays one. */
function thin(arc: number[][], least: number): Arc {
  const [first, last] = [arc[0]!, arc.at(-1)!]
  const isRing = first[0] === last[0] && first[1] === last[1]
  const weights = arc.map((point) => point[2]!).sort((a, b) => b - a)
  const limit = isRing ? Math.min(least, weights[3] ?? 0) : least
  return arc.filter((point) => point[2]! >= limit).map(([x, y]) => [x!, y!])
}

function delta(arc: Arc): Arc {
  return arc.map(([x, y], i) => (i === 0 ? [x, y] : [x - arc[i - 1]![0], y - arc[i - 1]![1]]))
}
