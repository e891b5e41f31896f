import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { check } from '@placemarkio/check-geojson'
import { parseAtomFeed } from 'feedsmith'
import jsonld from 'jsonld'
import Papa from 'papaparse'
import t from 'tap'
import { transaction } from '../../server/db/open.ts'
import { saveEcosystem } from '../../server/ecosystem/actions.ts'
import { createGroup, deleteGroup, editGroup, putGroups } from '../../server/group/actions.ts'
import { toAtom } from '../../server/group/atom.ts'
import { findGroup } from '../../server/group/queries.ts'
import { eachEngine } from '../engines.ts'
import { build, now, openDb, openSqlite, publicUrl } from '../helper.ts'
import { crowd, energy, fill, group, rade } from '../world.ts'
import { wrongInXml } from '../xml.ts'

const by = { at: now, via: 'command' as const }
const db = await openSqlite(t)
await fill(db)
await createGroup(
  db,
  group({
    shortName: 'hostile',
    name: '=cmd|"/c calc"!A1',
    summary: '+1 </script><script>alert(1)</script> ]]> & "quoted"',
    description: '-2\n@SUM(1)\r\n\ttab, \u0001 and \u000b control',
    languages: ['en'],
    keywords: [{ slug: 'd-abord', label: '@d’abord' }],
    links: [{ service: 'subscribe', url: 'mailto:hostile@hostile.example' }],
  }),
  by,
)
const app = await build(t, db)
const lists = ['/groups', '/e/energie', '/e/jardin', `/e/${encodeURIComponent('علم-الفلك')}`]

async function get(url: string, headers: Record<string, string> = {}) {
  return app.inject({ url, headers })
}

