import t, { type Test } from 'tap'
import { decideItems, removeSource, saveSource } from '../../../server/federation/follow/actions.ts'
import { pullDue } from '../../../server/federation/follow/pull.ts'
import { type EngineConfig, eachEngine } from '../../engines.ts'
import { create, edit, follow, itemsOf, type Peer, pull, remove, rowOf, shown, sourceOf, startPeers, startTime, type Time } from './servers.ts'

const termsOf = (peer: Peer) => ({ publicUrl: peer.origin, now: peer.follow.clock() })

await eachEngine(t, 'create, edit, delete: what happens at home happens everywhere', async (t, open) => {
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

await eachEngine(t, 'cycle A→B→C→A: nothing is said twice, nothing comes back', async (t, open) => {
  const time = startTime()
  const [a, b, c] = await startThree(t, open, time)
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
})

await eachEngine(t, 'A blocks C: its copies vanish at once, and what B says is still heard', async (t, open) => {
  const time = startTime()
  const [a, b, c] = await startThree(t, open, time)
  for (const other of [b, c]) await follow(a, other.origin)
  await follow(b, c.origin)
  for (const peer of [b, a]) await pullDue(peer.follow)
  t.same(await shown(a), ['from-a', 'from-b', 'from-c'])
  const ofC = await sourceOf(a, { url: `${c.origin}/changes` })
  await saveSource(a.db, ofC.id, { trust: 'blocked' }, termsOf(a))
  t.same(await shown(a), ['from-a', 'from-b'], 'blocked: its copies vanish at once')
  c.asked.length = 0
  time.pass(1)
  await pullDue(a.follow)
  t.same(c.asked, [], 'and nothing is asked of it')
  await edit(b, time, 'from-b', { name: 'from-b-still' })
  time.pass(1)
  await pullDue(a.follow)
  t.same(await shown(a), ['from-a', 'from-b: from-b-still'], 'what B has of C does not come by B')
  t.same(await shown(b), ['from-b: from-b-still', 'from-c'], 'B decides for itself')
  const before = (await itemsOf(a)).find(({ iri }) => iri.startsWith(c.origin))!
  c.isDown = true
  await saveSource(a.db, ofC.id, { trust: 'automatic' }, termsOf(a))
  t.same(await shown(a), ['from-a', 'from-b: from-b-still', 'from-c'], 'unblocked: they are back without a word from it')
  t.equal((await rowOf(a, 'from-c'))!.id, before.group_id)
  t.match((await a.deps.catalogue.current(a.db)).snapshot.size, 3)
  await removeSource(a.db, ofC.id, time.now())
  t.same(await shown(a), ['from-a', 'from-b: from-b-still'])
  t.equal((await a.deps.catalogue.current(a.db)).snapshot.size, 2)
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

/** Three servers, each with a group of its own: `from-a`, `from-b`, `from-c`. */
async function startThree(t: Test, open: () => Promise<EngineConfig>, time: Time): Promise<[Peer, Peer, Peer]> {
  const names = ['a', 'b', 'c']
  const peers = await startPeers(t, open, names, time)
  for (const [at, peer] of peers.entries()) await create(peer, time, { shortName: `from-${names[at]}` })
  return peers as [Peer, Peer, Peer]
}
