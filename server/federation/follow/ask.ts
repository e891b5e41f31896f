import type { Outbound } from '../../net/outbound.ts'
import type { Outcome } from '../../net/outcome.ts'
import { originOf } from '../copies/rules.ts'
import type { Sighting } from './steps.ts'

/** A visit that cannot go on: nothing of it is kept but that it failed, and when to try again. `outcome` is a short code. */
export class VisitFailed extends Error {
  readonly outcome: string
  /** Seconds. */
  readonly retryAfter: number

  constructor(outcome: string, retryAfter = 0) {
    super(outcome)
    this.outcome = outcome
    this.retryAfter = retryAfter
  }
}

/** The outcome of a visit whose time was over. */
export const slow = 'slow'

/** A page of JSON, and whose it is. */
export interface JsonAnswer {
  json: unknown
  url: string
  etag: string | undefined
}

/** Asks a source for JSON; nothing when it did not change. Throws `VisitFailed`, also when another server answers in its place. */
export async function askJson(
  outbound: Outbound,
  url: string,
  more: { ifNoneMatch?: string; maxBytes?: number; accept?: string } = {},
): Promise<JsonAnswer | undefined> {
  const outcome = await outbound.fetch(url, { accept: 'application/ld+json, application/json;q=0.9', ...more })
  if (outcome.name === 'not-modified') return undefined
  if (outcome.name !== 'ok') throw toFailure(outcome)
  if (originOf(outcome.url) !== originOf(url)) throw new VisitFailed('another-origin')
  return { json: readJson(outcome.body), url: outcome.url, etag: outcome.etag }
}

/** Asks the home of a record for it. Only 404 and 410 say that it is not there; whatever else goes wrong says nothing of the record. */
export async function askRecord(outbound: Outbound, iri: string, version?: string): Promise<Sighting> {
  const outcome = await outbound.fetch(iri, { accept: 'application/json' })
  if (outcome.name === 'ok') {
    if (originOf(outcome.url) !== originOf(iri)) return { kind: 'refused', iri, reason: 'another origin', version }
    const value = parse(outcome.body)
    return value === undefined ? { kind: 'refused', iri, reason: 'not JSON', version } : { kind: 'record', iri, value, version }
  }
  if (outcome.name !== 'http-error') return { kind: 'failed', iri, reason: outcome.name }
  const isHome = originOf(outcome.url) === originOf(iri)
  return isHome && (outcome.status === 404 || outcome.status === 410)
    ? { kind: 'absent', iri }
    : { kind: 'failed', iri, reason: `http-${outcome.status}` }
}

/**
 * Asks for many records, a few at a time, and hands over what was learnt in batches, also when it then breaks off. With many `homes`, those that do
 * not answer any more are left in peace; the only home throws `VisitFailed`, as does what ends the visit.
 */
export async function askRecords(
  outbound: Outbound,
  wanted: Wanted[],
  see: (sightings: Sighting[]) => Promise<void>,
  { atOnce = 2, homes = 'one' }: { atOnce?: number; homes?: 'one' | 'many' } = {},
): Promise<void> {
  const ask = askPatiently(outbound, homes)
  for (let from = 0; from < wanted.length; from += batch) {
    const found: Sighting[] = []
    const failures: unknown[] = []
    const work = wanted.slice(from, from + batch).values()
    const worker = async () => {
      for (const one of work) {
        if (failures.length > 0) return
        const sighting = await ask(one).catch((error: unknown) => void failures.push(error))
        if (sighting) found.push(sighting)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    await see(found)
    if (failures.length > 0) throw failures[0]
  }
}

/** Whether something came to its end before the time of the visit was over. */
export async function inTime(work: Promise<void>): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    if (error instanceof VisitFailed && error.outcome === slow) return false
    throw error
  }
}

/** Asks a home until it was silent too often in a row. */
function askPatiently(outbound: Outbound, homes: 'one' | 'many'): (wanted: Wanted) => Promise<Sighting> {
  const silences = new Map<string | undefined, number>()
  return async ({ iri, version }) => {
    const home = homes === 'one' ? undefined : originOf(iri)
    const silent = silences.get(home) ?? 0
    if (silent >= mostSilent) return { kind: 'failed', iri, reason: 'silent' }
    const sighting = await askRecord(outbound, iri, version)
    const isSilent = sighting.kind === 'failed'
    silences.set(home, isSilent ? silent + 1 : 0)
    if (isSilent && (sighting.reason === 'aborted' || (homes === 'one' && silent + 1 >= mostSilent))) throw new VisitFailed(sighting.reason)
    return sighting
  }
}

/** A record to be asked for; `version` as it was told. */
export interface Wanted {
  iri: string
  version?: string
}

const batch = 50
const mostSilent = 10

/** Why a source did not answer as it should. */
export function toFailure(outcome: Exclude<Outcome<unknown>, { name: 'ok' }>): VisitFailed {
  if (outcome.name === 'http-error') return new VisitFailed(`http-${outcome.status}`, outcome.retryAfter)
  return new VisitFailed(outcome.name)
}

function readJson(body: Buffer): unknown {
  const json = parse(body)
  if (json === undefined) throw new VisitFailed('not-json')
  return json
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
