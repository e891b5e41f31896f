import t from 'tap'
import { decideItems, removeSource, saveSource, tidyCopies } from '../../../server/federation/follow/actions.ts'
import { pullDue } from '../../../server/federation/follow/pull.ts'
import { eachEngine } from '../../engines.ts'
import { create, edit, follow, itemsOf, type Peer, pull, remove, rowOf, shown, sourceOf, startPeers, startTime } from './servers.ts'

/** What a backup of the groups holds. */
const tables = ['group_record', 'short_name', 'group_revision', 'change_log', 'tombstone', 'counter', 'group_words'] as const

const termsOf = (peer: Peer) => ({ publicUrl: peer.origin, now: peer.follow.clock() })

await eachEngine(t, 'what is created, edited and deleted at home is so everywhere', async (t, open) => {
  const time = startTime()
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time)) as [Peer, Peer]
  await create(a, time, {
    shortName: 'alpha',
    keywords: [{ slug: 'jardin', label: 'Jardin' }],
    links: [{ service: 'tracking', url: 'https://in.example/' }],
  })
  await create(b, time, { shortName: 'alpha', name: 'A local one' })
  const source = await follow(b, a.origin)
  t.match(source, { kind: 'changes', url: `${a.origin}/changes`, origin: a.origin })
  t.match(await pull(b, source), { outcome: 'ok', counts: { added: 1, refused: 0 } })
  t.same(await shown(b), ['alpha: A local one', 'alpha-a: alpha'])
  const copy = (await rowOf(b, 'alpha-a'))!
  t.match(copy, { origin_server: a.origin, source: null, links: null })
  t.same(
    (await itemsOf(b)).map(({ state, group_id }) => [state, group_id]),
    [['published', copy.id]],
  )

  a.asked.length = 0
  t.match(await pull(b, source), { outcome: 'not-modified' })
  t.same(a.asked, ['/changes'])

  time.pass(1)
  await edit(a, time, 'alpha', { name: 'Alpha bis' })
  await create(a, time, { shortName: 'beta' })
  t.match(await pull(b, source), { counts: { added: 1, changed: 1 } })
  t.same(await shown(b), ['alpha: A local one', 'alpha-a: Alpha bis', 'beta'])
  t.equal((await rowOf(b, 'alpha-a'))!.id, copy.id)

  time.pass(1)
  await remove(a, time, 'alpha')
  t.match(await pull(b, source), { counts: { gone: 1 } })
  t.same(await shown(b), ['alpha: A local one', 'beta'])
  t.match(await itemsOf(b), [{ state: 'gone', record: null, reason: 'deleted' }, { state: 'published' }])
  t.same(await b.db.selectFrom('group_revision').selectAll().where('group_id', '=', copy.id).execute(), [], 'what was erased at home is not kept')
})

await eachEngine(t, 'a circle of servers: nothing is said twice, nothing comes back', async (t, open) => {
  const time = startTime()
  const [a, b, c] = (await startPeers(t, open, ['a', 'b', 'c'], time)) as [Peer, Peer, Peer]
  for (const [peer, name] of [
    [a, 'from-a'],
    [b, 'from-b'],
    [c, 'from-c'],
  ] as const)
    await create(peer, time, { shortName: name })
  for (const [peer, other] of [
    [a, b],
    [b, c],
    [c, a],
    [a, c],
  ] as const)
    await follow(peer, other.origin)
  for (let round = 0; round < 3; round++) {
    time.pass(1)
    for (const peer of [a, b, c]) await pullDue(peer.follow)
  }
  t.same(await shown(a), ['from-a', 'from-b', 'from-c'])
  t.same(await shown(b), ['from-b', 'from-c'], 'not what c has from a')
  t.same(await shown(c), ['from-a', 'from-c'])
  const feed = await b.deps.db.selectFrom('change_log').selectAll().where('local', '=', 1).execute()
  t.equal(feed.length, 1)

  const ofC = await sourceOf(a, { url: `${c.origin}/changes` })
  await saveSource(a.db, ofC.id, { trust: 'blocked' }, termsOf(a))
  t.same(await shown(a), ['from-a', 'from-b'], 'blocked: its copies vanish at once')
  c.asked.length = 0
  time.pass(1)
  await pullDue(a.follow)
  t.same(c.asked, [], 'and nothing is asked of it')
  const before = (await itemsOf(a)).find(({ iri }) => iri.startsWith(c.origin))!
  c.isDown = true
  await saveSource(a.db, ofC.id, { trust: 'automatic' }, termsOf(a))
  t.same(await shown(a), ['from-a', 'from-b', 'from-c'], 'unblocked: they are back without a word from it')
  t.equal((await rowOf(a, 'from-c'))!.id, before.group_id)
  t.match((await a.deps.catalogue.current(a.db)).snapshot.size, 3)
  await removeSource(a.db, ofC.id, time.now())
  t.same(await shown(a), ['from-a', 'from-b'])
  t.equal((await a.deps.catalogue.current(a.db)).snapshot.size, 2)
})

