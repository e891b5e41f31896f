import type { Catalogue } from '../../catalogue/catalogue.ts'
import { type Choices, matching } from '../../catalogue/select.ts'
import { precisions, type Snapshot } from '../../catalogue/snapshot.ts'
import type { Db } from '../../db/tables.ts'
import type { MurmurationsQuery } from '../../schema-types.ts'
import { fold, toSlug } from '../../text/fold.ts'
import { formats } from '../../text/format.ts'
import { questionTerms } from '../../text/words.ts'
import type { Entries, Entry } from './entries.ts'
import { hasWords, kilometresOf, ownSchema, primaryKey, readTags } from './rules.ts'

type Test = (entry: Entry, slot: number) => boolean

/** The entries that match, the last changed first. Those that are gone have nothing left to be found by but their time and state. */
export async function chooseEntries(
  source: { db: Db; catalogue: Catalogue },
  { state, list }: Entries,
  asked: MurmurationsQuery,
  { homeOf, placed = false }: { homeOf: (name: string) => string; placed?: boolean },
): Promise<Entry[]> {
  const { status, schema = '', last_updated: since = 0, expires } = asked
  // No group of ours expires.
  if (!ownSchema.startsWith(schema) || expires !== undefined || (status !== undefined && status !== 'posted' && status !== 'deleted')) return []
  const { snapshot } = state
  const tests = [...(await catalogueTests(source, state, asked)), ...ownTests(snapshot, asked, homeOf), ...(placed ? [isPlaced(snapshot)] : [])]
  const passes = (entry: Entry): boolean => {
    if (entry.at < since) return false
    if (entry.num === undefined) return status !== 'posted' && tests.length === 0
    const slot = snapshot.slotOf[entry.num] ?? -1
    return slot >= 0 && status !== 'deleted' && tests.every((test) => test(entry, slot))
  }
  return list.filter(passes).reverse()
}

/** The slots that the catalogue finds. */
async function catalogueTests(
  { db, catalogue }: { db: Db; catalogue: Catalogue },
  state: Entries['state'],
  asked: MurmurationsQuery,
): Promise<Test[]> {
  const { lat, lon, country, region, name } = asked
  if (country === undefined && region === undefined && name === undefined && lat === undefined) return []
  const radius = kilometresOf(asked.range ?? '25km')!
  const facets: Choices['facets'] = { activity: ['any'] }
  if (country !== undefined) facets.country = [country.toUpperCase()]
  if (region !== undefined) facets.region = regionsCalled(state.snapshot, region)
  const near = lat === undefined || lon === undefined ? undefined : { lat, lng: lon, radius }
  const found = new Uint8Array(state.snapshot.size)
  if (facets.region?.length !== 0) for (const slot of matching(state.snapshot, { facets, keywords: [], wanted: false, near })) found[slot] = 1
  if (name === undefined) return [(_, slot) => found[slot] === 1]
  // Names hold all the words where 0 is the best field.
  const { nums, fields } = await catalogue.find(db, state, questionTerms(name))
  const named = new Set(nums.filter((_, at) => fields[at] === 0))
  return [({ num }, slot) => found[slot] === 1 && named.has(num!)]
}

/** The codes of the regions of this name, in either language, or this code. */
function regionsCalled({ regionNames }: Snapshot, name: string): string[] {
  const asked = fold(name.trim())
  const names = (code: string) => [code, formats('fr').region(code), formats('en').region(code)]
  return regionNames.values.filter((code) => code !== '' && names(code).some((one) => fold(one) === asked))
}

function ownTests(snapshot: Snapshot, asked: MurmurationsQuery, homeOf: (name: string) => string): Test[] {
  const { locality, primary_url: home, tags } = asked
  const tests: Test[] = []
  if (locality !== undefined) {
    const town = toSlug(locality)
    tests.push(({ place }) => place !== undefined && hasWords(place, town))
  }
  if (home !== undefined) {
    const key = primaryKey(home)
    tests.push((entry) => (entry.home ?? primaryKey(homeOf(entry.name))) === key)
  }
  if (tags !== undefined) tests.push(tagTest(snapshot, readTags(tags), asked))
  return tests
}

function tagTest({ tags, keywordOf, keywordNames }: Snapshot, slugs: string[], { tags_filter, tags_exact }: MurmurationsQuery): Test {
  const matches = (keyword: string, slug: string) => (tags_exact === 'true' ? keyword === slug : hasWords(keyword, slug))
  const passing = slugs.map((slug) => Uint8Array.from(keywordNames.values, (keyword) => (matches(keyword, slug) ? 1 : 0)))
  const carries = (slot: number) => (keywords: Uint8Array) => {
    for (let at = tags.starts[slot]!; at < tags.starts[slot + 1]!; at++) if (keywords[keywordOf[tags.values[at]!]!] === 1) return true
    return false
  }
  return (_, slot) => passing.length > 0 && (tags_filter === 'and' ? passing.every(carries(slot)) : passing.some(carries(slot)))
}

/** Whether the position is good enough to be told: that of a place, not the middle of a region. */
function isPlaced({ precision }: Snapshot): Test {
  return (_, slot) => ['exact', 'place'].includes(precisions[precision[slot]!]!)
}
