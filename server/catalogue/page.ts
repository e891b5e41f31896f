import { kilometres } from './distance.ts'
import type { Choices, Selection } from './select.ts'
import type { Snapshot } from './snapshot.ts'

export type Sort = 'relevance' | 'name' | 'updated' | 'members' | 'distance'

/** Where a page ended: the last group's value in that order, and its place in the order of names. */
export interface Cursor {
  sort: Sort
  value: number
  key: string
}

/** The next `size` slots after the cursor, and the cursor of the page after, if there is one. Ties go by name. */
export function pageOf(
  snapshot: Snapshot,
  selection: Selection,
  order: { sort: Sort; size: number; near?: Choices['near']; after?: Cursor },
): { slots: number[]; next?: Cursor } {
  const sortValue = orderValue(snapshot, selection, order.sort, order.near)
  const from = order.after && { value: order.after.value, slot: firstSlotAfter(snapshot.key, order.after.key) }
  const best: { value: number; slot: number }[] = []
  for (const slot of selection.slots) {
    const value = sortValue(slot)
    if (from && (value < from.value || (value === from.value && slot < from.slot))) continue
    if (best.length > order.size && !(value < best[order.size]!.value)) {
      // By name nothing better comes.
      if (sortValue === equal) break
      continue
    }
    insert(best, { value, slot })
    if (best.length > order.size + 1) best.pop()
  }
  const shown = best.slice(0, order.size)
  const last = shown.at(-1)
  const next = best.length > order.size && last ? { sort: order.sort, value: last.value, key: snapshot.key[last.slot]! } : undefined
  return { slots: shown.map(({ slot }) => slot), next }
}

/** All slots of a selection in that order, ties by name; those after the cursor, if there is one. To be read only. */
export function wholeOrder(snapshot: Snapshot, selection: Selection, order: { sort: Sort; near?: Choices['near']; after?: Cursor }): Int32Array {
  const sortValue = orderValue(snapshot, selection, order.sort, order.near)
  const values = new Float64Array(snapshot.size)
  for (const slot of selection.slots) values[slot] = sortValue(slot)
  // They are in the order of names already.
  const sorted = sortValue === equal ? selection.slots : selection.slots.slice().sort((a, b) => values[a]! - values[b]! || a - b)
  if (!order.after) return sorted
  const from = { value: order.after.value, slot: firstSlotAfter(snapshot.key, order.after.key) }
  return sorted.filter((slot) => values[slot]! > from.value || (values[slot] === from.value && slot >= from.slot))
}

/** Smaller comes first; unknown last. */
function orderValue(snapshot: Snapshot, { tier }: Selection, sort: Sort, near: Choices['near']): (slot: number) => number {
  const { members, updated, lat, lng } = snapshot
  if (sort === 'relevance' && tier) return (slot) => tier[slot]!
  if (sort === 'updated') return (slot) => -updated[slot]!
  if (sort === 'members') return (slot) => (members[slot]! < 0 ? Number.MAX_SAFE_INTEGER : -members[slot]!)
  if (sort === 'distance' && near) return (slot) => kilometres(near.lat, near.lng, lat[slot]!, lng[slot]!)
  return equal
}

function equal(): number {
  return 0
}

/** Slots come in ascending order, so equal values keep the order of names. */
function insert(best: { value: number; slot: number }[], entry: { value: number; slot: number }): void {
  let [low, high] = [0, best.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (best[middle]!.value <= entry.value) low = middle + 1
    else high = middle
  }
  best.splice(low, 0, entry)
}

function firstSlotAfter(keys: string[], key: string): number {
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (keys[middle]! <= key) low = middle + 1
    else high = middle
  }
  return low
}
