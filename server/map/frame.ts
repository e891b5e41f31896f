import type { Box, Line } from './base.ts'
import { type Point, toPlane } from './plane.ts'

/** How a picture looks at the world: Web Mercator, as on the large map. */
export interface Frame {
  width: number
  height: number
  zoom: number
  /** Pixels from degrees. */
  project: (lng: number, lat: number) => Point
  /** What is seen of a line, in pixels: once for each turn of the globe it is seen in; nothing when it is too small for an eye. */
  seen: (line: Line) => Point[][]
}

/** In pixels. */
const SPECK = 1.6

/** Fits a box (west, south, east, north in degrees) into a size, `margin` pixels from its edges, no nearer than `maxZoom`. */
export function frameOf(
  [w, s, e, n]: Box,
  { width, height, margin, maxZoom }: { width: number; height: number; margin: number; maxZoom: number },
): Frame {
  const [[x0, y0], [x1, y1]] = [toPlane(w, n), toPlane(e, s)]
  const fit = Math.min((width - 2 * margin) / Math.max(x1 - x0, 1e-9), (height - 2 * margin) / Math.max(y1 - y0, 1e-9))
  const scale = Math.min(fit, 256 * 2 ** maxZoom)
  const [left, top] = [(x0 + x1) / 2 - width / 2 / scale, (y0 + y1) / 2 - height / 2 / scale]
  const [right, bottom] = [left + width / scale, top + height / scale]
  const place = ([x, y]: Point, turn: number): Point => [(x + turn - left) * scale, (y - top) * scale]
  const seen = ({ points, box: [west, north, east, south] }: Line) => {
    if (Math.max(east - west, south - north) * scale < SPECK || north > bottom || south < top) return []
    const turns = [-1, 0, 1].filter((turn) => west + turn < right && east + turn > left)
    return turns.map((turn) => points.map((point) => place(point, turn)))
  }
  return { width, height, zoom: Math.log2(scale) - 8, project: (lng, lat) => place(toPlane(lng, lat), 0), seen }
}
