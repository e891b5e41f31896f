import type { CatalogueState } from '../../catalogue/catalogue.ts'
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
  const counts = new Map<number, number>()
  // For each group a chain of the ecosystems it is in, the last first: 100,000 groups without as many arrays.
  const head = new Int32Array(state.snapshot.size).fill(-1)
  const next: number[] = []
  const at: number[] = []
  members.forEach((member, index) => {
    for (const slot of slotsOf(state, member)) {
      if (head[slot]! >= 0 && at[head[slot]!] === index) continue
      for (let link = head[slot]!; link >= 0; link = next[link]!) {
        const pair = pairOf(at[link]!, index, members.length)
        counts.set(pair, (counts.get(pair) ?? 0) + 1)
      }
      next.push(head[slot]!)
      head[slot] = at.push(index) - 1
    }
  })
  return { counts, bridges: findBridges(state, members, (slot) => chain(head[slot]!, next, at)) }
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
  return standing.filter((slot) => slot >= 0)
}

function chain(first: number, next: number[], at: number[]): number[] {
  const members: number[] = []
  for (let link = first; link >= 0; link = next[link]!) members.unshift(at[link]!)
  return members
}

/** The same keyword on two servers is no distance to bridge. */
function findBridges({ snapshot }: CatalogueState, members: Member[], membersOf: (slot: number) => number[]): Shared['bridges'] {
  let best: { slot: number; members: number[]; reach: number }[] = []
  let least = 2
  for (let slot = 0; slot < snapshot.size; slot++) {
    const among = membersOf(slot)
    if (among.length < least) continue
    const reach = new Set(among.map((index) => members[index]!.keyword)).size
    if (reach < least) continue
    best.push({ slot, members: among, reach })
    if (best.length < 20 * mostBridges) continue
    best = best.sort((a, b) => b.reach - a.reach || a.slot - b.slot).slice(0, mostBridges)
    least = best.at(-1)!.reach
  }
  return best
    .sort((a, b) => b.reach - a.reach || a.slot - b.slot)
    .slice(0, mostBridges)
    .map(({ slot, members: among }) => ({ num: snapshot.num[slot]!, members: among }))
}
