import type { CatalogueState } from '../../catalogue/catalogue.ts'
import { listedSlots } from '../../catalogue/keyword.ts'
import type { EcosystemRow } from '../../db/tables.ts'
import { toSlug } from '../../text/fold.ts'
import * as urls from '../../urls.ts'
import type { FollowedEcosystem } from './queries.ts'
import { addressKey } from './rules.ts'
import { countShared, pairOf, type Shared } from './shared.ts'

/** An ecosystem among the others. */
export interface Place {
  keyword: string
  title: string
  /** Of the title, the first tells. */
  languages: string[]
  /** Absolute. */
  url: string
  /** Host of the server that keeps it, if not this one, and when it last said so. */
  host?: string
  seenAt?: string
  groupCount: number
  /** Addresses it names that lead to none of these. */
  elsewhere: string[]
}

/** What links two ecosystems, `one` before `other` in the list of places. */
export interface Tie {
  one: number
  other: number
  shared: number
  oneNames: boolean
  otherNames: boolean
}

export interface Network {
  /** Those here first, by keyword, then those of followed servers. */
  places: Place[]
  /** Those that share most first. */
  ties: Tie[]
  bridges: Shared['bridges']
}

/** The network as the groups and the ecosystems themselves make it: who shares groups, and who names whom. */
export function toNetwork(rows: EcosystemRow[], followed: FollowedEcosystem[], state: CatalogueState, publicUrl: string): Network {
  const named: string[][] = []
  const places: Place[] = []
  const members: { keyword: string; host?: string }[] = []
  for (const row of rows) {
    named.push(row.related ? JSON.parse(row.related) : [])
    places.push(toOwnPlace(row, state, publicUrl))
    members.push({ keyword: row.keyword })
  }
  const known = new Set(places.map(({ url }) => addressKey(url)))
  for (const one of followed) {
    const place = toFollowedPlace(one)
    // Several sources of one server tell of the same ecosystem.
    if (known.has(addressKey(place.url))) continue
    known.add(addressKey(place.url))
    named.push(one.related ? JSON.parse(one.related) : [])
    places.push(place)
    const mapping: Record<string, string> = one.mapping ? JSON.parse(one.mapping) : {}
    members.push({ keyword: toSlug(mapping[one.keyword] ?? one.keyword), host: place.host })
  }
  const { counts, bridges } = countShared(state, members)
  return { places, ties: toTies(places, named, counts), bridges }
}

function toOwnPlace(row: EcosystemRow, state: CatalogueState, publicUrl: string): Place {
  return {
    keyword: row.keyword,
    title: row.title,
    languages: row.languages ? JSON.parse(row.languages) : [],
    url: urls.absolute(publicUrl, urls.ecosystem(row.keyword)),
    groupCount: listedSlots(state, row.keyword).length,
    elsewhere: [],
  }
}

function toFollowedPlace({ keyword, title, language, group_count, origin, seen_at }: FollowedEcosystem): Place {
  return {
    keyword,
    title,
    languages: language ? [language] : [],
    url: urls.absolute(origin, urls.ecosystem(keyword)),
    host: new URL(origin).host,
    seenAt: seen_at,
    groupCount: group_count,
    elsewhere: [],
  }
}

/** What is shared and who names whom, as ties; what a place of ours names besides is put with it. */
function toTies(places: Place[], named: string[][], counts: Map<number, number>): Tie[] {
  const size = places.length
  const ties = new Map<number, Tie>()
  const tieOf = (a: number, b: number): Tie => {
    const pair = pairOf(a, b, size)
    const tie = ties.get(pair) ?? { one: Math.min(a, b), other: Math.max(a, b), shared: counts.get(pair) ?? 0, oneNames: false, otherNames: false }
    ties.set(pair, tie)
    return tie
  }
  for (const pair of counts.keys()) tieOf(Math.floor(pair / size), pair % size)
  const byAddress = new Map(places.map(({ url }, index) => [addressKey(url), index]))
  named.forEach((addresses, from) => {
    for (const address of addresses) {
      const to = byAddress.get(addressKey(address))
      if (to === undefined) {
        // Of another server's addresses, those that lead to what we know say enough.
        if (!places[from]!.host) places[from]!.elsewhere.push(address)
      } else if (to !== from) tieOf(from, to)[from < to ? 'oneNames' : 'otherNames'] = true
    }
  })
  return [...ties.values()].sort((a, b) => b.shared - a.shared || a.one - b.one || a.other - b.other)
}
