import type { IncomingMessage, ServerResponse } from 'node:http'
import t, { type Test } from 'tap'
import { removeSource } from '../../../server/federation/follow/actions.ts'
import { addSource } from '../../../server/federation/follow/add-source.ts'
import { pullDue, pullSource } from '../../../server/federation/follow/pull.ts'
import { toRecord } from '../../../server/group/present.ts'
import { writers } from '../../../server/transfer/format/formats.ts'
import { eachEngine, openEngine } from '../../engines.ts'
import {
  create,
  type Follower,
  follow,
  itemsOf,
  type Listener,
  listen,
  type Peer,
  pull,
  rowOf,
  shown,
  sourceOf,
  startFollower,
  startPeers,
  startTime,
} from './servers.ts'

type Pages = Record<string, unknown>

const profile = (name: string, facts: object = {}) => ({
  linked_schemas: ['organizations_schema-v1.0.0'],
  name,
  description: 'A garden by the sea.\nOpen to all.',
  primary_url: 'https://jardin.example/',
  tags: ['Jardin', 'Compost'],
  geolocation: { lat: 47.6, lon: -2.7 },
  country_iso_3166: 'FR',
  locality: 'Vannes',
  relationships: [{ predicate_url: 'https://schema.org/memberOf', object_url: 'https://a.example/e/%C3%A9nergie' }],
  ...facts,
})

t.test('a Murmurations index: profiles are asked for at their homes, whose word alone ends them', async (t) => {
  const { here, peer, pages, time } = await start(t)
  const node = (at: number, facts = {}) => ({
    profile_url: `${peer.origin}/p/${at}.json`,
    last_updated: 1_700_000_000 + at,
    status: 'posted',
    ...facts,
  })
  pages['/v2/nodes'] = () => ({
    data: [node(1), node(2), { profile_url: 'javascript:alert(1)' }, null],
    links: {},
    meta: { number_of_results: 2, total_pages: 1 },
  })
  for (const at of [1, 2]) pages[`/p/${at}.json`] = profile(`Garden ${at}`)
  const source = await follow(here, `${peer.origin}/v2/nodes?schema=organizations_schema`)
  t.match(source, { kind: 'murmurations-index' })
  t.match(await pull(here, source), { outcome: 'ok', counts: { added: 2 } })
  t.same(await shown(here), ['garden-1: Garden 1', 'garden-2: Garden 2'])
  const row = (await rowOf(here, 'garden-1'))!
  t.match(row, { summary: 'A garden by the sea.', country: 'FR', place: 'Vannes', lat: 47.6, origin_server: peer.origin, type: 'territorial' })
  t.same(
    JSON.parse(row.keywords!).map(({ slug }: { slug: string }) => slug),
    ['jardin', 'compost', 'energie'],
  )

  time.pass(1)
  peer.asked.length = 0
  pages['/v2/nodes'] = () => ({ data: [node(2), node(3, { profile_url: `${peer.origin}/p/2.json`, status: 'deleted' })] })
  t.match(await pull(here, source), { counts: { gone: 0, added: 0 } })
  t.match(peer.asked[0], 'last_updated=1700000002')
  t.equal((await shown(here)).length, 2, 'the index says it is gone, its home does not')
  delete pages['/p/2.json']
  for (const days of [1, 4, 4]) {
    time.pass(days)
    t.equal((await shown(here)).length, 2)
    await pull(here, source)
  }
  t.same(await shown(here), ['garden-1: Garden 1'])
})

t.test('one profile', async (t) => {
  const { here, peer, pages } = await start(t)
  pages['/profile.json'] = profile('Garden', { nickname: 'le-jardin' })
  const source = await follow(here, `${peer.origin}/profile.json`)
  t.equal(source.kind, 'murmurations-profile')
  await pull(here, source)
  t.same(await shown(here), ['le-jardin: Garden'])
})

t.test('a directory of files that groups keep themselves', async (t) => {
  const { here, peer, pages, time } = await start(t)
  pages['/directory.json'] = () => ({ aachen: `${peer.origin}/aachen.json`, berlin: `${peer.origin}/berlin.json`, silent: `${peer.origin}/silent` })
  pages['/aachen.json'] = {
    name: 'Freifunk Aachen',
    url: 'https://aachen.example/',
    location: { city: 'Aachen', country: 'DE', lat: 50.7, lon: 6.1 },
  }
  pages['/berlin.json'] = { space: 'c-base', location: { lat: 52.5, lon: 13.4 } }
  const source = await follow(here, `${peer.origin}/directory.json`)
  t.equal(source.kind, 'directory')
  t.match(await pull(here, source), { counts: { added: 2 } })
  t.same(await shown(here), ['c-base', 'freifunk-aachen: Freifunk Aachen'])
  delete pages['/berlin.json']
  for (const days of [0, 1, 3, 4]) {
    time.pass(days)
    t.equal((await shown(here)).length, 2)
    await pull(here, source)
  }
  t.same(await shown(here), ['freifunk-aachen: Freifunk Aachen'])
  pages['/directory.json'] = () => ({})
  t.match(await pull(here, await sourceOf(here, source)), { outcome: 'not-a-directory' })
  t.equal((await shown(here)).length, 1)
})

