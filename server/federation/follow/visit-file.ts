import { AppError } from '../../errors.ts'
import { type Format, formatOf } from '../../transfer/format/formats.ts'
import { readers } from '../../transfer/format/read.ts'
import { decodeText } from '../../transfer/format/unreadable.ts'
import { batched } from '../../transfer/spool.ts'
import { toFailure, VisitFailed } from './ask.ts'
import { originOf } from './rules.ts'
import type { Sighting } from './steps.ts'
import type { Found, Visit } from './visit.ts'

const limits = { maxBytes: 128 * 2 ** 20, timeout: 10 * 60_000 }

/** Everything that a file in one of our formats holds: what it lacks is missing. */
export async function visitFile(visit: Visit): Promise<Found> {
  const { source } = visit
  const format = source.kind === 'csv' ? 'csv' : (formatOf(new URL(source.url).pathname) ?? 'geojson')
  const answer = await readFile(visit, source.url, format, source.etag ?? undefined)
  if (answer === 'same') return { isSame: true }
  if (!answer) throw new VisitFailed('http-404')
  return { etag: answer.etag, isWhole: true, isHome: true }
}

/** Reads a file record by record, in constant memory. Nothing if there is no such file. Throws `VisitFailed` for anything that is not whole. */
export async function readFile(
  visit: Visit,
  url: string,
  format: Format,
  ifNoneMatch?: string,
): Promise<{ etag: string | undefined } | 'same' | undefined> {
  const outcome = await visit.outbound.stream(url, { accept: '*/*', ifNoneMatch, ...limits }, async (body, answer) => {
    if (originOf(answer.url) !== originOf(url)) return new VisitFailed('another-origin')
    try {
      for await (const entries of batched(readers[format](decodeText(body)), 200))
        await visit.see(entries.map(({ value, line }) => toSighting(value, line, url)))
      return undefined
    } catch (error) {
      // The person reads the code; the line is in the file they can open.
      if (error instanceof AppError) return new VisitFailed('unreadable')
      if (error instanceof VisitFailed) return error
      throw error
    }
  })
  if (outcome.name === 'not-modified') return 'same'
  if (outcome.name === 'http-error' && [404, 406, 410].includes(outcome.status)) return undefined
  if (outcome.name !== 'ok') throw toFailure(outcome)
  if (outcome.body) throw outcome.body
  return { etag: outcome.etag }
}

/** A record is known by its own address if that is on this server, else by the file's and its id or name. */
function toSighting(value: unknown, line: number, url: string): Sighting {
  const facts = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  if (facts.iri !== undefined && originOf(facts.iri) === originOf(url)) return { kind: 'record', iri: String(facts.iri), value }
  const name = [facts.id, facts.shortName, facts.name].find((one) => typeof one === 'string' && one !== '' && one.length <= 200)
  const iri = `${url}#${encodeURIComponent(String(name ?? `line-${line}`))}`
  if (facts.iri !== undefined) return { kind: 'refused', iri, reason: 'another origin' }
  return value === undefined || name === undefined ? { kind: 'refused', iri, reason: 'not a record' } : { kind: 'record', iri, value }
}
