import { merge } from 'topojson-client'
import { topology } from 'topojson-server'
import type { GeometryCollection, Polygon } from 'topojson-specification'
import type { MapFile } from '../map-file.ts'
import { FINE_STEP } from './slices.ts'
import { collect, indices, pack, share } from './topology.ts'
import { type Ring, snap, type Unit } from './units.ts'

/** Degrees; half a pixel at zoom 6. */
export const WORLD_STEP = 0.01

/** A corner whose triangle is smaller is left out, in squares of the grid. In the far north, where Mercator swells and few live, more is. */
const leastAt = (latitude: number) => (latitude < -60 ? 3000 : Math.abs(latitude) > 60 ? 800 : 70)
/** Square degrees. Smaller islands are left out, except one in each square of some degrees of each country. */
const SMALL_ISLAND = 0.03
const LONELY = 3

/** Every country in large, for zoom 6 and less: `countries` to fill (by ISO code) and `lakes` over them, `coast` and `border` to draw. */
export function makeWorld(units: Unit[], lakes: Ring[][]): MapFile {
  const merged = mergeCountries(units)
  const codes = [...merged.keys()]
  const shared = share(
    codes.map((code) =>
      onlyLarge(merged.get(code)!)
        .map((polygon) => polygon.map(coarse).filter((ring) => ring.length > 3))
        .filter(([outer]) => outer),
    ),
    leastAt,
    WORLD_STEP,
  )
  const water = share([lakes], () => 4, WORLD_STEP)
  const countries = Object.fromEntries(codes.map((code, i) => [code, shared.areas[i]!.arcs]))
  const used = [...new Set(shared.areas.flatMap(indices))]
  const lines = (owners: number) => used.filter((arc) => shared.owners[arc]!.length === owners)
  const first = shared.arcs.length
  const moved = water.areas[0]!.arcs.map((rings) => rings.map((ring) => ring.map((arc) => (arc < 0 ? arc - first : arc + first))))
  return pack([...shared.arcs, ...water.arcs], { countries, coast: lines(1), border: lines(2), lakes: moved }, WORLD_STEP)
}

function mergeCountries(units: Unit[]): Map<string, Ring[][]> {
  const whole = topology({ units: collect(units.map(({ polygons }) => polygons)) })
  const shared = (whole.objects.units as GeometryCollection).geometries as Polygon[]
  const byCountry = Map.groupBy(units.keys(), (i) => units[i]!.country)
  const countries = [...byCountry.keys()].sort().map((code): [string, Ring[][]] => {
    const { coordinates } = merge(
      whole,
      byCountry.get(code)!.map((i) => shared[i]!),
    )
    return [code, coordinates as Ring[][]]
  })
  return new Map(countries)
}

function onlyLarge(polygons: Ring[][]): Ring[][] {
  const seen = new Set<string>()
  const sized = polygons.map((polygon) => ({ polygon, area: areaOf(polygon[0]!) })).sort((a, b) => b.area - a.area)
  return sized.flatMap(({ polygon, area }) => {
    const square = polygon[0]![0]!.map((value) => Math.floor((value * FINE_STEP) / LONELY)).join()
    const isKept = area >= SMALL_ISLAND || !seen.has(square)
    seen.add(square)
    // Enclaves are other countries and stay, whatever their size.
    return isKept ? [polygon] : []
  })
}

function coarse(ring: Ring): Ring {
  return snap(
    ring.map(([x, y]) => [x * FINE_STEP, y * FINE_STEP]),
    WORLD_STEP,
  )
}

function areaOf(ring: Ring): number {
  const twice = ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i]![0] * y - ring[i]![1] * x, 0)
  return (Math.abs(twice) / 2) * FINE_STEP ** 2
}
