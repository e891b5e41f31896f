import type { GroupRecord, Link } from '../schema-types.ts'
import { formats } from '../text/format.ts'
import { jsonLdContext } from '../text/json-ld.ts'
import * as urls from '../urls.ts'

type Thing = Record<string, unknown>

/** A group in the words of schema.org. The same for every reader: names of places are in the group's own language, else in English. */
export function toGroupJsonLd(record: GroupRecord): Thing {
  const links = (...services: Link['service'][]) => (record.links ?? []).filter(({ service }) => services.includes(service)).map(({ url }) => url)
  return {
    '@context': jsonLdContext,
    '@type': 'Organization',
    '@id': record.iri,
    url: record.url,
    name: record.name,
    alternateName: record.shortName,
    description: record.summary,
    keywords: some((record.keywords ?? []).map(({ label }) => label)),
    sameAs: some(links('home', 'news').filter(isWeb)),
    knowsLanguage: some(record.languages ?? []),
    memberOf: some(record.ecosystems.map(({ title, url }) => ({ '@type': 'Organization', '@id': ecosystemIri(url), name: title, url }))),
    parentOrganization: record.parent && { '@type': 'Organization', url: urls.absolute(new URL(record.url).origin, urls.group(record.parent)) },
    areaServed: areaOf(record),
    location: locationOf(record),
    logo: record.logo && URL.parse(record.logo.url, record.url)?.href,
    image: record.banner && URL.parse(record.banner.url, record.url)?.href,
    potentialAction: some(links('subscribe').map((url) => ({ '@type': 'JoinAction', target: url }))),
    mainEntityOfPage: { '@type': 'WebPage', '@id': record.url, dateModified: record.updatedAt },
  }
}

/** What stands for an ecosystem itself rather than for its page. */
export function ecosystemIri(url: string): string {
  return `${url}#ecosystem`
}

function areaOf({ country, region, place, languages }: GroupRecord): Thing | undefined {
  const format = formats(languages?.[0]?.startsWith('fr') ? 'fr' : 'en')
  const land = country && { '@type': 'Country', identifier: country, name: format.country(country) }
  const part = region && { '@type': 'AdministrativeArea', identifier: region, name: format.region(region), containedInPlace: land || undefined }
  return place ? { '@type': 'Place', name: place, containedInPlace: part || land || undefined } : part || land || undefined
}

/** Where people find the group: only if the point is the place itself, not the middle of a region. */
function locationOf({ position, place, region, country }: GroupRecord): Thing | undefined {
  if (position?.precision !== 'exact' && position?.precision !== 'place') return undefined
  return {
    '@type': 'Place',
    name: place,
    address: { '@type': 'PostalAddress', addressLocality: place, addressRegion: region, addressCountry: country },
    geo: { '@type': 'GeoCoordinates', latitude: position.lat, longitude: position.lng },
  }
}

function isWeb(url: string): boolean {
  return /^https?:/i.test(url)
}

function some<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined
}
