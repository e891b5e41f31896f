import { dictionaryOf, type FacetName, facetSize } from './facet.ts'
import type { Lists } from './indexes.ts'
import { activities, here, type Snapshot, types } from './snapshot.ts'

export interface Counted {
  value: string
  label?: string
  count: number
}

/** How many of these slots have each value of a facet; with `failed`, leaving out those that fail another one than that of `bit`. */
export function countFacet(snapshot: Snapshot, name: FacetName, slots: Int32Array, failed?: Uint8Array, bit = 0): Uint32Array {
  const size = name === 'language' ? snapshot.languageLists.length : facetSize(snapshot, name)
  const counts = new Uint32Array(size)
  // Without copies there is one server, and nothing to choose.
  if (name === 'server' && size === 1) return counts
  if (failed) countPassing(snapshot[name], slots, failed, bit, counts)
  else countAll(snapshot[name], slots, counts)
  return name === 'language' ? byLanguage(snapshot, counts) : counts
}

function countAll(column: Uint32Array, slots: Int32Array, counts: Uint32Array): void {
  for (let at = 0; at < slots.length; at++) counts[column[slots[at]!]!]!++
}

function countPassing(column: Uint32Array, slots: Int32Array, failed: Uint8Array, bit: number, counts: Uint32Array): void {
  // 1 where nothing else is failed: below zero, the highest bit is set. Without a branch, which would often be guessed wrong.
  for (let at = 0; at < slots.length; at++) counts[column[slots[at]!]!]! += ((failed[at]! & ~bit) - 1) >>> 31
}

function byLanguage({ languageLists, languageNames }: Snapshot, counts: Uint32Array): Uint32Array {
  const languages = new Uint32Array(languageNames.values.length)
  for (const [list, values] of languageLists.entries()) for (const value of values) languages[value]! += counts[list]!
  return languages
}

/** How many of these ascending slots have each tag. Of many, those that are left out are counted: it is less work. */
export function countTags({ tags, tagTotals, size }: Snapshot, slots: Int32Array): Uint32Array {
  if (slots.length * 2 < size) return countLists(tags, slots, tagTotals.length)
  const left = countLists(tags, slotsBetween(slots, size), tagTotals.length)
  for (let tag = 0; tag < left.length; tag++) left[tag] = tagTotals[tag]! - left[tag]!
  return left
}

function countLists({ starts, values }: Lists, slots: Int32Array, size: number): Uint32Array {
  const counts = new Uint32Array(size)
  for (let at = 0; at < slots.length; at++) for (let entry = starts[slots[at]!]!; entry < starts[slots[at]! + 1]!; entry++) counts[values[entry]!]!++
  return counts
}

/** The slots below `size` that are not among these. */
function slotsBetween(slots: Int32Array, size: number): Int32Array {
  const between = new Int32Array(size - slots.length)
  let [slot, count] = [0, 0]
  for (let at = 0; at <= slots.length; at++) {
    const next = at < slots.length ? slots[at]! : size
    while (slot < next) between[count++] = slot++
    slot = next + 1
  }
  return between
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
