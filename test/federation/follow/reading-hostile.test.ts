import t from 'tap'
import { readConfig } from '../../../server/config.ts'
import { withinTime } from '../../../server/federation/follow/budget.ts'
import type { FollowTools } from '../../../server/federation/follow/commands.ts'
import { readFeed } from '../../../server/federation/follow/feed.ts'
import { runPull } from '../../../server/federation/follow/run-commands.ts'
import { eachEngine, openEngine } from '../../engines.ts'
import { makeOutbound } from '../../net/servers.ts'
import { features, feedOf, member, profile, record, startReading } from './reading.ts'
import { follow, itemsOf, listen, pull, shown, sourceOf, startTime } from './servers.ts'

t.test('links without an end: the feed is endless after the first pages', async (t) => {
  const page = (origin: string, at: number) => {
    const links = Array.from({ length: 9000 }, (_, link) => ({ type: 'Relation', node: `/changes?p=${at}-${link}` }))
    return feedOf(origin, [], links)
  }
  const peer = await listen(t, 'there', (_, response) => void response.end(JSON.stringify(page(peer.origin, peer.asked.length))))
  const outbound = makeOutbound(t, [peer.port])
  const question = { url: `${peer.origin}/changes`, etag: undefined, cursor: undefined, now: startTime().now() }
  t.match(await readFeed(outbound, question), { isEndless: true, changes: [] })
  t.equal(peer.asked.length, 1)
})

t.test('links to what was read before are not kept, however many', async (t) => {
  const peer = await listen(t, 'there', (request, response) => {
    const old = Array.from({ length: 3000 }, (_, at) => ({ type: 'LessThanRelation', node: `/changes?old=${at}`, value: '2026-01-01T00:00:00Z' }))
    const page =
      request.url === '/changes'
        ? feedOf(peer.origin, [], [...old, { type: 'Relation', node: '/changes?new' }])
        : feedOf(peer.origin, [member(peer.origin, 'a')])
    response.end(JSON.stringify(page))
  })
  const last = { id: `${peer.origin}/changes/a`, iri: `${peer.origin}/id/a`, at: '2026-11-20T00:00:00.000Z' }
  const question = { url: `${peer.origin}/changes`, etag: undefined, cursor: { at: last.at, last }, now: startTime().now() }
  t.match(await readFeed(makeOutbound(t, [peer.port]), question), { isEndless: false, isRewritten: false, changes: [{ iri: last.iri }] })
  t.same(peer.asked, ['/changes', '/changes?new'])
})

const nul = '\u0000'
const half = '\ud800'
const noText = { toString: 1, valueOf: 1 }

await eachEngine(t, 'members of wrong types are passed over, and what is right among them is read', async (t, open) => {
  const { here, peer, pages } = await startReading(t, open)
  const one = (id: string, facts: object) => member(peer.origin, id, { object: `${peer.origin}/id/${id}`, ...facts })
  const wrong = [
    ...[null, 7, 'x', [], [[]], {}, noText, { type: noText, id: noText }, { type: 'Create', id: 7, object: noText, published: noText }],
    ...[
      one('b', { published: 7 }),
      one('c', { published: '+275760-01-01T00:00:00Z' }),
      one('d', { object: { id: 7 } }),
      one('eee', { type: ['Create', 7] }),
    ],
    ...[
      one('f', { object: `${peer.origin}/id/f${nul}` }),
      one('g', { object: `${peer.origin}/id/${half}` }),
      one('h', { object: ` ${peer.origin}/id/h` }),
    ],
    ...[one('iii', { version: `v${nul}${half}` }), one('jjj', { keywords: [noText, 7, null, `x${nul}`] })],
  ]
  const links = [null, 7, {}, { node: noText }, { node: 'http://[', type: noText }, { node: '/changes?q', value: noText }]
  pages['/changes'] = (request: { url: string }) => feedOf(peer.origin, request.url === '/changes' ? [...wrong, one('aaa', {})] : [], links)
  for (const id of ['aaa', 'eee', 'iii', 'jjj']) pages[`/id/${id}`] = record(peer.origin, id)
  const source = await follow(here, `${peer.origin}/changes`)
  t.match(await pull(here, source), { outcome: 'ok', counts: { added: 4, refused: 0 } })
  t.same(await shown(here), ['aaa', 'eee', 'iii', 'jjj'])
})

