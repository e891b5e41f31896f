import { checkGroup } from '../../server/group/check.ts'
import { services } from '../../server/group/rules.ts'
import type { Group, GroupRecord } from '../../server/schema-types.ts'
import { randomFrom } from '../../server/text/random.ts'
import type { Format } from '../../server/transfer/format/formats.ts'
import { writers } from '../../server/transfer/format/formats.ts'
import { type Entry, readers } from '../../server/transfer/format/read.ts'
import { decodeText } from '../../server/transfer/format/unreadable.ts'

/** Texts that have broken somebody's import: formulas, quotes, separators, ends of lines, escapes, scripts, invisible signs. */
export const hostileTexts = [
  ...[
    '=1+1',
    '+33 6',
    '-2+3',
    '-5',
    "'-5",
    '@SUM(A1)',
    "'=1",
    "''=1",
    "'",
    "''",
    "'a",
    '＝1+1',
    '|',
    '||',
    '\\',
    '\\|',
    'a\\',
    '\\\\|',
    'a|b',
    ';',
    'a;b',
    '\\;',
  ],
  ...[
    '"',
    '""',
    '"a',
    'a"b',
    ',',
    'a,b',
    'a, "b"',
    '#x',
    'null',
    'true',
    '0',
    '1e5',
    'wanted',
    'x: y',
    'leader wanted since 2020-01-01: z',
    'https://a.example b',
  ],
  ...[
    'مجموعة محلية',
    'קבוצה',
    '\u202eabc\u202c',
    'x\u2028y',
    'x\u2029y',
    '👩‍👩‍👧‍👦',
    '𝔊',
    'é',
    'a\u00a0b',
    'a\u200bb',
    'x\ufeffy',
    '__proto__',
    'constructor',
    '<b>&amp;',
    '{"a":1}',
  ],
]

/** The same and more, for texts of several lines. */
export const hostileDescriptions = [
  ...hostileTexts,
  ...[
    'a\r\nb',
    'a\rb',
    'a\n\n\nb',
    '=1\r\n+2',
    'a\n"b"\n,c',
    '| a | b |\n|---|---|\n| \\| | 2 |',
    `${'x, "y"\r\n'.repeat(500)}end`,
    'é'.repeat(5000),
    'a\u0001b',
    "'\n",
  ],
]

/** A record as the server gives it, with facts of every kind drawn from the hostile texts; always the same for a seed. */
export function randomRecord(seed: number): GroupRecord {
  const random = randomFrom(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const maybe = <T>(make: () => T): T | undefined => (random() < 0.6 ? make() : undefined)
  const some = <T>(make: () => T): T[] | undefined => maybe(() => Array.from({ length: 1 + Math.floor(random() * 4) }, make))
  const text = () => (random() < 0.5 ? pick(hostileTexts) : pick(hostileTexts) + pick(hostileTexts)).slice(0, 78)
  const url = () => `https://a.example/${pick(['', '|', ';', '\\', '"', ',', "'", '=1', '?a=1&b=2#c', 'é'])}`
  const picture = () => ({
    url: pick(['/uploads/a.png', url()]),
    width: 1 + Math.floor(random() * 2000),
    height: 100,
    alt: pick(['', ...hostileTexts]),
  })
  const number = (from: number, to: number) => Number((from + random() * (to - from)).toFixed(pick([0, 4, 15])))
  const day = () => `20${10 + Math.floor(random() * 16)}-0${1 + Math.floor(random() * 9)}-11`
  const { group, faults } = checkGroup({
    name: text(),
    summary: text(),
    type: pick(['thematic', 'territorial', 'support']),
    shortName: `g${seed}`,
    description: maybe(() => pick(hostileDescriptions)),
    languages: maybe(() => pick([['fr'], ['ar', 'fr'], ['pt-BR']])),
    keywords: some(() => `${pick(['Énergie', 'a|b', 'c\\d', '=x', 'œuvre', 'x "y"', '日本'])} ${Math.floor(random() * 50)}`),
    activity: maybe(() => pick(['preparing', 'active', 'archived'])),
    country: 'FR',
    region: maybe(() => 'FR-BRE'),
    place: maybe(text),
    position: maybe(() => ({ lat: number(-90, 90), lng: number(-180, 180), precision: pick(['exact', 'place', 'region', 'country']) })),
    memberCount: 7,
    memberCountAt: maybe(day),
    meets: maybe(() => pick(['online', 'in-person', 'both'])),
    nextMeeting: maybe(() => ({ at: '2026-12-01T19:00:00.000Z', url: maybe(url), place: maybe(text) })),
    banner: maybe(picture),
    logo: maybe(picture),
    partners: some(() => ({ name: text(), url: maybe(url), logo: maybe(picture) })),
    links: some(() => ({ service: pick(services), url: pick([url(), 'mailto:a@b.example', 'xmpp:a@b']), label: maybe(text) })),
    publicServices: maybe(() => ['tracking']),
    roles: some(() => ({ role: pick(['leader', 'news']), wanted: random() < 0.5, since: maybe(day), holder: maybe(text) })),
    welcome: some(text),
    parent: maybe(() => 'mother'),
    licence: maybe(() => 'CC-BY-SA-4.0'),
  })
  if (faults.length > 0) throw new Error(`Record ${seed}: ${JSON.stringify(faults)}`)
  return { ...asRecord(group, seed), ...(random() < 0.5 ? { checkedAt: '2026-05-01T00:00:00.000Z' } : {}), revision: 1 + Math.floor(random() * 9) }
}

/** What a server adds to a group, plain. */
export function asRecord(group: Group, number: number): GroupRecord {
  return {
    id: `0190a000-0000-7000-8000-${String(number).padStart(12, '0')}`,
    iri: `http://archipel.example/id/${number}`,
    url: `http://archipel.example/g/${group.shortName}`,
    ...group,
    ecosystems: [],
    origin: { server: 'http://archipel.example' },
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-02-01T00:00:00.000Z',
    revision: 1,
  }
}

export async function textOf(format: Format, records: GroupRecord[]): Promise<string> {
  return joined(writers[format](once(records)))
}

export async function entriesOf(format: Format, text: string, size = 4096): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of readers[format](pieces(text, size))) entries.push(entry)
  return entries
}

export async function joined(text: AsyncIterable<string>): Promise<string> {
  let all = ''
  for await (const piece of text) all += piece
  return all
}

/** A text as it arrives: bytes, cut anywhere. */
export function pieces(text: string, size = 4096): AsyncGenerator<string> {
  return decodeText(bytes(Buffer.from(text), size))
}

async function* bytes(all: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size)
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value
}
