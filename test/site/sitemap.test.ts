import fastify from 'fastify'
import t, { type Test } from 'tap'
import { convert } from 'xmlbuilder2'
import { toPerson } from '../../server/account/people.ts'
import { findPersonById } from '../../server/account/queries.ts'
import { transaction } from '../../server/db/open.ts'
import type { Db } from '../../server/db/tables.ts'
import { decidePair } from '../../server/federation/same/actions.ts'
import { createGroup, putGroups } from '../../server/group/actions.ts'
import { schemas } from '../../server/schema.ts'
import { registerSitemap } from '../../server/site/sitemap.ts'
import { eachEngine } from '../engines.ts'
import { addCopy, addSource } from '../federation/copies.ts'
import { build, makeTestDeps, now, openDb, openSqlite, publicUrl } from '../helper.ts'
import { addPerson } from '../people.ts'
import { crowd, fill, group } from '../world.ts'
import { wrongInXml } from '../xml.ts'

interface Listed {
  loc: string
  lastmod?: string
}

/** What the file holds, read by parsers that know nothing of ours. */
function read(xml: string, element: 'urlset' | 'sitemapindex'): Listed[] {
  t.same(wrongInXml(xml, 'sitemap'), [])
  const root = (convert(xml, { format: 'object' }) as unknown as Record<string, Record<string, Listed | Listed[]>>)[element]!
  const found = root[element === 'urlset' ? 'url' : 'sitemap'] ?? []
  return [found].flat()
}

/** The routes alone, with a limit that few groups reach. */
async function small(t: Test, db: Db, most: number) {
  const app = fastify()
  t.teardown(() => app.close())
  for (const schema of schemas.values()) app.addSchema(schema)
  registerSitemap(app, await makeTestDeps(db), most)
  return app
}

await eachEngine(t, 'everything that is kept here, once', async (t, open) => {
  const db = await openDb(t, await open())
  await fill(db, 5)
  const copy = { group: group({ shortName: 'ailleurs' }), stamp: { origin_server: 'https://other.example' } }
  await transaction(db, (tx) => putGroups(tx, [copy], { at: now, via: 'import' }))
  const app = await build(t, db)
  const { body, headers } = await app.inject('/sitemap.xml')
  t.match(headers['content-type'], /^application\/xml/)
  const paths = read(body, 'urlset').map(({ loc }) => loc.slice(publicUrl.length))
  t.same(paths.slice(0, 8), ['/', '/groups', '/ecosystems', '/network', '/about', '/privacy', '/api', '/e/energie'])
  const names = ['jardin-de-la-rade', 'phare-citoyen', 'nadi-sama', ...crowd(5).map(({ shortName }) => shortName), 'nouveau-port']
  t.same(
    paths.slice(8),
    names.map((name) => `/g/${name}`),
  )
  t.match(read(body, 'urlset').at(-1), { lastmod: now })
  for (const path of paths) t.equal((await app.inject(path)).statusCode, 200, path)
})

t.test('beyond the limit, an index and its parts', async (t) => {
  const db = await openSqlite(t)
  await fill(db, 20)
  const whole = read((await (await small(t, db, 50)).inject('/sitemap.xml')).body, 'urlset')
  const app = await small(t, db, 10)
  const parts = read((await app.inject('/sitemap.xml')).body, 'sitemapindex').map(({ loc }) => loc.slice(publicUrl.length))
  t.same(parts, ['/sitemap/1.xml', '/sitemap/2.xml', '/sitemap/3.xml', '/sitemap/4.xml'])
  const listed: Listed[] = []
  for (const part of parts) {
    const entries = read((await app.inject(part)).body, 'urlset')
    t.ok(entries.length <= 10)
    listed.push(...entries)
  }
  t.same(listed, whole)
  for (const url of ['/sitemap/0.xml', '/sitemap/5.xml', '/sitemap/x.xml', '/sitemap/01.xml', '/sitemap/99999999.xml']) {
    t.equal((await app.inject(url)).statusCode, 404, url)
  }
})

await eachEngine(t, 'what is kept elsewhere, or shown by another record, takes no place', async (t, open) => {
  const db = await openDb(t, await open())
  await fill(db, 3)
  const whole = read((await (await small(t, db, 50)).inject('/sitemap.xml')).body, 'urlset')
  const source = await addSource(db, { id: 's1' })
  for (let at = 1; at <= 60; at++) await addCopy(db, source, group({ shortName: `copie-${at}` }))
  const late = await createGroup(db, group({ shortName: 'tard-venu' }), { at: now, via: 'command' })
  const twin = await createGroup(db, group({ shortName: 'doublon' }), { at: now, via: 'command' })
  const listed = [...whole, { loc: `${publicUrl}/g/tard-venu`, lastmod: now }]
  const operator = await findPersonById(db, await addPerson(db, 'operator'))
  await decidePair(db, [late.id, twin.id], 'same', await toPerson(db, operator!), now)
  t.same(read((await (await small(t, db, listed.length)).inject('/sitemap.xml')).body, 'urlset'), listed, 'no index for what is not in it')

  const parts = await small(t, db, 4)
  const index = read((await parts.inject('/sitemap.xml')).body, 'sitemapindex').map(({ loc }) => loc.slice(publicUrl.length))
  const pages = await Promise.all(index.map(async (path) => read((await parts.inject(path)).body, 'urlset')))
  t.same(pages.flat(), listed)
  t.ok(
    pages.every((entries) => entries.length > 0),
    'no part is empty',
  )
})

t.test('a sitemap that is none would be noticed', async (t) => {
  const { body } = await (await build(t, await openSqlite(t))).inject('/sitemap.xml')
  for (const [part, other] of [
    [/<url>.*<\/url>/s, ''],
    [/<loc>[^<]*/, '<loc>/groups'],
    [/<loc>[^<]*<\/loc>/, ''],
    ['</loc>', '</loc><lastmod>yesterday</lastmod>'],
    ['0.9', '0.8'],
    ['</url>', ''],
  ] as const) {
    const broken = body.replace(part, other)
    t.ok(broken !== body && wrongInXml(broken, 'sitemap').length > 0, String(part))
  }
})

t.test('it is sent again only when something changed', async (t) => {
  const app = await build(t, await openSqlite(t))
  const { etag } = (await app.inject('/sitemap.xml')).headers
  t.match(await app.inject({ url: '/sitemap.xml', headers: { 'if-none-match': String(etag) } }), { statusCode: 304, body: '' })
  t.match(await app.inject({ method: 'HEAD', url: '/sitemap.xml' }), { statusCode: 200, body: '', headers: { etag } })
})

t.test('robots.txt names the sitemap and spares the whole lists', async (t) => {
  const app = await build(t, await openSqlite(t))
  const { body, headers } = await app.inject('/robots.txt')
  t.match(headers['content-type'], /^text\/plain/)
  t.match(body, `Sitemap: ${publicUrl}/sitemap.xml\n`)
  t.match(body, /^User-agent: \*\nDisallow: \/\*\.csv\n/)
})
