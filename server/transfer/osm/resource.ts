import { resolveStrings, simplify } from 'osm-community-index'
import type { Templates } from './package-data.ts'
import { toLine, toText } from './plain-text.ts'
import { serviceOf } from './services.ts'

/** `[longitude, latitude]`, with a radius in kilometres if given. */
export type Point = [number, number, number?]

/** One resource of the index, checked, with its templates filled in. Nothing of `contacts` is ever read. */
export interface Resource {
  id: string
  type: string
  order: number
  account?: string
  community?: string
  communityId?: string
  name: string
  url?: string
  signupUrl?: string
  /** Its own words; the sentences of the package's templates are left out. */
  description?: string
  extendedDescription?: string
  include: (string | Point)[]
  languageCodes: string[]
}

/** A checked resource, or the reason why it cannot be one. */
export function toResource(entry: unknown, templates: Templates): Resource | { reason: string } {
  const reason = whyMalformed(entry)
  if (reason) return { reason }
  const raw = entry as Raw
  try {
    const resource = resolve(raw, templates)
    return resource.name ? resource : { reason: 'It has no name.' }
  } catch (error) {
    return { reason: `Its texts cannot be completed: ${(error as Error).message}.` }
  }
}

interface Raw {
  id: string
  type: string
  order?: number
  account?: string
  locationSet: { include: (string | Point)[] }
  languageCodes?: string[]
  strings: Record<string, string>
}

const identifier = /^[-_.A-Za-z0-9]{1,200}$/

function whyMalformed(entry: unknown): string | undefined {
  if (!isObject(entry)) return 'It is not an object.'
  const { id, type, account, order, languageCodes, locationSet, strings } = entry
  if (typeof id !== 'string' || !identifier.test(id)) return 'Its id is missing or malformed.'
  if (typeof type !== 'string') return 'Its type is missing.'
  if (!serviceOf(type)) return `Its type is unknown: ${JSON.stringify(type.slice(0, 40))}.`
  if (account !== undefined && typeof account !== 'string') return 'Its account is not text.'
  if (order !== undefined && !Number.isFinite(order)) return 'Its order is not a number.'
  if (languageCodes !== undefined && !isTexts(languageCodes)) return 'Its languageCodes are not a list of texts.'
  if (!isObject(strings) || !isTexts(Object.values(strings))) return 'Its strings are missing or not all text.'
  if (strings.communityID !== undefined && !identifier.test(String(strings.communityID))) return 'Its communityID is malformed.'
  if (!isObject(locationSet) || !Array.isArray(locationSet.include) || !locationSet.include.every(isLocation)) {
    return 'Its locationSet is not a list of places.'
  }
}

function resolve({ id, type, account, order = 0, languageCodes = [], locationSet, strings }: Raw, templates: Templates): Resource {
  const texts = resolveStrings({ id, type, account, strings }, templates)
  const community = toLine(strings.community)
  return {
    id,
    type,
    order,
    account: toLine(account),
    community,
    communityId: community && (strings.communityID || simplify(community)),
    name: toLine(texts.name) ?? community ?? '',
    url: texts.url,
    signupUrl: texts.signupUrl,
    description: strings.description && toText(texts.description),
    extendedDescription: strings.extendedDescription && toText(texts.extendedDescription),
    include: locationSet.include,
    languageCodes,
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function isLocation(value: unknown): boolean {
  if (typeof value === 'string') return true
  if (!Array.isArray(value) || value.length < 2 || value.length > 3 || !value.every(Number.isFinite)) return false
  const [longitude, latitude, radius = 1] = value as Point
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 && radius > 0
}
