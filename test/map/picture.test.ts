import t from 'tap'
import { create } from 'xmlbuilder2'
import { createGroup } from '../../server/group/actions.ts'
import { build, now, openSqlite } from '../helper.ts'
import { group, rade } from '../world.ts'

t.test('maps as pictures: of a place, of an ecosystem, of all, in both themes', async (t) => {
  const db = await openSqlite(t)
  const by = { at: now, via: 'command' as const }
  await createGroup(db, rade, by)
  await createGroup(db, group({ shortName: 'nowhere' }), by)
  await createGroup(db, group({ shortName: 'mali', country: 'ML', position: { lat: 17, lng: -4, precision: 'country' } }), by)
  const app = await build(t, db)
  for (const path of ['/g/jardin-de-la-rade/map.svg', '/g/mali/map.svg', '/map.svg', '/e/jardin/map.svg']) {
    const light = await app.inject(path)
    t.equal(light.statusCode, 200, path)
    t.equal(light.headers['content-type'], 'image/svg+xml')
    t.doesNotThrow(() => create(light.body), 'well-formed')
    t.notMatch(light.body, /class=|style=|NaN/)
    t.not((await app.inject(`${path}?theme=dark`)).body, light.body)
    t.equal((await app.inject({ url: path, headers: { 'if-none-match': String(light.headers.etag) } })).statusCode, 304)
  }
  t.equal((await app.inject('/g/nowhere/map.svg')).statusCode, 404)
  t.equal((await app.inject('/e/nowhere/map.svg')).statusCode, 404)
  t.equal((await app.inject('/map.svg?theme=blue')).statusCode, 400)
  t.match((await app.inject('/g/jardin-de-la-rade')).body, /<img class="map-picture" src="\/g\/jardin-de-la-rade\/map.svg\?theme=light" alt="[^"]+"/)
  t.notMatch((await app.inject('/g/nowhere')).body, 'map-picture')
  t.match((await app.inject({ url: '/', headers: { cookie: 'theme=dark' } })).body, '/map.svg?theme=dark')
})