await eachEngine(t, 'a server that is down for a day, and for ever', async (t, open) => {
  const time = startTime()
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time)) as [Peer, Peer]
  await create(a, time, { shortName: 'alpha' })
  const source = await follow(b, a.origin)
  await pullDue(b.follow)
  a.isDown = true
  const dues: number[] = []
  for (let visit = 0; visit < 6; visit++) {
    time.pass(1 + visit)
    t.match(await pullDue(b.follow), [{ outcome: 'bad-answer' }])
    const { due_at, fails } = await sourceOf(b, source)
    t.equal(fails, visit + 1)
    dues.push((Date.parse(due_at) - time.now().getTime()) / 3600_000)
  }
  t.same(dues, [2, 4, 8, 16, 24, 24], 'asked less and less, a day at most')
  t.same(await shown(b), ['alpha'], 'an outage deletes nothing')
  a.isDown = false
  time.pass(1)
  await edit(a, time, 'alpha', { name: 'Alpha bis' })
  await pullDue(b.follow)
  t.match(await sourceOf(b, source), { fails: 0, outcome: 'ok' })
  t.same(await shown(b), ['alpha: Alpha bis'])

  a.isDown = true
  time.pass(179)
  await tidyCopies(b.db, termsOf(b))
  t.same(await shown(b), ['alpha: Alpha bis'])
  const { id } = (await rowOf(b, 'alpha'))!
  time.pass(2)
  await tidyCopies(b.db, termsOf(b))
  t.same(await shown(b), [], 'unseen for 180 days, it leaves the lists')
  a.isDown = false
  await pullDue(b.follow)
  await tidyCopies(b.db, termsOf(b))
  t.same(await shown(b), ['alpha: Alpha bis'], 'and returns by itself')
  t.equal((await rowOf(b, 'alpha'))!.id, id)
})

await eachEngine(t, 'a restored backup: what came after it is asked for, and deleted by nobody', async (t, open) => {
  const time = startTime()
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time)) as [Peer, Peer]
  await create(a, time, { shortName: 'alpha' })
  const source = await follow(b, a.origin)
  await pull(b, source)
  const kept = await Promise.all(tables.map((table) => a.db.selectFrom(table).selectAll().execute()))
  time.pass(1)
  await create(a, time, { shortName: 'lost' })
  await edit(a, time, 'alpha', { name: 'Alpha bis' })
  await pull(b, source)
  t.same(await shown(b), ['alpha: Alpha bis', 'lost'])

  for (const [at, table] of tables.entries()) {
    await a.db.deleteFrom(table).execute()
    if (kept[at]!.length > 0)
      await a.db
        .insertInto(table)
        .values(kept[at] as never)
        .execute()
  }
  time.pass(1)
  await create(a, time, { shortName: 'gamma' })
  t.match(await pull(b, source), { outcome: 'ok', counts: { added: 1, changed: 1, gone: 0 } })
  t.same(await shown(b), ['alpha', 'gamma', 'lost'])
  for (const days of [0, 1, 2.5, 3.5]) {
    t.same(await shown(b), ['alpha', 'gamma', 'lost'])
    time.pass(days)
    await pull(b, source)
  }
  t.same(await shown(b), ['alpha', 'gamma'], 'three times over seven days its home said that it is not there')
})

