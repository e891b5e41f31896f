import t from 'tap'
import { toPerson } from '../../../server/account/people.ts'
import { findPersonById } from '../../../server/account/queries.ts'
import { decidePair, listPairs } from '../../../server/federation/same/actions.ts'
import { workOnce } from '../../../server/jobs/work.ts'
import { eachEngine } from '../../engines.ts'
import { addPerson } from '../../people.ts'
import { create, edit, follow, type Peer, pull, remove, rowOf, shown, startPeers, startTime } from './servers.ts'

const links = [{ service: 'home' as const, url: 'https://jardin.example/' }]

await eachEngine(t, 'duplicate on A and B: C suggests the pair, people decide, one card or two', async (t, open) => {
  const time = startTime()
  const [a, b, c] = (await startPeers(t, open, ['a', 'b', 'c'], time)) as [Peer, Peer, Peer]
  await create(a, time, { shortName: 'jardin', name: 'Jardin de la rade', links })
  await create(b, time, { shortName: 'jardin', name: 'Le jardin', links: [{ service: 'home', url: 'http://www.jardin.example' }] })
  await create(b, time, { shortName: 'chorale', name: 'Chorale' })
  const sources = [await follow(c, a.origin), await follow(c, b.origin)]
  const dataDir = t.testdir()
  /** What C's server does by itself a day later. */
  const nextDay = async () => {
    time.pass(1)
    return workOnce({ ...c.deps, ...c.follow, config: { ...c.deps.config, dataDir } })
  }
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${c.port}${path}`)).text()
  const names = async () => JSON.parse(await ask('/groups.json')).items.map(({ shortName }: { shortName: string }) => shortName)
  const person = await toPerson(c.db, (await findPersonById(c.db, await addPerson(c.db, 'operator')))!)
  const pairs = async () => (await listPairs(c.db)).map(({ one, other, why }) => ({ why, of: [one.short_name, other.short_name].sort() }))

  // Both are visited at once: who comes first is given the plain name, so A comes before.
  await pull(c, sources[0]!)
  t.match(await nextDay(), { sources: 2 })
  t.same(await shown(c), ['chorale: Chorale', 'jardin: Jardin de la rade', 'jardin-b: Le jardin'])
  t.same(await names(), ['chorale', 'jardin', 'jardin-b'], 'both are shown until somebody decides')
  t.same(await pairs(), [{ why: 'home', of: ['jardin', 'jardin-b'] }], 'suggested once they were pulled')
  const ids: [string, string] = [(await rowOf(c, 'jardin'))!.id, (await rowOf(c, 'jardin-b'))!.id]
  const decide = (verdict: 'same' | 'different' | 'undo') => decidePair(c.db, ids, verdict, person, time.now().toISOString())

  await decide('same')
  const [shownName] = (await names()).filter((name: string) => name !== 'chorale')
  const hidden = shownName === 'jardin' ? 'jardin-b' : 'jardin'
  t.equal((await names()).length, 2, 'one card')
  const hostOf = (name: string) => new URL((name === 'jardin' ? a : b).origin).host
  const card = await ask('/groups')
  t.match(card, `<a href="/g/${hidden}"><bdi>${hostOf(hidden)}`, 'with the other source')
  t.notMatch(card, `<a href="/g/${hidden}">Le jardin`)
  t.match(await ask(`/g/${hidden}`), `<a href="/g/${shownName}"><bdi>${hostOf(shownName)}`)
  t.same(await pairs(), [])
  await edit(a, time, 'jardin', { summary: 'Autre chose.' })
  await edit(b, time, 'jardin', { summary: 'Encore autre chose.' })
  await nextDay()
  t.equal((await names()).length, 2, 'and so it stays when both change')

  await decide('undo')
  t.same(await pairs(), [{ why: 'home', of: ['jardin', 'jardin-b'] }])
  await decide('different')
  t.same(await names(), ['chorale', 'jardin', 'jardin-b'], 'two cards')
  await edit(b, time, 'jardin', { name: 'Jardin de la rade' })
  await nextDay()
  t.same(await pairs(), [], '« not the same » is remembered, however alike they grow')
  t.same(await names(), ['chorale', 'jardin', 'jardin-b'])
  t.same(await shown(a), ['jardin: Jardin de la rade'], 'A and B hear nothing of it')

  await decide('same')
  await remove(a, time, 'jardin')
  await nextDay()
  t.same(await names(), ['chorale', 'jardin-b'], 'when A deletes its record, that of B speaks for itself')
})
