import { createHash } from 'node:crypto'
import type { FollowedSourceRow, RemoteItemRow } from '../../db/tables.ts'
import type { Keyword } from '../../schema-types.ts'
import { toSlug } from '../../text/fold.ts'

/** Unseen for so long, a copy is shown as doubtful; for so long, it leaves the lists until it is seen again. */
export const greyAfterDays = 30
export const hiddenAfterDays = 180

/** When a copy was last known to be at home: with its source, unless its home said otherwise or could not be asked. ISO time. */
export function lastSeen(item: Pick<RemoteItemRow, 'seen_at' | 'missing_since' | 'reason'>, source: Pick<FollowedSourceRow, 'seen_at'>): string {
  const isWithSource = item.missing_since === null && item.reason === null
  return isWithSource && source.seen_at !== null && source.seen_at > item.seen_at ? source.seen_at : item.seen_at
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
