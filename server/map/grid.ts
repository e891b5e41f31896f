import { latitudeAt, stepsAcross, stepsDown, worldBits, worldX, worldY } from '../catalogue/mercator.ts'

/** What is looked at, in degrees; west may be greater than east (across the antimeridian). `last` when zooming in stops here. */
export interface View {
  west: number
  south: number
  east: number
  north: number
  zoom: number
  last: boolean
}

/** Cells are numbered row by row; those of the world's first column follow those of its last. */
export interface Grid {
  columns: number
  rows: number
  /** The first column and row, among those of the world. */
  left: number
  top: number
  /** How many there are across the world: a power of two. */
  across: number
  /** A step of the world's `2 ** worldBits` shifted right by this is a column or row of the world. */
  shift: number
  /** Whether a point is in one of the cells. */
  holds: (lat: number, lng: number) => boolean
  /** In cells from the view's upper left corner. */
  positionIn: (lat: number, lng: number) => { x: number; y: number }
  /** The way back. */
  pointAt: (x: number, y: number) => { lat: number; lng: number }
}

/** Cells of 64 pixels: a mark of 44 and the air around it. */
const cellsPerTile = 4
const mostCells = 4096

/**
 * Square cells of the Web Mercator world that the view touches, whole ones, so that the same cells come back wherever the view begins.
 * A view with too many cells gets larger ones: memory is bounded whatever is asked.
 */
export function gridOf(view: View): Grid {
  for (let zoom = view.zoom; ; zoom--) {
    const across = cellsPerTile * 2 ** zoom
    const shift = worldBits - Math.log2(across)
    const left = stepsAcross(view.west) >>> shift
    const width = view.east < view.west ? view.east + 360 - view.west : view.east - view.west
    const columns = Math.min(across, Math.floor((worldX(view.west) + width / 360) * across) - left + 1)
    const top = stepsDown(view.north) >>> shift
    const rows = (stepsDown(view.south) >>> shift) - top + 1
    if (columns * rows > mostCells && zoom > 0) continue
    return makeGrid({ across, shift, left, top, columns, rows })
  }
}

function makeGrid(cells: Omit<Grid, 'holds' | 'positionIn' | 'pointAt'>): Grid {
  const { across, shift, left, top, columns, rows } = cells
  return {
    ...cells,
    holds(lat, lng) {
      const row = (stepsDown(lat) >>> shift) - top
      return row >= 0 && row < rows && (((stepsAcross(lng) >>> shift) - left) & (across - 1)) < columns
    },
    positionIn(lat, lng) {
      const x = worldX(lng) * across - left
      return { x: x < 0 ? x + across : x, y: worldY(lat) * across - top }
    },
    pointAt(x, y) {
      return { lat: latitudeAt((top + y) / across), lng: (((left + x + across) / across) % 1) * 360 - 180 }
    },
  }
}
