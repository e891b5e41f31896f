/** What is looked at, in degrees; west may be greater than east (across the antimeridian). `last` when zooming in stops here. */
export interface View {
  west: number
  south: number
  east: number
  north: number
  zoom: number
  last: boolean
}

export interface Grid {
  columns: number
  rows: number
  /** The number of the cell at a point, −1 outside the view. */
  cellAt: (lat: number, lng: number) => number
  /** In cells from the view's upper left corner. */
  positionIn: (lat: number, lng: number) => { x: number; y: number }
  /** The way back. */
  pointAt: (x: number, y: number) => { lat: number; lng: number }
}

/** Cells of 64 pixels: a mark of 44 and the air around it. */
const cellsPerTile = 4
const mostCells = 4096
/** Web Mercator ends there. */
export const lastLatitude = 85.0511287798066

/**
 * Square cells of the Web Mercator world that the view touches, whole ones, so that the same cells come back wherever the view begins.
 * A view with too many cells gets larger ones: memory is bounded whatever is asked.
 */
export function gridOf(view: View): Grid {
  for (let zoom = view.zoom; ; zoom--) {
    const across = cellsPerTile * 2 ** zoom
    const left = Math.floor(worldX(view.west) * across)
    const width = view.east < view.west ? view.east + 360 - view.west : view.east - view.west
    const columns = Math.min(across, Math.floor((worldX(view.west) + width / 360) * across) - left + 1)
    const top = Math.max(0, Math.floor(worldY(view.north) * across))
    const rows = Math.min(across - 1, Math.floor(worldY(view.south) * across)) - top + 1
    if (columns * rows > mostCells && zoom > 0) continue
    return makeGrid({ across, left, top, columns, rows })
  }
}

function makeGrid({ across, left, top, columns, rows }: { across: number; left: number; top: number; columns: number; rows: number }): Grid {
  // Latitudes of the rows' edges, so that finding a row costs a few comparisons and no logarithm.
  const edges = Float64Array.from({ length: rows + 1 }, (_, row) => latitudeAt((top + row) / across))
  const columnAt = (lng: number) => {
    const column = (Math.floor(((lng + 180) / 360) * across) - left) % across
    return column < 0 ? column + across : column
  }
  return {
    columns,
    rows,
    cellAt(lat, lng) {
      if (lat > edges[0]! || lat < edges[rows]!) return -1
      const column = columnAt(lng)
      if (column >= columns) return -1
      let [low, high] = [0, rows - 1]
      while (low < high) {
        const middle = (low + high) >> 1
        if (lat > edges[middle + 1]!) high = middle
        else low = middle + 1
      }
      return low * columns + column
    },
    positionIn(lat, lng) {
      const x = worldX(lng) * across - left
      return { x: x < 0 ? x + across : x, y: worldY(lat) * across - top }
    },
    pointAt(x, y) {
      return { lat: latitudeAt((top + y) / across), lng: (((left + x) / across) % 1) * 360 - 180 }
    },
  }
}

/** 0 at the antimeridian in the west, 1 in the east. */
export function worldX(lng: number): number {
  return (lng + 180) / 360
}

/** 0 at the world's upper edge, 1 at the lower. */
export function worldY(lat: number): number {
  const sine = Math.sin((Math.max(-lastLatitude, Math.min(lastLatitude, lat)) * Math.PI) / 180)
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)
}

function latitudeAt(y: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI
}
