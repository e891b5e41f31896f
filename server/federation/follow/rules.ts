import { createHash } from 'node:crypto'
import type { FollowedSourceRow, RemoteItemRow } from '../../db/tables.ts'
import type { Keyword } from '../../schema-types.ts'
import { toSlug } from '../../text/fold.ts'
import type { Random } from '../../text/random.ts'

const minute = 60_000
const day = 24 * 3600_000

/** Unseen for so long, a copy is shown as doubtful; for so long, it leaves the lists until it is seen again. */
export const greyAfterDays = 30
export const hiddenAfterDays = 180

/** When a copy was last known to be at home: with its source, unless its home said otherwise or could not be asked. ISO time. */
export function lastSeen(item: Pick<RemoteItemRow, 'seen_at' | 'missing_since' | 'reason'>, source: Pick<FollowedSourceRow, 'seen_at'>): string {
  const isWithSource = item.missing_since === null && item.reason === null
  return isWithSource && source.seen_at !== null && source.seen_at > item.seen_at ? source.seen_at : item.seen_at
}

/**
 * When a source is visited next: after its rhythm; after a failure twice as late each time, a day at most or its rhythm if that is longer;
 * never before `retryAfter` seconds. A little earlier or later, so that sources do not meet.
 */
export function nextVisit(every: number, fails: number, retryAfter: number, now: Date, random: Random): string {
  const wait = fails === 0 ? every * minute : Math.min(every * minute * 2 ** Math.min(fails, 20), Math.max(day, every * minute))
  return new Date(now.getTime() + Math.max(wait * (0.95 + 0.1 * random()), retryAfter * 1000)).toISOString()
}

/** What a run would do, counted before it does it. `held`: copies and waiting records so far; `usual`: news a run. */
export interface Counts {
  held: number
  fresh: number
  changed: number
  gone: number
  usual: number
}

export type Pause = 'quota' | 'deletions' | 'rise'

/** What people agreed to, by reason: so many records. */
export type Agreed = Partial<Record<Pause, number>>

/**
 * Why a person should look before a run is applied, and how much it is about; nothing when all is as usual, or not much more than they agreed to.
 * The first copy may be as large as the quota.
 */
export function reasonToPause(
  { held, fresh, changed, gone, usual }: Counts,
  quota: number,
  agreed: Agreed = {},
): { reason: Pause; count: number } | undefined {
  const news = fresh + changed
  const reasons: [Pause, number, boolean][] = [
    ['quota', held + fresh, fresh > 0 && held + fresh > quota],
    ['deletions', gone, gone > 5 && gone > held / 5],
    ['rise', news, held > 0 && news > 100 && news > 10 * usual],
  ]
  const found = reasons.find(([reason, count, is]) => is && count > 1.1 * (agreed[reason] ?? 0))
  return found && { reason: found[0], count: found[1] }
}

const checks = 3
const checkedOver = 7

/** When a record said to be missing is asked for at its home: three times over seven days, at once, half way, at the end. ISO time. */
export function checkTime(since: string, count: number): string {
  return new Date(Date.parse(since) + (count * checkedOver * day) / (checks - 1)).toISOString()
}

/** Whether it is time to. */
export function isCheckDue({ missing_since, missing_count }: Pick<RemoteItemRow, 'missing_since' | 'missing_count'>, now: Date): boolean {
  return missing_since !== null && now.toISOString() >= checkTime(missing_since, missing_count)
}

/** Whether a record may be given up, once it was missing so often since then. */
export function isGiven({ missing_since, missing_count }: Pick<RemoteItemRow, 'missing_since' | 'missing_count'>, now: Date): boolean {
  return missing_count >= checks && missing_since !== null && now.getTime() >= Date.parse(missing_since) + checkedOver * day
}

/** A time that somebody else says, in UTC: never later than now; now if it is none. */
export function pastTime(text: unknown, now: Date): string {
  const time = typeof text === 'string' && text.length < 40 ? Date.parse(text) : Number.NaN
  return new Date(Number.isNaN(time) ? now.getTime() : Math.min(time, now.getTime())).toISOString()
}

