import t from 'tap'
import { saveListings } from '../../../server/ecosystem/actions.ts'
import { validatorFor } from '../../../server/schema.ts'
import type { Network } from '../../../server/schema-types.ts'
import { eachEngine } from '../../engines.ts'
import { build, now, openDb, openSqlite, publicUrl } from '../../helper.ts'
import { addCopy, addSource } from '../copies.ts'
import { addEcosystem, addGroup, carrying, tell } from './world.ts'

const there = 'https://ailleurs.example'
const here = (keyword: string) => `${publicUrl}/e/${keyword}`
const far = (keyword: string) => `${there}/e/${keyword}`
type App = Awaited<ReturnType<typeof build>>

async function ask(app: App): Promise<Network> {
  return (await app.inject('/network.json')).json()
}

/** `one other: shared, <>` with the last two words of addresses. */
function told({ links }: Network): string[] {
  const short = (url: string) => url.replace(publicUrl, '').replace(there, 'far')
  return links.map(({ one, other, sharedGroups, oneNamesOther, otherNamesOne, mutual }) => {
    const way = mutual ? '<>' : oneNamesOther ? '>' : otherNamesOne ? '<' : '-'
    return `${short(one)} ${way} ${short(other)} ${sharedGroups}`
  })
}

await eachEngine(t, 'ecosystems are linked by the groups that both list, and by naming each other', async (t, open) => {
  const db = await openDb(t, await open())
  const app = await build(t, db)
  t.match(await ask(app), { total: 0, items: [], links: [], bridges: [] })
  await addEcosystem(db, 'foret', [here('mer'), 'https://nulle.example/part'])
  await addEcosystem(db, 'mer', [`${publicUrl}/e/For%C3%AAt/?x=1`])
  await addEcosystem(db, 'vent', [here('mer'), here('vent')])
  await addEcosystem(db, 'cercle', [], { policy: 'curated' })
  await addGroup(db, 'pont', ['foret', 'mer', 'cercle'])
  await addGroup(db, 'gue', ['foret', 'mer'])
  await addGroup(db, 'seul', ['vent'])
  const network = await ask(app)
  t.same(validatorFor('/schemas/network.json')(network), [])
  t.same(told(network), ['/e/foret <> /e/mer 2', '/e/mer < /e/vent 0'], 'a curated ecosystem shares only what it accepted, mutual is what both say')
  t.same(
    network.items.map(({ keyword, groupCount, server }) => [keyword, groupCount, server]),
    [
      ['cercle', 0, undefined],
      ['foret', 2, undefined],
      ['mer', 2, undefined],
      ['vent', 1, undefined],
    ],
  )
  t.same(
    network.bridges.map(({ name, ecosystems }) => [name, ecosystems.length]),
    [
      ['gue', 2],
      ['pont', 2],
    ],
  )
  const { id } = await db.selectFrom('group_record').select('id').where('short_name', '=', 'pont').executeTakeFirstOrThrow()
  await saveListings(db, [{ keyword: 'cercle', group_id: id, state: 'accepted', at: now }])
  t.same(told(await ask(app)), ['/e/foret <> /e/mer 2', '/e/cercle - /e/foret 1', '/e/cercle - /e/mer 1', '/e/mer < /e/vent 0'])
  t.match((await ask(app)).bridges, [{ name: 'pont', url: `${publicUrl}/g/pont`, ecosystems: [here('cercle'), here('foret'), here('mer')] }])
})

await eachEngine(t, 'followed servers are in it, with the groups we hold of theirs', async (t, open) => {
  const db = await openDb(t, await open())
  const source = await addSource(db, { id: 'a', trust: 'automatic', mapping: JSON.stringify({ hafen: 'port' }) })
  await addSource(db, { id: 'b', trust: 'automatic', url: `${there}/changes?keyword=jardin` }).then((other) =>
    tell(db, other, [{ keyword: 'jardin' }]),
  )
  await addEcosystem(db, 'jardin', [far('hafen')])
  await addCopy(db, source, carrying('verger', ['jardin', 'port']))
  await addCopy(db, source, carrying('pre', ['jardin']))
  await addGroup(db, 'quai', ['port'])
  await tell(db, source, [
    { keyword: 'jardin', title: 'حديقة', language: 'ar', groupCount: 40 },
    { keyword: 'hafen', groupCount: 7, related: [here('jardin'), 'https://nulle.example/part'] },
  ])
  const app = await build(t, db)
  const first = await ask(app)
  t.same(validatorFor('/schemas/network.json')(first), [])
  t.match(
    first.items.filter(({ server }) => server),
    [
      { keyword: 'jardin', title: 'حديقة', url: far('jardin'), server: there, groupCount: 40, seenAt: now },
      { keyword: 'hafen', url: far('hafen'), groupCount: 7 },
    ],
    'one row for two sources of a server',
  )
  t.same(told(first), ['/e/jardin - far/e/jardin 2', '/e/jardin <> far/e/hafen 1', 'far/e/jardin - far/e/hafen 1'])
  t.same(
    first.bridges.map(({ name, ecosystems }) => [name, ecosystems.length]),
    [['verger', 3]],
    'one keyword on two servers is no bridge',
  )

  await addEcosystem(db, 'port')
  const links = told(await ask(app))
  for (const link of ['/e/jardin - /e/port 1', '/e/port - far/e/hafen 1'])
    t.ok(links.includes(link), `${link}: under our word for it, and only theirs`)
  const before = (await app.inject('/network.json')).headers.etag
  t.equal((await app.inject({ url: '/network.json', headers: { 'if-none-match': String(before) } })).statusCode, 304)
  await tell(db, source, [{ keyword: 'hafen', groupCount: 8 }])
  t.not((await app.inject('/network.json')).headers.etag, before, 'what another server says is part of it')
})

await eachEngine(t, 'only servers that may be shown, and that spoke lately', async (t, open) => {
  const db = await openDb(t, await open())
  const source = await addSource(db, { id: 'a', trust: 'review' })
  await tell(db, source, [{ keyword: 'port' }])
  const app = await build(t, db)
  const keywords = async () => (await ask(app)).items.map(({ keyword }) => keyword)
  t.same(await keywords(), [], 'nothing of it was published yet')
  await addCopy(db, source, carrying('verger', ['port']))
  t.same(await keywords(), ['port'])
  await db.updateTable('followed_source').set({ trust: 'blocked' }).execute()
  t.same(await keywords(), [])
  await db.updateTable('followed_source').set({ trust: 'automatic' }).execute()
  await tell(db, source, [{ keyword: 'port' }], '2026-05-01T00:00:00.000Z')
  t.same(await keywords(), [], 'silent for more than 180 days')
  await tell(db, source, [{ keyword: 'port' }, { keyword: 'phare' }])
  t.same(await keywords(), ['phare', 'port'])
  await db.deleteFrom('followed_source').execute()
  t.same(await keywords(), [])
})

t.test('records that are said to be one group count as one', async (t) => {
  const db = await openSqlite(t)
  const source = await addSource(db, { id: 'a', trust: 'automatic' })
  await addEcosystem(db, 'jardin')
  const own = await addGroup(db, 'verger', ['jardin'])
  const copy = await addCopy(db, source, carrying('verger-la-bas', ['port']))
  await tell(db, source, [{ keyword: 'port' }])
  t.same(told(await ask(await build(t, db))), [])
  const [one_id, other_id] = [own, copy].sort() as [string, string]
  await db.insertInto('same_group').values({ one_id, other_id, verdict: 'same', decided_by: null, decided_at: now }).execute()
  t.same(told(await ask(await build(t, db))), ['/e/jardin - far/e/port 1'])
})
