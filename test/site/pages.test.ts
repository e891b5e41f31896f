import t from 'tap'
import { create } from 'xmlbuilder2'
import { build, openSqlite, publicUrl } from '../helper.ts'
import { fill } from '../world.ts'

const db = await openSqlite(t)
await fill(db)
const app = await build(t, db)
const pages = ['/', '/groups', '/ecosystems', '/e/energie', '/e/balise', '/g/jardin-de-la-rade', '/about', '/privacy']

t.test('every page speaks the language asked for', async (t) => {
  for (const url of [...pages, '/nowhere', '/groups?foo=1']) {
    const ask = async (path: string, headers = {}) => /<html lang="(\w+)"/.exec((await app.inject({ url: path, headers })).body)?.[1]
    const more = (params: string) => `${url}${url.includes('?') ? '&' : '?'}${params}`
    t.equal(await ask(url), 'fr', url)
    t.equal(await ask(url, { 'accept-language': 'en-GB,en;q=0.9' }), 'en', url)
    t.equal(await ask(url, { 'accept-language': 'en', cookie: 'lang=fr' }), 'fr', url)
    t.equal(await ask(more('lang=en'), { 'accept-language': 'fr', cookie: 'lang=fr' }), 'en', url)
  }
})

t.test('a cookie comes with a choice, never without, and never with what is no page', async (t) => {
  for (const url of [...pages, '/nowhere', '/groups.json?lang=en', '/opensearch.xml?lang=en', '/healthz', '/g/jardin-de-la-rade/banner.svg?lang=en'])
    t.equal((await app.inject(url)).headers['set-cookie'], undefined, url)
  for (const url of pages) {
    const cookie = String((await app.inject(`${url}?lang=en`)).headers['set-cookie'])
    t.match(cookie, /^lang=en; Path=\/; Max-Age=31536000; SameSite=Lax; HttpOnly$/, url)
  }
})

t.test('every link within the site is root-relative and leads somewhere', async (t) => {
  const seen = new Set<string>()
  for (const url of pages) {
    const { body } = await app.inject(url)
    t.notMatch(body, new RegExp(`<(a|form|img) [^>]*"${publicUrl}`), url)
    for (const [, href] of body
      .replaceAll('&#x3D;', '=')
      .replaceAll('&amp;', '&')
      .matchAll(/ (?:href|src|action)="(\/[^"#]*)/g))
      seen.add(href!)
  }
  t.ok(seen.size > 60, `${seen.size} addresses`)
  for (const url of seen) {
    const { statusCode } = await app.inject(url)
    t.ok([200, 303].includes(statusCode) || url === '/preferences', `${statusCode} ${url}`)
  }
})

t.test('trackers are taken off the addresses of pages', async (t) => {
  const to = async (url: string) => {
    const { statusCode, headers } = await app.inject(url)
    return statusCode === 302 ? headers.location : statusCode
  }
  t.equal(await to('/?utm_source=x&utm_medium=y'), '/')
  t.equal(await to('/groups?q=mer&fbclid=1&type=support'), '/groups?q=mer&type=support')
  t.equal(await to('/e/energie?gclid=1&mc_cid=2&lang=en'), '/e/energie?lang=en')
  t.equal(await to('/g/jardin-de-la-rade?mc_eid=%20'), '/g/jardin-de-la-rade')
  t.equal(await to('/groups?utm_source=blog.example&near=48.1,2.3'), '/groups?near=48.1,2.3')
  t.equal(await to('/groups.json?utm_source=x'), 400, 'programs are told')
  t.equal(await to('/groups?utmost=1'), 400)
  t.match(await to('//evil.example/?utm_source=x'), /^(404|400|\/[^/\\])/, 'never to another site')
})

t.test('search from the browser’s bar', async (t) => {
  const { headers, body } = await app.inject('/opensearch.xml')
  t.match(headers['content-type'], 'application/opensearchdescription+xml')
  const tree = create(body).end({ format: 'object' }) as unknown as { OpenSearchDescription: { ShortName: string; Url: { '@template': string }[] } }
  const { ShortName, Url } = tree.OpenSearchDescription
  t.ok(ShortName.length <= 16)
  t.same(
    Url.map((one) => one['@template']),
    [`${publicUrl}/groups?q={searchTerms}`, `${publicUrl}/groups.json?q={searchTerms}`],
  )
  t.match((await app.inject('/')).body, '<link rel="search" type="application/opensearchdescription+xml" href="/opensearch.xml"')
})

t.test('an empty server welcomes', async (t) => {
  const app = await build(t, await openSqlite(t))
  const { statusCode, body } = await app.inject('/')
  t.equal(statusCode, 200)
  t.match(body, 'La mer est encore vide')
  for (const url of ['/groups', '/ecosystems', '/groups.json', '/ecosystems.json', '/groups?q=x'])
    t.equal((await app.inject(url)).statusCode, 200, url)
  t.equal((await app.inject('/e/energie')).statusCode, 404)
})

t.test('probes: alive without a database, ready only with one', async (t) => {
  const db = await openSqlite(t)
  const app = await build(t, db)
  t.match(await app.inject('/readyz'), { statusCode: 200 })
  await db.destroy()
  t.match(await app.inject('/healthz'), { statusCode: 200 })
  const { statusCode, body } = await app.inject('/readyz')
  t.equal(statusCode, 503)
  const broken = await app.inject({ url: '/groups', headers: { accept: 'text/html' } })
  t.equal(broken.statusCode, 500)
  for (const text of [body, broken.body]) t.notMatch(text, /\.ts|node_modules|destroyed|driver|Error:/)
})

t.test('the patterns are for development alone', async (t) => {
  t.equal((await app.inject('/patterns')).statusCode, 404)
  const dev = await build(t, db, { development: true })
  t.equal((await dev.inject('/patterns')).statusCode, 200)
})