/** Short names for a copy, best first; the last is as good as unique. `name` is what it is called at home, `origin` that home. */
export function shortNamesFor(name: string, origin: string, iri: string): string[] {
  const plain = toSlug(name)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
  const host = new URL(origin).hostname.replace(/^www\./, '')
  const label = (/^[\d.:[\]]+$/.test(host) ? 'ip' : host.split('.')[0]!).toLowerCase().replace(/[^a-z0-9]+/g, '')
  const hash = createHash('sha256').update(iri).digest('hex').slice(0, 8)
  const cut = (length: number) => plain.slice(0, length).replace(/-+$/, '')
  const names = [cut(40), `${cut(39 - Math.min(label.length, 15))}-${label.slice(0, 15)}`, `${cut(31)}-${hash}`, `group-${hash}`]
  return [...new Set(names)].filter((one) => /^[a-z](?!.*--)[a-z0-9-]{0,38}[a-z0-9]$/.test(one))
}

/** Whose words a record is put into: operators' for all (`keyword` null), or those of an ecosystem. `mapping`: JSON, theirs → ours. */
export type Translator = Pick<FollowedSourceRow, 'keyword' | 'mapping'>

/**
 * Their keywords in our words. Where several sources bring a record, what operators say goes, the first of them first; the stewards of an ecosystem
 * only add its own keyword, to what carries it at home or what they say is the same.
 */
export function mapKeywords(keywords: Keyword[], translators: Translator[]): Keyword[] {
  const said = translators.map(({ keyword, mapping }) => ({
    own: keyword,
    ours: new Map<string, string>(mapping ? Object.entries(JSON.parse(mapping)) : []),
  }))
  const all = new Map(
    said
      .filter(({ own }) => own === null)
      .flatMap(({ ours }) => [...ours])
      .reverse(),
  )
  const mapped = keywords.map((keyword) => translate(keyword, all.get(keyword.slug)))
  const added = said.flatMap(({ own, ours }) => {
    const found =
      own === null ? undefined : (keywords.find(({ slug }) => slug === own) ?? keywords.find(({ slug }) => toSlug(ours.get(slug) ?? '') === own))
    return found && found.slug !== own ? [translate(found, ours.get(found.slug))] : found ? [found] : []
  })
  return [...mapped, ...added]
}

function translate(keyword: Keyword, ours: string | undefined): Keyword {
  return ours ? { slug: toSlug(ours), label: toSlug(ours) === keyword.slug ? keyword.label : ours } : keyword
}

/** Whether operators block a source's server: then its records are nowhere, whichever source brings them. */
export function isBarring({ trust, keyword, blocked_by }: Pick<FollowedSourceRow, 'trust' | 'keyword' | 'blocked_by'>): boolean {
  return trust === 'blocked' && (keyword === null || blocked_by === 'operators')
}

/** The record's own server says what it is; a file of another shape is a second choice. */
export function isFile({ kind }: Pick<FollowedSourceRow, 'kind'>): boolean {
  return kind === 'csv' || kind === 'geojson'
}

/** Whether an address is short enough to be kept: no index of PostgreSQL takes more than 2,700 bytes. */
export function isShort(address: string): boolean {
  return address.length <= 2000 && Buffer.byteLength(address) <= 2000
}

/** Scheme, host and port of an address; undefined for what is none, or is one only once characters that cannot stand in it are left out. */
export function originOf(address: unknown): string | undefined {
  const isText = typeof address === 'string' && isShort(address) && address.isWellFormed() && !/[\0-\x20\x7f]/.test(address)
  const url = isText ? URL.parse(address) : null
  return url && /^https?:$/.test(url.protocol) ? url.origin : undefined
}

/** What stands for a version where none is told. */
export function hashOf(text: string): string {
  return `sha-${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`
}
