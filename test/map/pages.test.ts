import { brotliCompressSync } from 'node:zlib'
import t from 'tap'
import { saveEcosystem } from '../../server/ecosystem/actions.ts'
import { createGroup } from '../../server/group/actions.ts'
import type { Group, MapView } from '../../server/schema-types.ts'
import { eachEngine } from '../engines.ts'
import { build, now, openDb, openSqlite } from '../helper.ts'
import { energy, fill, group } from '../world.ts'

type App = Awaited<ReturnType<typeof build>>
const by = { at: now, via: 'command' as const }
const onMap = (shortName: string, lat: number, lng: number, facts: Partial<Group> = {}) =>
  group({ shortName, position: { lat, lng, precision: 'place' }, country: 'SN', place: 'Dakar', ...facts })

async function ask(app: App, url: string, language = 'fr'): Promise<MapView> {
  return (await app.inject({ url, headers: { 'accept-language': language } })).json()
}

await eachEngine(t, 'marks of a view, for any choice', async (t, open) => {
  const db = await openDb(t, await open())
  await fill(db, 3)
  for (let at = 0; at < 12; at++) await createGroup(db, onMap(`dakar-${at}`, 14.7 + at / 100, -17.4, { type: at % 2 ? 'support' : 'thematic' }), by)
  for (const name of ['ile-a', 'ile-b']) await createGroup(db, onMap(name, 43, -9, { country: 'FR', place: 'Ouessant' }), by)
  await createGroup(db, onMap('mali', 17.5, -4, { country: 'ML', place: undefined, position: { lat: 17.5, lng: -4, precision: 'country' } }), by)
  const app = await build(t, db)

  const view = await ask(app, '/map.json?view=-30,0,10,60&zoom=6')
  t.match(view.marks.map(({ label }) => label).sort(), [
    /^1 groupe quelque part dans ce pays\s: Mali$/,
    /^12 groupes vers Dakar$/,
    /^2 groupes au même endroit\s: Ouessant$/,
    /^Jardin de la rade, Groupe territorial, Brest, France$/,
  ])
  t.equal(view.total, 15 + 3 + 3 + 1)
  t.ok(view.unplaced > 0 && view.note?.startsWith(`${view.unplaced} groupes sans position`))
  t.same(
    view.marks.map(({ lng }) => lng),
    view.marks.map(({ lng }) => lng).sort((a, b) => a - b),
    'from west to east',
  )
  const one = view.marks.find(({ kind }) => kind === 'group')?.groups?.[0]
  t.match(one, { shortName: 'jardin-de-la-rade', precision: 'place', url: '/g/jardin-de-la-rade', lang: 'fr', join: { service: 'subscribe' } })
  const spot = view.marks.find(({ kind }) => kind === 'spot')
  t.same(
    spot?.groups?.map(({ shortName }) => shortName),
    ['ile-a', 'ile-b'],
  )
  t.equal(spot?.url, undefined, 'all of them are told')
  const sign = view.marks.find(({ kind }) => kind === 'country')!
  t.match(sign.groups, [{ shortName: 'mali', precision: 'country' }])
  t.same((await ask(app, `/map.json?view=-30,0,10,60&zoom=6&at=${sign.lat},${sign.lng}`)).marks, [sign], 'one mark alone')

  t.match((await ask(app, '/map.json?view=-30,0,10,60&zoom=6', 'en')).marks.map(({ label }) => label).join(), '12 groups near Dakar')
  t.match((await ask(app, '/map.json?view=-30,0,10,60&zoom=3', 'en')).marks.map(({ label }) => label).join(), '12 groups: Senegal')
  t.match((await ask(app, '/map.json?type=support&view=-30,0,10,60&zoom=6')).marks, [{ count: 6 }])
  t.match((await ask(app, '/map.json?q=rade')).marks, [{ kind: 'group', groups: [{ shortName: 'jardin-de-la-rade' }] }])
  t.match(await ask(app, '/e/energie/map.json'), { total: 1, marks: [{ kind: 'group' }] })
  t.same((await ask(app, '/map.json?view=100,-10,120,10&zoom=6')).marks, [])
})

t.test('each mark has its own name', async (t) => {
  const db = await openSqlite(t)
  for (let at = 0; at < 2; at++) await createGroup(db, onMap(`dakar-${at}`, 14.7, -17.4), by)
  for (let at = 0; at < 3; at++) await createGroup(db, onMap(`thies-${at}`, 14.8, -16.9, { place: 'Thiès' }), by)
  const { marks } = await ask(await build(t, db), '/map.json?view=-18,14,-16,16&zoom=9', 'en')
  t.same(
    marks.map(({ label }) => label),
    ['2 groups on one spot: Dakar', '3 groups on one spot: Thiès'],
  )
})

t.test('more on one spot than are told: the list of all of them', async (t) => {
  const db = await openSqlite(t)
  for (let at = 0; at < 60; at++) await createGroup(db, onMap(`dakar-${at}`, 14.7, -17.4), by)
  const app = await build(t, db)
  const { marks } = await ask(app, '/map.json?zoom=9&type=thematic')
  t.match(marks, [{ kind: 'spot', count: 60, url: '/groups?type=thematic&bbox=-17.4,14.7,-17.4,14.7' }])
  t.equal(marks[0]!.groups?.length, 50)
  t.equal((await app.inject(`${marks[0]!.url!.replace('?', '.json?')}`)).json().total, 60, 'which holds them all')
  for (const zoom of [2, 4, 9])
    t.match((await ask(app, `/map.json?zoom=${zoom}`)).marks, [{ label: /^60 groupes au même endroit\s: Dakar$/ }], `${zoom}`)
})

