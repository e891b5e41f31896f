import { createHash } from 'node:crypto'
import { toSlug } from '../../text/fold.ts'

/** The schema that the profiles of this server follow. */
export const ownSchema = 'organizations_schema-v1.0.0'

/** How long, in seconds, a node that is gone is still told of. */
export const goneFor = 14 * 24 * 3600

/** The most that pages of a list may lead to; `/v2/export` has no such end. */
export const mostResults = 10_000

/** What names a profile in an index: the SHA-256 of its address as it was given, in hexadecimal. */
export function nodeIdOf(profileUrl: string): string {
  return createHash('sha256').update(profileUrl).digest('hex')
}

/** Unix seconds of an ISO time. */
export function toSeconds(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000)
}

/** A home page as indexes compare it: without scheme, one `www.` and one final slash. */
export function primaryKey(url: string): string {
  return url
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/^www\./i, '')
    .replace(/\/$/, '')
}

/** `25km`, `15mi`, `800m` in kilometres; a number alone is none. */
export function kilometresOf(range: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(m|km|mi)$/.exec(range) ?? []
  return number === undefined ? undefined : Number(number) * { m: 0.001, km: 1, mi: 1.609344 }[unit as 'm' | 'km' | 'mi']
}

/** Whether these words stand in that text, one after the other; accents, capitals and hyphens do not matter. Both are slugs. */
export function hasWords(text: string, words: string): boolean {
  return words !== '' && `-${text}-`.includes(`-${words}-`)
}

/** The tags of a question as slugs. */
export function readTags(tags: string): string[] {
  return [...new Set(tags.split(',').map(toSlug))].filter(Boolean)
}

/** The page asked for: numbers from 1. Undefined when it lies beyond what pages may lead to. */
export function readPage(asked: { page?: number; page_size?: number }, most: number): { page: number; size: number } | undefined {
  const page = Math.max(1, asked.page ?? 1)
  const size = Math.min(asked.page_size ?? 30, most)
  return page * size > mostResults ? undefined : { page, size }
}
