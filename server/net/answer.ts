import type { Hop } from './hop.ts'
import type { Answer, Outcome } from './outcome.ts'

export type Redirect = { name: 'redirect'; status: number; location: string }
type Head = { statusCode: number; headers: Answer['headers'] }

const longestWait = 366 * 24 * 3600

/** What status and headers alone say; `undefined` when the body is wanted. */
export function judge({ statusCode: status, headers }: Head, hop: Hop, now: Date): Redirect | Exclude<Outcome, { name: 'ok' }> | undefined {
  if ([301, 302, 303, 307, 308].includes(status)) return { name: 'redirect', status, location: toText(headers.location) ?? '' }
  const answer = toAnswer({ statusCode: status, headers }, hop)
  if (status === 304 && (hop.headers['if-none-match'] || hop.headers['if-modified-since'])) return { name: 'not-modified', ...answer }
  if (status < 200 || status > 299) return { name: 'http-error', retryAfter: readRetryAfter(headers['retry-after'], now), ...answer }
  return undefined
}

export function toAnswer({ statusCode: status, headers }: Head, { url }: Hop): Answer {
  const contentType = toText(headers['content-type'])?.replace(/;.*/s, '').trim().toLowerCase()
  return { url: url.href, status, headers, contentType, etag: toText(headers.etag), lastModified: toText(headers['last-modified']) }
}

/** Seconds to wait, from `Retry-After` in either of its forms; never negative, at most a year. */
export function readRetryAfter(value: string | string[] | undefined, now: Date): number | undefined {
  const text = toText(value)?.trim()
  if (!text) return undefined
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - now.getTime()) / 1000)
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), longestWait)
}

/** A header said twice is as good as none. */
function toText(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
