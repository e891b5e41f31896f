import { type Indexes, indexesOf, type Lists } from './indexes.ts'
import { nowhere, stepsAcross, stepsDown } from './mercator.ts'

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
  origin_server: string | null
}

export const types = ['thematic', 'territorial', 'support'] as const
export const activities = ['unknown', 'preparing', 'active', 'archived'] as const
export const precisions = ['unknown', 'exact', 'place', 'region', 'country'] as const

const archived = activities.indexOf('archived')
const placed = precisions.indexOf('place')

/** How this server is called among those that groups are kept on. */
export const here = 'here'

/** Values given a small number each, in the order they came; 0 is "none". */
export interface Dictionary {
  values: string[]
  index: Map<string, number>
}

/**
 * All groups in typed arrays, one slot a group, slots in the order of names. It never changes: `updated` makes the next one.
 * What is counted is all of one kind of array: loops over one kind are quicker.
 * Tags are keywords as written: labels, each of which has one slug; `keywordOf` gives a tag's keyword.
 */
export interface Snapshot extends Indexes {
  size: number
  num: Int32Array
  /** Folded name, then short name: unique, and the order of the slots. */
  key: string[]
  type: Uint32Array
  activity: Uint32Array
  country: Uint32Array
  region: Uint32Array
  /** Number of its languages in `languageLists`; 0 is none. */
  language: Uint32Array
  /** Where it is kept; 0 is here. */
  server: Uint32Array
  wanted: Uint32Array
  /** −1 where unknown. */
  members: Int32Array
  /** NaN where unknown, degrees. */
  lat: Float64Array
  lng: Float64Array
  /** Steps from the west and from the north on the world of Web Mercator; `nowhere` where the place is not known. */
  x: Uint32Array
  y: Uint32Array
  precision: Uint32Array
  /** Milliseconds since 1970. */
  updated: Float64Array
  tags: Lists
  countryNames: Dictionary
  regionNames: Dictionary
  /** Hosts, with their port if they have one; the first is `here`. */
  serverNames: Dictionary
  languageNames: Dictionary
  tagNames: Dictionary
  keywordNames: Dictionary
  keywordOf: number[]
  /** The languages that some group speaks together, by number. */
  languageLists: number[][]
  /** Their numbers by their JSON text, as it is in the rows. */
  languageListOf: Map<string, number>
  /** The slots that a list shows to those who chose nothing, ascending: all but archived groups. */
  listed: Int32Array
}

/** The snapshot of these groups alone; they come in batches, so that only one batch at a time is in memory as rows. */
export async function snapshotOf(batches: AsyncIterable<CatalogueRow[]> | Iterable<CatalogueRow[]>, most: number): Promise<Snapshot> {
  const arrived = startSnapshot(emptySnapshot(), most)
  const tags: number[] = []
  for await (const rows of batches) for (const row of rows) if (arrived.size < most) addRow(arrived, tags, row)
  return take(withTags(arrived, tags), orderByKey(arrived))
}

/** The snapshot after these groups came or changed and those numbers went. */
export function updated(old: Snapshot, rows: CatalogueRow[], gone: Set<number>): Snapshot {
  const fresh = startSnapshot(old, rows.length)
  const tags: number[] = []
  for (const row of rows) addRow(fresh, tags, row)
  const out = new Set([...gone, ...rows.map((row) => row.num)])
  const both = joined(old, withTags(fresh, tags))
  return take(both, merged(slotsWithout(old, out), orderByKey(fresh), old.size, both.key))
}

/** The number of a value, or 0 if no group has it. */
export function indexIn(dictionary: Dictionary, value: string): number {
  return dictionary.index.get(value) ?? 0
}

function emptySnapshot(): Snapshot {
  const dictionary = (): Dictionary => ({ values: [''], index: new Map() })
  const names = {
    countryNames: dictionary(),
    regionNames: dictionary(),
    serverNames: { values: [here], index: new Map([[here, 0]]) },
    languageNames: dictionary(),
    tagNames: dictionary(),
    keywordNames: dictionary(),
  }
  return startSnapshot(
    { ...names, keywordOf: [0], keywordLabels: [''], languageLists: [[]], languageListOf: new Map<string, number>() } as unknown as Snapshot,
    0,
  )
}

/** Dictionaries only grow, so snapshots share them. */
function startSnapshot(old: Snapshot, size: number): Snapshot {
  return {
    ...old,
    size: 0,
    num: new Int32Array(size),
    key: new Array(size),
    type: new Uint32Array(size),
    activity: new Uint32Array(size),
    country: new Uint32Array(size),
    region: new Uint32Array(size),
    language: new Uint32Array(size),
    server: new Uint32Array(size),
    wanted: new Uint32Array(size),
    members: new Int32Array(size),
    lat: new Float64Array(size),
    lng: new Float64Array(size),
    x: new Uint32Array(size),
    y: new Uint32Array(size),
    precision: new Uint32Array(size),
    updated: new Float64Array(size),
    tags: { starts: new Uint32Array(size + 1), values: new Uint32Array() },
    listed: new Int32Array(),
  }
}

