import t from 'tap'
import { readDueEcosystems, readRemoteEcosystems } from '../../../server/federation/network/remote.ts'
import { addressKey, readEcosystemList } from '../../../server/federation/network/rules.ts'
import { eachEngine } from '../../engines.ts'
import { openSqlite } from '../../helper.ts'
import { makeOutbound } from '../../net/servers.ts'
import { addSource } from '../copies.ts'
import { create, follow, listen, type Peer, pull, sourceOf, startPeers, startTime } from '../follow/servers.ts'
import { addEcosystem } from './world.ts'

await eachEngine(t, 'a server is asked after the first visit that succeeds, then once a day', async (t, open) => {
  const time = startTime()
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time)) as [Peer, Peer]
  await create(b, time, { shortName: 'quai', keywords: [{ slug: 'port', label: 'Port' }] })
  await addEcosystem(b.db, 'port', [`${a.origin}/e/mer`], { title: 'Le port' })
  const source = await follow(a, b.origin)
  t.equal(await readDueEcosystems(a.follow), 0, 'not before')
  await pull(a, source)
  t.equal(await readDueEcosystems(a.follow), 1)
  const rows = () => a.db.selectFrom('remote_ecosystem').selectAll().execute()
  t.match(await rows(), [
    { source_id: source.id, keyword: 'port', title: 'Le port', language: 'fr', group_count: 1, related: `["${a.origin}/e/mer"]` },
  ])
  t.equal(await readDueEcosystems(a.follow), 0)
  time.pass(1)
  b.isDown = true
  t.equal(await readDueEcosystems(a.follow), 1)
  t.equal((await rows()).length, 1, 'a server that is down keeps what it said')
  t.equal(await readDueEcosystems(a.follow), 0, 'and is left in peace for a while')
  b.isDown = false
  time.pass(1)
  await b.db.deleteFrom('ecosystem').execute()
  await readDueEcosystems(a.follow)
  t.same(await rows(), [])
  t.match(await sourceOf(a, source), { trust: 'automatic', outcome: 'ok' }, 'the visits of its groups are another matter')
})

t.test('what a strange server answers', async (t) => {
  const db = await openSqlite(t)
  let body = ''
  let status = 200
  const other = await listen(t, 'other', (_, response) => response.writeHead(status, { location: 'http://third.example/' }).end(body))
  const outbound = makeOutbound(t, [other.port])
  const source = await addSource(db, { id: 'a', origin: other.origin })
  const clock = startTime().now
  const read = () => readRemoteEcosystems({ db, outbound, clock }, source)
  const count = async () => (await db.selectFrom('remote_ecosystem').selectAll().execute()).length
  body = JSON.stringify({ items: [{ keyword: 'port', title: 'Port' }] })
  t.equal(await read(), 'ok')
  t.equal(await count(), 1)
  for (const [is, text] of [
    [200, '<html>'],
    [200, '[]'],
    [200, '{"items":3}'],
    [500, body],
    [302, ''],
  ] as const) {
    status = is
    body = text
    t.not(await read(), 'ok', `${is} ${text}`)
    t.equal(await count(), 1, 'keeps what it said before')
  }
  status = 404
  t.equal(await read(), 'ok')
  t.equal(await count(), 0)
  body = `{"items":[${'{"keyword":"a"},'.repeat(400_000)}{}]}`
  status = 200
  t.equal(await read(), 'too-large')
})

t.test('another server does not answer in its place', async (t) => {
  const db = await openSqlite(t)
  const other = await listen(t, 'other', (_, response) => response.end('{"items":[{"keyword":"a"}]}'))
  const asked = await listen(t, 'asked', (_, response) => response.writeHead(302, { location: `${other.origin}/ecosystems.json` }).end())
  const source = await addSource(db, { id: 'a', origin: asked.origin })
  await readRemoteEcosystems({ db, outbound: makeOutbound(t, [asked.port, other.port]), clock: startTime().now }, source)
  t.same(other.asked, ['/ecosystems.json'])
  t.same(await db.selectFrom('remote_ecosystem').selectAll().execute(), [])
})

t.test('lists are read with care', async (t) => {
  const origin = 'https://la.example'
  const read = (items: unknown[], keywords: string[] | null = null) => readEcosystemList({ items }, origin, keywords)!
  t.same(
    read([
      null,
      3,
      'x',
      [],
      {},
      { keyword: 'Énergie' },
      { keyword: '../x' },
      { keyword: 'a', url: 'https://autre.example/e/a' },
      { keyword: 'b', url: 3 },
    ]),
    [],
  )
  t.same(
    read([
      {
        keyword: 'mer',
        title: '\u202e La\n mer\u0000 ',
        url: `${origin}/e/mer`,
        groupCount: -3,
        languages: ['x y'],
        related: ['javascript:1', 3, 'https://x.example/'],
      },
    ]),
    [{ keyword: 'mer', title: 'La mer', language: null, groupCount: 0, related: ['https://x.example/'] }],
  )
  t.equal([...read([{ keyword: 'a', title: '🌊'.repeat(500) }])[0]!.title].length, 120)
  const many = Array.from({ length: 1000 }, (_, at) => ({
    keyword: `k${at}`,
    title: `K ${at}`,
    groupCount: at,
    related: Array(100).fill('https://x.example/'),
  }))
  t.equal(read(many).length, 200)
  t.match(read(many)[0], { keyword: 'k999' }, 'the largest')
  t.equal(read(many)[0]!.related.length, 50)
  t.same(
    read(many, ['k3', 'nothing']).map(({ keyword }) => keyword),
    ['k3'],
    'what is followed of it',
  )
})

t.test('two addresses of one ecosystem', async (t) => {
  const key = addressKey('https://a.example/e/energie')
  for (const same of ['http://A.example/e/%C3%89nergie/', 'https://a.example:443/e/energie?q=1#x']) t.equal(addressKey(same), key)
  t.not(addressKey('https://a.example:8443/e/energie'), key)
  t.not(addressKey('https://a.example/e/energie/map'), key)
  t.equal(addressKey('https://a.example/%zz/e'), 'a.example/%zz/e')
  t.equal(addressKey('https://a.example/e/%zz'), 'a.example/e/zz')
  t.equal(addressKey('mailto:x@a.example'), undefined)
  t.equal(addressKey(`https://a.example/${'x'.repeat(3000)}`), undefined)
})

t.test('nothing is kept of a source that was removed meanwhile', async (t) => {
  const db = await openSqlite(t)
  const other = await listen(t, 'other', (_, response) => response.end('{"items":[{"keyword":"a"}]}'))
  const source = await addSource(db, { id: 'a', origin: other.origin })
  await db.deleteFrom('followed_source').execute()
  await readRemoteEcosystems({ db, outbound: makeOutbound(t, [other.port]), clock: startTime().now }, source)
  t.same(await db.selectFrom('remote_ecosystem').selectAll().execute(), [])
})
