import t, { type Test } from 'tap'
import { toPerson } from '../../../server/account/people.ts'
import { findPersonById } from '../../../server/account/queries.ts'
import { rankOf } from '../../../server/catalogue/twins.ts'
import type { Db } from '../../../server/db/tables.ts'
import { decidePair, listPairs, lookForPairs } from '../../../server/federation/same/actions.ts'
import { type Comparable, findPairs } from '../../../server/federation/same/rules.ts'
import { createGroup } from '../../../server/group/actions.ts'
import { eachEngine } from '../../engines.ts'
import { build, now, openDb, publicUrl } from '../../helper.ts'
import { addPerson, signInAs, type Who } from '../../people.ts'
import { fill, group } from '../../world.ts'
import { addCopy, addItem, addSource } from '../copies.ts'

function row(id: string, facts: Partial<Omit<Comparable, 'links'>> & { home?: string } = {}): Comparable {
  const { home, ...more } = facts
  const links = home ? JSON.stringify([{ service: 'home', url: home }]) : null
  const nothing = { lat: null, lng: null, precision: null, keywords: null, origin_server: null, source: null, source_url: null }
  return { num: 1, id, short_name: id, name: id, ...nothing, links, ...more }
}

const away = { origin_server: 'https://b.example' }
const whys = async (rows: Comparable[], sameAs = new Map<string, string[]>()) =>
  (await findPairs(rows, sameAs, publicUrl)).map(({ one, other, why }) => `${one.id} ${other.id} ${why}`)

t.test('what two records may have in common', async (t) => {
  t.same(await whys([row('a', { home: 'https://www.site.example/fr/' }), row('b', { ...away, home: 'http://site.example' })]), ['a b home'])
  t.same(await whys([row('a', { home: 'https://facebook.com/un' }), row('b', { ...away, home: 'https://facebook.com/deux' })]), [], 'the path counts')
  const similar = (one: string, other: string) =>
    whys([row('a', { name: 'Jardin de la rade', home: one }), row('b', { ...away, name: 'Le jardin de la rade', home: other })])
  t.same(await similar('https://rade.example/asso', 'https://www.rade.example/'), ['a b site'])
  t.same(await similar('https://un.github.io/', 'https://deux.github.io/'), [], 'the public suffix list knows whose is whose')
  const brest = { lat: 48.39, lng: -4.486, precision: 'place' as const }
  const near = (lat: number, name = 'Jardin de la Rade !') =>
    whys([row('a', { ...brest, name: 'Jardin de la rade' }), row('b', { ...away, ...brest, lat, name })])
  t.same(await near(48.3985), ['a b near'], 'across the border of a cell')
  t.same(await near(48.4), [], 'more than a kilometre away')
  t.same(await near(48.39, 'Chorale du port'), [])
  t.same(await whys([row('a'), row('b', away)], new Map([['b', [`${publicUrl}/g/a/`]]])), ['a b named'])
  t.same(await whys([row('a'), row('b', away)], new Map([['a', ['https://b.example/id/b']]])), ['a b named'], 'by its identity there')
  t.same(await whys([row('a', { home: 'https://x.example' }), row('b', { home: 'https://x.example' })]), [], 'of one server: its own matter')
  const crowd = Array.from({ length: 30 }, (_, at) => row(`g${at}`, { origin_server: `https://s${at}.example`, home: 'https://portail.example' }))
  t.same(await whys(crowd), [], 'an address that many share is nobody’s')
  const many = Array.from({ length: 600 }, (_, at) => [`https://x${at}.example`, at] as const).flatMap(([home, at]) => [
    row(`a${at}`, { home }),
    row(`b${at}`, { ...away, home }),
  ])
  t.equal((await findPairs(many, new Map(), publicUrl)).length, 500, 'as many as people can look at')
  t.equal((await findPairs(many, new Map(), publicUrl, 50)).length, 550, 'and as many more as were decided')
})

t.test('which record speaks for its group', async (t) => {
  const nothing = { origin_server: null, source: null, source_url: null, claimed_at: null, checked_at: null, links: null }
  const at = (url: string) => JSON.stringify([{ service: 'home', url }])
  const copy = { ...nothing, origin_server: 'https://annuaire.rade.example', source_url: 'https://annuaire.rade.example/id/1' }
  t.equal(rankOf({ ...copy, links: at('https://www.rade.example/') }), 3)
  t.equal(rankOf({ ...copy, links: at('https://www.rade.example/groupes/jardin') }), 1, 'one of many on that site')
  t.equal(rankOf({ ...copy, source_url: 'https://h.example/~j/p.json', origin_server: 'https://h.example', links: at('https://h.example/~j/') }), 3)
  t.equal(rankOf({ ...copy, origin_server: 'https://un.github.io', links: at('https://deux.github.io') }), 1)
  t.equal(rankOf({ ...copy, checked_at: now }), 2)
  t.equal(rankOf(nothing), 1)
  t.equal(rankOf({ ...nothing, source: 'oci' }), 0)
  t.equal(rankOf({ ...nothing, source: 'oci', claimed_at: now }), 2)
})

