import { brotliCompressSync, gzipSync } from 'node:zlib'
import t from 'tap'
import { loadDemo } from '../../server/demo/load.ts'
import { createGroup } from '../../server/group/actions.ts'
import type { MapView } from '../../server/schema-types.ts'
import { eachEngine } from '../engines.ts'
import { build, now, openDb, openSqlite, publicUrl } from '../helper.ts'
import { fill, group } from '../world.ts'
import { namesIn, waysFrom } from './read.ts'

const db = await openSqlite(t)
await fill(db)
const app = await build(t, db)
const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers: { 'accept-language': 'en', ...headers } })
const all = [
  '/embed/list',
  '/embed/cards/energie',
  '/embed/map?controls=all',
  '/embed/count/balise',
  '/embed/group/grenier',
  '/embed/neighbours/jardin-de-la-rade',
]

await eachEngine(t, 'each widget shows what it is of', async (t, open) => {
  const db = await openDb(t, await open())
  await fill(db)
  const app = await build(t, db)
  const names = async (url: string) => namesIn((await app.inject(url)).body)
  t.equal((await names('/embed/list')).length, 20)
  t.equal((await names('/embed/cards')).length, 12)
  t.same(await names('/embed/list/energie'), ['jardin-de-la-rade'], 'those accepted by a curated ecosystem')
  t.same(await names('/embed/list?keyword=jardin&activity=any'), ['grenier', 'jardin-de-la-rade'])
  t.same(await names('/embed/list?keyword=jardin&my-activity=any'), ['jardin-de-la-rade'], 'archived ones stay left out')
  t.same(await names('/embed/list?keyword=jardin&activity=any&except=grenier'), ['jardin-de-la-rade'])
  t.same(await names('/embed/list?activity=active&except=vieux-port'), ['jardin-de-la-rade', 'nadi-sama'], 'left out by a former name too')
  t.same(await names('/embed/group/grenier'), ['grenier'])
  t.same(await names('/embed/neighbours/grenier'), ['jardin-de-la-rade'])
  t.equal((await names('/embed/neighbours/balise-4?limit=2')).length, 2)
  t.match((await app.inject('/embed/count/balise')).body, /<a href="\/e\/balise" target="_blank" rel="noopener"><strong>30 groupes<\/strong>/)
})

t.test('anybody may frame and keep them; no cookie is set or read', async (t) => {
  for (const url of all) {
    const first = await get(url)
    t.equal(first.statusCode, 200, url)
    t.match(first.headers, {
      'content-security-policy': /frame-ancestors \*$/,
      'cache-control': 'public, max-age=300, stale-while-revalidate=86400',
      etag: /./,
      vary: 'Accept-Language, accept-encoding',
    })
    t.notOk(first.headers['set-cookie'] || first.headers['x-frame-options'])
    const known = { 'if-none-match': String(first.headers.etag) }
    const again = await get(url, known)
    t.match(again, { statusCode: 304, body: '', headers: { vary: 'Accept-Language, accept-encoding' } })
    t.equal((await get(url, { ...known, 'accept-language': 'fr' })).statusCode, 200, 'in another language it is another')
    const cookies = await get(url, { cookie: 'lang=fr; theme=dark' })
    t.equal(cookies.body, first.body, 'cookies change nothing')
    const said = await get(`${url}${url.includes('?') ? '&' : '?'}lang=fr`)
    t.match(said.body, '<html lang="fr">')
    t.equal(said.headers.vary, 'accept-encoding', 'a language that is asked for is the same for all')
    t.notOk(said.headers['set-cookie'])
  }
  const before = await get('/embed/list')
  await createGroup(db, group({ shortName: 'aaa-neuf' }), { at: now, via: 'command' })
  const after = await get('/embed/list', { 'if-none-match': String(before.headers.etag) })
  t.equal(after.statusCode, 200, 'a change makes another')
  t.equal(namesIn(after.body)[0], 'aaa-neuf')
})

t.test('how it looks is the site’s to say', async (t) => {
  t.match((await get('/embed/list?theme=dark')).body, '<html lang="en" data-theme="dark">')
  t.notMatch((await get('/embed/list?theme=auto')).body, 'data-theme')
  t.match((await get('/embed/list/energie')).body, '<h1>Énergies d’ici</h1>')
  t.match((await get('/embed/list/energie?heading=A+%3Cb%3E')).body, '<h1>A &lt;b&gt;</h1>')
  t.match((await get('/embed/list/energie?heading=')).body, '<h1 class="vh">Énergies d’ici</h1>')
  t.match((await get('/embed/neighbours/grenier')).body, '<h1>Groups close to Grenier des marées</h1>')
  const controls = { none: [false, false], search: [true, false], facets: [false, true], all: [true, true] }
  for (const [name, [search, facets]] of Object.entries(controls)) {
    const { body } = await get(`/embed/list?controls=${name}`)
    t.equal(body.includes('role="search"'), search, name)
    t.equal(body.includes('id="facets"'), facets, name)
  }
})

t.test('a colour comes with the styles, to keep for ever', async (t) => {
  const { body } = await get('/embed/list?accent=FFEE00')
  const url = /rel="stylesheet" href="([^"]+)"/.exec(body)?.[1]?.replace('&#x3D;', '=') ?? ''
  t.match(url, /^\/embed\/styles\/ffee00\.css\?v=\w+$/)
  const styles = await get(url)
  t.match(styles.headers, { 'content-type': 'text/css; charset=utf-8', 'cache-control': /immutable/ })
  t.match(styles.body, /@layer[\s\S]*:root\{--sea:#/)
  t.equal((await get('/embed/styles/ffee00.css')).headers['cache-control'], 'no-cache')
  for (const bad of ['/embed/styles/red.css', '/embed/styles/ffee000.css', '/embed/styles/ffee00.css?x=1'])
    t.equal((await get(bad)).statusCode, 400, bad)
})