t.test('every twin that a page announces is there, of the type announced, both ways', async (t) => {
  const pages = [...lists, '/groups?q=jardin&sort=members&size=2', '/g/jardin-de-la-rade', '/g/hostile', '/ecosystems']
  for (const url of pages) {
    const { body, headers } = await get(url)
    const links = [...body.matchAll(/<link rel="alternate" type="([^"]+)" href="([^"]+)" title="[^"]+">/g)]
    const announced = links.map(([, type, href]) => ({ type: type!, href: href!.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&') }))
    t.ok(announced.length > 0, url)
    for (const { type, href } of announced) {
      t.match(String(headers.link), `<${href}>; rel="alternate"; type="${type}"`)
      const twin = await get(href)
      t.match(twin, { statusCode: 200, headers: { 'access-control-allow-origin': '*', etag: /^W\/"/, 'cache-control': 'no-cache' } }, href)
      t.equal(String(twin.headers['content-type']).split(';')[0], type)
      t.match(await get(href, { 'if-none-match': String(twin.headers.etag) }), { statusCode: 304, body: '' })
      const head = await app.inject({ method: 'HEAD', url: href })
      t.match(head, { statusCode: 200, body: '', headers: { etag: twin.headers.etag, 'content-type': twin.headers['content-type'] } })
      t.match(await app.inject({ method: 'OPTIONS', url: href }), { statusCode: 204, headers: { 'access-control-allow-methods': /GET/ } })
    }
  }
  // What oEmbed announces is no twin: test/widget/oembed.test.ts.
  const types = async (url: string) =>
    [...(await get(url)).body.matchAll(/rel="alternate" type="([^"+]+(?:\+(?!oembed)[^"]+)?)"/g)].map(([, type]) => type)
  t.same(await types('/groups'), ['application/json', 'application/geo+json', 'text/csv', 'application/atom+xml'])
  t.same((await types('/e/energie')).at(-1), 'application/ld+json')
  t.same(await types('/g/hostile'), ['application/json', 'application/ld+json'])
})

t.test('choices too long for a header are announced in the page alone', async (t) => {
  const { body, headers } = await get(`/groups?q=${'x'.repeat(3000)}`)
  t.equal(headers.link, undefined)
  t.match(body, 'type="text/csv"')
})

t.test('what is streamed is packed so that it starts at once', async (t) => {
  for (const url of ['/groups.csv', '/e/balise.geojson', '/sitemap.xml']) {
    const packed = await get(url, { 'accept-encoding': 'br, gzip' })
    t.match(packed.headers, { 'content-encoding': 'gzip', 'content-length': undefined, vary: /accept-encoding/i })
    t.equal(gunzipSync(packed.rawPayload).toString(), (await get(url)).body)
  }
})

t.test('a change makes another version of what shows it, and of nothing else', async (t) => {
  const db = await openSqlite(t)
  await fill(db)
  const app = await build(t, db)
  const etag = async (url: string) => String((await app.inject(url)).headers.etag)
  const urls = ['/groups.csv', '/g/phare-citoyen.json', '/g/jardin-de-la-rade.json']
  const before = await Promise.all(urls.map(etag))
  const phare = (await findGroup(db, 'phare-citoyen'))!
  await editGroup(db, phare, group({ shortName: 'phare-citoyen', name: 'Phare' }), by)
  const after = await Promise.all(urls.map(etag))
  t.same(
    after.map((tag, at) => tag !== before[at]),
    [true, true, false],
  )
  await saveEcosystem(db, { ...energy, title: 'Autre titre' }, '2026-11-22T08:00:00.000Z')
  t.not(await etag(urls[2]!), after[2], 'the title of its ecosystem is in a record')
  const deleted = await etag('/groups.csv')
  await deleteGroup(db, (await findGroup(db, 'balise-1'))!, { ...by, at: '2026-11-23T08:00:00.000Z' })
  t.not(await etag('/groups.csv'), deleted)
  t.equal((await app.inject('/groups.csv')).headers['last-modified'], 'Mon, 23 Nov 2026 08:00:00 GMT')
})

t.test('the feed, as a feed reader sees it', async (t) => {
  const feed = parseAtomFeed((await get('/groups.atom?size=5')).body)
  t.match(feed, { title: { value: 'Tous les groupes' }, updated: /^2026-11-21T12:00:00/, id: `${publicUrl}/groups.atom?size=5&sort=updated` })
  t.equal(feed.entries?.length, 5)
  const link = (rel: string) => feed.links?.find((one) => one.rel === rel)?.href
  t.equal(link('alternate'), `${publicUrl}/groups?size=5&sort=updated`)
  t.match(link('next'), /^http:\/\/archipel\.example\/groups\.atom\?size=5&sort=updated&after=/)

  const hostile = parseAtomFeed((await get('/groups.atom?q=calc')).body).entries?.[0]
  const { id } = (await findGroup(db, 'hostile'))!
  t.match(hostile, {
    id: `urn:uuid:${id}`,
    title: { value: '=cmd|"/c calc"!A1' },
    summary: { value: '+1 </script><script>alert(1)</script> ]]> & "quoted"' },
    updated: now,
    authors: [{ name: '=cmd|"/c calc"!A1' }],
    links: [{ rel: 'alternate', href: `${publicUrl}/g/hostile` }],
    categories: [{ term: 'd-abord', label: '@d’abord', scheme: `${publicUrl}/e/` }],
  })
})

t.test('a feed holds what XML can hold', async (t) => {
  const record = (await get('/g/hostile.json')).json()
  const name = 'a\u0000b\u000bc\ufffed\ud800e\u{1f600}'
  const keywords = [{ slug: 'k', label: 'x\u0001y' }]
  const text = toAtom({
    ...{ id: 'i', title: 't', lang: 'fr', page: 'p', self: 's', updated: now, keywordScheme: 'k' },
    records: [{ ...record, name, keywords }],
  })
  t.match(parseAtomFeed(text).entries?.[0], { title: { value: 'abcde\u{1f600}' }, categories: [{ label: 'xy' }] })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
  t.notMatch(text, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/)
})

t.test('every feed is what RFC 4287 asks for, says libxml2', async (t) => {
  const hostile = group({ shortName: 'plus-hostile', name: ']]>\u{1f600}', summary: '&#0; <![CDATA[', languages: ['pt-BR'] })
  const db = await openSqlite(t)
  await fill(db, 40)
  await createGroup(db, { ...hostile, keywords: [{ slug: 'علم-الفلك', label: '"<&' }] }, by)
  const app = await build(t, db)
  const empty = await build(t, await openSqlite(t))
  const ask = async (url: string) => (await app.inject(url)).body
  for (const url of ['/groups.atom?size=3', '/groups.atom?size=100', ...lists.map((list) => `${list}.atom?sort=name`), '/groups.atom?q=zzzzzz'])
    t.same(wrongInXml(await ask(url), 'atom'), [], url)
  t.same(wrongInXml((await empty.inject('/groups.atom')).body, 'atom'), [])

  const feed = await ask('/groups.atom?size=3')
  const without = (part: RegExp | string, other = '') => wrongInXml(feed.replace(part, other), 'atom').join()
  for (const element of ['id', 'title', 'updated']) {
    t.match(without(new RegExp(`<${element}>[^<]*</${element}>`)), element, `a feed without ${element}`)
    t.match(without(new RegExp(`(<entry.*?)<${element}>[^<]*</${element}>`, 's'), '$1'), element, `an entry without ${element}`)
  }
  t.match(without(/<author>.*?<\/author>/s), 'has an author')
  t.match(without(/<link rel="self"[^>]*>/), 'links to itself')
  t.match(without(/(<entry.*?)<link rel="alternate"[^>]*>/s, '$1'), 'links to its page')
  t.match(without(/<updated>[^<]*/, '<updated>2026-11-21 12:00'), 'updated')
  t.match(without(/<id>[^<]*/, '<id>groups'), 'id')
  t.match(without('</title>', '</title><title>twice</title>'), 'title')
  t.match(without('</title>', '</title><colour/>'), 'interleave')
  t.match(without('</title>', '</titel>'), 'mismatch')
  t.match(without(/(<entry.*?<id>)[^<]*(.*?<entry.*?<id>)[^<]*/s, '$1urn:x:1$2urn:x:1'), 'one id')
})

t.test('the feed goes on to its end, under one id', async (t) => {
  const seen: (string | undefined)[] = []
  const ids = new Set<string | undefined>()
  for (let url: string | undefined = '/groups.atom?size=7&sort=name'; url; ) {
    const feed: ReturnType<typeof parseAtomFeed> = parseAtomFeed((await get(url)).body)
    ids.add(feed.id)
    seen.push(...(feed.entries ?? []).map((entry) => entry.id))
    url = feed.links?.find((one) => one.rel === 'next')?.href?.slice(publicUrl.length)
  }
  t.equal(ids.size, 1)
  t.equal(seen.length, (await get('/groups.json')).json().total)
  t.equal(new Set(seen).size, seen.length)
})

t.test('the feed of an empty list is a feed', async (t) => {
  const feed = parseAtomFeed((await get('/groups.atom?q=zzzzzz')).body)
  t.match(feed, { title: { value: 'Tous les groupes' }, updated: /^2026-11-21T12:00:00/ })
  const empty = await build(t, await openSqlite(t))
  t.match(parseAtomFeed((await empty.inject('/groups.atom?lang=en')).body), { title: { value: 'All groups' }, updated: /^1970/ })
})

t.test('GeoJSON by RFC 7946', async (t) => {
  for (const url of ['/groups.geojson', '/groups.geojson?size=3', '/e/energie.geojson', '/groups.geojson?q=zzzzzz']) {
    const { body, headers } = await get(url)
    const map = check(body) as unknown as { features: { properties: { shortName: string } }[]; omitted: number }
    const { total } = (await get(url.replace('geojson', 'json'))).json()
    if (!url.includes('size')) t.equal(map.features.length + map.omitted, total, url)
    t.match(headers['content-type'], /^application\/geo\+json/)
  }
  const [feature] = (await get('/e/energie.geojson')).json().features
  t.match(feature, { geometry: { type: 'Point', coordinates: [-4.4861, 48.3904] }, properties: { shortName: rade.shortName, precision: 'place' } })
  t.throws(() => check('{"type":"FeatureCollection"}'))
})

t.test('CSV, as a spreadsheet reads it', async (t) => {
  const { body, headers } = await get('/groups.csv')
  t.match(headers, {
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': 'inline; filename="groups.csv"; filename*=UTF-8\'\'groups.csv',
    'content-length': undefined,
  })
  const { data, errors, meta } = Papa.parse<Record<string, string>>(body, { header: true, skipEmptyLines: true })
  t.same(errors, [])
  t.equal(meta.linebreak, '\r\n')
  const { total } = (await get('/groups.json')).json()
  t.equal(data.length, total)
  const isNumber = (cell: string) => /^-?\d+(\.\d+)?$/.test(cell)
  for (const row of data)
    for (const [name, cell] of Object.entries(row)) if (/^[=+\-@\t\r]/.test(cell) && !isNumber(cell)) t.fail(`${name} of ${row.shortName}: ${cell}`)
  const found = data.find((row) => row.shortName === 'hostile')
  t.match(found, { name: '\'=cmd|"/c calc"!A1', keywords: "'@d’abord" })
  t.notMatch(body, 'jardin.example/suivi')
  t.match((await get(`/e/${encodeURIComponent('علم-الفلك')}.csv`)).headers['content-disposition'], "filename*=UTF-8''%D8%B9")
})

await eachEngine(t, 'a whole list is the pages one after the other, in any order', async (t, open) => {
  const db = await openDb(t, await open())
  await fill(db, 450)
  const app = await build(t, db)
  const rows = async (url: string) => Papa.parse<{ shortName: string }>((await app.inject(url)).body, { header: true, skipEmptyLines: true }).data
  const names = async (url: string) => (await rows(url)).map((row) => row.shortName)
  for (const choice of [
    'sort=name',
    'sort=updated',
    'sort=members',
    'q=balise',
    'near=48,-4&radius=900&sort=distance',
    'q=balise&sort=members&type=support',
  ]) {
    const paged: string[] = []
    let middle: { after: string; at: number } | undefined
    for (let url = `/groups.json?${choice}&size=100`; url; ) {
      const page = (await app.inject(url)).json()
      paged.push(...page.items.map((item: { shortName: string }) => item.shortName))
      url = page.next?.slice(publicUrl.length)
      if (url) middle ??= { after: new URLSearchParams(url.split('?')[1]).get('after')!, at: paged.length }
    }
    t.same(await names(`/groups.csv?${choice}`), paged, choice)
    t.same(await names(`/groups.csv?${choice}&size=3`), paged.slice(0, 3))
    if (middle) t.same(await names(`/groups.csv?${choice}&after=${middle.after}`), paged.slice(middle.at), `${choice}, after`)
  }
  t.equal((await rows('/e/balise.csv')).length, 450)
  t.same(await names('/e/energie.csv'), [rade.shortName], 'a curated ecosystem lists those accepted')
})

t.test('twins refuse what pages refuse, and move as they move', async (t) => {
  for (const format of ['json', 'geojson', 'csv', 'atom', 'jsonld']) {
    t.match(await get(`/e/%C3%89nergie.${format}?q=x`), { statusCode: 308, headers: { location: `/e/energie.${format}?q=x` } }, format)
    t.equal((await get(`/e/zzzzzz.${format}`)).statusCode, 404)
    t.equal((await get(`/e/energie.${format}?colour=red`)).statusCode, 400)
    t.equal((await get(`/e/energie.${format}?after=zzz`)).statusCode, 400)
  }
  t.match(await get('/g/vieux-port.jsonld'), { statusCode: 308, headers: { location: '/g/nouveau-port.jsonld' } })
  t.equal((await get('/g/epave.jsonld')).statusCode, 410)
})

t.test('JSON-LD means what it says, without any network', async (t) => {
  const schema = 'https://schema.org/'
  const hydra = 'http://www.w3.org/ns/hydra/core#'
  const expand = async (text: string) => {
    const [thing] = await jsonld.expand(JSON.parse(text), {
      documentLoader: () => Promise.reject(new Error('no network')),
      safe: true,
    } as jsonld.Options.Expand)
    return thing as Record<string, { '@id'?: string; '@value'?: unknown }[]> & { '@id': string }
  }
  const row = (await findGroup(db, rade.shortName))!
  const thing = await expand((await get('/g/jardin-de-la-rade.jsonld')).body)
  t.match(thing, {
    '@id': `${publicUrl}/id/${row.id}`,
    '@type': [`${schema}Organization`],
    [`${schema}name`]: [{ '@value': 'Jardin de la rade' }],
    [`${schema}alternateName`]: [{ '@value': 'jardin-de-la-rade' }],
    [`${schema}url`]: [{ '@id': `${publicUrl}/g/jardin-de-la-rade` }],
    [`${schema}sameAs`]: [{ '@id': 'https://jardin.example/' }],
    [`${schema}keywords`]: [{ '@value': 'Jardin' }, { '@value': 'Énergie' }],
    [`${schema}knowsLanguage`]: [{ '@value': 'fr' }, { '@value': 'br' }],
    [`${schema}memberOf`]: [{ '@id': `${publicUrl}/e/energie#ecosystem` }],
    [`${schema}location`]: [{ [`${schema}geo`]: [{ [`${schema}latitude`]: [{ '@value': 48.3904 }] }] }],
    [`${schema}areaServed`]: [
      { [`${schema}name`]: [{ '@value': 'Brest' }], [`${schema}containedInPlace`]: [{ [`${schema}name`]: [{ '@value': 'Bretagne' }] }] },
    ],
    [`${schema}potentialAction`]: [{ '@type': [`${schema}JoinAction`], [`${schema}target`]: [{ '@id': 'https://jardin.example/liste' }] }],
  })
  const ecosystem = await expand((await get('/e/energie.jsonld')).body)
  t.equal(ecosystem['@id'], `${publicUrl}/e/energie#ecosystem`, 'what its members are members of')
  t.match(ecosystem, {
    '@type': [`${schema}Organization`],
    [`${schema}name`]: [{ '@value': energy.title }],
    [`${schema}member`]: [{ '@id': thing['@id'] }],
    [`${hydra}view`]: [
      { '@type': [`${hydra}PartialCollectionView`], [`${hydra}totalItems`]: [{ '@value': 1 }], [`${hydra}first`]: [{ '@id': /energie\.jsonld$/ }] },
    ],
  })
  t.match(await expand((await get('/e/jardin.jsonld')).body), { '@type': [`${schema}ItemList`], [`${schema}numberOfItems`]: [{ '@value': 1 }] })
  t.match(await expand((await get('/g/phare-citoyen.jsonld')).body), {
    [`${schema}parentOrganization`]: [{ [`${schema}url`]: [{ '@id': `${publicUrl}/g/jardin-de-la-rade` }] }],
  })
})

t.test('an ecosystem in JSON-LD says how many groups it has and where the others are', async (t) => {
  interface Part {
    numberOfItems?: number
    itemListElement?: { item: { '@id': string } }[]
    member?: { '@id': string }[]
    'hydra:view': { '@id': string; 'hydra:totalItems': number; 'hydra:first': { '@id': string }; 'hydra:next'?: { '@id': string } }
  }
  const db = await openSqlite(t)
  await fill(db, 60)
  await saveEcosystem(db, { keyword: 'chant', title: 'Chant', policy: 'open' }, now)
  const keywords = [{ slug: 'chant', label: 'Chant' }]
  for (let at = 1; at <= 30; at++) await createGroup(db, group({ shortName: `chorale-${at}`, keywords }), by)
  await db.updateTable('group_record').set({ origin_server: 'https://elsewhere.example' }).where('short_name', '=', 'chorale-1').execute()
  const app = await build(t, db)
  for (const [keyword, choices, total] of [
    ['balise', '', 60],
    ['chant', '', 30],
    ['balise', '?q=balise&type=support&size=7', 20],
  ] as const) {
    const first = `${publicUrl}/e/${keyword}.jsonld${choices}`
    const expected = new Set(
      (await app.inject(`/e/${keyword}.json?size=100&${choices.slice(1).replace('&size=7', '')}`))
        .json()
        .items.map((one: { iri: string }) => one.iri),
    )
    const seen: string[] = []
    for (let url: string | undefined = first; url; ) {
      const part: Part = (await app.inject(url.slice(publicUrl.length))).json()
      t.match(part['hydra:view'], { '@id': url, 'hydra:totalItems': total, 'hydra:first': { '@id': first } })
      t.equal(part.numberOfItems, keyword === 'balise' ? 60 : undefined)
      seen.push(...(part.member ?? part.itemListElement!.map(({ item }) => item)).map((one) => one['@id']))
      url = part['hydra:view']['hydra:next']?.['@id']
    }
    t.equal(seen.length, total)
    t.same(new Set(seen), expected)
  }
})

t.test('the page holds its JSON-LD, and nothing breaks out of it', async (t) => {
  for (const path of ['/g/hostile', '/g/jardin-de-la-rade', '/e/energie']) {
    const { body } = await get(path)
    const [, text] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(body)!
    const twin = (await get(`${path}.jsonld`)).json()
    const { member: _, 'hydra:view': __, ...told } = twin
    t.same(JSON.parse(text!), told)
    t.equal(body.match(/<script/g)?.length, 2)
  }
})

t.test('where only a region is known, no point is given', async (t) => {
  const db = await openSqlite(t)
  await createGroup(db, { ...rade, position: { lat: 48, lng: -3, precision: 'region' } }, by)
  const app = await build(t, db)
  t.equal((await app.inject('/g/jardin-de-la-rade.jsonld')).json().location, undefined)
})

t.test('the first line comes before the rest is read, and a reader who leaves stops the work', async (t) => {
  const db = await openSqlite(t)
  const description = 'Un texte assez long pour remplir les tampons. '.repeat(100)
  const puts = crowd(3000).map((one) => ({ group: { ...one, description } }))
  await transaction(db, (tx) => putGroups(tx, puts, by))
  const app = await build(t, db)
  const left = Promise.withResolvers<void>()
  app.addHook('onRequest', async (_request, reply) => void reply.raw.once('close', () => left.resolve()))
  await app.listen({ port: 0, host: '127.0.0.1' })
  const questions = t.capture(db, 'selectFrom', db.selectFrom)
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  socket.write('GET /groups.csv HTTP/1.1\r\nHost: x\r\n\r\n')
  const [first] = (await once(socket, 'data')) as [Buffer]
  const [head, body] = first.toString().split('\r\n\r\n') as [string, string]
  t.match(head, /^HTTP\/1\.1 200 OK\r\n[\s\S]*Transfer-Encoding: chunked/)
  t.match(body, /^[0-9a-f]+\r\nshortName,name,/)
  t.ok(body.length < 2000, `${body.length} bytes: the first line alone`)
  socket.destroy()
  await left.promise
  for (let turn = 0; turn < 30; turn++) await setImmediate()
  // Fifteen batches, and a few questions before them.
  t.ok(questions.args.length < 12, `${questions.args.length} questions`)
})
