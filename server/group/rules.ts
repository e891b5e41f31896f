import type { Group, Service } from '../schema-types.ts'
import { toSlug } from '../text/fold.ts'

/** Services in the order they are shown and kept. */
export const services: Service[] = [
  'home',
  'news',
  'meetings',
  'meeting-room',
  'discussion',
  'projects',
  'resources',
  'inspiration',
  'subscribe',
  'unsubscribe',
  'members',
  'administration',
  'tracking',
]

/**
 * One way to write a record, before its schema is asked: spaces trimmed, empty facts left out, keywords given as labels turned into slug and label,
 * codes in their usual case, links by service. Anything it does not understand is left for the schema to refuse.
 */
export function normaliseGroup(input: unknown): unknown {
  if (!isObject(input)) return input
  const group = tidy(input) as Record<string, unknown>
  if (Array.isArray(group.keywords)) group.keywords = normaliseKeywords(group.keywords)
  if (Array.isArray(group.links)) group.links = byService(group.links.map(withPlainScheme))
  if (Array.isArray(group.languages)) group.languages = [...new Set(group.languages.map(canonicalLanguage))]
  for (const code of ['country', 'region']) if (typeof group[code] === 'string') group[code] = group[code].toUpperCase()
  const meeting = group.nextMeeting
  if (isObject(meeting) && typeof meeting.at === 'string') meeting.at = toUtc(meeting.at)
  return group
}

/** What a schema cannot say: the fields at fault, with the key of the sentence. */
export function groupFaults(group: Group): { field: string; key: string }[] {
  const faults: { field: string; key: string }[] = []
  if (group.region && group.region.slice(0, 2) !== group.country) faults.push({ field: 'region', key: 'error.field.regionOfCountry' })
  for (const [at, keyword] of (group.keywords ?? []).entries())
    if (toSlug(keyword.label) !== keyword.slug) faults.push({ field: `keywords/${at}/slug`, key: 'error.field.keywordSlug' })
  if (group.parent === group.shortName) faults.push({ field: 'parent', key: 'error.field.ownParent' })
  return faults
}

function tidy(value: unknown): unknown {
  if (typeof value === 'string') return value.normalize('NFC').trim()
  if (Array.isArray(value)) return value.map(tidy).filter((item) => !isEmpty(item))
  if (!isObject(value)) return value
  const facts = Object.entries(value).map(([key, fact]) => [key, key === 'alt' && fact === '' ? '' : tidy(fact)] as const)
  return Object.fromEntries(facts.filter(([key, fact]) => key === 'alt' || !isEmpty(fact)))
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

function normaliseKeywords(keywords: unknown[]): unknown[] {
  const seen = new Set<unknown>()
  return keywords.map(toKeyword).filter((keyword) => {
    if (!isObject(keyword) || typeof keyword.slug !== 'string') return true
    return !seen.has(keyword.slug) && seen.add(keyword.slug)
  })
}

function toKeyword(keyword: unknown): unknown {
  if (typeof keyword === 'string') return { slug: toSlug(keyword), label: keyword }
  if (isObject(keyword) && typeof keyword.label === 'string' && keyword.slug === undefined) return { slug: toSlug(keyword.label), ...keyword }
  return keyword
}

/** « Mailto: » and « HTTPS: » are schemes as well. */
function withPlainScheme(link: unknown): unknown {
  if (!isObject(link) || typeof link.url !== 'string') return link
  return { ...link, url: link.url.replace(/^[a-z]+:/i, (scheme) => scheme.toLowerCase()) }
}

function byService(links: unknown[]): unknown[] {
  const rank = (link: unknown) => (isObject(link) ? services.indexOf(link.service as Service) : -1)
  return links.toSorted((a, b) => rank(a) - rank(b))
}

/** A language tag in its usual case; anything else as it is. */
export function canonicalLanguage<T>(tag: T): T | string {
  try {
    return typeof tag === 'string' ? (Intl.getCanonicalLocales(tag)[0] ?? tag) : tag
  } catch {
    return tag
  }
}

/** The same moment in UTC; what is no RFC 3339 time, or of a day that no calendar has, stays as it was. */
export function toUtc(time: string): string {
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i.test(time)
  const at = isTime ? new Date(time) : undefined
  return at && !Number.isNaN(at.getTime()) && isDay(time.slice(0, 10)) ? at.toISOString() : time
}

/** A date takes 30 February for 2 March. */
function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
