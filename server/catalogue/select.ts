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

/** The groups that match, and for each facet how many each choice would give: as if that facet were not chosen, the others being. */
export function select(snapshot: Snapshot, choices: Choices): Selection {
  const tier = choices.hits && tiersBySlot(snapshot, choices.hits)
  const tests = facetTests(snapshot, choices)
  const counters = facetNames.map((name) => new Uint32Array(facetSize(snapshot, name)))
  const tagCounts = new Uint32Array(snapshot.tagNames.values.length)
  const found = new Int32Array(snapshot.size)
  const inArea = areaTest(snapshot, choices)
  const candidates = startFrom(snapshot, choices)
  const total = candidates ? candidates.length : snapshot.size
  let [size, wanted, omitted] = [0, 0, 0]
  for (let at = 0; at < total; at++) {
    const slot = candidates ? candidates[at]! : at
    if (tier && tier[slot] === 255) continue
    if (choices.scope?.accepted && !choices.scope.accepted.has(snapshot.num[slot]!)) continue
    let failed = 0
    for (let facet = 0; facet < tests.length; facet++) if (!tests[facet]!(slot)) failed |= 1 << facet
    if (failed & (failed - 1)) continue
    if (choices.wanted && !snapshot.wanted[slot]) continue
    if (inArea) {
      const answer = inArea(slot)
      if (answer === undefined && failed === 0) omitted++
      if (!answer) continue
    }
    for (let facet = 0; facet < counters.length; facet++)
      if (failed === 0 || failed === 1 << facet) countFacet(snapshot, facetNames[facet]!, slot, counters[facet]!)
    if (failed) continue
    found[size++] = slot
    wanted += snapshot.wanted[slot]!
    for (let tag = snapshot.tags.starts[slot]!; tag < snapshot.tags.starts[slot + 1]!; tag++) tagCounts[snapshot.tags.values[tag]!]!++
  }
  const counts = Object.fromEntries(facetNames.map((name, at) => [name, facetCounts(snapshot, name, counters[at]!)]))
  return {
    slots: found.subarray(0, size),
    tier,
    wanted,
    omitted,
    counts: { ...counts, keyword: keywordCounts(snapshot, tagCounts) } as Selection['counts'],
  }
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

type SlotTest = (slot: number) => boolean

function facetTests(snapshot: Snapshot, { facets }: Choices): SlotTest[] {
  const archived = activities.indexOf('archived')
  return facetNames.map((name) => {
    const chosen = facets[name] ?? []
    if (name === 'activity' && chosen.includes('any')) return () => true
    if (name === 'activity' && chosen.length === 0) return (slot) => snapshot.activity[slot] !== archived
    if (chosen.length === 0) return () => true
    const wantedValues = new Uint8Array(facetSize(snapshot, name))
    for (const value of chosen) {
      const index = facetIndex(snapshot, name, value)
      if (index !== undefined) wantedValues[index] = 1
    }
    if (name !== 'language') return (slot) => wantedValues[snapshot[name][slot]!] === 1
    const { starts, values } = snapshot.languages
    return (slot) => {
      for (let at = starts[slot]!; at < starts[slot + 1]!; at++) if (wantedValues[values[at]!] === 1) return true
      return false
    }
  })
}

function facetIndex(snapshot: Snapshot, name: FacetName, value: string): number | undefined {
  if (name === 'type') return types.indexOf(value as never)
  if (name === 'activity') return activities.indexOf(value as never)
  return indexIn(dictionaryOf(snapshot, name), value) || undefined
}

/** `undefined` when the group's position is not known precisely enough to say. */
function areaTest({ lat, lng, precision }: Snapshot, { bbox, near }: Choices): ((slot: number) => boolean | undefined) | undefined {
  if (!bbox && !near) return undefined
  const placed = precisions.indexOf('place')
  return (slot) => {
    if (precision[slot] === 0 || precision[slot]! > placed) return undefined
    const [y, x] = [lat[slot]!, lng[slot]!]
    if (bbox && !(y >= bbox[1] && y <= bbox[3] && (bbox[0] <= bbox[2] ? x >= bbox[0] && x <= bbox[2] : x >= bbox[0] || x <= bbox[2]))) return false
    return !near || kilometres(near.lat, near.lng, y, x) <= near.radius
  }
}

function countFacet(snapshot: Snapshot, name: FacetName, slot: number, counts: Uint32Array): void {
  if (name !== 'language') counts[snapshot[name][slot]!]!++
  else for (let at = snapshot.languages.starts[slot]!; at < snapshot.languages.starts[slot + 1]!; at++) counts[snapshot.languages.values[at]!]!++
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
    const label = tagNames.values[tag]!.split('\0')[1]!
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
