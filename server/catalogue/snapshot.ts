/** A group as the catalogue reads it from the database. */
export interface CatalogueRow {
  num: number
  sort_key: string
  short_name: string
  type: string
  activity: string | null
  country: string | null
  region: string | null
  languages: string | null
  keywords: string | null
  wanted: number
  member_count: number | null
  lat: number | null
  lng: number | null
  precision: string | null
  updated_at: string
}

export const types = ['thematic', 'territorial', 'support'] as const
export const activities = ['unknown', 'preparing', 'active', 'archived'] as const
export const precisions = ['unknown', 'exact', 'place', 'region', 'country'] as const

/** Values given a small number each, in the order they came; 0 is "none". */
export interface Dictionary {
  values: string[]
  index: Map<string, number>
}

/** Several values a group: those of slot `s` are `values[starts[s] … starts[s + 1])`. */
export interface Lists {
  starts: Uint32Array
  values: Uint32Array
}

/**
 * All groups in typed arrays, one slot a group, slots in the order of names. It never changes: `updated` makes the next one.
 * Tags are keywords as written: labels, each of which has one slug; `keywordOf` gives a tag's keyword.
 */
export interface Snapshot {
  size: number
  num: Int32Array
  /** Folded name, then short name: unique, and the order of the slots. */
  key: string[]
  type: Uint8Array
  activity: Uint8Array
  country: Uint16Array
  region: Uint16Array
  wanted: Uint8Array
  /** −1 where unknown. */
  members: Int32Array
  /** NaN where unknown, degrees. */
  lat: Float64Array
  lng: Float64Array
  precision: Uint8Array
  /** Milliseconds since 1970. */
  updated: Float64Array
  languages: Lists
  tags: Lists
  countryNames: Dictionary
  regionNames: Dictionary
  languageNames: Dictionary
  tagNames: Dictionary
  keywordNames: Dictionary
  keywordOf: number[]
  /** A keyword as most groups write it. */
  keywordLabels: string[]
  /** Languages by their JSON text, as it is in the rows. */
  languageLists: Map<string, number[]>
  /** Slots by keyword, ascending. */
  groupsOf: Lists
  /** Slot by group number, −1 where there is none. */
  slotOf: Int32Array
}

/** The snapshot of these groups alone; they come in batches, so that only one batch at a time is in memory as rows. */
export async function snapshotOf(batches: AsyncIterable<CatalogueRow[]> | Iterable<CatalogueRow[]>, size: number): Promise<Snapshot> {
  const arrived = startSnapshot(emptySnapshot(), size)
  const lists: Growing = { languages: [], tags: [] }
  for await (const rows of batches) for (const row of rows) if (arrived.size < size) addRow(arrived, lists, keyOf(row), row)
  useLists(arrived, lists)
  const order = Array.from({ length: arrived.size }, (_, slot) => slot).sort((a, b) => (arrived.key[a]! < arrived.key[b]! ? -1 : 1))
  const next = startSnapshot(arrived, arrived.size)
  const ordered: Growing = { languages: [], tags: [] }
  for (const slot of order) addSlot(next, ordered, arrived, slot)
  return finish(next, ordered)
}

/** The snapshot after these groups came or changed and those numbers went. */
export function updated(old: Snapshot, rows: CatalogueRow[], gone: Set<number>): Snapshot {
  const out = new Set([...gone, ...rows.map((row) => row.num)])
  const fresh = rows.map((row) => ({ row, key: keyOf(row) })).sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  const kept = old.size - [...out].filter((num) => (old.slotOf[num] ?? -1) >= 0).length
  const next = startSnapshot(old, kept + fresh.length)
  const lists: Growing = { languages: [], tags: [] }
  let at = 0
  for (let slot = 0; slot < old.size; slot++) {
    if (out.has(old.num[slot]!)) continue
    while (at < fresh.length && fresh[at]!.key < old.key[slot]!) addRow(next, lists, fresh[at]!.key, fresh[at++]!.row)
    addSlot(next, lists, old, slot)
  }
  while (at < fresh.length) addRow(next, lists, fresh[at]!.key, fresh[at++]!.row)
  return finish(next, lists)
}

/** The number of a value, or 0 if no group has it. */
export function indexIn(dictionary: Dictionary, value: string): number {
  return dictionary.index.get(value) ?? 0
}

interface Growing {
  languages: number[]
  tags: number[]
}

function emptySnapshot(): Snapshot {
  const dictionary = (): Dictionary => ({ values: [''], index: new Map() })
  const names = {
    countryNames: dictionary(),
    regionNames: dictionary(),
    languageNames: dictionary(),
    tagNames: dictionary(),
    keywordNames: dictionary(),
  }
  return startSnapshot({ ...names, keywordOf: [0], keywordLabels: [''], languageLists: new Map<string, number[]>() } as Snapshot, 0)
}

