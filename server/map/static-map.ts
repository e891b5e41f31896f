import type { Base, Box, Line, Town } from './base.ts'
import { type Frame, frameOf } from './frame.ts'
import { clipLine, clipRing, type Point, thinLine, toPath } from './plane.ts'

export interface StaticPoint {
  lat: number
  lng: number
  precision: 'exact' | 'place' | 'region' | 'country'
  /** ISO 3166-1 alpha-2: with the precision `country`, that country is tinted. */
  country?: string
  /** A class for its colour; the shape says it too. */
  type?: 'thematic' | 'territorial' | 'support'
}

export interface StaticMapOptions {
  points: StaticPoint[]
  width: number
  height: number
  /** What the map shows, in words; without it the map is only decoration. */
  label?: string
  /** West, south, east, north; else what holds all points, or the world when there are none. */
  view?: Box
  /** How near it may come when there is one point or a few close together: 5 shows a country, 6 half of one. */
  maxZoom?: number
  /** Names of towns in this language, none without it. */
  locale?: string
}

/** Kilometres a shaded circle stands for when only the region is known. */
const REGION_RADIUS = 60
/** From more points on, they are dots without a shape. */
const FEW = 12
const MARGIN = 24
const FAR_ZOOM = 3
const BORDER_ZOOM = 1.5
const MOST_DOTS = 160
const MOST_TOWNS = 6

/**
 * A small map as SVG: no script, its colours by classes (72-base-map.css), so it follows the theme. Positions are drawn as they are known:
 * a mark for a place, a shaded circle for a region, a tinted country for a country. Many points share dots that grow with their number.
 */
export function staticMapSvg(base: Base, options: StaticMapOptions): string {
  const { points, width, height, view, maxZoom = 5, label, locale } = options
  const frame = frameOf(view ?? around(points), { width, height, margin: view || !points.length ? 0 : MARGIN, maxZoom: view ? 20 : maxZoom })
  const { coasts, lakes, borders } = frame.zoom < FAR_ZOOM ? base.far : base.near
  const isFew = points.length <= FEW
  const tinted = new Set(isFew ? points.flatMap(({ precision, country }) => (precision === 'country' && country ? [country] : [])) : [])
  const parts = [
    path('base-land', rings(coasts, frame)),
    path('map-seam', seams(coasts, frame)),
    path(
      'map-area',
      rings(
        [...tinted].flatMap((country) => base.countries.get(country) ?? []),
        frame,
      ),
    ),
    path('base-lake', rings(lakes, frame)),
    frame.zoom >= BORDER_ZOOM ? path('base-border', open(borders, frame)) : '',
    locale ? townNames(base.towns, options, frame) : '',
    isFew ? points.map((point) => mark(point, frame)).join('') : dots(points, frame),
  ]
  const said = label ? `role="img" aria-label="${escaped(label)}"` : 'aria-hidden="true"'
  return `<svg class="static-map" viewBox="0 0 ${width} ${height}" ${said}>${parts.join('')}</svg>`
}

/** The world without points, else what holds them. */
function around(points: StaticPoint[]): Box {
  if (!points.length) return [-168, -56, 190, 76]
  const box: Box = [180, 80, -180, -70]
  for (const { lng, lat } of points) {
    box[0] = Math.min(box[0], lng)
    box[1] = Math.min(box[1], Math.max(-70, lat))
    box[2] = Math.max(box[2], lng)
    box[3] = Math.max(box[3], Math.min(80, lat))
  }
  return box
}

function rings(lines: Line[], { seen, width, height }: Frame): string {
  return lines
    .flatMap(seen)
    .map((points) => toPath(thinLine(clipRing(points, width, height)), true))
    .join('')
}

function open(lines: Line[], { seen, width, height }: Frame): string {
  const parts = lines.flatMap(seen).flatMap((points) => clipLine(points, width, height))
  return parts.map((part) => toPath(thinLine(part), false)).join('')
}

/** Where the map was cut, at 180°: painted over, so that no line runs through Chukotka. */
function seams(lines: Line[], frame: Frame): string {
  const isEdge = (x: number) => x < 1e-5 || x > 1 - 1e-5
  const cuts = lines
    .filter(({ box }) => isEdge(box[0]) || isEdge(box[2]))
    .flatMap(({ points, box }) =>
      points.slice(1).flatMap((point, i) => (isEdge(point[0]) && point[0] === points[i]![0] ? [{ points: [points[i]!, point], box }] : [])),
    )
  return open(cuts, frame)
}

/** One point as well as it is known. */
function mark({ lat, lng, precision, type = 'thematic' }: StaticPoint, { project }: Frame): string {
  if (precision === 'country') return ''
  const [x, y] = project(lng, lat).map((value) => Math.round(value * 10) / 10) as Point
  if (precision === 'region') {
    const [, edge] = project(lng, lat + REGION_RADIUS / 111)
    return `<circle class="map-area" cx="${x}" cy="${y}" r="${Math.max(8, Math.round(y - edge))}"/>`
  }
  const shapes = {
    thematic: `M${x} ${y}m-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z`,
    territorial: `M${x} ${y}m0-7.5l7 12h-14z`,
    support: `M${x} ${y}m-5.5-5.5h11v11h-11z`,
  }
  return `<path class="map-mark ${type}" d="${shapes[type]}"/>`
}

/** Many points: those of one square of the picture share a dot, whatever their number. */
function dots(points: StaticPoint[], frame: Frame): string {
  for (let side = 9; ; side *= 1.4) {
    const squares = new Map<string, { x: number; y: number; count: number }>()
    for (const { lat, lng } of points) {
      const [x, y] = frame.project(lng, lat)
      const key = `${Math.floor(x / side)},${Math.floor(y / side)}`
      const square = squares.get(key) ?? { x: 0, y: 0, count: 0 }
      squares.set(key, { x: square.x + x, y: square.y + y, count: square.count + 1 })
    }
    if (squares.size > MOST_DOTS) continue
    const byCount = [...squares.values()].sort((a, b) => b.count - a.count)
    return byCount
      .map(({ x, y, count }) => {
        const radius = Math.round((2 + Math.min(7, Math.log2(count))) * 10) / 10
        return `<circle class="map-dot" cx="${Math.round(x / count)}" cy="${Math.round(y / count)}" r="${radius}"/>`
      })
      .join('')
  }
}

/** The greatest towns in the picture that have room, away from the marks. */
function townNames(towns: Town[], { points, locale, width, height }: StaticMapOptions, { project, zoom }: Frame): string {
  const taken = points.map(({ lat, lng }) => project(lng, lat)).map(([x, y]) => ({ x, y, half: 12 }))
  const shown: string[] = []
  for (const town of towns) {
    if (shown.length === MOST_TOWNS) break
    if (town.zoom > Math.ceil(zoom)) continue
    const name = locale?.startsWith('fr') ? (town.french ?? town.name) : town.name
    const [x, y] = project(town.lng, town.lat).map(Math.round) as Point
    const half = name.length * 3.3 + 3
    if (x < half || x > width - half || y < 20 || y > height - 8) continue
    if (taken.some((other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < 24)) continue
    taken.push({ x, y, half })
    shown.push(`<circle cx="${x}" cy="${y}" r="1.8"/><text x="${x}" y="${y - 5}">${escaped(name)}</text>`)
  }
  return shown.length ? `<g class="map-towns">${shown.join('')}</g>` : ''
}

function path(className: string, d: string): string {
  return d ? `<path class="${className}" d="${d}"/>` : ''
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
