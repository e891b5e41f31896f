import { type Counted, countFacet, countTags, facetCounts, keywordCounts } from './count.ts'
import { kilometres } from './distance.ts'
import { type FacetName, facetNames, failedFacets } from './facet.ts'
import type { Lists } from './indexes.ts'
import { indexIn, precisions, type Snapshot } from './snapshot.ts'
import type { Hits } from './words.ts'

/** What a reader chose. Several values of one facet mean "or"; keywords mean "and". */
export interface Choices {
  facets: Partial<Record<FacetName, string[]>>
  keywords: string[]
  wanted: boolean
  /** West, south, east, north in degrees; west may be greater than east (across the antimeridian). */
  bbox?: [number, number, number, number]
  near?: { lat: number; lng: number; radius: number }
  /** The groups that hold the words looked for. */
  hits?: Hits
  /** The ecosystem looked at: its keyword, and who is accepted if it is curated. */
  scope?: { keyword: string; accepted?: Set<number> }
  /** By group number, 1 for those that another record of the same group stands for. */
  hidden?: Uint8Array
  /** Ascending slots outside of which nothing is looked at, nor counted. */
  within?: Int32Array
}

export interface Selection {
  /** Ascending slots, to be read only. */
  slots: Int32Array
  /** Best field matched by slot; only with `hits`. */
  tier?: Uint8Array
  counts: Record<FacetName | 'keyword', Counted[]>
  wanted: number
  /** Would match, but their position is not known precisely enough for `near` or `bbox`. */
  omitted: number
}

type Slots = Int32Array | Uint32Array

/** Ascending slots of the groups that match, without counting anything; to be read only. */
export function matching(snapshot: Snapshot, choices: Choices): Int32Array {
  return matchPlaced(snapshot, choices, choices.hits && placeHits(snapshot, choices.hits)).slots
}

function matchPlaced(snapshot: Snapshot, choices: Choices, hits: PlacedHits | undefined): { slots: Int32Array; unsure?: Int32Array } {
  if (isOfAll(choices)) return { slots: snapshot.listed }
  const { inside, unsure } = splitByArea(snapshot, choices, candidates(snapshot, choices, hits))
  return { slots: passing(snapshot, choices, inside), unsure }
}

/** Whether nothing was chosen. */
function isOfAll({ facets, keywords, ...others }: Choices): boolean {
  return keywords.length === 0 && Object.values(facets).every((values) => values.length === 0) && Object.values(others).every((other) => !other)
}

/**
 * The groups that match, and for each facet how many each choice would give: as if that facet were not chosen, the others being.
 * Works column by column, which is several times quicker than group by group.
 */
export function select(snapshot: Snapshot, choices: Choices): Selection {
  const found = choices.hits && placeHits(snapshot, choices.hits)
  const { inside, unsure } = splitByArea(snapshot, choices, candidates(snapshot, choices, found))
  const failed = failedFacets(snapshot, choices.facets, inside)
  const chosen = new Map<FacetName, Uint32Array>()
  for (const [bit, name] of facetNames.entries())
    if (failed.by & (1 << bit)) chosen.set(name, countFacet(snapshot, name, inside, failed.bits, 1 << bit))
  const slots = keepPassing(inside, failed.bits)
  const counts = facetNames.map((name) => [name, facetCounts(snapshot, name, chosen.get(name) ?? countFacet(snapshot, name, slots))])
  return {
    slots,
    tier: found?.tier,
    wanted: countWanted(snapshot, slots),
    omitted: passing(snapshot, choices, unsure).length,
    counts: { ...Object.fromEntries(counts), keyword: keywordCounts(snapshot, countTags(snapshot, slots)) },
  }
}

/** The groups that match, for those who show no counts: several times quicker. */
export function selectUncounted(snapshot: Snapshot, choices: Choices): Selection {
  const none = { type: [], activity: [], country: [], region: [], language: [], server: [], keyword: [] }
  const found = choices.hits && placeHits(snapshot, choices.hits)
  const { slots, unsure } = matchPlaced(snapshot, choices, found)
  const omitted = unsure ? passing(snapshot, choices, unsure).length : 0
  return { slots, tier: found?.tier, counts: none, wanted: 0, omitted }
}