async function open(t: Test, db: Db, who: Who) {
  const app = await build(t, db)
  const cookie = await signInAs(app, db, who)
  const get = (url: string) => app.inject({ url, headers: { cookie } })
  const post = (fields: Record<string, string>) =>
    app.inject({
      method: 'POST',
      url: '/me/duplicates',
      payload: new URLSearchParams(fields).toString(),
      headers: { cookie, origin: publicUrl, 'content-type': 'application/x-www-form-urlencoded' },
    })
  return { app, get, post }
}

await eachEngine(t, 'people decide, one card stands for both, and it can be undone', async (t, engine) => {
  const db = await openDb(t, await engine())
  await fill(db, 2)
  const links = [{ service: 'home' as const, url: 'https://chorale.example/' }]
  const keywords = [{ slug: 'chant', label: 'Chant' }]
  const ours = await createGroup(db, group({ shortName: 'chorale', name: 'Chorale d’ici', keywords, links }), { at: now, via: 'command' })
  const source = await addSource(db, { id: 's1', origin: 'https://annuaire.chorale.example' })
  const theirs = await addCopy(db, source, group({ shortName: 'chorale-du-port', name: 'Chorale du port', keywords, links }))
  const { app, get, post } = await open(t, db, 'operator')
  t.notMatch((await get('/me')).body, 'peut-être là deux fois', 'nobody looked yet')
  await lookForPairs(db, publicUrl)
  t.match((await get('/me')).body, '1 groupe est peut-être là deux fois')
  const { body } = await get('/me/duplicates')
  t.match(body, 'Elles ont la même adresse de site.')
  t.match(body, 'Tenue sur le site du groupe')
  const total = async (url: string) => (await app.inject(url)).json().total
  const before = await total('/groups.json')
  const etag = (await app.inject('/groups.json')).headers.etag

  const pair = { one: ours.id, other: theirs }
  t.equal((await post({ ...pair, do: 'same' })).headers.location, '/me/duplicates?done=same')
  t.equal(await total('/groups.json'), before - 1)
  t.not((await app.inject('/groups.json')).headers.etag, etag)
  t.equal(await total('/groups.json?q=chorale'), 1)
  t.equal(await total('/e/chant.json'), 1)
  const { items } = (await app.inject('/groups.json?q=chorale')).json()
  t.match(items, [{ shortName: 'chorale-du-port' }], 'kept at the group’s own host: it speaks for both')
  t.match((await app.inject('/groups?q=chorale')).body, /Aussi tenue sur <a href="\/g\/chorale"><bdi>Ce serveur/)
  t.match((await app.inject('/g/chorale')).body, /Aussi tenue sur <a href="\/g\/chorale-du-port"><bdi>annuaire\.chorale\.example/)
  t.notMatch((await app.inject('/embed/list/chant')).body, 'Chorale d’ici')
  t.match((await get('/me/duplicates')).body, 'Aucune fiche ne semble en double.')

  await lookForPairs(db, publicUrl, { anyway: true })
  await post({ ...pair, do: 'undo' })
  t.equal(await total('/groups.json'), before)
  t.match((await get('/me/duplicates')).body, '1 paire à regarder', 'back at once')
  await post({ one: theirs, other: ours.id, do: 'different' })
  t.equal(await total('/groups.json'), before)
  t.match((await get('/me/duplicates')).body, /Aucune fiche ne semble[\s\S]*Pas le même groupe/)
  t.same(await db.selectFrom('same_group').select('verdict').execute(), [{ verdict: 'different' }])
})

