import { worldX, worldY } from '../catalogue/mercator.ts'

export type Point = [x: number, y: number]

/** Pixels around the picture that are kept, so that no outline runs along its edge. */
const BLEED = 3

/** Web Mercator of the whole world in a square of 1. */
export function toPlane(lng: number, lat: number): Point {
  return [worldX(lng), worldY(lat)]
}

/** The part of a closed line within the picture (Sutherland–Hodgman). */
export function clipRing(ring: Point[], width: number, height: number): Point[] {
  const sides: [axis: 0 | 1, limit: number, sign: 1 | -1][] = [
    [0, -BLEED, 1],
    [0, width + BLEED, -1],
    [1, -BLEED, 1],
    [1, height + BLEED, -1],
  ]
  return sides.reduce((points, [axis, limit, sign]) => {
    const kept: Point[] = []
    let before = points.at(-1)
    for (const point of points) {
      const isIn = (point[axis] - limit) * sign >= 0
      const wasIn = (before![axis] - limit) * sign >= 0
      if (isIn !== wasIn) kept.push(between(before!, point, (limit - before![axis]) / (point[axis] - before![axis])))
      if (isIn) kept.push(point)
      before = point
    }
    return kept
  }, ring)
}

/** The parts of an open line near the picture; they may run a little over its edge. */
export function clipLine(line: Point[], width: number, height: number): Point[][] {
  const isIn = ([x, y]: Point) => x > -BLEED && y > -BLEED && x < width + BLEED && y < height + BLEED
  const parts: Point[][] = []
  line.forEach((point, i) => {
    const [before, after] = [line[i - 1], line[i + 1]]
    if (!isIn(point) && !(before && isIn(before)) && !(after && isIn(after))) return
    if (!before || parts.at(-1)?.at(-1) !== before) parts.push([])
    parts.at(-1)!.push(point)
  })
  return parts.filter((part) => part.length > 1)
}

/** Leaves out what an eye cannot tell apart: corners nearer than `least` pixels to the line between their neighbours (Douglas–Peucker). */
export function thinLine(points: Point[], least = 0.7): Point[] {
  if (points.length < 3) return points
  const kept = new Set([0, points.length - 1])
  const open: [number, number][] = [[0, points.length - 1]]
  while (open.length) {
    const [first, last] = open.pop()!
    let [worst, at] = [least, -1]
    for (let i = first + 1; i < last; i++) {
      const distance = toSegment(points[i]!, points[first]!, points[last]!)
      if (distance > worst) [worst, at] = [distance, i]
    }
    if (at < 0) continue
    kept.add(at)
    open.push([first, at], [at, last])
  }
  return points.filter((_, i) => kept.has(i))
}

/** Path data in whole pixels, steps from point to point. */
export function toPath(points: Point[], isClosed: boolean): string {
  const whole = points.map(([x, y]): Point => [Math.round(x), Math.round(y)])
  const steps = whole.slice(1).map(([x, y], i): Point => [x - whole[i]![0], y - whole[i]![1]])
  const moving = steps.filter(([x, y]) => x || y)
  if (moving.length < (isClosed ? 2 : 1)) return ''
  const text = moving.map(([x, y]) => `${x < 0 ? '' : ' '}${x}${y < 0 ? '' : ' '}${y}`).join('')
  return `M${whole[0]![0]} ${whole[0]![1]}l${text.trimStart()}${isClosed ? 'z' : ''}`
}

function between([x, y]: Point, [u, v]: Point, share: number): Point {
  return [x + (u - x) * share, y + (v - y) * share]
}

function toSegment([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay]
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
  return Math.hypot(x - ax - along * dx, y - ay - along * dy)
}