t.test('more spots than their groups can be told of: each leads to the list, and tells its own when asked', async (t) => {
  const db = await openSqlite(t)
  for (let at = 0; at < 320; at++) await createGroup(db, onMap(`g-${at}`, 40 + (at % 16), -5 + Math.floor((at % 160) / 16) * 2), by)
  const app = await build(t, db)
  const { marks } = await ask(app, '/map.json?view=-10,35,30,60&zoom=7')
  t.equal(marks.length, 160)
  for (const { kind, count, groups, url, label } of marks) {
    t.match({ kind, count, groups, url }, { kind: 'spot', count: 2, groups: undefined, url: /bbox=/ })
    t.match(label, /^2 groupes au même endroit\s: Dakar$/)
  }
  const { lat, lng } = marks[80]!
  const { marks: asked } = await ask(app, `/map.json?view=-10,35,30,60&zoom=7&at=${lat},${lng}`)
  t.match(asked, [{ lat, lng, count: 2, groups: [{ summary: undefined }, {}] }])
  const told = asked[0]!.groups!.map(({ shortName }) => shortName)
  const there = (await app.inject(marks[80]!.url!.replace('?', '.json?'))).json<{ items: Group[] }>().items
  t.same(
    told,
    there.map(({ shortName }) => shortName),
  )
  t.same((await ask(app, '/map.json?view=-10,35,30,60&zoom=7&at=0,0')).marks, [], 'nothing is there')
})

t.test('an answer that is known is not sent again; odd views are refused or put right', async (t) => {
  const db = await openSqlite(t)
  await fill(db, 2)
  const app = await build(t, db)
  const first = await app.inject('/map.json?view=-30,0,10,60&zoom=6')
  t.match(first.headers, { etag: /./, 'access-control-allow-origin': '*' })
  const again = { url: '/map.json?view=-30,0,10,60&zoom=6', headers: { 'if-none-match': String(first.headers.etag) } }
  t.equal((await app.inject(again)).statusCode, 304)
  await createGroup(db, onMap('new', 14.7, -17.4), by)
  t.equal((await app.inject(again)).statusCode, 200)
  for (const query of [
    'zoom=19',
    'at=1',
    'at=x,y',
    'zoom=-1',
    'zoom=x',
    'view=1,2,3',
    'view=0,60,10,50',
    'view=0,-91,10,50',
    'view=-2000,0,10,50',
    'colour=red',
    'type=club',
  ])
    t.equal((await app.inject(`/map.json?${query}`)).statusCode, 400, query)
  for (const query of [
    'view=-300,-90,300,90',
    'view=170,-90,190,90&zoom=5',
    'view=-190,-90,-170,90&zoom=5',
    'view=0,0,0,0&zoom=18',
    'sort=name&size=3',
  ])
    t.equal((await app.inject(`/map.json?${query}`)).statusCode, 200, query)
  t.match((await ask(app, '/map.json?view=160,-10,370,60&zoom=3')).marks.length, 2, 'a view that begins beyond the antimeridian')
})

t.test('the page holds the whole list, in its order, with the same choices', async (t) => {
  const db = await openSqlite(t)
  await fill(db, 40)
  const app = await build(t, db)
  const names = (html: string) => [...html.matchAll(/<h3 [^>]*><a href="(\/g\/[^"]+)"/g)].map(([, url]) => url)
  for (const query of ['', '?type=support', '?q=balise&sort=members']) {
    const [list, map] = await Promise.all([app.inject(`/groups${query}`), app.inject(`/map${query}`)])
    t.ok(names(map.body).length > 0)
    t.same(names(map.body), names(list.body), query)
  }
  const { body } = await app.inject('/map?type=thematic&keyword=balise')
  t.match(body.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&'), /href="\/groups\?type=thematic&keyword=balise"[^>]*>Liste/)
  t.match(body, /rel="next"/)
  t.match(body, /<div class="map-side" id="map-box" hidden>/, 'no empty box without JavaScript')
  t.match(body.replaceAll('&#x3D;', '='), /rel="alternate" type="application\/json" href="\/groups\.json\?type=thematic/)
  t.match((await app.inject('/groups')).body, 'href="/map"')
  t.equal((await app.inject('/e/Énergie/map?q=x')).headers.location, '/e/energie/map?q=x')
  t.equal((await app.inject('/e/nobody/map')).statusCode, 404)
  t.equal((await app.inject('/e/nobody/map.json')).statusCode, 404)
})

t.test('an ecosystem may say what its map shows first', async (t) => {
  const db = await openSqlite(t)
  await fill(db, 0)
  await saveEcosystem(db, { ...energy, mapView: { lat: 47, lng: 2, zoom: 5 } }, now)
  const app = await build(t, db)
  t.match((await app.inject('/e/energie/map')).body.replaceAll('&#x3D;', '='), 'data-view="5/47/2"')
  t.match((await app.inject('/e/energie/map?type=territorial')).body.replaceAll('&#x3D;', '='), 'data-view=""', 'choices show what they found')
})

t.test('a view weighs little however many groups there are', async (t) => {
  const db = await openSqlite(t)
  for (let at = 0; at < 400; at++)
    await createGroup(
      db,
      onMap(`g-${at}`, 40 + (at % 20) * 0.9, -5 + Math.floor(at / 20) * 1.4, { summary: 'Un résumé assez long pour peser. '.repeat(5) }),
      by,
    )
  const app = await build(t, db)
  const { body } = await app.inject('/map.json?view=-10,35,30,60&zoom=7')
  const bytes = brotliCompressSync(body).length
  t.comment(`${body.length} bytes, ${bytes} compressed`)
  t.ok(bytes < 60 * 1024)
})
