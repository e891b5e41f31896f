import { decodeArcs, joinArcs, type MapFile } from '../map-file.ts'
import type { Place } from './places.ts'

export interface CountryLabel {
  code: string
  lng: number
  lat: number
  /** From this zoom on the name fits. */
  zoom: number
  /** Of the name, in pixels, about. */
  width: number
}

/** Longitude, latitude, zoom from which it is shown, code: the browser knows the name in its reader's language. */
export type CountryRow = [number, number, number, string]

/** Further in, towns are enough. */
export const LAST_COUNTRY_ZOOM = 6

/** Degrees, at zoom 4. */
const PIXEL = 360 / (256 * 2 ** 4)

type Position = [number, number]

/** Where the names of countries stand, largest country first: as far from coasts, borders and the capital as a wide text can be. `names` by code,
 *  for their length. */
export function labelCountries(world: MapFile, names: Map<string, string>, places: Place[]): CountryLabel[] {
  const capitals = new Map(places.filter(({ isCapital }) => isCapital).map(({ country, lng, lat }) => [country, toPlane([lng, lat])]))
  const arcs = decodeArcs(world)
  const labels = Object.entries(world.countries ?? {}).flatMap(([code, polygons]): (CountryLabel & { size: number })[] => {
    const rings = polygons.map(([outer]) => joinArcs(outer!, arcs).map(toPlane))
    const largest = rings.sort((a, b) => areaOf(b) - areaOf(a))[0]
    if (!largest || code === 'AQ') return []
    const width = (names.get(code) ?? '').length * 8
    const { at, reach } = widestPoint(largest, capitals.get(code), width)
    // `reach` is half the room, in degrees; a name may run a little over its borders, as in an atlas.
    const zoom = Math.max(3, Math.ceil(Math.log2(width / ((2.6 * reach * 256) / 360))))
    const [lng, lat] = fromPlane(at)
    return zoom > LAST_COUNTRY_ZOOM ? [] : [{ code, lng: round(lng), lat: round(lat), zoom, width, size: areaOf(largest) }]
  })
  return labels.sort((a, b) => b.size - a.size).map(({ size: _, ...label }) => label)
}

export function toCountryRow({ lng, lat, zoom, code }: CountryLabel): CountryRow {
  return [lng, lat, zoom, code]
}

/** Of a lattice of points, the one with the widest free ellipse, four times as wide as high; clear of the capital's name where there is room for both. */
function widestPoint(ring: Position[], capital: Position | undefined, width: number): { at: Position; reach: number } {
  const [xs, ys] = [ring.map(([x]) => x), ring.map(([, y]) => y)]
  const [w, e, s, n] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const lattice = Array.from(
    { length: 39 * 39 },
    (_, i): Position => [w + ((e - w) * ((i % 39) + 1)) / 40, s + ((n - s) * (Math.floor(i / 39) + 1)) / 40],
  )
  const free = lattice
    .filter((at) => isInside(at, ring))
    .map((at) => ({ at, reach: Math.min(...ring.slice(1).map((point, k) => distance(at, ring[k]!, point))) }))
    .sort((a, b) => b.reach - a.reach)
  const widest = free[0] ?? { at: [w, s] as Position, reach: 0 }
  const clear = capital && free.find(({ at: [x, y] }) => Math.abs(y - capital[1]) > 30 * PIXEL || Math.abs(x - capital[0]) > (width / 2 + 30) * PIXEL)
  return clear && clear.reach > 0.6 * widest.reach ? clear : widest
}

/** To a segment, height counting four times. */
function distance([x, y]: Position, [ax, ay]: Position, [bx, by]: Position): number {
  const [dx, dy] = [bx - ax, 4 * (by - ay)]
  const [px, py] = [x - ax, 4 * (y - ay)]
  const along = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy || 1)))
  return Math.hypot(px - along * dx, py - along * dy)
}

function isInside([x, y]: Position, ring: Position[]): boolean {
  const crossings = ring.slice(1).filter(([bx, by], i) => {
    const [ax, ay] = ring[i]!
    return ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax
  })
  return crossings.length % 2 === 1
}

/** Web Mercator, in degrees. */
function toPlane([lng, lat]: Position): Position {
  return [lng, (Math.asinh(Math.tan((lat * Math.PI) / 180)) * 180) / Math.PI]
}

function fromPlane([x, y]: Position): Position {
  return [x, (Math.atan(Math.sinh((y * Math.PI) / 180)) * 180) / Math.PI]
}

function areaOf(ring: Position[]): number {
  return Math.abs(ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i]![0] * y - ring[i]![1] * x, 0)) / 2
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