await eachEngine(t, 'a lost cursor, and clocks that differ', async (t, open) => {
  const time = startTime()
  const ahead = startTime()
  ahead.pass(400)
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time)) as [Peer, Peer]
  await create(a, ahead, { shortName: 'alpha' })
  const source = await follow(b, a.origin)
  await pull(b, source)
  t.equal((await rowOf(b, 'alpha'))!.updated_at, time.now().toISOString(), 'nothing is from the future')
  await create(a, time, { shortName: 'beta' })
  await pull(b, source)
  t.same(await shown(b), ['alpha', 'beta'], 'what is dated tomorrow hides nothing')
  const changes = await b.db.selectFrom('change_log').selectAll().execute()
  await b.db.updateTable('followed_source').set({ cursor: null, etag: null }).execute()
  t.match(await pull(b, source), { outcome: 'ok', counts: { added: 0, gone: 0 } })
  t.same(await b.db.selectFrom('change_log').selectAll().execute(), changes, 'a replay changes nothing')
})

await eachEngine(t, 'under review: people publish and dismiss, and are obeyed', async (t, open) => {
  const time = startTime()
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time)) as [Peer, Peer]
  for (const shortName of ['alpha', 'beta']) await create(a, time, { shortName })
  const source = await follow(b, a.origin, { trust: 'review' })
  await pull(b, source)
  t.same(await shown(b), [])
  const [alpha, beta] = await Promise.all(['alpha', 'beta'].map(async (name) => `${a.origin}/id/${(await rowOf(a, name))!.id}`))
  await decideItems(b.db, source.id, [alpha!], 'publish', termsOf(b))
  await decideItems(b.db, source.id, [beta!], 'dismiss', termsOf(b))
  t.same(await shown(b), ['alpha'])
  time.pass(1)
  for (const name of ['alpha', 'beta']) await edit(a, time, name, { name: `${name} bis` })
  await pull(b, source)
  t.same(await shown(b), ['alpha'], 'a change waits too')
  const states = async () => new Map((await itemsOf(b)).map(({ iri, state }) => [iri, state]))
  t.same([(await states()).get(alpha!), (await states()).get(beta!)], ['changed', 'dismissed'])
  await decideItems(b.db, source.id, [alpha!], 'publish', termsOf(b))
  t.same(await shown(b), ['alpha: alpha bis'])
  await remove(a, time, 'alpha')
  await pull(b, source)
  t.same(await shown(b), [], 'what its home deletes waits for nobody')
})

await eachEngine(t, 'one keyword: what leaves it leaves here, and comes back with it', async (t, open) => {
  const time = startTime()
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time)) as [Peer, Peer]
  const keywords = [{ slug: 'energie', label: 'Énergie' }]
  await create(a, time, { shortName: 'alpha', keywords })
  await create(a, time, { shortName: 'beta' })
  const source = await follow(b, `${a.origin}/e/energie`, { mapping: { energie: 'Sobriété' } })
  t.equal(source.url, `${a.origin}/changes?keyword=energie`)
  await pull(b, source)
  t.same(await shown(b), ['alpha'])
  t.same(JSON.parse((await rowOf(b, 'alpha'))!.keywords!), [{ slug: 'sobriete', label: 'Sobriété' }])
  time.pass(1)
  await edit(a, time, 'alpha', { keywords: [{ slug: 'jardin', label: 'Jardin' }] })
  await pull(b, source)
  t.same(await shown(b), [])
  time.pass(1)
  await edit(a, time, 'alpha', { keywords })
  await pull(b, source)
  t.same(await shown(b), ['alpha'])
})
