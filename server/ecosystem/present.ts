import type { CatalogueState } from '../catalogue/catalogue.ts'
import { keywordLabel, listedSlots } from '../catalogue/keyword.ts'
import type { EcosystemRow } from '../db/tables.ts'
import type { EcosystemRecord } from '../schema-types.ts'
import * as urls from '../urls.ts'
import { toEcosystem } from './row.ts'

/** A registered ecosystem for everyone. */
export function toEcosystemRecord(row: EcosystemRow, state: CatalogueState, publicUrl: string): EcosystemRecord {
  return {
    ...toEcosystem(row),
    url: urls.absolute(publicUrl, urls.ecosystem(row.keyword)),
    registered: true,
    groupCount: listedSlots(state, row.keyword).length,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** A keyword in use that nobody has registered. */
export function toKeywordRecord(keyword: string, state: CatalogueState, publicUrl: string): EcosystemRecord {
  const groupCount = listedSlots(state, keyword).length
  return {
    keyword,
    title: keywordLabel(state.snapshot, keyword),
    url: urls.absolute(publicUrl, urls.ecosystem(keyword)),
    registered: false,
    groupCount,
  }
}

/** The keywords most in use that nobody has registered, most frequent first. */
export function frequentKeywords({ snapshot, ecosystems }: CatalogueState, most: number): { keyword: string; count: number }[] {
  const { keywordNames, groupsOf } = snapshot
  return keywordNames.values
    .map((keyword, index) => ({ keyword, count: index === 0 ? 0 : groupsOf.starts[index + 1]! - groupsOf.starts[index]! }))
    .filter(({ keyword, count }) => count > 0 && !ecosystems.has(keyword))
    .sort((a, b) => b.count - a.count || (a.keyword < b.keyword ? -1 : 1))
    .slice(0, most)
}

/** Keywords in use that look like this one, best first: for a page that does not exist. */
export function nearKeywords({ snapshot }: CatalogueState, keyword: string, most = 5): { keyword: string; label: string }[] {
  const { keywordNames, groupsOf } = snapshot
  const asked = bigrams(keyword)
  return keywordNames.values
    .map((name, index) => ({ name, index, likeness: likeness(asked, bigrams(name)) }))
    .filter(({ index, likeness: score }) => index > 0 && score >= 0.35 && groupsOf.starts[index + 1]! > groupsOf.starts[index]!)
    .sort((a, b) => b.likeness - a.likeness || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => ({ keyword: name, label: keywordLabel(snapshot, name) }))
}

function bigrams(text: string): Set<string> {
  const padded = ` ${text} `
  return new Set(Array.from({ length: padded.length - 1 }, (_, at) => padded.slice(at, at + 2)))
}

/** Dice's coefficient, 0 to 1. */
function likeness(a: Set<string>, b: Set<string>): number {
  let shared = 0
  for (const pair of a) if (b.has(pair)) shared++
  return (2 * shared) / (a.size + b.size)
}