function addRow(next: Snapshot, tags: number[], row: CatalogueRow): void {
  const slot = next.size++
  next.num[slot] = row.num
  next.key[slot] = `${row.sort_key}\0${row.short_name}`
  next.type[slot] = types.indexOf(row.type as never)
  next.activity[slot] = activities.indexOf((row.activity ?? 'unknown') as never)
  next.country[slot] = row.country ? intern(next.countryNames, row.country) : 0
  next.region[slot] = row.region ? intern(next.regionNames, row.region) : 0
  next.language[slot] = row.languages ? languageList(next, row.languages) : 0
  next.server[slot] = row.origin_server ? intern(next.serverNames, row.origin_server.replace(/^https?:\/\//, '')) : 0
  next.wanted[slot] = row.wanted
  next.members[slot] = row.member_count ?? -1
  next.lat[slot] = row.lat ?? Number.NaN
  next.lng[slot] = row.lng ?? Number.NaN
  next.precision[slot] = precisions.indexOf((row.precision ?? 'unknown') as never)
  const isPlaced = next.precision[slot]! > 0 && next.precision[slot]! <= placed
  next.x[slot] = isPlaced ? stepsAcross(next.lng[slot]!) : nowhere
  next.y[slot] = isPlaced ? stepsDown(next.lat[slot]!) : nowhere
  next.updated[slot] = Date.parse(row.updated_at)
  for (const { slug, label } of JSON.parse(row.keywords ?? '[]') as { slug: string; label: string }[]) {
    const tag = intern(next.tagNames, label)
    next.keywordOf[tag] ??= intern(next.keywordNames, slug)
    tags.push(tag)
  }
  next.tags.starts[slot + 1] = tags.length
}

function slotsWithout({ size, num }: Snapshot, out: Set<number>): Int32Array {
  const slots = new Int32Array(size)
  let count = 0
  for (let slot = 0; slot < size; slot++) if (!out.has(num[slot]!)) slots[count++] = slot
  return slots.subarray(0, count)
}

const columns = [
  'num',
  'type',
  'activity',
  'country',
  'region',
  'language',
  'server',
  'wanted',
  'members',
  'lat',
  'lng',
  'x',
  'y',
  'precision',
  'updated',
] as const

/** The slots of `source` in this order, as a whole snapshot: column by column, which is quicker than slot by slot. */
function take(source: Snapshot, order: Int32Array): Snapshot {
  const next = startSnapshot(source, order.length)
  next.size = order.length
  for (const column of columns) gather(source[column], order, next[column])
  for (let at = 0; at < order.length; at++) next.key[at] = source.key[order[at]!]!
  next.tags = gatherLists(source.tags, order)
  next.listed = listedOf(next)
  return Object.assign(next, indexesOf(next))
}

type Column = Snapshot[(typeof columns)[number]]

function gather(from: Column, order: Int32Array, to: Column): void {
  for (let at = 0; at < order.length; at++) to[at] = from[order[at]!]!
}

function gatherLists({ starts, values }: Lists, order: Int32Array): Lists {
  const gathered = { starts: new Uint32Array(order.length + 1), values: new Uint32Array(values.length) }
  let size = 0
  for (let at = 0; at < order.length; at++) {
    for (let entry = starts[order[at]!]!; entry < starts[order[at]! + 1]!; entry++) gathered.values[size++] = values[entry]!
    gathered.starts[at + 1] = size
  }
  return { ...gathered, values: gathered.values.slice(0, size) }
}

/** One after the other: the slots of `b` follow those of `a`. */
function joined(a: Snapshot, b: Snapshot): Snapshot {
  const both = startSnapshot(b, a.size + b.size)
  for (const column of columns) {
    both[column].set(a[column].subarray(0, a.size))
    both[column].set(b[column].subarray(0, b.size), a.size)
  }
  both.key = a.key.concat(b.key.slice(0, b.size))
  const known = a.tags.values.length
  both.tags.starts.set(a.tags.starts)
  for (let slot = 0; slot < b.size; slot++) both.tags.starts[a.size + slot + 1] = known + b.tags.starts[slot + 1]!
  both.tags.values = new Uint32Array(known + b.tags.values.length)
  both.tags.values.set(a.tags.values)
  both.tags.values.set(b.tags.values, known)
  return both
}

/** Two ascending orders as one; the slots of the second begin at `from` in `key`. */
function merged(first: Int32Array, second: Int32Array, from: number, key: string[]): Int32Array {
  const order = new Int32Array(first.length + second.length)
  let [a, b] = [0, 0]
  for (let at = 0; at < order.length; at++) {
    const isSecond = b < second.length && (a === first.length || key[from + second[b]!]! < key[first[a]!]!)
    order[at] = isSecond ? from + second[b++]! : first[a++]!
  }
  return order
}

function orderByKey({ size, key }: Snapshot): Int32Array {
  const slots = Array.from({ length: size }, (_, slot) => slot)
  return Int32Array.from(slots.sort((a, b) => (key[a]! < key[b]! ? -1 : 1)))
}

function withTags(snapshot: Snapshot, tags: number[]): Snapshot {
  snapshot.tags.values = Uint32Array.from(tags)
  return snapshot
}

function listedOf({ size, activity }: Snapshot): Int32Array {
  const slots = new Int32Array(size)
  let count = 0
  for (let slot = 0; slot < size; slot++) if (activity[slot] !== archived) slots[count++] = slot
  return slots.slice(0, count)
}

/** A group is found by its exact tag and by the language alone: `fr-CA` counts as `fr` too. The same lists come again and again. */
function languageList(next: Snapshot, json: string): number {
  const known = next.languageListOf.get(json)
  if (known !== undefined) return known
  const tags = JSON.parse(json) as string[]
  const values = [...new Set(tags.flatMap((tag) => [tag, tag.split('-')[0]!.toLowerCase()]))].map((tag) => intern(next.languageNames, tag))
  next.languageListOf.set(json, next.languageLists.length)
  return next.languageLists.push(values) - 1
}

function intern(dictionary: Dictionary, value: string): number {
  const known = dictionary.index.get(value)
  if (known !== undefined) return known
  dictionary.index.set(value, dictionary.values.length)
  return dictionary.values.push(value) - 1
}
