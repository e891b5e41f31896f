import type { CatalogueState } from '../catalogue/catalogue.ts'
import { keywordLabel, listedSlots } from '../catalogue/keyword.ts'
import { types } from '../catalogue/snapshot.ts'
import type { EcosystemRow, GroupRow } from '../db/tables.ts'
import { languageOf } from '../group/present.ts'
import { islandSvg } from '../look/contour.ts'
import type { Ecosystem } from '../schema-types.ts'
import { renderMarkdown } from '../text/markdown.ts'
import * as urls from '../urls.ts'
import { toEcosystem } from './row.ts'

/** An ecosystem among others: on the home page and in the list. */
export interface Isle {
  title: string
  url: string
  summary?: string
  lang: string
  dir: 'ltr' | 'rtl'
  count: number
  policy: 'open' | 'curated'
  islandHtml: string
}

/** The head of an ecosystem's page. */
export interface EcosystemView {
  title: string
  keyword: string
  summary?: string
  registered: boolean
  presentationHtml?: string
  lang: string
  dir: 'ltr' | 'rtl'
  charter?: Ecosystem['charter']
  policy: 'open' | 'curated'
  kernel?: { name: string; url: string }
  related: { url: string; host: string }[]
  tools: { service: string; name: string; url: string; host: string }[]
  numbers: { groups: number; members?: number; countries: number; languages: number }
  islandHtml: string
  /** The overview map as a picture, and the page it leads to. */
  mapUrl: string
  mapPageUrl: string
}

export function toIsle(row: EcosystemRow, state: CatalogueState): Isle {
  const slots = listedSlots(state, row.keyword)
  return {
    title: row.title,
    url: urls.ecosystem(row.keyword),
    summary: row.summary ?? undefined,
    ...languageOf(toEcosystem(row).languages),
    count: slots.length,
    policy: row.policy,
    islandHtml: archipelago(state, slots),
  }
}

export function toEcosystemView(row: EcosystemRow, kernel: GroupRow | undefined, state: CatalogueState): EcosystemView {
  const ecosystem = toEcosystem(row)
  return {
    ...toKeywordView(row.keyword, state),
    title: row.title,
    summary: ecosystem.summary,
    registered: true,
    presentationHtml: ecosystem.presentation ? renderMarkdown(ecosystem.presentation) : undefined,
    ...languageOf(ecosystem.languages),
    charter: ecosystem.charter,
    policy: row.policy,
    kernel: kernel && { name: kernel.name, url: urls.group(kernel.short_name) },
    related: (ecosystem.related ?? []).map((url) => ({ url, host: hostAndPath(url) })),
    tools: (ecosystem.tools ?? []).map((tool) => ({ ...tool, host: new URL(tool.url).host })),
  }
}

/** A keyword in use that nobody has registered. */
export function toKeywordView(keyword: string, state: CatalogueState): EcosystemView {
  const slots = listedSlots(state, keyword)
  return {
    title: keywordLabel(state.snapshot, keyword),
    keyword,
    summary: undefined,
    registered: false,
    presentationHtml: undefined,
    lang: 'und',
    dir: 'ltr',
    charter: undefined,
    kernel: undefined,
    policy: 'open',
    related: [],
    tools: [],
    numbers: numbersOf(state, slots),
    islandHtml: archipelago(state, slots),
    mapUrl: urls.ecosystemMapPicture(keyword),
    mapPageUrl: urls.mapOf(urls.ecosystem(keyword)),
  }
}

function numbersOf({ snapshot }: CatalogueState, slots: number[]): EcosystemView['numbers'] {
  const { country, countryNames, members, language, languageLists } = snapshot
  // Numbers are marked, and what they stand for is counted after: a set takes ten times as long.
  const countries = new Uint8Array(countryNames.values.length)
  const lists = new Uint8Array(languageLists.length)
  let total = 0
  for (const slot of slots) {
    countries[country[slot]!] = 1
    lists[language[slot]!] = 1
    total += Math.max(0, members[slot]!)
  }
  const spoken = new Set(languageLists.filter((_, list) => lists[list] === 1).flat())
  const known = countries.subarray(1).filter((seen) => seen === 1)
  return { groups: slots.length, members: total || undefined, countries: known.length, languages: spoken.size }
}

/** One island for each of the first groups. */
function archipelago({ snapshot }: CatalogueState, slots: number[]): string {
  return islandSvg(slots.slice(0, 24).map((slot) => ({ seed: snapshot.key[slot]!.split('\0')[1]!, type: types[snapshot.type[slot]!]! })))
}

function hostAndPath(url: string): string {
  const { host, pathname } = new URL(url)
  return host + (pathname === '/' ? '' : pathname)
}
