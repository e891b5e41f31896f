import { kilometres } from './distance.ts'
import { activities, type Dictionary, indexIn, type Lists, precisions, type Snapshot, types } from './snapshot.ts'

export type FacetName = 'type' | 'activity' | 'country' | 'region' | 'language'
export const facetNames: FacetName[] = ['type', 'activity', 'country', 'region', 'language']

/** What a reader chose. Several values of one facet mean "or"; keywords mean "and". */
export interface Choices {
  facets: Partial<Record<FacetName, string[]>>
  keywords: string[]
  wanted: boolean
  /** West, south, east, north in degrees; west may be greater than east (across the antimeridian). */
  bbox?: [number, number, number, number]
  near?: { lat: number; lng: number; radius: number }
  /** Group numbers by how well they match the words; a group in none is left out. */
  hits?: Int32Array[]
  /** The ecosystem looked at: its keyword, and who is accepted if it is curated. */
  scope?: { keyword: string; accepted?: Set<number> }
}

export interface Counted {
  value: string
  label?: string
  count: number
}

export interface Selection {
  /** Ascending slots. */
  slots: Int32Array
  /** Best field matched by slot; only with `hits`. */
  tier?: Uint8Array
  counts: Record<FacetName | 'keyword', Counted[]>
  wanted: number
  /** Would match, but their position is not known precisely enough for `near` or `bbox`. */
  omitted: number
}

/**
 * The groups that match, and for each facet how many each choice would give: as if that facet were not chosen, the others being.
 * Works column by column, which is several times quicker than group by group.
 */
export function select(snapshot: Snapshot, choices: Choices): Selection {
  const tier = choices.hits && tiersBySlot(snapshot, choices.hits)
  const { inside, unsure } = splitByArea(snapshot, choices, candidates(snapshot, choices, tier))
  const failed = failedFacets(snapshot, choices, inside)
  const slots = keepPassing(inside, failed)
  const counts = facetNames.map((name, bit) => [name, facetCounts(snapshot, name, countFacet(snapshot, name, inside, failed, 1 << bit))])
  return {
    slots,
    tier,
    wanted: countWanted(snapshot, slots),
    omitted: keepPassing(unsure, failedFacets(snapshot, choices, unsure)).length,
    counts: { ...Object.fromEntries(counts), keyword: keywordCounts(snapshot, countTags(snapshot, slots)) },
  }
}

// Plain loops here and below: callbacks cost a millisecond each at 100,000 groups.
function keepPassing(slots: Int32Array, failed: Uint8Array): Int32Array {
  const kept = new Int32Array(slots.length)
  let size = 0
  for (let at = 0; at < slots.length; at++) if (failed[at] === 0) kept[size++] = slots[at]!
  return kept.subarray(0, size)
}

function countWanted({ wanted }: Snapshot, slots: Int32Array): number {
  let count = 0
  for (let at = 0; at < slots.length; at++) count += wanted[slots[at]!]!
  return count
}

/** Ascending slots that pass everything but facets and area. */
function candidates(snapshot: Snapshot, choices: Choices, tier: Uint8Array | undefined): Int32Array {
  const list = startFrom(snapshot, choices)
  const accepted = choices.scope?.accepted
  const found = new Int32Array(list ? list.length : snapshot.size)
  let size = 0
  for (let at = 0; at < found.length; at++) {
    const slot = list ? list[at]! : at
    if (tier && tier[slot] === 255) continue
    if (choices.wanted && !snapshot.wanted[slot]) continue
    if (accepted && !accepted.has(snapshot.num[slot]!)) continue
    found[size++] = slot
  }
  return found.subarray(0, size)
}

/** The shortest list that holds every match, ascending, or undefined for all slots. */
function startFrom(snapshot: Snapshot, { keywords, scope }: Choices): Uint32Array | undefined {
  const lists = [...keywords, ...(scope ? [scope.keyword] : [])].map((slug) => listOf(snapshot.groupsOf, indexIn(snapshot.keywordNames, slug)))
  if (lists.length === 0) return undefined
  const [shortest, ...others] = lists.sort((a, b) => a.length - b.length)
  return others.reduce((kept, other) => intersect(kept, other), shortest!)
}

function intersect(a: Uint32Array, b: Uint32Array): Uint32Array {
  let at = 0
  return a.filter((slot) => {
    while (at < b.length && b[at]! < slot) at++
    return b[at] === slot
  })
}

function listOf({ starts, values }: Lists, index: number): Uint32Array {
  return index === 0 ? new Uint32Array() : values.subarray(starts[index], starts[index + 1])
}

function tiersBySlot({ size, slotOf }: Snapshot, hits: Int32Array[]): Uint8Array {
  const tier = new Uint8Array(size).fill(255)
  for (let level = hits.length - 1; level >= 0; level--) {
    for (const num of hits[level]!) {
      const slot = slotOf[num] ?? -1
      if (slot >= 0) tier[slot] = level
    }
  }
  return tier
}

