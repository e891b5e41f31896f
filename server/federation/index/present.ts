import type { GroupRecord, MurmurationsNode, MurmurationsProfile } from '../../schema-types.ts'
import { formats } from '../../text/format.ts'
import { plainText } from '../../text/markdown.ts'
import * as urls from '../../urls.ts'
import { ownSchema, primaryKey } from './rules.ts'

const statuses = { active: 'active', preparing: 'in_planning', archived: 'completed' } as const

/** A record, as everybody may see it, in Murmurations' words. What is not known is left out, empty lists too. */
export function toProfile(record: GroupRecord, publicUrl: string): MurmurationsProfile {
  const { position, activity, place, country, banner } = record
  const own = record.links ?? []
  const home = own.find(({ service, url }) => service === 'home' && isWeb(url))?.url ?? record.url
  const logo = record.logo ?? banner
  return compact({
    linked_schemas: [ownSchema],
    name: record.name,
    nickname: record.shortName,
    primary_url: home,
    unique_id: record.iri,
    description: [record.summary, record.description ? plainText(record.description) : ''].filter(Boolean).join('\n\n'),
    status: activity && statuses[activity],
    tags: some([...new Set((record.keywords ?? []).map(({ label }) => label))]),
    urls: some(distinct(own.filter(({ url }) => isWeb(url) && url !== home)).map(({ url, label }) => compact({ name: label, url }))),
    image: logo && URL.parse(logo.url, publicUrl)?.href,
    header_image: banner && URL.parse(banner.url, publicUrl)?.href,
    locality: place,
    region: regionOf(record),
    country_iso_3166: country,
    geolocation: position?.precision === 'exact' || position?.precision === 'place' ? { lat: position.lat, lon: position.lng } : undefined,
    relationships: some(record.ecosystems.map(({ url }) => ({ predicate_url: 'https://schema.org/memberOf', object_url: url }))),
  })
}

/** The same as an index lists it; `changed` in Unix seconds. */
export function toNode(profile: MurmurationsProfile, profileUrl: string, changed: number): MurmurationsNode {
  return compact({
    profile_url: profileUrl,
    status: 'posted',
    last_updated: changed,
    linked_schemas: profile.linked_schemas,
    name: profile.name,
    primary_url: primaryKey(profile.primary_url),
    geolocation: profile.geolocation,
    locality: profile.locality,
    region: profile.region,
    country: profile.country_iso_3166,
    tags: profile.tags,
  })
}

/** A node that is gone says nothing more of the group. */
export function toGoneNode(profileUrl: string, changed: number): MurmurationsNode {
  return { profile_url: profileUrl, status: 'deleted', last_updated: changed, linked_schemas: [ownSchema] }
}

/** Whole addresses of the pages around one; `params` are the other parameters asked with. */
export function toPageLinks(
  path: string,
  params: urls.Params,
  { page, size, pages }: { page: number; size: number; pages: number },
  publicUrl: string,
) {
  const at = (number: number) => urls.absolute(publicUrl, urls.withParams(path, [...params, ['page', String(number)], ['page_size', String(size)]]))
  const around = { ...(page > 1 ? { prev: at(page - 1) } : {}), ...(page < pages ? { next: at(page + 1) } : {}) }
  return { ...(pages > 0 ? { first: at(1), last: at(pages) } : {}), self: at(page), ...around }
}

/** In the group's own language, else in English. */
function regionOf({ region, languages }: GroupRecord): string | undefined {
  return region && formats(languages?.[0]?.startsWith('fr') ? 'fr' : 'en').region(region)
}

function distinct<T extends { url: string }>(links: T[]): T[] {
  return [...new Map(links.map((link) => [link.url, link])).values()]
}

function isWeb(url: string): boolean {
  return /^https?:\/\//.test(url)
}

function some<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined
}

function compact<T extends object>(facts: T): T {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)) as T
}
