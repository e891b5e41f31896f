import { readdirSync, readFileSync } from 'node:fs'
import { iso1A2Code } from '@rapideditor/country-coder'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import t from 'tap'
import type { Ecosystem, Group } from '../../server/schema-types.ts'
import { toSlug } from '../../server/text/fold.ts'
import { formats } from '../../server/text/format.ts'

type Entry = {
  id: string
  invented: boolean
  listedIn?: string[]
  checkedAgo?: number
  nextMeetingInDays?: number
  nextMeeting?: { url?: string; place?: string }
  group: Group
}

const root = new URL('../../', import.meta.url)
const sample: (Ecosystem & { relatedHere?: string[] })[] = content('ecosystems')
const ecosystems = sample.map(({ relatedHere: _, ...ecosystem }): Ecosystem => ecosystem)
const cyou: Entry[] = content('cyou')
const entries: Entry[] = [...content<Entry[]>('coop-group'), ...cyou]
const groups = entries.map((entry) => entry.group)
const real = entries.filter((entry) => !entry.invented)
const invented = entries.filter((entry) => entry.invented)
const knownAddresses = ['https://coop-group.org/anim-fr', 'https://kaleidos-coop.org', 'https://coop-group.org/cyou1']
const confession = 'Groupe inventé pour la démonstration'

const allowedBeside = ['id', 'invented', 'listedIn', 'checkedAgo', 'nextMeetingInDays', 'nextMeeting', 'group']
/** Ages of the last check, in months: fresh, ageing, past the two years after which a group no longer counts as living. */
const freshness = [
  [0, 3],
  [6, 24],
  [24, 60],
] as const
const varieties: Record<string, (group: Group) => unknown> = {
  'several links of one service': ({ links = [] }) => links.length > new Set(links.map((link) => link.service)).size,
  'services for insiders': ({ links = [], publicServices }) => !publicServices && links.some((link) => link.service === 'administration'),
  'tracking shown to everyone': ({ publicServices }) => publicServices?.includes('tracking'),
  'partners with and without an address': ({ partners = [] }) => partners.some((p) => p.url) && partners.some((p) => !p.url),
  'a dated number of members': ({ memberCountAt }) => memberCountAt,
  'a facilitator wanted': ({ roles = [] }) => roles.some((role) => role.wanted && role.role === 'facilitator'),
  'a news writer wanted': ({ roles = [] }) => roles.some((role) => role.wanted && role.role === 'news'),
  'welcome steps': ({ welcome = [] }) => welcome.length > 2,
  'a very long name': ({ name }) => name.length > 110,
  'thirty keywords': ({ keywords = [] }) => keywords.length === 30,
  'no optional fact': (group) => Object.keys(group).length === 4,
  'a text from right to left': ({ languages, name }) => languages?.join() === 'ar,fr' && /\p{Script=Arabic}/u.test(name),
  'a free licence': ({ licence }) => licence === 'CC-BY-SA-4.0',
  'chat addresses': ({ links = [] }) => links.some((link) => /^(xmpp|matrix|ircs):/.test(link.url)),
  'a keyword of another ecosystem': (group) => carries(group, 'openstreetmap'),
}

