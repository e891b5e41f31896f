import { precisions, type Snapshot } from '../catalogue/snapshot.ts'
import type { Mark } from './clusters.ts'
import { mostListed } from './clusters.ts'
import { joinBounds } from './extent.ts'
import { gridOf, type View } from './grid.ts'

/** Groups somewhere in a country or a region, or in several (`places`) whose signs would lie over each other. */
export interface Area extends Pick<Mark, 'lat' | 'lng' | 'count' | 'bounds' | 'slots'> {
  kind: 'country' | 'region' | 'areas'
  /** The country's or region's number in the snapshot. */
  area: number
  places: number
}

// In sides of a cell of 64 pixels: signs nearer than this are one; a sign keeps this far from all others.
const overlap = 0.9
const reach = 0.62
const directions = [0.65, 1].flatMap((far) =>
  [
    [0, 1],
    [0, -1],
    [1, 0],
    [-1, 0],
    [1, 1],
    [-1, 1],
    [1, -1],
    [-1, -1],
  ].map(([x, y]) => ({ x: x! * far, y: y! * far })),
)
const region = precisions.indexOf('region')
const country = precisions.indexOf('country')

/**
 * What is known no better than to the region or country, one sign each, where their positions say: it is no place to go to.
 * Those that name neither are left out. A sign gives way to the marks of places, as it stands for no point.
 */
export function areas(snapshot: Snapshot, slots: Int32Array, view: View, marks: Pick<Mark, 'lat' | 'lng'>[]): Area[] {
  const { holds, positionIn, pointAt } = gridOf(view)
  const found = tally(snapshot, slots === snapshot.listed ? snapshot.vague : slots).filter(({ lat, lng }) => holds(lat, lng))
  const kept: (Point & { area: Area })[] = []
  for (const area of found.sort((a, b) => b.count - a.count || a.lng - b.lng)) {
    const here = positionIn(area.lat, area.lng)
    const host = view.last ? undefined : kept.find((other) => isNear(other, here, overlap))
    if (host) join(host.area, area)
    else kept.push({ ...here, area })
  }
  const taken = marks.map(({ lat, lng }) => positionIn(lat, lng))
  return kept.map(({ area, ...here }) => {
    const place = [{ x: 0, y: 0 }, ...directions]
      .map(({ x, y }) => ({ x: here.x + x, y: here.y + y }))
      .find((point) => !taken.some((other) => isNear(other, point, reach)))
    taken.push(place ?? here)
    return place && isNear(place, here, 1e-9) ? area : { ...area, ...pointAt(place?.x ?? here.x, place?.y ?? here.y) }
  })
}

interface Point {
  x: number
  y: number
}

function isNear(a: Point, b: Point, most: number): boolean {
  return Math.abs(a.x - b.x) < most && Math.abs(a.y - b.y) < most
}

function tally(snapshot: Snapshot, slots: Int32Array): Area[] {
  const { precision, lat, lng } = snapshot
  const found: Area[] = []
  // By number, where in `found` a region or country is, and 0 while it is nowhere: a map would take several times as long.
  const places = { region: new Uint32Array(snapshot.regionNames.values.length), country: new Uint32Array(snapshot.countryNames.values.length) }
  for (let at = 0; at < slots.length; at++) {
    const slot = slots[at]!
    if (precision[slot]! < region) continue
    const kind = precision[slot] === country ? 'country' : 'region'
    const number = snapshot[kind][slot]!
    if (number === 0) continue
    let area = found[places[kind][number]! - 1]
    if (!area) {
      const [y, x] = [lat[slot]!, lng[slot]!]
      area = { kind, area: number, places: 1, lat: y, lng: x, count: 0, bounds: [x, y, x, y], slots: [] }
      places[kind][number] = found.push(area)
    }
    area.count++
    if (area.slots.length < mostListed) area.slots.push(slot)
  }
  return found
}

function join(host: Area, { bounds, count, places }: Area): void {
  host.bounds = joinBounds(host.bounds, bounds)
  host.kind = 'areas'
  host.count += count
  host.places += places
  host.slots = []
}
