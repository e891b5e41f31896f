import t from 'tap'
import { readOsmCommunityIndex } from '../../../server/transfer/osm/community-index.ts'

const good = { id: 'x-telegram', type: 'telegram', account: 'osm_x', locationSet: { include: ['fr'] }, strings: { name: 'OpenStreetMap X' } }
const placed = (include: unknown[]) => read({ one: { ...good, id: 'one', locationSet: { include } } }).records[0]!.group

t.test('malformed entries are refused one by one, the others go on', async (t) => {
  const wrong: Record<string, unknown> = {
    'not-an-object': 'telegram',
    'no-id': { ...good, id: undefined },
    'odd-id': { ...good, id: 'a b' },
    'no-type': { ...good, type: undefined },
    'unknown-type': { ...good, type: 'myspace' },
    'inherited-type': { ...good, type: 'constructor' },
    'odd-account': { ...good, account: 7 },
    'no-account': { ...good, account: undefined },
    'odd-order': { ...good, order: 'first' },
    'odd-languages': { ...good, languageCodes: 'fr' },
    'no-strings': { ...good, strings: undefined },
    'odd-community': { ...good, strings: { name: 'X', community: 'X', communityID: 'x y' } },
    'odd-strings': { ...good, strings: { name: ['a'] } },
    'no-place': { ...good, locationSet: {} },
    'off-the-map': { ...good, locationSet: { include: [[2, 480]] } },
    'no-name': { ...good, strings: { name: ' \u0000 ' } },
    'no-address': { ...good, type: 'url' },
    'script-address': { ...good, type: 'url', strings: { name: 'X', url: 'javascript:alert(1)' } },
    'spaced-address': { ...good, account: 'a b' },
  }
  const { records, refused } = read({ ...wrong, good })
  t.same(
    records.map(({ sourceId }) => sourceId),
    ['x-telegram'],
  )
  t.same(
    refused.map(({ sourceId }) => sourceId),
    Object.keys(wrong).sort(),
  )
  t.ok(
    refused.every(({ reason }) => /^It.*\.$/.test(reason)),
    'each with a sentence',
  )
  t.match(
    refused.find(({ sourceId }) => sourceId === 'unknown-type'),
    { reason: 'Its type is unknown: "myspace".' },
  )
})

t.test('what is not a resources.json at all is refused with one sentence', async (t) => {
  for (const input of [undefined, null, 'text', 7, [], { resources: [] }, { resources: null }]) {
    t.throws(() => readOsmCommunityIndex(input), { message: /^This is not a resources\.json of OSM Community Index: [^.]+\.$/ })
  }
  t.same(readOsmCommunityIndex({ resources: {} }), { records: [], refused: [] })
})

t.test('people are left out, wherever they are named', async (t) => {
  const strings = {
    name: 'Club',
    url: 'mailto:ann.smith@example.org',
    description: 'We map. Write to ann.smith@example.org now. Come along.',
    extendedDescription:
      'We are students.We were founded by Ann Smith and Bob Y. We thank Dr. Ann Smith (director) and others. Ann Smith is the president of the club. Join us.',
  }
  const { group } = read({
    one: { ...good, id: 'one', type: 'youthmappers', strings, contacts: [{ name: 'Ann Smith', email: 'ann.smith@example.org' }] },
  }).records[0]!
  t.notMatch(JSON.stringify(group), /ann|smith|@/i)
  t.equal(group.summary, 'We map. Come along.')
  t.match(group.description, /^We are students\. Join us\.\n\nThe \[OSM Community Index\]/)
  t.notOk(group.links)
})

t.test('where a group is', async (t) => {
  t.match(placed([[2.35, 48.85]]), { country: 'FR', position: { lat: 48.85, lng: 2.35, precision: 'place' } })
  t.match(placed([[2.35, 48.85, 60]]), { country: 'FR', position: { precision: 'region' } })
  t.match(placed([[-66.05, 18.4]]), { country: 'PR' })
  t.match(placed(['ben']), { country: 'BJ', position: { precision: 'country' } })
  t.match(placed(['dk']), { country: 'DK', position: { lat: 56.24 } }, 'not in Greenland')
  t.match(placed(['Q644636']), { country: 'CY' })
  t.match(placed(['US-OH.geojson']), { country: 'US', region: 'US-OH', position: { precision: 'region' } })
  t.match(placed(['veneto.geojson']), { country: 'IT', region: 'IT-34', position: { precision: 'country' } }, 'a shape that only later releases have')
  t.match(placed(['punjab.geojson']), { type: 'territorial', position: { precision: 'region' } })
  t.notOk(placed(['punjab.geojson']).country)
  for (const include of [['001'], ['142'], ['nowhere.geojson'], ['zz'], []]) t.notOk(placed(include).position, `${include}`)
  t.notOk(placed(['de', 'at', 'ch']).country)
  t.match(placed(['de', 'at', 'ch']), { position: { precision: 'country' } })
})

t.test('links: one each, by service and order, told apart', async (t) => {
  const strings = { community: 'OpenStreetMap X', communityID: 'openstreetmapx' }
  const entry = (id: string, more: object) => ({ [id]: { ...good, id, strings, ...more } })
  const { records } = read({
    ...entry('a', { account: 'one' }),
    ...entry('b', { account: 'two', order: 5 }),
    ...entry('c', { account: 'two/' }),
    ...entry('d', { type: 'x', account: 'osm' }),
    ...entry('e', { type: 'osm', strings: { ...strings, url: 'HTTPS://x.example', signupUrl: 'https://x.example/join' } }),
  })
  t.equal(records.length, 1)
  t.equal(records[0]?.sourceId, 'openstreetmapx')
  t.same(records[0]?.group.links, [
    { service: 'home', url: 'https://x.example', label: 'Website' },
    { service: 'news', url: 'https://twitter.com/osm', label: 'X' },
    { service: 'discussion', url: 'https://t.me/two', label: 'Telegram (two)' },
    { service: 'discussion', url: 'https://t.me/one', label: 'Telegram (one)' },
    { service: 'subscribe', url: 'https://x.example/join', label: 'Sign-up' },
  ])
})

t.test('long and odd texts stay within the rules', async (t) => {
  const strings = {
    name: `OpenStreetMap ${'very long '.repeat(30)}`,
    description: 'A sentence of words. '.repeat(20),
    extendedDescription: `${'<b>*x*</b> [a](javascript:1) '.repeat(300)}`,
  }
  const { group, shortNameHints } = read({ one: { ...good, id: 'one', strings } }).records[0]!
  t.ok(group.name.length <= 120 && group.summary.length <= 200 && (group.description ?? '').length <= 5000)
  t.match(group.summary, /words\.$/)
  t.ok(shortNameHints.every((hint) => hint.length <= 40))
  const short = read({
    one: { ...good, id: 'one', strings: { name: 'X', extendedDescription: '<b>*x*</b> [a](javascript:1) at https://x.example/a_b.' } },
  })
  t.equal(short.records[0]?.group.description, '\\<b\\>\\*x\\*\\</b\\> \\[a\\](javascript:1) at <https://x.example/a_b>.')
})

function read(resources: Record<string, unknown>) {
  return readOsmCommunityIndex({ resources })
}