await eachEngine(t, 'records and lines of wrong types are refused, never thrown', async (t, open) => {
  const { here, peer, pages } = await startReading(t, open)
  pages['/changes'] = feedOf(peer.origin, [])
  pages['/groups.ndjson'] = [
    ...[null, 7, 'x', [[]], {}, noText, { id: half }, { id: nul }, { name: half, iri: noText }, { iri: `${peer.origin}/id/a${nul}` }],
    ...[
      record(peer.origin, 'b', { origin: noText, createdAt: noText }),
      record(peer.origin, 'c', { keywords: [noText], links: noText, logo: { url: noText } }),
    ],
    ...[
      record(peer.origin, 'd', { origin: { server: noText } }),
      record(peer.origin, 'f', { name: `x${nul}` }),
      record(peer.origin, 'g', { name: `x${half}` }),
    ],
    record(peer.origin, 'good', { banner: { url: noText, width: 1, height: 1, alt: '' } }),
  ]
    .map((line) => JSON.stringify(line))
    .join('\n')
  t.match(await pull(here, await follow(here, `${peer.origin}/changes`)), { outcome: 'ok' })
  t.ok((await shown(here)).includes('good'))

  const deep = `${'{"a":'.repeat(80_000)}1${'}'.repeat(80_000)}`
  pages['/deep.json'] = `{"linked_schemas":["x"],"name":"Deep","a":${deep}}`
  const relationships = [noText, { predicate_url: noText }, { predicate_url: 'x/memberOf', object_url: noText }]
  pages['/odd.json'] = profile('Odd', { relationships, tags: [noText, 7], geolocation: { lat: noText }, status: noText, rss: noText })
  t.match(await pull(here, await follow(here, `${peer.origin}/deep.json`)), { outcome: 'ok', counts: { refused: 1 } })
  t.match(await pull(here, await follow(here, `${peer.origin}/odd.json`)), { outcome: 'ok', counts: { added: 1 } })

  pages['/odd.geojson'] = features({ id: half, name: half, iri: noText }, { name: nul, iri: 7 }, noText)
  t.match(await pull(here, await follow(here, `${peer.origin}/odd.geojson`)), { outcome: 'ok', counts: { added: 0 } })
})

await eachEngine(t, 'an index or a directory of wrong types', async (t, open) => {
  const { here, peer, pages } = await startReading(t, open)
  pages['/p.json'] = profile('Garden')
  pages['/v2/nodes'] = { data: [] }
  const index = await follow(here, `${peer.origin}/v2/nodes`)
  for (const answer of [null, 7, '"x"', [], { data: null }, { data: { length: 3 } }]) {
    pages['/v2/nodes'] = JSON.stringify(answer)
    t.match(await pull(here, index), { outcome: 'not-an-index' }, JSON.stringify(answer))
  }
  const strange = [null, 7, [], noText, { profile_url: noText }, { profile_url: `${peer.origin}/${nul}` }, { profile_url: `${peer.origin}/p.json#x` }]
  const node = { profile_url: `${peer.origin}/p.json`, last_updated: noText, status: noText }
  pages['/v2/nodes'] = { data: [...strange, node, node] }
  t.match(await pull(here, index), { outcome: 'ok', counts: { seen: 1, added: 1 } })

  pages['/directory.json'] = () => ({ a: `${peer.origin}/p.json` })
  const directory = await follow(here, `${peer.origin}/directory.json`)
  for (const answer of ['null', '7', '[]', '{"a":null}', '[{"url":{"toString":1}}]']) {
    pages['/directory.json'] = answer
    t.match(await pull(here, directory), { outcome: 'not-a-directory' }, answer)
  }
  pages['/directory.json'] = { a: null, b: noText, c: { url: noText }, d: `${peer.origin}/${half}`, e: { endpoint: `${peer.origin}/p.json` } }
  t.match(await pull(here, directory), { outcome: 'ok', counts: { seen: 1 } })
})

