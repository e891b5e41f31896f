import type { Outbound } from '../../net/outbound.ts'
import type { Outcome } from '../../net/outcome.ts'
import { originOf } from './rules.ts'
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

/** Asks for many records, a few at a time, and hands over what was learnt in batches. Throws `VisitFailed` when nobody answers any more. */
export async function askRecords(
  outbound: Outbound,
  wanted: { iri: string; version?: string }[],
  see: (sightings: Sighting[]) => Promise<void>,
  atOnce = 2,
): Promise<void> {
  let silent = 0
  for (let from = 0; from < wanted.length; from += batch) {
    const part = wanted.slice(from, from + batch)
    const found: Sighting[] = []
    const work = part.values()
    const worker = async () => {
      for (const { iri, version } of work) {
        const sighting = await askRecord(outbound, iri, version)
        silent = sighting.kind === 'failed' ? silent + 1 : 0
        if (sighting.kind === 'failed' && sighting.reason === 'aborted') throw new VisitFailed('aborted')
        if (silent >= mostSilent) throw new VisitFailed(sighting.kind === 'failed' ? sighting.reason : 'silent')
        found.push(sighting)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    await see(found)
  }
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
