import type { CatalogueState } from '../../catalogue/catalogue.ts'
import type { Lists } from '../../catalogue/indexes.ts'
import { listedSlots } from '../../catalogue/keyword.ts'

/** An ecosystem whose groups are looked for among those listed here. `host`: the server that keeps them, if not this one. */
export interface Member {
  /** As our groups write it. */
  keyword: string
  host?: string
}

/** What ecosystems have in common; they are named by their place in the list given. */
export interface Shared {
  /** By `pairOf`: the groups that both list. */
  counts: Map<number, number>
  /** Numbers of the groups that are in most ecosystems of different keywords, with these ecosystems. */
  bridges: { num: number; members: number[] }[]
}

const mostBridges = 12

/**
 * Counts the groups that ecosystems share: a group is in one of ours that lists it, and in one of another server if that server keeps it and it
 * carries the keyword. Records that people said to be of one group count as that group.
 */
export function countShared(state: CatalogueState, members: Member[]): Shared {
  const size = members.length
  const counts = new Uint32Array(size * size)
  const lists = membersBySlot(
    state.snapshot.size,
    members.map((member) => slotsOf(state, member)),
  )
  const { starts, values } = lists
  for (let slot = 0; slot < state.snapshot.size; slot++) {
    const end = starts[slot + 1]!
    for (let a = starts[slot]!; a < end; a++) for (let b = a + 1; b < end; b++) counts[values[a]! * size + values[b]!]!++
  }
  const shared = new Map<number, number>()
  for (let pair = 0; pair < counts.length; pair++) if (counts[pair]! > 0) shared.set(pair, counts[pair]!)
  return { counts: shared, bridges: findBridges(state, members, lists) }
}

/** For each group the ecosystems it is in, ascending. */
function membersBySlot(size: number, slotsOfMembers: number[][]): Lists {
  const starts = new Uint32Array(size + 1)
  for (const slots of slotsOfMembers) for (const slot of slots) starts[slot + 1]!++
  for (let slot = 0; slot < size; slot++) starts[slot + 1]! += starts[slot]!
  const values = new Uint32Array(starts[size]!)
  const filled = starts.slice()
  slotsOfMembers.forEach((slots, index) => {
    for (const slot of slots) values[filled[slot]!++] = index
  })
  return { starts, values }
}

/** A number for two ecosystems, whichever comes first; `size` is how many there are. */
export function pairOf(a: number, b: number, size: number): number {
  return Math.min(a, b) * size + Math.max(a, b)
}

/** The groups of an ecosystem, each by the record that stands for it. */
function slotsOf(state: CatalogueState, { keyword, host }: Member): number[] {
  const { snapshot, twins } = state
  const apart = { ...state, twins: { of: new Map() }, ...(host === undefined ? {} : { ecosystems: new Map() }) }
  const server = host === undefined ? -1 : (snapshot.serverNames.index.get(host) ?? -2)
  const slots = listedSlots(apart, keyword).filter((slot) => server === -1 || snapshot.server[slot] === server)
  if (twins.of.size === 0) return slots
  const standing = slots.map((slot) => {
    const first = twins.of.get(snapshot.num[slot]!)?.[0]
    return first ? (snapshot.slotOf[first.num] ?? slot) : slot
  })
  return [...new Set(standing)].filter((slot) => slot >= 0)
}

/** The same keyword on two servers is no distance to bridge. */
function findBridges({ snapshot }: CatalogueState, members: Member[], { starts, values }: Lists): Shared['bridges'] {
  const membersOf = (slot: number) => Array.from(values.subarray(starts[slot]!, starts[slot + 1]!))
  let best: { slot: number; reach: number }[] = []
  let least = 2
  const widest = () => best.sort((a, b) => b.reach - a.reach || a.slot - b.slot).slice(0, mostBridges)
  for (let slot = 0; slot < snapshot.size; slot++) {
    if (starts[slot + 1]! - starts[slot]! < least) continue
    const reach = new Set(membersOf(slot).map((index) => members[index]!.keyword)).size
    if (reach >= least) best.push({ slot, reach })
    if (best.length < 20 * mostBridges) continue
    best = widest()
    // Of equals the first stay.
    least = best.at(-1)!.reach + 1
  }
  return widest().map(({ slot }) => ({ num: snapshot.num[slot]!, members: membersOf(slot) }))
}
