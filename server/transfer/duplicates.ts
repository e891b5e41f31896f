import { kilometres } from '../catalogue/distance.ts'
import type { Group } from '../schema-types.ts'
import { editDistance } from '../text/edit-distance.ts'
import { fold } from '../text/fold.ts'
import { normaliseAddress } from '../text/home-address.ts'
import { isTelling } from '../text/words.ts'

/** What two records of one group may have in common. `home`: normalised addresses. */
export interface Likeness {
  shortName: string
  name: string
  homes: string[]
  /** Only positions exact or at the level of a place. */
  position?: { lat: number; lng: number }
}

/** The groups seen so far, by address and by place; asking costs the same however many there are. */
export interface DuplicateIndex {
  /** The short names of groups that may be this one: at most 100 m away under a similar name, or with the same home address. */
  like(group: Likeness): string[]
  /** More groups are near than it is compared with: of the others, only those of the very same name are told. */
  isCrowded(group: Likeness): boolean
  add(group: Likeness): void
}

/** `isAlike` is told folded names; tests count how often it is asked. */
export function createDuplicateIndex(isAlike = isSimilar): DuplicateIndex {
  const byHome = new Map<string, string[]>()
  const cells = new Map<string, Cell>()
  const near = ({ position }: Likeness) => (position ? around(position) : []).flatMap((key) => cells.get(key) ?? [])
  return {
    like(group) {
      const found = group.homes.flatMap((home) => byHome.get(home) ?? [])
      const name = fold(group.name)
      for (const { compared, named } of near(group)) {
        const namesake = named?.get(name)
        if (namesake && isNear(group.position!, namesake)) found.push(namesake.shortName)
        for (const other of compared) if (isNear(group.position!, other) && isAlike(name, other.name)) found.push(other.shortName)
      }
      return [...new Set(found)].filter((shortName) => shortName !== group.shortName)
    },
    isCrowded: (group) => near(group).some(({ named }) => named),
    add({ shortName, name, homes, position }) {
      for (const home of homes) {
        const owners = byHome.get(home) ?? []
        if (owners.length < mostOfHome) byHome.set(home, [...owners, shortName])
      }
      if (!position) return
      const key = cellOf(position.lat, position.lng)
      const cell = cells.get(key) ?? { compared: [] }
      cells.set(key, cell)
      const placed = { shortName, name: fold(name), ...position }
      if (cell.compared.length < mostInCell) cell.compared.push(placed)
      else {
        cell.named ??= new Map()
        if (!cell.named.has(placed.name)) cell.named.set(placed.name, placed)
      }
    },
  }
}

/** A record as far as it can be recognised under another name. */
export function toLikeness({ shortName, name, position, links }: Pick<Group, 'shortName' | 'name' | 'position' | 'links'>): Likeness {
  const isPlaced = position?.precision === 'exact' || position?.precision === 'place'
  return { shortName, name, homes: homesOf(links), position: isPlaced ? position : undefined }
}

/** The home addresses of a group in the form in which they are compared. */
export function homesOf(links: { service: string; url: string }[] | undefined): string[] {
  return (links ?? []).flatMap(({ service, url }) => (service === 'home' && typeof url === 'string' ? (normaliseAddress(url) ?? []) : []))
}

/** Folded names: at most 30 % of the letters differ, or at most two words, if they share one that says something. */
export function isSimilar(a: string, b: string): boolean {
  const [left, right] = [wordsOf(a), wordsOf(b)]
  const only = (words: Set<string>, others: Set<string>) => [...words].filter((word) => !others.has(word)).length
  const shared = [...left].some((word) => isTelling(word) && right.has(word))
  if (shared && Math.max(only(left, right), only(right, left)) <= 2) return true
  const most = Math.floor(0.3 * Math.max(a.length, b.length))
  return lettersApart(a, b) <= most && editDistance(a, b, most) <= most
}

/** Never more than the edit distance, and quick to count: letters of the one that the other lacks. */
function lettersApart(a: string, b: string): number {
  const counts = new Map<string, number>()
  for (const letter of a) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  for (const letter of b) counts.set(letter, (counts.get(letter) ?? 0) - 1)
  const surplus = [...counts.values()]
  const sum = (sign: number) => surplus.reduce((total, count) => total + Math.max(0, sign * count), 0)
  return Math.max(sum(1), sum(-1))
}

interface Placed {
  shortName: string
  name: string
  lat: number
  lng: number
}

/** `named`: those beyond the first, by their folded name. */
interface Cell {
  compared: Placed[]
  named?: Map<string, Placed>
}

/** Where a town's groups all stand at its centre, comparing each with all would take the square of their number. */
const mostInCell = 50
/** As many as are told. */
const mostOfHome = 5
const cellSize = 0.001
const nearKm = 0.1

function isNear(a: { lat: number; lng: number }, b: Placed): boolean {
  return kilometres(a.lat, a.lng, b.lat, b.lng) <= nearKm
}

function cellOf(lat: number, lng: number): string {
  return cell(rowOf(lat), lng, 0)
}

/** The nine cells in which everything within 100 m lies. */
function around({ lat, lng }: { lat: number; lng: number }): string[] {
  const steps = [-1, 0, 1]
  return steps.flatMap((y) => steps.map((x) => cell(rowOf(lat) + y, lng, x)))
}

function rowOf(lat: number): number {
  return Math.round(lat / cellSize)
}

/** A cell is 111 m high and at least as wide: a degree of longitude is shorter the farther from the equator. */
function cell(row: number, lng: number, step: number): string {
  const farthest = Math.min(89, Math.ceil(Math.abs(row * cellSize)) + 1)
  const width = cellSize / Math.cos((farthest * Math.PI) / 180)
  return `${row},${Math.round(lng / width) + step}`
}

function wordsOf(name: string): Set<string> {
  return new Set(name.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [])
}
