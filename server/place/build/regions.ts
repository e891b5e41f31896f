import { createRequire } from 'node:module'
import { formats } from '../../text/format.ts'
import type { City } from './cities.ts'

interface Shape {
  properties: { iso_3166_2: string | null; iso_a2: string }
  geometry: { type: 'Polygon'; coordinates: Ring[] } | { type: 'MultiPolygon'; coordinates: Ring[][] } | null
}

type Ring = [number, number][]
type Box = [west: number, south: number, east: number, north: number]
interface Area {
  code: string
  box: Box
  polygons: Ring[][]
}

interface Aliases {
  supplemental: { metadata: { alias: { subdivisionAlias: Record<string, { _replacement: string }> } } }
}

interface Containment {
  supplemental: { subdivisionContainment: Record<string, { _contains: string[] }> }
}

const voters = 25
const majority = 0.6

/**
 * The ISO 3166-2 code of each first division of GeoNames (`DE.02`): the shape in which most of its larger places lie, or the
 * widest division around that shape. Only codes that have a name in CLDR; none where the two lists do not agree.
 */
export function regionCodes(cities: City[], naturalEarth: string): Map<string, string> {
  const shapes = (JSON.parse(naturalEarth) as { features: Shape[] }).features.flatMap(toArea)
  // Smallest first: some shapes have no hole where another one lies in them (Moscow).
  const byCountry = Map.groupBy(
    shapes.sort((a, b) => extent(a) - extent(b)),
    ({ code }) => code.slice(0, 2),
  )
  const widest = widestDivisions()
  const divisions = Map.groupBy(cities, ({ country, admin1 }) => `${country}.${admin1}`)
  return new Map(
    [...divisions].flatMap(([division, members]) => {
      const areas = byCountry.get(division.slice(0, 2)) ?? []
      const asked = members.toSorted((a, b) => b.population - a.population).slice(0, voters)
      const votes = asked.flatMap((city) => areas.find((area) => isIn(area, city))?.code ?? []).map((code) => widest.get(code) ?? code)
      const [code, count] = mostFrequent(votes)
      return code && count >= asked.length * majority && formats('en').region(code) !== code ? [[division, code] as const] : []
    }),
  )
}

/** From each subdivision, and from codes of the past, to the division of its country that contains it. */
export function widestDivisions(): Map<string, string> {
  const { supplemental } = createRequire(import.meta.url)('cldr-core/supplemental/subdivisionContainment.json') as Containment
  const parents = new Map(
    Object.entries(supplemental.subdivisionContainment).flatMap(([parent, { _contains }]) => _contains.map((child) => [child, parent] as const)),
  )
  const top = (code: string): string => {
    const parent = parents.get(code)
    return parent && parent.length > 2 ? top(parent) : code
  }
  const aliases = createRequire(import.meta.url)('cldr-core/supplemental/aliases.json') as Aliases
  const renamed = Object.entries(aliases.supplemental.metadata.alias.subdivisionAlias).map(([old, { _replacement }]) => [old, _replacement] as const)
  const codes = [...renamed, ...[...parents.keys()].map((code) => [code, code] as const)]
  return new Map(codes.map(([code, today]) => [toIso(code), toIso(top(today))]))
}

/** `frbre` and `FRBRE` as `FR-BRE`. */
function toIso(code: string): string {
  return `${code.slice(0, 2)}-${code.slice(2)}`.toUpperCase()
}

function toArea({ properties: { iso_3166_2: code, iso_a2: country }, geometry }: Shape): Area[] {
  if (!geometry || !code || !/^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(code) || !code.startsWith(country)) return []
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  const points = polygons.flatMap(([outer = []]) => outer)
  const box = points.reduce<Box>(
    ([west, south, east, north], [lng, lat]) => [Math.min(west, lng), Math.min(south, lat), Math.max(east, lng), Math.max(north, lat)],
    [180, 90, -180, -90],
  )
  return [{ code, box, polygons }]
}

function extent({ box: [west, south, east, north] }: Area): number {
  return (east - west) * (north - south)
}

function isIn({ box: [west, south, east, north], polygons }: Area, { lat, lng }: City): boolean {
  if (lng < west || lng > east || lat < south || lat > north) return false
  return polygons.some((rings) => rings.filter((ring) => isInRing(ring, lng, lat)).length % 2 === 1)
}

function isInRing(ring: Ring, x: number, y: number): boolean {
  let inside = false
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at++) {
    const [[x1, y1], [x2, y2]] = [ring[at]!, ring[before]!]
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside
  }
  return inside
}

function mostFrequent(codes: string[]): [code: string | undefined, count: number] {
  const counts = [...Map.groupBy(codes, (code) => code)].map(([code, all]) => [code, all.length] as const)
  return counts.reduce<[string | undefined, number]>((best, [code, count]) => (count > best[1] ? [code, count] : best), [undefined, 0])
}