await eachEngine(t, 'three records of one group: the best is shown, the next when it goes', async (t, engine) => {
  const db = await openDb(t, await engine())
  const one = await addCopy(db, await addSource(db, { id: 'un', origin: 'https://un.example' }), group({ shortName: 'trio-un' }))
  const two = await addCopy(db, await addSource(db, { id: 'deux', origin: 'https://deux.example' }), group({ shortName: 'trio-deux' }))
  const three = await createGroup(db, group({ shortName: 'trio-ici' }), { at: now, via: 'command' })
  const { app, post } = await open(t, db, 'operator')
  await post({ one, other: two, do: 'same' })
  await post({ one: two, other: three.id, do: 'same' })
  const names = async () => (await app.inject('/groups.json')).json().items.map(({ shortName }: { shortName: string }) => shortName)
  t.same(await names(), ['trio-ici'], 'of equal rank, what is kept here')
  await db.deleteFrom('group_record').where('id', '=', three.id).execute()
  await db
    .insertInto('tombstone')
    .values({ group_id: three.id, num: three.num, short_name: 'trio-ici', deleted_at: now, change_seq: 99, kept: null })
    .execute()
  await db.updateTable('counter').set({ value: 99 }).where('name', '=', 'change').execute()
  t.same(await names(), ['trio-un'])
})

t.test('stewards decide about their ecosystem; a record may name another', async (t) => {
  const db = await openDb(t, { engine: 'sqlite', url: undefined, dataDir: t.testdir() })
  await fill(db, 2)
  const source = await addSource(db, { id: 's1' })
  const energie = [{ slug: 'energie', label: 'Énergie' }]
  const ours = await createGroup(db, group({ shortName: 'moulin', keywords: energie }), { at: now, via: 'command' })
  const said = group({ shortName: 'turbine', keywords: energie })
  const theirs = await addCopy(db, source, said, { record: JSON.stringify({ ...said, sameAs: `${publicUrl}/g/moulin` }) })
  const other = await createGroup(db, group({ shortName: 'balade' }), { at: now, via: 'command' })
  const away = await addCopy(db, source, group({ shortName: 'balades' }))
  await addItem(db, source, group({ shortName: 'en-attente' }))
  await lookForPairs(db, publicUrl)
  const { get, post } = await open(t, db, 'steward')
  t.match((await get('/me/duplicates')).body, 'L’une nomme l’autre')
  t.equal((await post({ one: other.id, other: away, do: 'same' })).statusCode, 403)
  t.equal((await post({ one: other.id, other: 'nobody', do: 'same' })).statusCode, 403)
  t.equal((await post({ one: ours.id, other: other.id, do: 'same' })).statusCode, 403, 'nobody found that pair: it would hide a record behind theirs')
  t.equal((await post({ one: ours.id, other: theirs, do: 'same' })).statusCode, 303)
  const { post: refused } = await open(t, db, 'otherSteward')
  t.equal((await refused({ one: ours.id, other: theirs, do: 'undo' })).statusCode, 403)
})

await eachEngine(t, 'pairs are looked for beside the pages', async (t, engine) => {
  const db = await openDb(t, await engine())
  const source = await addSource(db, { id: 's1' })
  const facts = (shortName: string, home: string) =>
    group({ shortName, name: shortName, links: [{ service: 'home', url: `https://${home}.example/` }] })
  const make = async (name: string) => {
    const { id } = await createGroup(db, facts(`${name}-ici`, name), { at: now, via: 'command' })
    return [id, await addCopy(db, source, facts(`${name}-la`, name))].sort() as [string, string]
  }
  const [one, two] = [await make('marais'), await make('verger')]
  const person = await toPerson(db, (await findPersonById(db, await addPerson(db, 'operator')))!)
  const listed = async () => (await listPairs(db)).map(({ one, other }) => [one.id, other.id])
  t.same(await listed(), [])
  await lookForPairs(db, publicUrl)
  t.same((await listed()).sort(), [one, two].sort())

  const third = await make('moulin')
  t.equal((await listed()).length, 2, 'what changed is looked at by the next job')
  await Promise.all([lookForPairs(db, publicUrl), lookForPairs(db, publicUrl)])
  t.equal((await listed()).length, 3, 'two processes may look at once')

  await decidePair(db, one, 'different', person, now)
  t.same((await listed()).sort(), [two, third].sort(), 'a decided pair leaves at once')
  await db.deleteFrom('group_record').where('id', '=', two[0]).execute()
  t.same(await listed(), [third], 'and one whose record is gone')
  await lookForPairs(db, publicUrl, { anyway: true })
  t.same(await listed(), [third], 'what was decided is remembered')
  const rows = await db.selectFrom('likely_pair').selectAll().execute()
  t.equal(rows.length, 2)

  await db.deleteFrom('likely_pair').execute()
  await lookForPairs(db, publicUrl)
  t.same(await listed(), [], 'nothing changed: nobody looks again')
})