t.test('another spelling, a moved and a deleted group stay in the frame', async (t) => {
  t.match(await get('/embed/cards/Énergie?theme=dark'), { statusCode: 308, headers: { location: '/embed/cards/energie?theme=dark' } })
  t.match(await get('/embed/map/Énergie.json?zoom=3'), { statusCode: 308, headers: { location: '/embed/map/energie.json?zoom=3' } })
  for (const kind of ['group', 'neighbours']) {
    const moved = await get(`/embed/${kind}/vieux-port?accent=ffee00`)
    t.match(moved, { statusCode: 308, headers: { location: `/embed/${kind}/nouveau-port?accent=ffee00` } })
    t.equal((await get(`/embed/${kind}/epave`)).statusCode, 410)
    t.equal((await get(`/embed/${kind}/nobody`)).statusCode, 404)
  }
})

t.test('what is wrong is said inside the frame, by name', async (t) => {
  const wrong: [string, number, RegExp][] = [
    ['/embed/list?size=3', 400, /<code>size<\/code>/],
    ['/embed/list?foo=1', 400, /<code>foo<\/code>/],
    ['/embed/cards?limit=51', 400, /<code>limit<\/code>/],
    ['/embed/cards?accent=red', 400, /<code>accent<\/code>[^<]*0b5a6f/],
    ['/embed/cards?controls=some', 400, /<code>controls<\/code>/],
    ['/embed/map?my-type=club', 400, /<code>my-type<\/code>/],
    ['/embed/list?my-near=99,0', 400, /<code>my-near<\/code>/],
    ['/embed/list?after=x', 400, /<code>after<\/code>/],
    [`/embed/count?heading=${'x'.repeat(121)}`, 400, /<code>heading<\/code>/],
    ['/embed/group/grenier?q=x', 400, /<code>q<\/code>/],
    ['/embed/list/energies', 404, /href="\/e\/energie" target="_blank" rel="noopener"/],
    ['/embed/nothing', 404, /<h1>/],
    ['/embed/group', 404, /<h1>/],
    ['/embed/list/%ff', 400, /<h1>/],
  ]
  for (const [url, status, named] of wrong) {
    const answer = await get(`${url}${url.includes('?') ? '&' : '?'}theme=dark`, { cookie: 'lang=fr; theme=light' })
    t.equal(answer.statusCode, status, url)
    t.match(answer.body, named, url)
    t.match(answer.body, '<html lang="en" data-theme="dark">')
    t.match(answer.headers['content-security-policy'], /frame-ancestors \*$/)
    t.notOk(answer.headers['set-cookie'])
    const { inside, outside } = waysFrom(answer.body)
    t.same(inside, [])
    for (const link of outside) t.match(link, 'target="_blank" rel="noopener"')
    t.match(outside.join(), 'href="/"')
  }
  t.match(await get('/embed/map.json?zoom=x'), { statusCode: 400, headers: { 'content-type': /problem\+json/ } })
})

t.test('one mark of a map alone, when asked', async (t) => {
  const marksOf = async (url: string) => (await get(url)).json<MapView>().marks
  const [first] = await marksOf('/embed/map.json?zoom=9')
  t.same(await marksOf(`/embed/map.json?zoom=9&at=${first!.lat},${first!.lng}`), [first])
  t.same(await marksOf('/embed/map.json?zoom=9&at=0,0'), [], 'nothing is there')
})

t.test('the script is served as itself, for any site', async (t) => {
  const script = await get('/embed.js')
  t.match(script.headers, {
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=86400, stale-while-revalidate=604800',
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-allow-origin': '*',
    'content-security-policy': /frame-ancestors 'none'/,
  })
  t.equal((await get('/embed.js', { 'if-none-match': String(script.headers.etag) })).statusCode, 304)
  const sent = await get('/embed.js', { 'accept-encoding': 'gzip, br' })
  t.comment(`${sent.rawPayload.length} bytes`)
  t.ok(sent.headers['content-encoding'] && sent.rawPayload.length <= 2048, 'light')
})

t.test('a list is 20 KB in three requests at most, with the longest page and every choice', async (t) => {
  const db = await openSqlite(t)
  await loadDemo(db, () => new Date(now))
  const app = await build(t, db)
  for (const url of ['/embed/list/openstreetmap', '/embed/list?controls=all&accent=ff8800&limit=50', '/embed/cards?controls=all']) {
    const { body } = await app.inject(url)
    const asked = [...body.matchAll(/(?:src|rel="stylesheet" href)="([^"]+)"/g)].map(([, one]) => one!.replace('&#x3D;', '='))
    const wire = [gzipSync(body, { level: 4 }).length]
    for (const one of asked) wire.push(brotliCompressSync((await app.inject(one)).body).length)
    const bytes = wire.reduce((sum, size) => sum + size)
    t.comment(`${bytes} bytes in ${wire.length} requests (${wire.join(', ')}) for ${url}`)
    t.ok(bytes <= 20 * 1024 && wire.length <= 3, url)
    t.notMatch(body, /href="#|style="|<script(?![^>]*src=)|\bon\w+="|https?:\/\/(?!\S*" target="_blank")[^\s"]*"(?! target)/)
    t.notMatch(body, publicUrl)
  }
})