t.test('a page that names one member two hundred thousand times', async (t) => {
  const { here, peer, pages } = await startReading(t, () => openEngine(t, 'sqlite'))
  const keywords = Array.from({ length: 5000 }, (_, at) => `k${at}`)
  pages['/changes'] = JSON.stringify({
    '@graph': [
      { id: 'x', type: 'EventStream', member: Array.from({ length: 200_000 }, () => 'a') },
      { ...member(peer.origin, 'a'), id: 'a', keywords },
    ],
  })
  pages['/id/a'] = record(peer.origin, 'a')
  const source = await follow(here, `${peer.origin}/changes`)
  t.match(await pull(here, source), { outcome: 'ok', counts: { seen: 1, added: 1 } })
  t.match(await sourceOf(here, source), { outcome: 'ok', claimed_until: null })
})

t.test('silent homes do not keep the others of a list waiting', async (t) => {
  const { here, peer, pages } = await startReading(t, () => openEngine(t, 'sqlite'))
  pages['/p.json'] = profile('Garden')
  const dead = Array.from({ length: 30 }, (_, at) => `http://dead.example:1/${at}.json`)
  pages['/directory.json'] = () => [...dead, `${peer.origin}/p.json`]
  const source = await follow(here, `${peer.origin}/directory.json`)
  t.match(await pull(here, source), { outcome: 'ok', counts: { added: 1, refused: 30 } })
  t.same(await shown(here), ['garden: Garden'])
  t.match(await pull(here, source), { outcome: 'ok' }, 'nor when they are asked again')
  t.equal((await itemsOf(here)).filter(({ reason }) => reason?.startsWith('failed: ')).length, 30)
})

t.test('archipel pull goes on after a source that breaks', async (t) => {
  const { here, peer, pages } = await startReading(t, () => openEngine(t, 'sqlite'))
  for (const path of ['/a.json', '/b.json']) pages[path] = profile(path.slice(1, 2).repeat(3))
  const broken = await follow(here, `${peer.origin}/a.json`)
  await follow(here, `${peer.origin}/b.json`)
  await here.db.updateTable('followed_source').set({ kind: 'geojson', url: ':' }).where('id', '=', broken.id).execute()
  const said: string[] = []
  const tools = {
    ...{
      readConfig: () => readConfig({ PUBLIC_URL: here.origin }),
      withDatabase: (_: unknown, body: (db: typeof here.db) => Promise<void>) => body(here.db),
    },
    ...{ clock: here.follow.clock, t: () => (key: string) => key, print: (text: string) => void said.push(text) },
  } as FollowTools
  await runPull({}, tools)
  t.equal(process.exitCode, 1)
  process.exitCode = 0
  t.match(said, [':: broken', /b\.json/])
  t.match(await here.db.selectFrom('followed_source').selectAll().where('id', '=', broken.id).executeTakeFirst(), {
    claimed_until: null,
    outcome: 'broken',
    fails: 1,
  })
})

t.test('a visit has a time, for the whole and for what it waits for', async (t) => {
  const time = startTime()
  const peer = await listen(t, 'there', (_, response) => {
    if (peer.asked.length === 1) return void response.end('{}')
    const drip = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(drip))
  })
  const outbound = withinTime(makeOutbound(t, [peer.port]), time.now, 60_000)
  t.match(await outbound.fetch(peer.origin), { name: 'ok' })
  time.pass(59.7 / 86_400)
  await t.rejects(outbound.fetch(peer.origin), { outcome: 'slow' } as unknown as Error, 'it drips, and is never idle')
  time.pass(1 / 86_400)
  await t.rejects(outbound.fetch(peer.origin), { outcome: 'slow' } as unknown as Error)
  t.equal(peer.asked.length, 2)
})
