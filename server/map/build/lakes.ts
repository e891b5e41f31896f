import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { type Ring, snap } from './units.ts'
import { WORLD_STEP } from './world.ts'

/** Square degrees; smaller ones say nothing at zoom 6. */
const SMALL_LAKE = 0.06

/** The greater lakes on the world's grid. The source's own grid is coarse: its stairs are rounded. */
export function readLakes(text: string): Ring[][] {
  const source = JSON.parse(text) as Topology
  const { features } = feature(source, source.objects.lakes as GeometryCollection)
  const polygons = features.flatMap(({ geometry }) => {
    if (geometry?.type === 'Polygon') return [geometry.coordinates]
    return geometry?.type === 'MultiPolygon' ? geometry.coordinates : []
  })
  return polygons
    .filter(([outer]) => outer && areaOf(outer) >= SMALL_LAKE)
    .map((rings) => rings.map((ring) => snap(round(round(ring)), WORLD_STEP)).filter((ring) => ring.length > 3))
}

/** Each corner cut (Chaikin). */
function round(ring: number[][]): number[][] {
  const cut = ring.slice(1).flatMap(([x, y], i) => {
    const [u, v] = ring[i]!
    return [
      [0.75 * u! + 0.25 * x!, 0.75 * v! + 0.25 * y!],
      [0.25 * u! + 0.75 * x!, 0.25 * v! + 0.75 * y!],
    ]
  })
  return [...cut, cut[0]!]
}

function areaOf(ring: number[][]): number {
  return Math.abs(ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i]![0]! * y! - ring[i]![1]! * x!, 0)) / 2
}