function passing(snapshot: Snapshot, { facets }: Choices, slots: Int32Array): Int32Array {
  return keepPassing(slots, failedFacets(snapshot, facets, slots).bits)
}

// Plain loops here and below: callbacks cost a millisecond each at 100,000 groups.
// In the place of the slots given: large arrays are slow to make and stay long.
// Without branches, which a processor guesses wrong where many pass and many fail: below zero, the highest bit is set.
function keepPassing(slots: Int32Array, failed: Uint8Array): Int32Array {
  let size = 0
  for (let at = 0; at < slots.length; at++) {
    slots[size] = slots[at]!
    size += (failed[at]! - 1) >>> 31
  }
  return slots.subarray(0, size)
}

function countWanted({ wanted }: Snapshot, slots: Int32Array): number {
  let count = 0
  for (let at = 0; at < slots.length; at++) count += wanted[slots[at]!]!
  return count
}

/** Ascending slots that pass everything but facets and area; a new array. */
function candidates(snapshot: Snapshot, choices: Choices, hits: PlacedHits | undefined): Int32Array {
  const { num, wanted } = snapshot
  const list = startFrom(snapshot, choices, hits)
  const { hidden } = choices
  const accepted = choices.scope?.accepted
  let slots = list ? Int32Array.from(list) : allSlots(snapshot)
  if (hits) slots = keepHits(slots, hits.tier)
  if (choices.wanted) slots = keep(slots, (slot) => wanted[slot] === 1)
  if (hidden) slots = keep(slots, (slot) => hidden[num[slot]!] !== 1)
  return accepted ? keep(slots, (slot) => accepted.has(num[slot]!)) : slots
}

function allSlots({ size }: Snapshot): Int32Array {
  const slots = new Int32Array(size)
  for (let slot = 0; slot < size; slot++) slots[slot] = slot
  return slots
}

function keepHits(slots: Int32Array, tier: Uint8Array): Int32Array {
  let size = 0
  for (let at = 0; at < slots.length; at++) {
    const slot = slots[at]!
    slots[size] = slot
    size += (tier[slot]! - 255) >>> 31
  }
  return slots.subarray(0, size)
}

function keep(slots: Int32Array, test: (slot: number) => boolean): Int32Array {
  let size = 0
  for (let at = 0; at < slots.length; at++) if (test(slots[at]!)) slots[size++] = slots[at]!
  return slots.subarray(0, size)
}

/** The shortest list that holds every match, ascending, or undefined for all slots. */
function startFrom(snapshot: Snapshot, { keywords, scope, within }: Choices, hits: PlacedHits | undefined): Slots | undefined {
  const lists: Slots[] = [...keywords, ...(scope ? [scope.keyword] : [])].map((slug) =>
    listOf(snapshot.groupsOf, indexIn(snapshot.keywordNames, slug)),
  )
  if (within) lists.push(within)
  if (hits?.slots) lists.push(hits.slots)
  if (lists.length === 0) return undefined
  const [shortest, ...others] = lists.sort((a, b) => a.length - b.length)
  return others.reduce((kept, other) => intersect(kept, other), shortest!)
}

function intersect(a: Slots, b: Slots): Slots {
  let at = 0
  return a.filter((slot: number) => {
    while (at < b.length && b[at]! < slot) at++
    return b[at] === slot
  })
}

/** Dictionaries grow while a snapshot is read: a value that came later has no list in it. */
function listOf({ starts, values }: Lists, index: number): Uint32Array {
  return index === 0 || index >= starts.length - 1 ? new Uint32Array() : values.subarray(starts[index], starts[index + 1])
}

interface PlacedHits {
  /** By slot, the best field that holds the words, 255 where none does. */
  tier: Uint8Array
  /** Ascending; only when they are few: to look at every slot is quicker than to put many in order. */
  slots?: Int32Array
}

function placeHits({ size, slotOf }: Snapshot, { nums, fields }: Hits): PlacedHits {
  const tier = new Uint8Array(size).fill(255)
  const slots = new Int32Array(nums.length)
  let count = 0
  for (let at = 0; at < nums.length; at++) {
    const slot = slotOf[nums[at]!] ?? -1
    if (slot < 0) continue
    tier[slot] = fields[at]!
    slots[count++] = slot
  }
  return count * 16 < size ? { tier, slots: slots.subarray(0, count).sort() } : { tier }
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
