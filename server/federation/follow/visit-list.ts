import { originOf } from '../copies/rules.ts'
import { askJson, askRecords, inTime, VisitFailed, type Wanted } from './ask.ts'
import type { Found, Visit } from './visit.ts'

const mostAsked = 2000
const pageSize = 500
/** An index gives no more than its first 10,000. */
const mostPages = 20
const maxBytes = 4 * 2 ** 20
/** Records of a list are at as many homes. */
const manyHomes = { atOnce: 8, homes: 'many' } as const

type Entry = Wanted & { updated: number }

/** The profiles that a Murmurations index knows, each asked for at its home; at later visits those it heard of since. The index's word that one is gone is a reason to ask, no more. */
export async function visitIndex(visit: Visit): Promise<Found> {
  const { since } = visit.memory
  const list = await readIndex(visit, since)
  if (!list) return { isSame: true }
  const { entries, etag, isSure } = list
  let newest = since ?? 0
  for (const { updated } of entries) newest = Math.max(newest, updated)
  const wanted = await listNew(visit, entries)
  const isSlow = !(await inTime(askRecords(visit.outbound, wanted.slice(0, mostAsked), visit.see, manyHomes)))
  if (isSlow || wanted.length > mostAsked) return { isSlow, since }
  const next = Math.min(newest, Math.floor(visit.now.getTime() / 1000))
  // The next question is another one unless the time is the same: its answer has another mark.
  return { since: next, etag: next === since ? etag : undefined, isWhole: since === undefined && isSure }
}

/** One profile. */
export async function visitProfile(visit: Visit): Promise<Found> {
  await askRecords(visit.outbound, [{ iri: visit.source.url }], visit.see)
  return {}
}

/**
 * A file that says where each group keeps its own: name → address, or a list of addresses. When it is as it was, the addresses that are known are
 * asked; an address that it drops is not thereby gone.
 */
export async function visitDirectory(visit: Visit): Promise<Found> {
  const { source, memory } = visit
  const answer = await askJson(visit.outbound, source.url, { ifNoneMatch: etagOf(visit), maxBytes })
  const addresses = answer ? addressesIn(answer.json) : await visit.listed()
  if (answer && addresses.length === 0) throw new VisitFailed('not-a-directory')
  const foreign = addresses.filter((address) => originOf(address) !== visit.here)
  if (foreign.length > mostAsked) throw new VisitFailed('endless')
  const start = Math.max(0, foreign.indexOf(memory.next ?? ''))
  const inTurn = [...foreign.slice(start), ...foreign.slice(0, start)]
  const wanted = inTurn.map((iri) => ({ iri }))
  if (!(await inTime(askRecords(visit.outbound, wanted, visit.see, manyHomes))))
    return { isSlow: true, next: inTurn.find((iri) => !visit.isSeen(iri)) }
  if (!answer) return { etag: source.etag ?? undefined }
  return { isWhole: true, etag: (await isRemembered(visit, foreign)) ? answer.etag : undefined }
}

/** What was not there, or not for us, is not remembered: only the list says that it is to be asked. */
async function isRemembered(visit: Visit, iris: string[]): Promise<boolean> {
  const items = await visit.known(iris)
  return iris.every((iri) => items.has(iri) && items.get(iri)!.state !== 'gone')
}

/** Everything that an index lists, each address once; nothing when it is as it was. `isSure`: there is no more. `etag` stands for all of it. */
async function readIndex(visit: Visit, since: number | undefined): Promise<{ entries: Entry[]; etag?: string; isSure: boolean } | undefined> {
  const entries = new Map<string, Entry>()
  let [etag, isSure]: [string | undefined, boolean] = [undefined, true]
  for (let page = 1; page <= mostPages; page++) {
    const ifNoneMatch = page === 1 ? etagOf(visit) : undefined
    const answer = await askJson(visit.outbound, pageOf(visit.source.url, page, since), { ifNoneMatch, maxBytes })
    if (!answer) return undefined
    const data = isFacts(answer.json) ? answer.json.data : undefined
    if (!Array.isArray(data)) throw new VisitFailed('not-an-index')
    for (const entry of data.map(toEntry)) if (entry && originOf(entry.iri) !== visit.here) entries.set(entry.iri, entry)
    if (entries.size > mostPages * pageSize) throw new VisitFailed('endless')
    etag = page === 1 && data.length < pageSize ? answer.etag : undefined
    if (data.length < pageSize) break
    isSure = page < mostPages
  }
  return { entries: [...entries.values()], etag, isSure }
}

/** What is not known yet; last what could not be had so far, so that it does not keep the others waiting. */
async function listNew(visit: Visit, entries: Entry[]): Promise<Wanted[]> {
  const [wanted, hopeless]: [Wanted[], Wanted[]] = [[], []]
  for (let from = 0; from < entries.length; from += 500) {
    const part = entries.slice(from, from + 500)
    const items = await visit.known(part.map(({ iri }) => iri))
    for (const { iri, version } of part) {
      const item = items.get(iri)
      if (version !== undefined && item?.version === version && !visit.isAnew) continue
      ;(item?.reason?.startsWith('failed: ') ? hopeless : wanted).push({ iri, version })
    }
    visit.note(part.map(({ iri }) => iri))
  }
  return [...wanted, ...hopeless]
}

function toEntry(node: unknown): Entry | undefined {
  const { profile_url, last_updated, status } = isFacts(node) ? node : {}
  if (!isAddress(profile_url)) return undefined
  const updated = typeof last_updated === 'number' && Number.isSafeInteger(last_updated) ? last_updated : 0
  return { iri: profile_url, version: status === 'deleted' ? undefined : `at-${updated}`, updated }
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
  return [...new Set(values.map((value) => (isFacts(value) ? (value.url ?? value.endpoint) : value)).filter(isAddress))]
}

function etagOf({ source, isAnew }: Visit): string | undefined {
  return isAnew ? undefined : (source.etag ?? undefined)
}

/** Of a document: what is within one has the same answer as all of it. */
function isAddress(value: unknown): value is string {
  return originOf(value) !== undefined && !String(value).includes('#')
}

function isFacts(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
