import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import t from 'tap'
import { readBundledResources, readOsmCommunityIndex } from '../../../server/transfer/osm/community-index.ts'
import type { SourceRecord } from '../../../server/transfer/source-record.ts'

type Entries = Record<string, Record<string, unknown>>

const bundled = readBundledResources() as { resources: Entries }
const { records, refused } = readOsmCommunityIndex(bundled)
const later = new URL('../../../../shared/data/osm-community-index-6.2.0.json', import.meta.url)

t.test('757 resources become 390 groups', async (t) => {
  t.equal(Object.keys(bundled.resources).length, 757)
  t.equal(records.length, 390)
  t.same(refused, [])
  t.equal(new Set(records.map(({ sourceId }) => sourceId)).size, 390)
  t.equal(new Set(records.map(({ group }) => group.name)).size, 390, 'no two have the same name')
})

t.test('every group is valid, with each of its short names', async (t) => {
  const validate = groupValidator()
  for (const { sourceId, group, shortNameHints } of records) {
    const wrong = shortNameHints.filter((shortName) => !validate({ ...group, shortName }))
    if (wrong.length > 0 || shortNameHints.length === 0) t.fail(`${sourceId}: ${wrong} ${JSON.stringify(validate.errors)}`)
  }
  const last = records.map(({ shortNameHints }) => shortNameHints.at(-1))
  t.equal(new Set(last).size, records.length, 'the last hint is free for each')
})

t.test('at least 95 % have a position, and most a country', async (t) => {
  const placed = records.filter(({ group }) => group.position)
  t.ok(placed.length / records.length >= 0.95, `${placed.length} of ${records.length}`)
  t.ok(records.filter(({ group }) => group.country).length >= 370)
})

t.test('the same input gives the same output, whatever the order of its keys', async (t) => {
  const reversed = Object.fromEntries(Object.entries(bundled.resources).reverse())
  t.same(readOsmCommunityIndex(bundled).records, records)
  t.same(readOsmCommunityIndex(reversed).records, records, 'the inner object alone is read too')
})

t.test('no contact and no mailbox gets in', async (t) => {
  const text = JSON.stringify(records).toLowerCase()
  const contacts = Object.values(bundled.resources).flatMap(({ contacts = [] }) => contacts as { name: string; email: string }[])
  t.ok(contacts.length > 400)
  t.same(
    contacts.filter(({ email }) => text.includes(email.toLowerCase())),
    [],
  )
  const named = new Set(contacts.map(({ name }) => name).filter((name) => text.includes(name.toLowerCase())))
  t.same([...named].sort(), contactsCalledLikeTheirGroup)
  t.notMatch(text, /mailto:/)
  t.same([...new Set(text.match(/[\w.+-]*\w@[\w-]+\.[\w.]+/g))].sort(), rooms)
})

t.test('groups read by eye', async (t) => {
  t.match(group('openstreetmapfrance'), {
    name: 'OpenStreetMap France',
    summary: 'We help grow and improve OpenStreetMap in France.',
    type: 'territorial',
    country: 'FR',
    position: { precision: 'country' },
    languages: ['en', 'fr'],
  })
  t.same(serviceList('openstreetmapfrance').slice(0, 3), ['home Website', 'news Facebook', 'news X'])
  t.same(keywords('openstreetmapfrance'), ['openstreetmap', 'local-chapter', 'cartographie'])
  t.equal(records.find(({ sourceId }) => sourceId === 'openstreetmapfrance')?.shortNameHints[0], 'osm-france')
  t.match(group('ym-Central-Washington-University'), {
    name: 'Geography Club (Central Washington University)',
    summary: 'YouthMappers chapter at Central Washington University',
    type: 'thematic',
    country: 'US',
    place: 'Central Washington University',
    position: { lat: 46.98002, lng: -120.49805, precision: 'place' },
    links: [{ service: 'home', url: 'https://www.cwu.edu/geography/geography-club', label: 'Website' }],
  })
  t.match(group('openstreetmapireland'), { type: 'territorial', position: { precision: 'country' } })
  t.notOk(group('openstreetmapireland').country, 'the island has two countries')
  t.match(group('OSM-Discourse'), { type: 'support', languages: ['en', 'de', 'es', 'nl', 'pl', 'pt-BR'] })
  t.notOk(group('OSM-Discourse').position)
  t.match(group('openstreetmapalba'), { country: 'GB', region: 'GB-SCT', position: { precision: 'region' } })
  t.equal(group('openstreetmapmalaysia').country, 'MY', 'one of its entries is filed under Indonesia')
  t.same(group('openstreetmaptaiwan').languages, ['en', 'zh-TW'])
  t.match(serviceList('openstreetmapuk').at(-1), 'subscribe Sign-up')
  t.notOk(group('ym-Gujarat-University').links)
  t.match(group('ym-Gujarat-University').description, /E-mail addresses are not copied here/)
})

