import { setImmediate } from 'node:timers/promises'
import { getDomain } from 'tldts'
import { kilometres } from '../../catalogue/distance.ts'
import type { GroupRow } from '../../db/tables.ts'
import { iriOf } from '../../group/present.ts'
import { fold } from '../../text/fold.ts'
import { normaliseAddress } from '../../text/home-address.ts'
import { homesOf, isSimilar } from '../../transfer/duplicates.ts'
import * as urls from '../../urls.ts'

/** A record as far as it is compared with others. */
export type Comparable = Pick<
  GroupRow,
  'num' | 'id' | 'short_name' | 'name' | 'lat' | 'lng' | 'precision' | 'links' | 'keywords' | 'origin_server' | 'source' | 'source_url'
>

/** Why two records may be of one group: one names the other, the same home, the same site under a similar name, a similar name close by. */
export type Likeness = 'named' | 'home' | 'site' | 'near'

export interface Pair {
  /** The smaller id first. */
  one: Comparable
  other: Comparable
  why: Likeness
}

/** Addresses that a record says to be its own elsewhere, by the id of its copy. */
export type SameAs = Map<string, string[]>

const nearKm = 1
const mostPairs = 500
// An address or a site of more records than this is not one group's.
const mostSharing = 12
// So many records, or keys, between two breaths.
const turn = 1000

/**
 * Records kept in different places that may be of one group, the surest first: five hundred, and `more`. The names of groups are
 * compared only within what they share, so that it takes about as long as there are records; others have their turn meanwhile.
 */
export async function findPairs(rows: Comparable[], sameAs: SameAs, publicUrl: string, more = 0): Promise<Pair[]> {
  const pairs = new Map<string, Pair>()
  const meet = (why: Likeness, isAlike: (a: Comparable, b: Comparable) => boolean) => (a: Comparable, b: Comparable) => {
    const [one, other] = a.id < b.id ? [a, b] : [b, a]
    const key = `${one.id} ${other.id}`
    if (homeOf(a) === homeOf(b) || pairs.has(key) || pairs.size >= mostPairs + more) return
    if (isAlike(a, b)) pairs.set(key, { one, other, why })
  }
  const similar = (a: Comparable, b: Comparable) => isSimilar(fold(a.name), fold(b.name))
  const named = (row: Comparable) => [...ownAddresses(row, publicUrl), ...(sameAs.get(row.id) ?? []).flatMap((one) => normaliseAddress(one) ?? [])]
  await compare(
    rows,
    named,
    meet('named', () => true),
  )
  await compare(
    rows,
    homes,
    meet('home', () => true),
  )
  await compare(rows, sites, meet('site', similar))
  await compare(
    rows,
    places,
    meet('near', (a, b) => similar(a, b) && kilometres(a.lat!, a.lng!, b.lat!, b.lng!) <= nearKm),
  )
  return [...pairs.values()]
}

/** Meets everyone who shares a key; keys of too many say nothing. */
async function compare(rows: Comparable[], keysOf: (row: Comparable) => string[], meet: (a: Comparable, b: Comparable) => void): Promise<void> {
  const byKey = new Map<string, Comparable[]>()
  for (const [at, row] of rows.entries()) {
    if (at % turn === 0) await setImmediate()
    for (const key of new Set(keysOf(row))) {
      const others = byKey.get(key) ?? []
      byKey.set(key, others)
      if (others.length < mostSharing) others.push(row)
      else others.length = mostSharing + 1
    }
  }
  let met = 0
  for (const sharing of byKey.values()) {
    if (met++ % turn === 0) await setImmediate()
    if (sharing.length > mostSharing) continue
    for (const [at, row] of sharing.entries()) for (const other of sharing.slice(0, at)) meet(other, row)
  }
}

/** Where a record is kept: two records of one place are that place's to tell apart. */
function homeOf({ origin_server, source }: Comparable): string {
  return origin_server ?? (source ? `source ${source}` : 'here')
}

/** The addresses by which others name a record. */
function ownAddresses({ id, short_name, origin_server, source_url }: Comparable, publicUrl: string): string[] {
  const iri = iriOf({ id, origin_server, source_url }, publicUrl)
  const own = origin_server ? [iri] : [iri, urls.absolute(publicUrl, urls.group(short_name))]
  return own.flatMap((address) => normaliseAddress(address) ?? [])
}

function homes({ links }: Comparable): string[] {
  return links ? homesOf(JSON.parse(links)) : []
}

/** The sites of a group's homes, as the public suffix list tells whose is whose. */
function sites(row: Comparable): string[] {
  return homes(row).flatMap((home) => getDomain(home, { allowPrivateDomains: true }) ?? [])
}

/** The four cells of a kilometre that a place is put in, each with what names there may have in common: their words, or how they begin. */
function places({ name, lat, lng, precision }: Comparable): string[] {
  if (lat === null || lng === null || (precision !== 'exact' && precision !== 'place')) return []
  const folded = fold(name)
  const words = folded.match(/[\p{L}\p{N}\p{M}]{4,}/gu) ?? []
  const parts = [...words.slice(0, 6), `^${folded.replace(/[^\p{L}\p{N}\p{M}]/gu, '').slice(0, 3)}`]
  const row = Math.floor(lat / cellSize)
  const width = cellSize / Math.max(0.02, Math.cos((Math.round(lat) * Math.PI) / 180))
  const column = Math.floor(lng / width)
  const steps = [0, 1]
  return steps.flatMap((y) => steps.flatMap((x) => parts.map((part) => `${row + y},${column + x} ${part}`)))
}

// Two places a kilometre apart at most are in cells that touch, and so share one of the four that each is put in.
const cellSize = 0.01
