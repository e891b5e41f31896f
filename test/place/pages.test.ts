import t from 'tap'
import { build, openSqlite } from '../helper.ts'

const app = await build(t, await openSqlite(t))
const french = { 'accept-language': 'fr-FR,fr;q=0.9' }
const near = (params: Record<string, string>, headers: Record<string, string> = french) =>
  app.inject({ url: `/near?${new URLSearchParams(params)}`, headers })

t.test('suggestions as JSON', async (t) => {
  const answer = await app.inject({ url: '/places.json?q=bres&limit=3', headers: french })
  t.match(answer, {
    statusCode: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'access-control-allow-origin': '*', vary: /Accept-Language/ },
  })
  t.match(answer.json().items[0], { name: 'Brest', country: 'FR', countryName: 'France', region: 'FR-BRE', label: 'Brest, Bretagne, France' })
  t.equal(answer.json().items.length, 3)
  t.equal((await app.inject('/places.json?q=brest&country=BY&lang=en')).json().items[0].label, 'Brest, Belarus')
  t.same((await app.inject('/places.json')).json(), { items: [] })
})

t.test('an answer known already is not sent again, unless the reader is from elsewhere', async (t) => {
  const url = '/places.json?q=brest'
  const { etag } = (await app.inject({ url, headers: french })).headers
  t.equal((await app.inject({ url, headers: { ...french, 'if-none-match': String(etag) } })).statusCode, 304)
  t.equal((await app.inject({ url, headers: { 'accept-language': 'fr-BE', 'if-none-match': String(etag) } })).statusCode, 200)
})

t.test('what is wrong is named', async (t) => {
  for (const [query, field] of [
    ['q=a&limit=0', 'limit'],
    ['q=a&limit=21', 'limit'],
    ['country=fr', 'country'],
    ['town=a', 'town'],
    [`q=${'a'.repeat(201)}`, 'q'],
    ['q=a&q=b', 'q'],
    ['lang=de', 'lang'],
  ]) {
    const answer = await app.inject(`/places.json?${query}`)
    t.match(answer, { statusCode: 400, headers: { 'content-type': /^application\/problem\+json/ } }, String(query))
    t.match(answer.json().errors, [{ field }])
  }
})

t.test('a place typed leads back to the list around it', async (t) => {
  const to = async (params: Record<string, string>, headers?: Record<string, string>) => (await near(params, headers)).headers.location
  t.match(await near({ place: 'Vannes' }), { statusCode: 303, headers: { location: /^\/groups\?near=47\.6\d*,-2\.7\d*&sort=distance$/ } })
  t.match(
    await to({ place: 'Vannes', back: '/groups?q=jardin&country=FR&sort=name&after=abc&near=1,2&radius=20' }),
    /^\/groups\?q=jardin&country=FR&sort=distance&radius=20&near=47\.6\d*,-2\.7\d*$/,
  )
  t.match(await to({ place: 'Brest, Bretagne, France', back: '/e/energie' }), /^\/e\/energie\?near=48\./)
  t.match(await to({ place: 'Brest', back: '/map' }), /^\/map\?near=48\./)
  t.match(await to({ place: 'Brest', back: '/e/%C3%A9nergie/map?q=é' }), /^\/e\/%C3%A9nergie\/map\?q=%C3%A9&near=48\./)
  t.match(await to({ place: 'Brest' }, { 'accept-language': 'be-BY' }), /near=52\./)
  t.equal(await to({ place: ' ', back: '/groups?q=a&radius=20&near=1,2&sort=distance' }), '/groups?q=a')
  t.equal((await app.inject({ url: String(await to({ place: 'Vannes', back: '/groups?radius=20' })) })).statusCode, 200, 'the list understands it')
})

t.test('it leads nowhere else', async (t) => {
  for (const back of [
    'https://evil.example/groups',
    '//evil.example/groups',
    '/\\evil.example',
    '\\\\evil.example',
    '/about',
    '/groups/../about',
    'javascript:alert(1)',
    '/e/a/b',
    '',
    '/.//evil.example/',
  ])
    t.match((await near({ place: 'Vannes', back })).headers.location, /^\/groups\?near=/, back)
})

t.test('several places may be meant: the reader chooses', async (t) => {
  const answer = await near({ place: 'Saint-Aubin', back: '/groups?q=jardin' })
  t.equal(answer.statusCode, 200)
  t.match(
    answer.body,
    /<a href="\/groups\?q&#x3D;jardin&amp;near&#x3D;[\d.]+,-?[\d.]+&amp;sort&#x3D;distance" rel="nofollow"><bdi>Saint-Aubin,|<a href="\/groups\?q=jardin&amp;near=[\d.]+,-?[\d.]+&amp;sort=distance" rel="nofollow"><bdi>Saint-Aubin,/,
  )
  t.match(answer.body, /<meta name="robots" content="noindex">/)
  t.match(await near({ place: 'Plouarz' }), { statusCode: 200, body: /Plouarzel, Bretagne, France/ })
})

t.test('a place that nobody knows is said so, and can be written again', async (t) => {
  const answer = await near({ place: '<Zzyzzxqw>"' })
  t.equal(answer.statusCode, 404)
  t.match(answer.body, /&lt;Zzyzzxqw&gt;&quot;/)
  t.notMatch(answer.body, /<Zzyzzxqw>/)
  t.match(await near({ place: 'a'.repeat(201) }), { statusCode: 400 })
  t.match(await near({ place: 'Vannes', radius: '3' }), { statusCode: 400 })
})