t.test('the later release: 398 groups, 9 added, 1 gone', { skip: !existsSync(later) && 'the later release is not beside this tree' }, async (t) => {
  const next = readOsmCommunityIndex(JSON.parse(readFileSync(later, 'utf8')))
  const before = new Map(records.map((one) => [one.sourceId, JSON.stringify(one)]))
  const after = new Set(next.records.map(({ sourceId }) => sourceId))
  t.equal(next.records.length, 398)
  t.same(next.refused, [])
  t.equal([...after].filter((id) => !before.has(id)).length, 9)
  t.same(
    [...before.keys()].filter((id) => !after.has(id)),
    ['MappingWR'],
  )
  const changed = next.records.filter((one) => before.has(one.sourceId) && before.get(one.sourceId) !== JSON.stringify(one))
  t.ok(changed.length > 0 && changed.length <= 79, `${changed.length} differ in what is kept`)
  const validate = groupValidator()
  t.ok(next.records.every(({ group, shortNameHints }) => shortNameHints.every((shortName) => validate({ ...group, shortName }))))
})

/** Contacts that are named like the community itself: the name is the community's. */
const contactsCalledLikeTheirGroup = [
  'FLOSSK',
  'Geogeeks Perth',
  'Map Kibera',
  'OSM Ireland',
  'OSM Kenya',
  'OpenStreetMap Argentina',
  'OpenStreetMap Croatia',
  'OpenStreetMap France',
  'OpenStreetMap Freemap Slovakia',
  'OpenStreetMap Ghana',
  'OpenStreetMap India',
  'OpenStreetMap Indonesia',
  'OpenStreetMap RDC',
  'OpenStreetMap UK',
  'OpenStreetMap US',
  'YouthMappers UFRJ',
  'osm_sk',
  'osmcz',
]

/** Chat rooms and the page of a mailing list look like mailboxes. */
const rooms = [
  'openstreetmap-de@rooms.dismail.de',
  'openstreetmap@chat.jabb.im',
  'osm-bb@rooms.dismail.de',
  'osm-fr@chat.jabberfr.org',
  'osm-hh@conference.jabber.de',
  'osm-in@conference.a3.pm',
  'osmbengal@conference.conversations.im',
  'talk-ch@openstreetmap.ch',
]

function group(id: string): SourceRecord['group'] {
  return records.find(({ sourceId }) => sourceId === id)!.group
}

function serviceList(id: string): string[] {
  return (group(id).links ?? []).map(({ service, label }) => `${service} ${label}`)
}

function keywords(id: string): string[] {
  return (group(id).keywords ?? []).map(({ slug }) => slug)
}

function groupValidator() {
  const ajv = new Ajv({ strict: false })
  formats.default(ajv)
  const folder = new URL('../../../schemas/', import.meta.url)
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.json')))
    ajv.addSchema(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
  return ajv.getSchema('/schemas/group.json')!
}
