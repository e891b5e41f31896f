import type { Message } from '../../errors.ts'
import type { Outbound } from '../../net/outbound.ts'
import { examine } from '../copies/record.ts'
import { originOf } from '../copies/rules.ts'

export interface AskDeps {
  outbound: Outbound
  clock: () => Date
  config: { publicUrl: string }
}

/** What an address on another server gives: a record that is kept there, the word of one that left, or why it is neither. */
export type Found =
  | { kind: 'record'; iri: string; url: string; name: string }
  | { kind: 'left'; statement: string; origin: string }
  | { kind: 'neither'; message: Message }

const most = 256 * 1024
const anything = { keyword: null, keywords: null, mapping: null }

/** Asks for the record at an address that somebody typed: its page, its permanent address, or whatever gives it as JSON. */
export async function askElsewhere({ outbound, clock, config }: AskDeps, typed: string): Promise<Found> {
  const url = toAddress(typed)
  if (!url) return neither('address')
  if (url.origin === originOf(config.publicUrl)) return neither('here')
  const outcome = await outbound.fetch(url.href, { accept: 'application/json', maxBytes: most, errorBytes: most })
  // Who answers may be another than who was asked: `https://` for `http://`, a name without `www.`.
  const origin = originOf(outcome.url)
  if (!origin) return neither('silent')
  if (origin === originOf(config.publicUrl)) return neither('here')
  if (outcome.name === 'http-error' && (outcome.status === 404 || outcome.status === 410)) {
    const { forwarding } = (parse(outcome.body) ?? {}) as { forwarding?: unknown }
    return typeof forwarding === 'string' ? { kind: 'left', statement: forwarding, origin } : neither('nothing')
  }
  if (outcome.name !== 'ok') return neither('silent')
  return readRecord(parse(outcome.body), origin, { publicUrl: config.publicUrl, now: clock() })
}

/** Only where a record is kept can it be said that it came: a copy has another home. */
function readRecord(value: unknown, origin: string, terms: { publicUrl: string; now: Date }): Found {
  const { iri, url, origin: home } = (value ?? {}) as { iri?: unknown; url?: unknown; origin?: { server?: unknown } }
  if (typeof iri !== 'string') return neither('record')
  if (originOf(iri) !== origin || originOf(home?.server ?? origin) !== origin) return neither('elsewhere')
  const verdict = examine({ iri, value }, { ...terms, source: anything })
  if (verdict.kind !== 'copy') return neither('record')
  const page = typeof url === 'string' && originOf(url) === origin ? url : iri
  // As a header can say it: « é » in an address is `%C3%A9`.
  return { kind: 'record', iri, url: new URL(page).href, name: verdict.group.name }
}

function toAddress(typed: string): URL | undefined {
  const text = typed.trim()
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/]+:\d+(\/|$)/.test(text) ? text : `https://${text}`)
  if (!url || !originOf(url.href) || url.username || url.password) return undefined
  // A group's page and what belongs to it stand for its record.
  const name = /^\/g\/([^/.]+)/.exec(url.pathname)?.[1]
  return new URL(name ? `/g/${name}.json` : url.pathname + url.search, url.origin)
}

function neither(why: string): Found {
  return { kind: 'neither', message: { key: `move.wrong.${why}` } }
}

function parse(body: Buffer | undefined): unknown {
  try {
    return JSON.parse(body?.toString('utf8') ?? '')
  } catch {
    return undefined
  }
}