/** Dictionaries only grow, so snapshots share them. */
function startSnapshot(old: Snapshot, size: number): Snapshot {
  return {
    ...old,
    size: 0,
    num: new Int32Array(size),
    key: new Array(size),
    type: new Uint8Array(size),
    activity: new Uint8Array(size),
    country: new Uint16Array(size),
    region: new Uint16Array(size),
    wanted: new Uint8Array(size),
    members: new Int32Array(size),
    lat: new Float64Array(size),
    lng: new Float64Array(size),
    precision: new Uint8Array(size),
    updated: new Float64Array(size),
    languages: { starts: new Uint32Array(size + 1), values: new Uint32Array() },
    tags: { starts: new Uint32Array(size + 1), values: new Uint32Array() },
    slotOf: new Int32Array(),
  }
}

function addRow(next: Snapshot, lists: Growing, key: string, row: CatalogueRow): void {
  const slot = next.size++
  next.num[slot] = row.num
  next.key[slot] = key
  next.type[slot] = types.indexOf(row.type as never)
  next.activity[slot] = activities.indexOf((row.activity ?? 'unknown') as never)
  next.country[slot] = row.country ? intern(next.countryNames, row.country) : 0
  next.region[slot] = row.region ? intern(next.regionNames, row.region) : 0
  next.wanted[slot] = row.wanted
  next.members[slot] = row.member_count ?? -1
  next.lat[slot] = row.lat ?? Number.NaN
  next.lng[slot] = row.lng ?? Number.NaN
  next.precision[slot] = precisions.indexOf((row.precision ?? 'unknown') as never)
  next.updated[slot] = Date.parse(row.updated_at)
  if (row.languages) for (const language of languageValues(next, row.languages)) lists.languages.push(language)
  for (const { slug, label } of JSON.parse(row.keywords ?? '[]') as { slug: string; label: string }[]) {
    const tag = intern(next.tagNames, label)
    next.keywordOf[tag] ??= intern(next.keywordNames, slug)
    lists.tags.push(tag)
  }
  next.languages.starts[slot + 1] = lists.languages.length
  next.tags.starts[slot + 1] = lists.tags.length
}

function addSlot(next: Snapshot, lists: Growing, old: Snapshot, from: number): void {
  const slot = next.size++
  for (const column of ['num', 'type', 'activity', 'country', 'region', 'wanted', 'members', 'lat', 'lng', 'precision', 'updated'] as const)
    next[column][slot] = old[column][from]!
  next.key[slot] = old.key[from]!
  for (const list of ['languages', 'tags'] as const) {
    for (let at = old[list].starts[from]!; at < old[list].starts[from + 1]!; at++) lists[list].push(old[list].values[at]!)
    next[list].starts[slot + 1] = lists[list].length
  }
}

function finish(next: Snapshot, lists: Growing): Snapshot {
  useLists(next, lists)
  next.slotOf = new Int32Array(next.num.reduce((most, num) => Math.max(most, num), 0) + 1).fill(-1)
  for (let slot = 0; slot < next.size; slot++) next.slotOf[next.num[slot]!] = slot
  next.groupsOf = invert(next)
  next.keywordLabels = labelsOf(next)
  return next
}

function labelsOf({ tags, tagNames, keywordOf, keywordNames }: Snapshot): string[] {
  const counts = new Uint32Array(tagNames.values.length)
  for (const tag of tags.values) counts[tag]!++
  const best = new Uint32Array(keywordNames.values.length)
  for (let tag = 1; tag < counts.length; tag++) {
    const known = best[keywordOf[tag]!]!
    const isBetter = counts[tag]! > counts[known]! || (counts[tag] === counts[known] && tagNames.values[tag]! < tagNames.values[known]!)
    if (known === 0 || isBetter) best[keywordOf[tag]!] = tag
  }
  return Array.from(best, (tag) => tagNames.values[tag]!)
}

function useLists(next: Snapshot, lists: Growing): void {
  next.languages.values = Uint32Array.from(lists.languages)
  next.tags.values = Uint32Array.from(lists.tags)
}

function keyOf(row: CatalogueRow): string {
  return `${row.sort_key}\0${row.short_name}`
}

function invert({ size, tags, keywordOf, keywordNames }: Snapshot): Lists {
  const starts = new Uint32Array(keywordNames.values.length + 1)
  for (const tag of tags.values) starts[keywordOf[tag]! + 1]!++
  for (let keyword = 1; keyword < starts.length; keyword++) starts[keyword]! += starts[keyword - 1]!
  const values = new Uint32Array(tags.values.length)
  const filled = starts.slice()
  for (let slot = 0; slot < size; slot++) {
    for (let at = tags.starts[slot]!; at < tags.starts[slot + 1]!; at++) values[filled[keywordOf[tags.values[at]!]!]!++] = slot
  }
  return { starts, values }
}

/** A group is found by its exact tag and by the language alone: `fr-CA` counts as `fr` too. The same lists come again and again. */
function languageValues(next: Snapshot, json: string): number[] {
  const known = next.languageLists.get(json)
  if (known) return known
  const tags = JSON.parse(json) as string[]
  const values = [...new Set(tags.flatMap((tag) => [tag, tag.split('-')[0]!.toLowerCase()]))].map((tag) => intern(next.languageNames, tag))
  next.languageLists.set(json, values)
  return values
}

function intern(dictionary: Dictionary, value: string): number {
  const known = dictionary.index.get(value)
  if (known !== undefined) return known
  dictionary.index.set(value, dictionary.values.length)
  return dictionary.values.push(value) - 1
}