/** For each slot, one bit for each facet whose choice it fails. */
function failedFacets(snapshot: Snapshot, { facets }: Choices, slots: Int32Array): Uint8Array {
  const failed = new Uint8Array(slots.length)
  for (const [bit, name] of facetNames.entries()) {
    const passing = passingValues(snapshot, name, facets[name] ?? [])
    if (passing && name === 'language') markLanguages(snapshot.languages, passing, slots, failed, 1 << bit)
    else if (passing) markColumn(snapshot[name as ColumnName], passing, slots, failed, 1 << bit)
  }
  return failed
}

type ColumnName = Exclude<FacetName, 'language'>

/** 1 for each value that passes, or undefined when all do. Archived groups are left out unless they are asked for. */
function passingValues(snapshot: Snapshot, name: FacetName, chosen: string[]): Uint8Array | undefined {
  if (name === 'activity' && chosen.includes('any')) return undefined
  if (name === 'activity' && chosen.length === 0) return Uint8Array.from(activities, (activity) => (activity === 'archived' ? 0 : 1))
  if (chosen.length === 0) return undefined
  const passing = new Uint8Array(facetSize(snapshot, name))
  for (const value of chosen) {
    const index = facetIndex(snapshot, name, value)
    if (index !== undefined) passing[index] = 1
  }
  return passing
}

function markColumn(column: Uint8Array | Uint16Array, passing: Uint8Array, slots: Int32Array, failed: Uint8Array, bit: number): void {
  for (let at = 0; at < slots.length; at++) if (passing[column[slots[at]!]!] === 0) failed[at]! |= bit
}

function markLanguages({ starts, values }: Lists, passing: Uint8Array, slots: Int32Array, failed: Uint8Array, bit: number): void {
  for (let at = 0; at < slots.length; at++) {
    let spoken = false
    for (let entry = starts[slots[at]!]!; entry < starts[slots[at]! + 1]!; entry++) spoken ||= passing[values[entry]!] === 1
    if (!spoken) failed[at]! |= bit
  }
}

/** How many of these slots have each value, leaving out those that fail another facet. */
function countFacet(snapshot: Snapshot, name: FacetName, slots: Int32Array, failed: Uint8Array, bit: number): Uint32Array {
  const counts = new Uint32Array(facetSize(snapshot, name))
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

function countTags(snapshot: Snapshot, slots: Int32Array): Uint32Array {
  const counts = new Uint32Array(snapshot.tagNames.values.length)
  countLists(snapshot.tags, slots, new Uint8Array(slots.length), 0, counts)
  return counts
}

function facetIndex(snapshot: Snapshot, name: FacetName, value: string): number | undefined {
  if (name === 'type') return types.indexOf(value as never)
  if (name === 'activity') return activities.indexOf(value as never)
  return indexIn(dictionaryOf(snapshot, name), value) || undefined
}

/** The slots inside the area asked for, and those whose position is not known precisely enough to say. */
function splitByArea(snapshot: Snapshot, { bbox, near }: Choices, slots: Int32Array): { inside: Int32Array; unsure: Int32Array } {
  if (!bbox && !near) return { inside: slots, unsure: new Int32Array() }
  const { lat, lng, precision } = snapshot
  const placed = precisions.indexOf('place')
  const isSure = (slot: number) => precision[slot]! > 0 && precision[slot]! <= placed
  const isInside = (slot: number) =>
    (!bbox || inBox(bbox, lat[slot]!, lng[slot]!)) && (!near || kilometres(near.lat, near.lng, lat[slot]!, lng[slot]!) <= near.radius)
  return { inside: slots.filter((slot) => isSure(slot) && isInside(slot)), unsure: slots.filter((slot) => !isSure(slot)) }
}

function inBox([west, south, east, north]: NonNullable<Choices['bbox']>, lat: number, lng: number): boolean {
  return lat >= south && lat <= north && (west <= east ? lng >= west && lng <= east : lng >= west || lng <= east)
}

function facetSize(snapshot: Snapshot, name: FacetName): number {
  return name === 'type' ? types.length : name === 'activity' ? activities.length : dictionaryOf(snapshot, name).values.length
}

function dictionaryOf(snapshot: Snapshot, name: 'country' | 'region' | 'language'): Dictionary {
  return snapshot[`${name}Names`]
}

function facetCounts(snapshot: Snapshot, name: FacetName, counts: Uint32Array): Counted[] {
  const values: readonly string[] = name === 'type' ? types : name === 'activity' ? activities : dictionaryOf(snapshot, name).values
  const counted: Counted[] = []
  for (let at = 0; at < counts.length; at++) if (counts[at]! > 0 && values[at] !== '') counted.push({ value: values[at]!, count: counts[at]! })
  return name === 'type' || name === 'activity' ? counted : counted.sort(mostFirst)
}

/** A keyword is shown as most of the groups found write it. */
function keywordCounts({ tagNames, keywordOf, keywordNames }: Snapshot, tagCounts: Uint32Array): Counted[] {
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
