import type { Polygon, Ring } from './package-data.ts'

/**
 * A point that stands for an area: `[longitude, latitude]`, inside the largest of its polygons. It is the centre of gravity
 * where that lies inside, else the middle of the widest stretch at the same latitude. Flat geometry: good enough for a pin.
 */
export function interiorPoint(polygons: Polygon[]): [number, number] | undefined {
  const largest = polygons.reduce<Polygon | undefined>((best, one) => (best && size(best) >= size(one) ? best : one), undefined)
  if (!largest?.[0] || size(largest) === 0) return undefined
  const [longitude, latitude] = centroid(largest[0])
  const stretches = stretchesAt(largest, latitude)
  if (stretches.some(([from, to]) => from < longitude && longitude < to)) return [longitude, latitude]
  const [from, to] = stretches.reduce((widest, one) => (one[1] - one[0] > widest[1] - widest[0] ? one : widest))
  return [(from + to) / 2, latitude]
}

/** The largest area of a list, comparable between latitudes. */
export function size(polygon: Polygon): number {
  const ring = polygon[0] ?? []
  const [, latitude] = ring[0] ?? [0, 0]
  return Math.abs(signedArea(ring)) * Math.cos((latitude * Math.PI) / 180)
}

function signedArea(ring: Ring): number {
  return edges(ring).reduce((sum, [[x1, y1], [x2, y2]]) => sum + (x1 * y2 - x2 * y1) / 2, 0)
}

function centroid(ring: Ring): [number, number] {
  const area = signedArea(ring)
  let [x, y] = [0, 0]
  for (const [[x1, y1], [x2, y2]] of edges(ring)) {
    const cross = x1 * y2 - x2 * y1
    x += (x1 + x2) * cross
    y += (y1 + y2) * cross
  }
  return [x / (6 * area), y / (6 * area)]
}

/** Where the parallel at this latitude runs inside the polygon, holes left out, from west to east. */
function stretchesAt(polygon: Polygon, latitude: number): [number, number][] {
  const crossings = polygon
    .flatMap(edges)
    .filter(([[, y1], [, y2]]) => y1 > latitude !== y2 > latitude)
    .map(([[x1, y1], [x2, y2]]) => x1 + ((latitude - y1) / (y2 - y1)) * (x2 - x1))
    .sort((a, b) => a - b)
  return crossings.flatMap((from, place) => (place % 2 === 0 ? [[from, crossings[place + 1] ?? from] as [number, number]] : []))
}

function edges(ring: Ring): [[number, number], [number, number]][] {
  return ring.map((point, place) => [point, ring[(place + 1) % ring.length]!])
}