t.test('files in our columns', async (t) => {
  const { here, peer, pages, time } = await start(t)
  const [there] = (await startPeers(t, () => openEngine(t, 'sqlite'), ['there'], time)) as [Peer]
  for (const shortName of ['alpha', 'beta']) await create(there, time, { shortName, position: { lat: 1, lng: 2, precision: 'exact' } })
  const rows = await there.db.selectFrom('group_record').selectAll().execute()
  const { ecosystems } = await there.deps.catalogue.current(there.db)
  for (const format of ['csv', 'geojson'] as const) {
    const records = rows.map((row) => toRecord(row, { publicUrl: peer.origin, ecosystems }))
    const text = async (some: typeof records) => (await Array.fromAsync(writers[format](only(some)))).join('')
    pages[`/groups.${format}`] = await text(records)
    const source = await follow(here, `${peer.origin}/groups.${format}`, { title: format })
    t.equal(source.kind, format)
    t.match(await pull(here, source), { outcome: 'ok', counts: { added: 2, refused: 0 } }, format)
    pages[`/groups.${format}`] = await text(records.slice(1))
    for (const days of [0, 3.5]) {
      time.pass(days)
      await pull(here, source)
    }
    t.equal((await itemsOf(here)).filter(({ source_id, state }) => source_id === source.id && state === 'published').length, 2, 'not yet')
    time.pass(3.5)
    t.match(await pull(here, source), { counts: { gone: 1 } })
    pages[`/groups.${format}`] = 'nothing\nof use'
    t.match(await pull(here, source), { outcome: 'unreadable', counts: { gone: 0 } })
  }
})

t.test('the same record by two sources is one copy, until the last of them goes', async (t) => {
  const { here, peer, pages } = await start(t)
  pages['/p.json'] = profile('Garden')
  pages['/directory.json'] = () => ({ garden: `${peer.origin}/p.json` })
  const one = await follow(here, `${peer.origin}/p.json`)
  const two = await follow(here, `${peer.origin}/directory.json`)
  await pull(here, one)
  await pull(here, two)
  t.same(await shown(here), ['garden: Garden'])
  await removeSource(here.db, one.id, here.follow.clock())
  t.same(await shown(here), ['garden: Garden'])
  await removeSource(here.db, two.id, here.follow.clock())
  t.same(await shown(here), [])
})

await eachEngine(t, 'a host is visited by one at a time', async (t, open) => {
  const time = startTime()
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time)) as [Peer, Peer]
  await create(a, time, { shortName: 'alpha', keywords: [{ slug: 'energie', label: 'Énergie' }] })
  const sources = [await follow(b, a.origin), await follow(b, `${a.origin}/e/energie`)]
  // Nothing is answered until three of the four have found the host taken.
  const { promise: others, resolve: goOn } = Promise.withResolvers<void>()
  const { answer } = a
  a.answer = (...asked) => void others.then(() => answer(...asked))
  let turnedAway = 0
  const visit = async (source: (typeof sources)[number]) => {
    const report = await pullSource(b.follow, source)
    if (!report && ++turnedAway === 3) goOn()
    return report
  }
  const impatient = setTimeout(goOn, 10_000)
  const reports = await Promise.all([...sources, ...sources].map(visit))
  clearTimeout(impatient)
  t.equal(reports.filter((report) => report !== undefined).length, 1)
  t.equal((await pullDue(b.follow)).length, 1, 'the other one is due still')
  t.same(await pullDue(b.follow), [])
  t.same(await shown(b), ['alpha'], 'one copy for both')
})

t.test('an address that cannot be followed is refused, and says why', async (t) => {
  const { here, peer, pages } = await start(t)
  pages['/page'] = '<html></html>'
  const refused: Record<string, string> = {
    'ftp://a.example/': 'error.follow.address',
    [here.follow.config.publicUrl]: 'error.follow.self',
    'http://127.0.0.1/changes': 'error.follow.noAnswer',
    'http://localhost/': 'error.follow.noAnswer',
    [`${peer.origin}/nothing`]: 'error.follow.noAnswer',
    [`${peer.origin}/page`]: 'error.follow.unknown',
  }
  for (const [address, key] of Object.entries(refused))
    await t.rejects(addSource(here.follow, address), { detail: { key } } as unknown as Error, address)
  pages['/p.json'] = profile('Garden')
  await addSource(here.follow, `${peer.origin}/p.json`)
  await t.rejects(addSource(here.follow, `${peer.origin}/p.json`), { status: 409, detail: { key: 'error.follow.twice' } } as unknown as Error)
})

async function* only<T>(value: T): AsyncGenerator<T> {
  yield value
}

async function start(t: Test): Promise<{ here: Follower; peer: Listener; pages: Pages; time: ReturnType<typeof startTime> }> {
  const time = startTime()
  const pages: Pages = {}
  const peer = await listen(t, 'there', (request: IncomingMessage, response: ServerResponse) => {
    const page = pages[request.url!.replace(/\?.*/, '')]
    if (page === undefined) return void response.writeHead(404).end()
    const value = typeof page === 'function' ? page() : page
    const type = request.url!.endsWith('.csv') ? 'text/csv' : 'application/json'
    response.writeHead(200, { 'content-type': type }).end(typeof value === 'string' ? value : JSON.stringify(value))
  })
  return { here: await startFollower(t, peer, time), peer, pages, time }
}
