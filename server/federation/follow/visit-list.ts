import { askJson, askRecords, VisitFailed } from './ask.ts'
import { originOf } from './rules.ts'
import type { Found, Visit } from './visit.ts'

const mostAsked = 2000
const pageSize = 500
/** An index gives no more than its first 10,000. */
const mostPages = 20
/** Records of a list are at as many homes. */
const atOnce = 8

type Entry = { iri: string; version?: string }

/** The profiles that a Murmurations index knows, each asked for at its home; at later visits those it heard of since. The index's word that one is gone is a reason to ask, no more. */
export async function visitIndex(visit: Visit): Promise<Found> {
  const since = visit.memory.since
  const entries: (Entry & { updated: number })[] = []
  let isSure = true
  for (let page = 1; page <= mostPages; page++) {
    const answer = await askJson(visit.outbound, pageOf(visit.source.url, page, since), { maxBytes: 4 * 2 ** 20 })
    const { data } = answer!.json as { data?: unknown }
    if (!Array.isArray(data)) throw new VisitFailed('not-an-index')
    entries.push(...data.flatMap(toEntry))
    if (data.length < pageSize) break
    isSure = page < mostPages
  }
  const newest = Math.max(since ?? 0, ...entries.map(({ updated }) => updated))
  const isAll = await askNew(visit, entries)
  return { since: isAll ? Math.min(newest, Math.floor(visit.now.getTime() / 1000)) : since, isWhole: since === undefined && isSure && isAll }
}

/** One profile. */
export async function visitProfile(visit: Visit): Promise<Found> {
  await askRecords(visit.outbound, [{ iri: visit.source.url }], visit.see)
  return {}
}

/** A file that says where each group keeps its own: name → address, or a list of addresses. */
export async function visitDirectory(visit: Visit): Promise<Found> {
  const answer = await askJson(visit.outbound, visit.source.url, { maxBytes: 4 * 2 ** 20 })
  const addresses = [...new Set(addressesIn(answer!.json))]
  if (addresses.length === 0) throw new VisitFailed('not-a-directory')
  if (addresses.length > mostAsked) throw new VisitFailed('endless')
  await askRecords(
    visit.outbound,
    addresses.map((iri) => ({ iri })),
    visit.see,
    atOnce,
  )
  return { isWhole: true, isHome: true }
}

async function askNew(visit: Visit, entries: Entry[]): Promise<boolean> {
  const wanted: Entry[] = []
  for (let from = 0; from < entries.length; from += 500) {
    const part = entries.slice(from, from + 500)
    const items = await visit.known(part.map(({ iri }) => iri))
    wanted.push(...part.filter(({ iri, version }) => version === undefined || items.get(iri)?.version !== version || visit.isAnew))
    visit.note(part.map(({ iri }) => iri))
  }
  await askRecords(visit.outbound, wanted.slice(0, mostAsked), visit.see, atOnce)
  return wanted.length <= mostAsked
}

function toEntry(node: unknown): (Entry & { updated: number })[] {
  const { profile_url, last_updated, status } = (node ?? {}) as Record<string, unknown>
  if (typeof profile_url !== 'string' || !originOf(profile_url)) return []
  const updated = typeof last_updated === 'number' && Number.isSafeInteger(last_updated) ? last_updated : 0
  return [{ iri: profile_url, version: status === 'deleted' ? undefined : `at-${updated}`, updated }]
}

function pageOf(address: string, page: number, since: number | undefined): string {
  const url = new URL(address)
  url.searchParams.set('page', String(page))
  url.searchParams.set('page_size', String(pageSize))
  if (since !== undefined) url.searchParams.set('last_updated', String(since))
  return url.href
}

function addressesIn(json: unknown): string[] {
  const values = typeof json === 'object' && json !== null ? Object.values(json) : []
  return values.flatMap((value) => {
    const address = typeof value === 'object' && value !== null ? (value.url ?? value.endpoint) : value
    return typeof address === 'string' && originOf(address) ? [address] : []
  })
}
