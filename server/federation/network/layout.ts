/** Two islands that belong near each other, by their place in the list; the more weight, the nearer. */
export interface Pull {
  one: number
  other: number
  weight: number
}

export interface Sheet {
  columns: number
  /** Of the room that one island has with its name. */
  cell: { width: number; height: number }
}

export interface Layout {
  width: number
  height: number
  /** The middle of each island's room. */
  spots: { x: number; y: number }[]
}

const sweeps = 6
/** What a line costs that runs through an island it has nothing to do with. */
const trespass = 400

/**
 * Puts islands on a sheet, each in a room of its own, so that names never meet: every second column a little lower, those that belong together near
 * each other, and few lines across a third. The same islands always come to the same places.
 */
export function layOut(count: number, pulls: Pull[], { columns, cell }: Sheet): Layout {
  const across = Math.max(1, Math.min(columns, Math.ceil(Math.sqrt(count * 2))))
  const down = Math.max(1, Math.ceil(count / across))
  const rooms = Array.from({ length: across * down }, (_, at) => {
    const column = at % across
    return { x: (column + 0.5) * cell.width, y: (Math.floor(at / across) + 0.5 + (column % 2) * 0.3) * cell.height }
  })
  const roomOf = settle(middleFirst(rooms, count), rooms, pulls, cell)
  const lower = across > 1 ? 0.3 : 0
  return { width: across * cell.width, height: Math.round((down + lower) * cell.height), spots: roomOf.slice(0, count).map((room) => rooms[room]!) }
}

type Point = { x: number; y: number }

/** Which room each island has at first: those that come first have the middle. Rooms that stay empty follow, as islands nobody sees. */
function middleFirst(rooms: Point[], count: number): number[] {
  const middle = { x: mean(rooms.map(({ x }) => x)), y: mean(rooms.map(({ y }) => y)) }
  const order = rooms.map((_, at) => at).sort((a, b) => distance(rooms[a]!, middle) - distance(rooms[b]!, middle) || a - b)
  return [...order.slice(0, count), ...order.slice(count)]
}

/** Lets two islands change places for as long as it brings things nearer. */
function settle(start: number[], rooms: Point[], pulls: Pull[], cell: Sheet['cell']): number[] {
  const roomOf = [...start]
  let cost = costOf(roomOf, rooms, pulls, cell)
  for (let sweep = 0, moved = pulls.length > 0; moved && sweep < sweeps; sweep++) {
    moved = false
    for (let a = 0; a < roomOf.length; a++) {
      for (let b = a + 1; b < roomOf.length; b++) {
        swap(roomOf, a, b)
        const next = costOf(roomOf, rooms, pulls, cell)
        if (next < cost - 1e-6) {
          cost = next
          moved = true
        } else swap(roomOf, a, b)
      }
    }
  }
  return roomOf
}

function costOf(roomOf: number[], rooms: Point[], pulls: Pull[], cell: Sheet['cell']): number {
  const near = Math.min(cell.width, cell.height) / 3
  let cost = 0
  for (const { one, other, weight } of pulls) {
    const from = rooms[roomOf[one]!]!
    const to = rooms[roomOf[other]!]!
    cost += weight * distance(from, to)
    for (let at = 0; at < roomOf.length; at++) if (at !== one && at !== other && offLine(rooms[roomOf[at]!]!, from, to) < near) cost += trespass
  }
  return cost
}

/** How far a point is from the line between two others. */
function offLine(point: Point, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const along = Math.max(0, Math.min(1, ((point.x - from.x) * dx + (point.y - from.y) * dy) / (dx * dx + dy * dy)))
  return Math.hypot(point.x - from.x - along * dx, point.y - from.y - along * dy)
}

function swap(list: number[], a: number, b: number): void {
  const kept = list[a]!
  list[a] = list[b]!
  list[b] = kept
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
