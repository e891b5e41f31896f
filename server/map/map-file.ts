/** Polygons of rings of arcs; a negative number is an arc read backwards (`~n`). */
export type Area = number[][][]

/** A file under static/map: lines that areas share are there once, as in TopoJSON, but written as text, a third as long. */
export interface MapFile {
  /** Degrees a step of the grid. */
  step: number
  arcs: string[]
  /** By ISO 3166-1 alpha-2: the world only. */
  countries?: Record<string, Area>
  land?: Area
  lakes?: Area
  coast: number[]
  border: number[]
  region?: number[]
  unit?: number[]
}

export type Position = [lng: number, lat: number]

/** Whole steps of the grid, each from the one before, five bits a letter (Google's encoded polylines). */
export function encodeArc(points: [x: number, y: number][]): string {
  let before: [number, number] = [0, 0]
  return points
    .map((point) => {
      const text = encodeNumber(point[0] - before[0]) + encodeNumber(point[1] - before[1])
      before = point
      return text
    })
    .join('')
}

/** The arcs of a file in degrees. */
export function decodeArcs({ arcs, step }: MapFile): Position[][] {
  return arcs.map((text) => {
    const line: Position[] = []
    let [x, y, at] = [0, 0, 0]
    const next = (): number => {
      let [value, shift, bits] = [0, 0, 32]
      while (bits & 32) {
        bits = text.charCodeAt(at++) - 63
        value |= (bits & 31) << shift
        shift += 5
      }
      return value & 1 ? ~(value >> 1) : value >> 1
    }
    while (at < text.length) {
      x += next()
      y += next()
      line.push([x * step, y * step])
    }
    return line
  })
}

/** One line of several arcs. */
export function joinArcs(numbers: number[], arcs: Position[][]): Position[] {
  return numbers.flatMap((number, i) => {
    const arc = number < 0 ? arcs[~number]!.toReversed() : arcs[number]!
    return i ? arc.slice(1) : arc
  })
}

function encodeNumber(value: number): string {
  let rest = value < 0 ? ~(value << 1) : value << 1
  let text = ''
  while (rest >= 32) {
    text += String.fromCharCode((32 | (rest & 31)) + 63)
    rest >>= 5
  }
  return text + String.fromCharCode(rest + 63)
}
