import { dictionaryOf, type FacetName, facetSize } from './facet.ts'
import { activities, here, type Lists, type Snapshot, types } from './snapshot.ts'

export interface Counted {
  value: string
  label?: string
  count: number
}

/** How many of these slots have each value, leaving out those that fail another facet. */
export function countFacet(snapshot: Snapshot, name: FacetName, slots: Int32Array, failed: Uint8Array, bit: number): Uint32Array {
  const counts = new Uint32Array(facetSize(snapshot, name))
  // Without copies there is one server, and nothing to choose.
  if (name === 'server' && counts.length === 1) return counts
  if (name === 'language') countLists(snapshot.languages, slots, failed, bit, counts)
  else countColumn(snapshot[name], slots, failed, bit, counts)
  return counts
}

function countColumn(column: Uint8Array | Uint16Array, slots: Int32Array, failed: Uint8Array, bit: number, counts: Uint32Array): void {
  for (let at = 0; at < slots.length; at++) if ((failed[at]! | bit) === bit) counts[column[slots[at]!]!]!++
}

function countLists({ starts, values }: Lists, slots: Int32Array, failed: Uint8Array, bit: number, counts: Uint32Array): void {
  for (let at = 0; at < slots.length; at++) {
    if ((failed[at]! | bit) !== bit) continue
    for (let entry = starts[slots[at]!]!; entry < starts[slots[at]! + 1]!; entry++) counts[values[entry]!]!++
  }
}

export function countTags(snapshot: Snapshot, slots: Int32Array): Uint32Array {
  const counts = new Uint32Array(snapshot.tagNames.values.length)
  const { starts, values } = snapshot.tags
  for (let at = 0; at < slots.length; at++) for (let entry = starts[slots[at]!]!; entry < starts[slots[at]! + 1]!; entry++) counts[values[entry]!]!++
  return counts
}

export function facetCounts(snapshot: Snapshot, name: FacetName, counts: Uint32Array): Counted[] {
  const values: readonly string[] = name === 'type' ? types : name === 'activity' ? activities : dictionaryOf(snapshot, name).values
  const counted: Counted[] = []
  for (let at = 0; at < counts.length; at++) if (counts[at]! > 0 && values[at] !== '') counted.push({ value: values[at]!, count: counts[at]! })
  if (name === 'server' && counted.every(({ value }) => value === here)) return []
  return name === 'type' || name === 'activity' ? counted : counted.sort(mostFirst)
}

/** A keyword is shown as most of the groups found write it. */
export function keywordCounts({ tagNames, keywordOf, keywordNames }: Snapshot, tagCounts: Uint32Array): Counted[] {
  const found = new Map<number, { label: string; best: number; count: number }>()
  for (let tag = 1; tag < tagCounts.length; tag++) {
    const count = tagCounts[tag]!
    if (count === 0) continue
    const label = tagNames.values[tag]!
    const known = found.get(keywordOf[tag]!)
    if (!known) found.set(keywordOf[tag]!, { label, best: count, count })
    else {
      if (count > known.best || (count === known.best && label < known.label)) Object.assign(known, { label, best: count })
      known.count += count
    }
  }
  return [...found].map(([keyword, { label, count }]) => ({ value: keywordNames.values[keyword]!, label, count })).sort(mostFirst)
}

function mostFirst(a: Counted, b: Counted): number {
  return b.count - a.count || (a.value < b.value ? -1 : 1)
}