t.test('every entry is valid', (t) => {
  const ajv = loadSchemas()
  for (const ecosystem of ecosystems) t.same(faults(ajv, 'ecosystem', ecosystem), [], ecosystem.keyword)
  for (const entry of entries) {
    t.same(faults(ajv, 'group', entry.group), [], entry.group.shortName)
    t.match(entry.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    t.same(
      Object.keys(entry).filter((key) => !allowedBeside.includes(key)),
      [],
    )
    for (const wait of [entry.checkedAgo, entry.nextMeetingInDays]) t.ok(wait === undefined || (Number.isInteger(wait) && wait >= 0))
    t.ok(!entry.nextMeeting || entry.nextMeetingInDays, 'a meeting has a day')
    t.notOk(entry.group.nextMeeting, 'its date is for the loader to compute')
    for (const { label, slug } of entry.group.keywords ?? []) t.equal(slug, toSlug(label))
  }
  t.end()
})

t.test('identities are unique and references lead somewhere', (t) => {
  const shortNames = new Set(groups.map((group) => group.shortName))
  t.equal(shortNames.size, groups.length)
  t.equal(new Set(entries.map((entry) => entry.id)).size, entries.length)
  t.same(
    groups.filter((group) => group.parent && !shortNames.has(group.parent)),
    [],
  )
  t.same(groups.filter((group) => group.parent === 'cyou1').length, 2)
  for (const { relatedHere = [] } of sample) t.ok(relatedHere.every((keyword) => ecosystems.some((one) => one.keyword === keyword)))
  for (const { kernelGroup, keyword } of ecosystems) {
    const kernel = groups.find((group) => group.shortName === kernelGroup)
    t.ok(kernel && carries(kernel, keyword), `${keyword} has its kernel group`)
  }
  const curated = ecosystems.filter((ecosystem) => ecosystem.policy === 'curated').map((ecosystem) => ecosystem.keyword)
  for (const { group, listedIn = [] } of entries) t.ok(listedIn.every((keyword) => curated.includes(keyword) && carries(group, keyword)))
  t.ok(
    entries.some(({ group, listedIn }) => carries(group, 'coop-group') && !listedIn),
    'one group still waits for a steward',
  )
  t.end()
})

t.test('places are where they say', (t) => {
  for (const { shortName, position, country, region } of groups) {
    if (position) t.equal(iso1A2Code([position.lng, position.lat]), country, shortName)
    if (region) t.ok(region.startsWith(`${country}-`) && formats('fr').region(region) !== region, region)
  }
  const territories = real.map(({ group }) => group).filter((group) => group.type === 'territorial')
  t.same(territories.map((group) => group.country).sort(), ['BF', 'BI', 'BJ', 'CI', 'GA', 'ML', 'MR', 'NE', 'SN', 'TG'])
  t.ok(territories.every((group) => group.position?.precision === 'country'))
  t.end()
})

t.test('the demo shows every kind of record', (t) => {
  t.same(
    all((group) => [group.type]),
    ['support', 'territorial', 'thematic'],
  )
  t.same(
    all((group) => [group.activity ?? 'absent']),
    ['absent', 'active', 'archived', 'preparing'],
  )
  t.equal(all((group) => (group.links ?? []).map((link) => link.service)).length, 13)
  t.same(
    all((group) => (group.position ? [group.position.precision] : [])),
    ['country', 'exact', 'place', 'region'],
  )
  t.same(
    all((group) => (group.meets ? [group.meets] : [])),
    ['both', 'in-person', 'online'],
  )
  for (const [what, shows] of Object.entries(varieties)) t.ok(groups.some(shows), what)
  t.ok(
    entries.some((entry) => entry.nextMeetingInDays),
    'a next meeting',
  )
  for (const [from, to] of freshness) t.ok(entries.some(({ checkedAgo }) => checkedAgo !== undefined && checkedAgo >= from && checkedAgo < to))
  t.ok(
    invented.some((entry) => entry.checkedAgo === undefined),
    'never checked',
  )
  const crossing = groups.filter((group) => carries(group, 'coop-group')).flatMap(slugs)
  const shared = new Set(
    crossing.filter((slug) => groups.some((group) => carries(group, 'cyou') && !carries(group, 'coop-group') && slugs(group).includes(slug))),
  )
  for (const slug of [
    'sciences',
    'logiciel-libre',
    'formation',
    'animation-de-communautes',
    'cooperation',
    'astronomie',
    'podcast',
    'accessibilite',
    'fab-lab',
  ])
    t.ok(shared.has(slug), `${slug} crosses both ecosystems`)
  t.end()
})

t.test('what is invented says so, what is real keeps to the known facts', (t) => {
  for (const { group } of invented) {
    t.match((group.description ?? group.summary).split('\n\n').at(-1), confession, group.shortName)
    t.same(
      addresses(group).filter((address) => !isExample(address)),
      [],
      group.shortName,
    )
  }
  for (const { group, ...beside } of real) {
    t.same(
      addresses(group).filter((address) => !knownAddresses.includes(address)),
      [],
      group.shortName,
    )
    t.notMatch(JSON.stringify(group), confession)
    const unknown = ['roles', 'welcome', 'meets', 'memberCountAt', 'licence'].filter((fact) => fact in group)
    t.same([...unknown, ...Object.keys(beside).filter((key) => key === 'checkedAgo' || key.startsWith('next'))], [], group.shortName)
  }
  t.same(
    groups.flatMap((group) => group.roles ?? []).filter((role) => role.holder),
    [],
    'no person is made up',
  )
  const cyou1 = cyou.find((entry) => entry.group.shortName === 'cyou1')
  t.match(cyou1, { invented: false, listedIn: ['coop-group'], group: { memberCount: 400, partners: [{ name: 'Cap Sciences' }], region: 'FR-NAQ' } })
  t.same(ecosystems[0]?.charter?.conditions.length, 3)
  t.end()
})

t.test('texts are long enough to read, short enough to finish, and set in French', (t) => {
  for (const group of groups) {
    const words = group.description?.split(/\s+/).length
    t.ok(words === undefined || (words >= 60 && words <= 180), `${group.shortName}: ${words} words`)
  }
  const texts = [...ecosystems, ...groups].flatMap(proseOf)
  t.ok(texts.length > 200)
  for (const text of texts) t.notMatch(text, /'|"|!|[ \u00a0][;:?»]|[^\u202f][;?»]|«(?!\u202f)|\d \d{3}|\d %|<|\.\.\./, text.slice(0, 60))
  t.end()
})

function content<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`server/demo/content/${name}.json`, root), 'utf8'))
}

function loadSchemas(): Ajv {
  const ajv = new Ajv({ allErrors: true, strict: false })
  addFormats.default(ajv)
  const folder = new URL('schemas/', root)
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  for (const file of files) ajv.addSchema(JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
  return ajv
}

function faults(ajv: Ajv, schema: string, value: unknown): string[] {
  const validate = ajv.getSchema(`/schemas/${schema}.json`)!
  return validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)
}

function slugs(group: Group): string[] {
  return (group.keywords ?? []).map((keyword) => keyword.slug)
}

function carries(group: Group, slug: string): boolean {
  return slugs(group).includes(slug)
}

function all(pick: (group: Group) => string[]): string[] {
  return [...new Set(groups.flatMap(pick))].sort()
}

function addresses(group: Group): string[] {
  return [...(group.links ?? []), ...(group.partners ?? [])].flatMap(({ url }) => url ?? [])
}

function isExample(address: string): boolean {
  return /^(https:\/\/|ircs:\/\/)([a-z0-9-]+\.)+example(\/|$)|^(mailto|xmpp):[a-z-]+@([a-z0-9-]+\.)+example(\?|$)|^matrix:r\/[a-z-]+:[a-z-]+\.example$/.test(
    address,
  )
}

/** Every sentence of a record, without addresses, Markdown marks aside. */
function proseOf(record: Group | Ecosystem): string[] {
  const walk = (value: unknown, key = ''): string[] => {
    if (typeof value === 'string') return ['url', 'slug', 'related', 'headerColour', 'accentColour'].includes(key) ? [] : [value]
    if (!value || typeof value !== 'object') return []
    return Object.entries(value).flatMap(([name, item]) => walk(item, Array.isArray(value) ? key : name))
  }
  return walk(record)
}
