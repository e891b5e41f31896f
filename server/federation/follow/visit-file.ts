import { AppError } from '../../errors.ts'
import { type Format, formatOf } from '../../transfer/format/formats.ts'
import { readers } from '../../transfer/format/read.ts'
import { decodeText } from '../../transfer/format/unreadable.ts'
import { batched } from '../../transfer/spool.ts'
import { isShort, originOf } from '../copies/rules.ts'
import { toFailure, VisitFailed } from './ask.ts'
import { hashOf } from './rules.ts'
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

/**
 * Reads a file record by record, in constant memory. Nothing if there is no such file, or where it stands in for records that are not its own to tell:
 * those are at their homes. Throws `VisitFailed` for anything that is not whole.
 */
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
        await visit.see(entries.map(({ value, line }) => toSighting(value, line, url, format)))
      return undefined
    } catch (error) {
      // The person reads the code; the line is in the file they can open.
      if (error instanceof AppError) return new VisitFailed('unreadable')
      if (error instanceof VisitFailed || error instanceof NotItsOwn) return error
      throw error
    }
  })
  if (outcome.name === 'not-modified') return 'same'
  if (outcome.name === 'http-error' && [404, 406, 410].includes(outcome.status)) return undefined
  if (outcome.name !== 'ok') throw toFailure(outcome)
  if (outcome.body instanceof NotItsOwn) return undefined
  if (outcome.body) throw outcome.body
  return { etag: outcome.etag }
}

/** A collection that tells of records which it may not speak for. */
class NotItsOwn extends Error {}

/** A record is known by its own address if the file may speak for it, else by the file's and its id or name. */
function toSighting(value: unknown, line: number, url: string, format: Format): Sighting {
  const { iri: said, ...facts } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  if (typeof said === 'string' && speaksFor(url, said)) return { kind: 'record', iri: said, value }
  const name = [facts.id, facts.shortName, facts.name].find((one): one is string => typeof one === 'string' && one !== '' && one.length <= 200)
  const iri = within(url, name ?? `line-${line}`)
  if (said !== undefined && originOf(said) !== originOf(url)) return { kind: 'refused', iri, reason: 'another origin' }
  // The stream it belongs to knows the record by that address.
  if (said !== undefined && format === 'ndjson') throw new NotItsOwn()
  if (name === undefined) return { kind: 'refused', iri, reason: 'not a record' }
  return { kind: 'record', iri, value: said === undefined ? value : facts }
}

/** A name in another script is three times as long in an address: one that is too long gives way to a short one of its own. */
function within(url: string, name: string): string {
  const iri = `${url}#${encodeURIComponent(name.toWellFormed())}`
  return isShort(iri) ? iri : `${url}#${hashOf(name)}`
}

/**
 * Many people may have files on one host: a file speaks for what is in it. The lists that a server of our kind gives of all its records speak for
 * these too: no one else's files have such addresses there.
 */
function speaksFor(url: string, iri: string): boolean {
  if (!originOf(iri)) return false
  if (iri.startsWith(`${url}#`)) return true
  const { origin, pathname } = new URL(url)
  const isList = /^\/(groups\.(csv|geojson|ndjson)|e\/[^/]+\.(csv|geojson))$/.test(pathname)
  return isList && originOf(iri) === origin && iri.startsWith(`${origin}/id/`) && /^[^/?#]+$/.test(iri.slice(`${origin}/id/`.length))
}
