import { isleRings } from '../../look/contour.ts'
import { layOut, type Sheet } from './layout.ts'
import type { Network, Place, Tie } from './network.ts'

export interface ChartOptions extends Sheet {
  /** Islands at most. */
  most: number
  /** Half the width of the smallest and the largest island. */
  radius: [least: number, most: number]
  /** Signs in a line of a name. */
  line: number
  /** What the chart shows, in words. */
  label: string
  /** Where the name of a place leads. */
  urlOf: (place: Place) => string
  /** `3 groupes` */
  groups: (count: number) => string
}

export interface Chart {
  svgHtml: string
  /** How many ecosystems have no room on it. */
  left: number
  /** Some links between those drawn are not. */
  thinned: boolean
}

/** Lines for each island; more would hide it. */
const mostLines = 2
/** Above the middle of its room, so that the name has the rest. */
const lift = 32
const step = 17

/**
 * The network as a chart: islands as large as they have groups, dashed where another server keeps them; lines for groups in common, with their
 * number; dotted ones for naming, with the way it goes. Those that are linked most have the room.
 */
export function chartOf({ places, ties }: Network, options: ChartOptions): Chart {
  const shown = mostLinked(places, ties, options.most)
  const rank = new Map(shown.map((index, at) => [index, at]))
  const among = ties.filter(({ one, other }) => rank.has(one) && rank.has(other))
  const drawn = [...among.filter(isSaid), ...among.filter((tie) => !isSaid(tie))]
    .slice(0, Math.max(3, mostLines * shown.length))
    .map((tie) => ({ ...tie, one: rank.get(tie.one)!, other: rank.get(tie.other)! }))
  const pulls = drawn.map(({ one, other, shared }) => ({ one, other, weight: 1 + Math.log2(1 + shared) / 3 }))
  const { width, height, spots } = layOut(shown.length, pulls, options)
  const islands = spots.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y - lift) }))
  const largest = Math.max(1, ...shown.map((index) => places[index]!.groupCount))
  const lines = drawn.map((tie) => line(tie, islands[tie.one]!, islands[tie.other]!, clearing(islands, options.cell))).join('')
  const isles = shown.map((index, at) => isle(places[index]!, islands[at]!, largest, options)).join('')
  const size = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`
  const svgHtml = `<svg ${size} role="group" aria-label="${escaped(options.label)}"><g aria-hidden="true">${lines}</g>${isles}</svg>`
  return { svgHtml, left: places.length - shown.length, thinned: drawn.length < among.length }
}

function isSaid({ oneNames, otherNames }: Tie): boolean {
  return oneNames || otherNames
}

function mostLinked(places: Place[], ties: Tie[], most: number): number[] {
  const links = new Array<number>(places.length).fill(0)
  for (const { one, other } of ties) {
    links[one]!++
    links[other]!++
  }
  const order = places.map((_, index) => index)
  return order.sort((a, b) => links[b]! - links[a]! || places[b]!.groupCount - places[a]!.groupCount || a - b).slice(0, most)
}

type Point = { x: number; y: number }

/** Finds the part of a line that is farthest from islands and their names, 0 to 1. */
function clearing(islands: Point[], { width, height }: Sheet['cell']): (from: Point, to: Point) => number {
  const room = (x: number, y: number) => Math.min(...islands.map((one) => Math.max(Math.abs(x - one.x) / width, Math.abs(y - one.y - lift) / height)))
  return (from, to) => {
    const parts = [0.5, 0.56, 0.44, 0.62, 0.38, 0.68, 0.32, 0.74, 0.26]
    const rooms = parts.map((part) => room(from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part))
    return parts[rooms.indexOf(Math.max(...rooms))]!
  }
}

function line({ shared, oneNames, otherNames }: Tie, from: Point, to: Point, clear: ReturnType<typeof clearing>): string {
  const d = `M${from.x} ${from.y}L${to.x} ${to.y}`
  const middle = clear(from, to)
  // Beside the number, and beside each other.
  const aside = (shared > 0 ? 18 : oneNames && otherNames ? 8 : 0) / Math.max(1, Math.hypot(to.x - from.x, to.y - from.y))
  const at = (part: number) => `${Math.round(from.x + (to.x - from.x) * part)} ${Math.round(from.y + (to.y - from.y) * part)}`
  const thick = Math.min(14, Math.round(3 + 2 * Math.log2(shared)))
  const turn = Math.round((Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI)
  const arrow = (part: number, degrees: number) => `<path class="way" transform="translate(${at(part)})rotate(${degrees})" d="M-6-6L6 0-6 6z"/>`
  return [
    shared > 0 ? `<path class="common" stroke-width="${thick}" d="${d}"/>` : '',
    oneNames || otherNames ? `<path class="naming" d="${d}"/>` : '',
    oneNames ? arrow(middle + aside, turn) : '',
    otherNames ? arrow(middle - aside, turn + 180) : '',
    shared > 0 ? `<text transform="translate(${at(middle)})" y="5">${shared}</text>` : '',
  ].join('')
}

function isle(place: Place, { x, y }: Point, largest: number, { radius: [least, most], line: length, urlOf, groups }: ChartOptions): string {
  const radius = Math.round(least + (most - least) * Math.sqrt(Math.min(1, place.groupCount / largest)))
  const { shoal, land } = isleRings(place.url, x, y, radius)
  const name = wrap(place.title, length)
  const small = [groups(place.groupCount), ...(place.host ? [cut(place.host, length + 3)] : [])]
  const top = Math.round(y + radius * 0.78 + 26)
  const texts = [...name.map((text) => ({ text, as: '' })), ...small.map((text) => ({ text, as: ' class="less"' }))]
  const said = [place.title, ...small.slice(0, 1), ...(place.host ? [place.host] : [])].join(', ')
  const written = texts.map(({ text, as }, at) => `<text${as} x="${x}" y="${top + at * step}">${escaped(isolated(text))}</text>`).join('')
  const paths = `<path class="shoal" d="${shoal}"/><path class="land" d="${land}"/>`
  const kept = place.host ? ' class="far"' : ''
  return `<a href="${escaped(urlOf(place))}"${kept}><title>${escaped(said)}</title>${paths}${written}</a>`
}

/** Two lines at most. */
function wrap(text: string, length: number): string[] {
  const words = text.split(' ')
  let first = ''
  while (words.length > 0 && [...`${first} ${words[0]}`.trim()].length <= length) first = `${first} ${words.shift()}`.trim()
  const rest = words.join(' ')
  if (first === '') return [...rest].length > length ? [cut(rest, length)] : [rest]
  return rest === '' ? [first] : [first, cut(rest, length)]
}

function cut(text: string, length: number): string {
  const signs = [...text]
  return signs.length > length ? `${signs.slice(0, length - 1).join('')}…` : text
}

/** Whatever way it is written, it does not turn what stands beside it. */
function isolated(text: string): string {
  return `\u2068${text}\u2069`
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
