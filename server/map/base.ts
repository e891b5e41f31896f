import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Area, decodeArcs, joinArcs, type MapFile, type Position } from './map-file.ts'
import { type Point, thinLine, toPlane } from './plane.ts'

export type Box = [number, number, number, number]

/** A line, closed or not, on the plane (the world is 1 wide and 1 high), and what it lies within: west, north, east, south there. */
export interface Line {
  points: Point[]
  box: Box
}

/** Coasts and lakes are closed lines, to be filled by the even-odd rule: what is inside two is water again. */
export interface Level {
  coasts: Line[]
  lakes: Line[]
  borders: Line[]
}

export interface Base {
  near: Level
  /** The same for zooms below 3, with a tenth of the points. */
  far: Level
  /** Closed lines of each country, by ISO 3166-1 code. */
  countries: Map<string, Line[]>
  towns: Town[]
}

export interface Town {
  lng: number
  lat: number
  /** The zoom from which the map has room for its name. */
  zoom: number
  name: string
  /** In French, where it differs. */
  french?: string
}

/** Of the world's width: what an eye sees in a picture of all of it. */
const FAR_DETAIL = 0.0013
const FAR_SMALLEST = 0.004

/** The world of `dir` (static/map), for drawing on the server: a few megabytes, 50 ms. Load it once. */
export function loadBase(dir: string): Base {
  const world = JSON.parse(readFileSync(join(dir, 'world.json'), 'utf8')) as MapFile
  const { places } = JSON.parse(readFileSync(join(dir, 'cities.json'), 'utf8')) as { places: [number, number, number, number, string, string?][] }
  const arcs = decodeArcs(world)
  const rings = (area: Area = []) => area.flat().map((numbers) => toLine(joinArcs(numbers, arcs)))
  const countries = Object.entries(world.countries ?? {})
  const coasts = merge(
    countries.flatMap(([, area]) => area.flat()),
    arcs,
  )
  const near = { coasts: coasts.map(toLine), lakes: rings(world.lakes), borders: world.border.map((arc) => toLine(arcs[arc]!)) }
  return {
    near,
    far: {
      coasts: coarse(near.coasts),
      lakes: coarse(near.lakes),
      borders: near.borders.map(({ points, box }) => ({ points: thinLine(points, FAR_DETAIL), box })),
    },
    countries: new Map(countries.map(([code, area]) => [code, rings(area)])),
    towns: places.map(([lng, lat, zoom, , name, french]) => ({ lng, lat, zoom, name, french })),
  }
}

/** The outlines of all areas together: what two of them share is left out, what remains joined end to end, whichever way round it runs. */
function merge(rings: number[][], arcs: Position[][]): Position[][] {
  const uses = new Map<number, number>()
  for (const arc of rings.flat()) uses.set(arc < 0 ? ~arc : arc, (uses.get(arc < 0 ? ~arc : arc) ?? 0) + 1)
  const lines = [...uses].filter(([, count]) => count === 1).map(([arc]) => arcs[arc]!)
  // Here and there the source leaves a slit of a step or two between neighbours.
  return [0, 0.1].reduce((open, slit) => joinEnds(open, slit), lines)
}

/** Joins lines whose ends are at most `slit` degrees apart until they close or none is left. */
function joinEnds(lines: Position[][], slit: number): Position[][] {
  const open = new Set(lines)
  const ends = new Map<string, Position[][]>()
  if (!slit) for (const line of lines) for (const end of [line[0]!, line.at(-1)!]) ends.set(keyOf(end), [...(ends.get(keyOf(end)) ?? []), line])
  const follow = (end: Position) =>
    (slit ? [...open] : (ends.get(keyOf(end)) ?? [])).find((line) => open.has(line) && (isAt(line[0]!, end, slit) || isAt(line.at(-1)!, end, slit)))
  return lines.flatMap((first) => {
    if (!open.delete(first)) return []
    let line = [...first]
    for (let turned = 0; turned < 2 && !isAt(line[0]!, line.at(-1)!, 0); ) {
      const end = line.at(-1)!
      const next = follow(end)
      if (next) {
        open.delete(next)
        line.push(...(isAt(next[0]!, end, slit) ? next : next.toReversed()).slice(slit ? 0 : 1))
      } else {
        line = line.toReversed()
        turned++
      }
    }
    return [line]
  })
}

function isAt([x, y]: Position, [u, v]: Position, slit: number): boolean {
  return Math.abs(x - u) <= slit + 1e-6 && Math.abs(y - v) <= slit + 1e-6
}

function coarse(lines: Line[]): Line[] {
  return lines
    .filter(({ box: [w, s, e, n] }) => Math.max(e - w, n - s) >= FAR_SMALLEST)
    .map(({ points, box }) => ({ points: thinLine(points, FAR_DETAIL), box }))
}

function keyOf([x, y]: Position): string {
  return `${x.toFixed(4)},${y.toFixed(4)}`
}

function toLine(positions: Position[]): Line {
  const points = positions.map(([lng, lat]) => toPlane(lng, lat))
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b))
  const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b))
  return { points, box: [least(xs), least(ys), most(xs), most(ys)] }
}
