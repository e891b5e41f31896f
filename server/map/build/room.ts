type Position = { lng: number; lat: number }
type Box = [west: number, north: number, east: number, south: number]

/** The labels already on the map at one zoom, found again by squares of 128 pixels. */
export class Room {
  private scale: number
  private squares = new Map<string, Box[]>()
  constructor(zoom: number) {
    this.scale = 256 * 2 ** zoom
  }

  /** Takes a box of twice `half` by twice `high` pixels around a position. False, and nothing taken, when another is in its way. */
  take(at: Position, half: number, high: number): boolean {
    const box = this.boxOf(at, half, high)
    const isFree = squaresOf(box).every((key) => this.squares.get(key)?.every((other) => isApart(box, other)) ?? true)
    if (isFree) this.add(box)
    return isFree
  }

  /** Keeps a box free whatever is in its way, for a name that comes at a later zoom. */
  hold(at: Position, half: number, high: number): void {
    this.add(this.boxOf(at, half, high))
  }

  private add(box: Box): void {
    for (const key of squaresOf(box)) this.squares.set(key, [...(this.squares.get(key) ?? []), box])
  }

  private boxOf({ lng, lat }: Position, half: number, high: number): Box {
    const x = ((lng + 180) / 360) * this.scale
    const y = (0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)) * this.scale
    return [x - half, y - high, x + half, y + high]
  }
}

function isApart([w, n, e, s]: Box, [west, north, east, south]: Box): boolean {
  return w > east || e < west || n > south || s < north
}

function squaresOf([w, n, e, s]: Box): string[] {
  const keys: string[] = []
  for (let x = Math.floor(w / 128); x <= Math.floor(e / 128); x++)
    for (let y = Math.floor(n / 128); y <= Math.floor(s / 128); y++) keys.push(`${x},${y}`)
  return keys
}
