import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { createGroup } from '../../server/group/actions.ts'
import { eachEngine } from '../engines.ts'
import { build, now, openDb, openSqlite, publicUrl } from '../helper.ts'
import { fill, group } from '../world.ts'

const load = createRequire(import.meta.url)
const hostile = group({ shortName: 'hostile', name: '</title><script>"x" & \'y\' ]]>\u0001', languages: ['fr'] })

await eachEngine(t, 'pages are answered with the frame that shows them', async (t, open) => {
  const db = await openDb(t, await open())
  await fill(db)
  const app = await build(t, db)
  const expected: Record<string, [title: string, frame: string, height: number]> = {
    '/groups': ['Tous les groupes', '/embed/list', 640],
    '/groups?type=support&type=thematic&q=a%26b&country=FR&size=90&after=abc&utm_source=x': [
      'Tous les groupes',
      '/embed/list?q=a%26b&type=support&type=thematic&country=FR&limit=50',
      640,
    ],
    '/groups?near=48.4,-4.5&radius=10&sort=distance&lang=fr': ['Tous les groupes', '/embed/list?near=48.4,-4.5&radius=10&sort=distance&lang=fr', 640],
    '/map?wanted=1': ['Carte des groupes\u202f: Tous les groupes', '/embed/map?wanted=1', 620],
    '/e/energie': ['Énergies d’ici', '/embed/list/energie', 640],
    '/e/%C3%89nergie?keyword=Jardin': ['Énergies d’ici', '/embed/list/energie?keyword=jardin', 640],
    '/e/balise': ['Balise', '/embed/list/balise', 640],
    '/e/energie/map': ['Carte des groupes\u202f: Énergies d’ici', '/embed/map/energie', 620],
    '/g/jardin-de-la-rade': ['Jardin de la rade', '/embed/group/jardin-de-la-rade', 420],
    '/g/vieux-port?lang=en&fbclid=1': ['Port', '/embed/group/nouveau-port?lang=en', 420],
  }
  for (const [page, [title, frame, height]] of Object.entries(expected)) {
    const answer = await ask(app, { url: publicUrl + page })
    t.match(answer, { statusCode: 200, headers: { 'content-type': 'application/json; charset=utf-8', 'access-control-allow-origin': '*' } }, page)
    const told = answer.json()
    t.match(told, {
      ...{ type: 'rich', version: '1.0', provider_name: 'Archipel', provider_url: `${publicUrl}/`, cache_age: 3600, width: 600, height },
      title,
    })
    t.equal(attribute(told.html, 'src'), publicUrl + frame, page)
    t.match([attribute(told.html, 'width'), attribute(told.html, 'height')], ['600', String(height)])
    t.match(told.html, /title="[^"]+".*<a href="http:\/\/archipel\.example\/[^"]+">[^<]+<\/a><\/iframe>$/)
    t.notMatch(told.html, 'script')
    const picture =
      /^\/(g|e)\/[^/?]+/.exec(page) &&
      `${publicUrl}${
        frame
          .replace(/^\/embed\/group/, '/g')
          .replace(/^\/embed\/(list|map)/, '/e')
          .split('?')[0]
      }/share.png`
    t.match(told, picture ? { thumbnail_url: picture, thumbnail_width: 1200, thumbnail_height: 630 } : { thumbnail_url: undefined }, page)
    t.equal((await app.inject(frame)).statusCode, 200, `${frame} is there`)
  }
})

const db = await openSqlite(t)
await fill(db)
await createGroup(db, hostile, { at: now, via: 'command' })
const app = await build(t, db)

t.test('nothing is larger than asked', async (t) => {
  const of = async (bounds: Record<string, string>) => (await ask(app, { url: `${publicUrl}/g/jardin-de-la-rade`, ...bounds })).json()
  t.match(await of({ maxwidth: '320', maxheight: '200' }), { width: 320, height: 200, thumbnail_url: undefined })
  t.match((await of({ maxwidth: '320', maxheight: '200' })).html, / width="320" height="200" /)
  t.match(await of({ maxwidth: '1200' }), { width: 600, height: 420, thumbnail_width: 1200 })
  t.match(await of({ maxheight: '629' }), { width: 600, height: 420, thumbnail_width: undefined }, 'the picture would not fit')
  t.match(await of({ maxwidth: '5000', maxheight: '5000' }), { width: 600, height: 420 })
})

t.test('XML says the same as JSON, whatever the names are', async (t) => {
  const { parse } = await xmlReader()
  for (const page of ['/groups', '/e/energie/map?type=thematic&q=%3Cb%3E', '/g/hostile']) {
    const xml = await ask(app, { url: publicUrl + page, format: 'xml' })
    t.match(xml, { statusCode: 200, headers: { 'content-type': 'text/xml; charset=utf-8', 'access-control-allow-origin': '*' } })
    const json = (await ask(app, { url: publicUrl + page, format: 'json' })).json()
    const clean = JSON.parse(JSON.stringify(json).replaceAll('\\u0001', ''))
    t.same(parse(xml.body), Object.fromEntries(Object.entries(clean).map(([name, value]) => [name, String(value)])), page)
  }
  t.notMatch((await ask(app, { url: `${publicUrl}/g/hostile` })).json().html, /<script|<\/title>/)
})

t.test('what cannot be shown is refused, and told in both languages', async (t) => {
  const refused: [Record<string, string>, status: number, fr: RegExp, en: RegExp][] = [
    [{}, 400, /«.url.» est à remplir/, /“url” is needed/],
    [{ url: '' }, 400, /À remplir/, /empty/],
    [{ url: 'not an address' }, 400, /adresse web/, /web address/],
    [{ url: 'javascript:alert(1)' }, 400, /adresse web/, /web address/],
    [{ url: `${publicUrl}/groups?type=club` }, 400, /thematic, territorial, support/, /Accepted: thematic/],
    [{ url: `${publicUrl}/groups?colour=red` }, 400, /colour/, /colour/],
    [{ url: `${publicUrl}/groups?sort=distance` }, 400, /point de départ/, /starting point/],
    [{ url: `${publicUrl}/groups`, maxwidth: 'wide' }, 400, /nombre entier/, /whole number/],
    [{ url: `${publicUrl}/groups`, maxheight: '0' }, 400, /moins 1/, /least 1/],
    [{ url: 'https://elsewhere.example/groups' }, 404, /ce serveur/, /this server/],
    [{ url: 'http://archipel.example:81/groups' }, 404, /ce serveur/, /this server/],
    [{ url: publicUrl }, 404, /liste, d’une carte/, /list, a map/],
    [{ url: `${publicUrl}/about` }, 404, /liste, d’une carte/, /list, a map/],
    [{ url: `${publicUrl}/groups.json` }, 404, /liste, d’une carte/, /list, a map/],
    [{ url: `${publicUrl}/e/%E0%A4%A` }, 404, /liste, d’une carte/, /list, a map/],
    [{ url: `${publicUrl}/e/zzz` }, 404, /mot-clé/, /keyword/],
    [{ url: `${publicUrl}/g/nobody` }, 404, /nobody/, /nobody/],
    [{ url: `${publicUrl}/g/epave` }, 404, /epave/, /epave/],
    [{ url: `${publicUrl}/groups`, format: 'yaml' }, 501, /json et xml/, /json and xml/],
  ]
  for (const [query, status, fr, en] of refused) {
    for (const [lang, words] of [
      ['fr', fr],
      ['en', en],
    ] as const) {
      const answer = await ask(app, query, { 'accept-language': lang })
      t.match(answer, { statusCode: status, headers: { 'content-type': /^application\/problem\+json/ } }, JSON.stringify(query))
      t.match(answer.body, words, `${lang} ${JSON.stringify(query)}`)
    }
  }
  t.equal(
    (await ask(app, { url: 'https://archipel.example/groups', dnt: '1', omitscript: 'true' })).statusCode,
    200,
    'parameters of others are ignored',
  )
  const repeated = await app.inject(`/oembed?url=${encodeURIComponent(publicUrl)}&url=x`)
  t.equal(repeated.statusCode, 400)
})

t.test('every page that can be shown says so, in its head and in its header', async (t) => {
  for (const page of [
    '/groups',
    '/groups?q=jardin&type=territorial&size=2',
    '/e/energie',
    '/e/balise?type=support',
    '/map?wanted=1',
    '/e/energie/map',
    '/g/hostile',
  ]) {
    const { body, headers } = await app.inject(page)
    const links = [...body.matchAll(/<link rel="alternate" type="([^"]+\+oembed)" href="([^"]+)">/g)].map(([, type, href]) => ({
      type,
      href: plain(href!),
    }))
    t.same(
      links.map(({ type }) => type),
      ['application/json+oembed', 'text/xml+oembed'],
      page,
    )
    for (const { href, type } of links) {
      t.match(headers.link, `<${href}>; rel="alternate"; type="${type}"`)
      t.equal(new URL(href).origin, publicUrl)
      t.equal(new URL(href).searchParams.get('url'), publicUrl + page)
      const answer = await app.inject(href.slice(publicUrl.length))
      t.equal(String(answer.headers['content-type']).split(';')[0], type!.replace('+oembed', ''))
      t.equal(answer.statusCode, 200)
    }
  }
  for (const page of ['/', '/ecosystems', '/about', '/g/hostile/print', '/widgets', '/groups?type=club'])
    t.notMatch((await app.inject(page)).body, '+oembed', page)
})

t.test('a consumer of others finds its way from the page to the frame', async (t) => {
  const origin = await serve(t)
  const oembetter = load('oembetter')()
  const protocol = load('oembetter/oembed.js')
  t.teardown(() => protocol.setForceXml(false))
  oembetter.allowlist(['127.0.0.1'])
  // biome-ignore lint/suspicious/noExplicitAny: the package has no types.
  const fetch = (url: string, options: object): Promise<any> =>
    new Promise((resolve, reject) => oembetter.fetch(url, options, (error: unknown, answer: object) => (error ? reject(error) : resolve(answer))))
  for (const xml of [false, true]) {
    protocol.setForceXml(xml)
    for (const page of ['/groups?type=territorial', '/e/energie', '/map', '/e/energie/map?q=jardin', '/g/jardin-de-la-rade']) {
      const told = await fetch(origin + page, { maxwidth: 500 })
      t.match(told, { type: 'rich', title: /./, width: 500, provider_name: 'Archipel' }, page)
      t.equal(told._xml, xml || undefined, 'in the format asked for')
      const frame = new URL(attribute(told.html, 'src'))
      t.equal(frame.origin, origin)
      const shown = await globalThis.fetch(frame)
      t.equal(shown.status, 200)
      t.match(shown.headers.get('content-security-policy'), 'frame-ancestors *')
    }
  }
  await t.rejects(fetch('http://localhost/groups', {}), /allowed domain/, 'its own list is what let it in')
  await t.rejects(fetch(`${origin}/about`, {}), 'a page that offers nothing')
})

async function ask(app: FastifyInstance, query: Record<string, string>, headers: Record<string, string> = {}) {
  return app.inject({ url: `/oembed?${new URLSearchParams(query)}`, headers })
}

/** The site at an address that it knows for its own. */
async function serve(t: Test): Promise<string> {
  let app: FastifyInstance | undefined
  const server = createServer((request, response) => app!.routing(request, response))
  t.teardown(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  app = await build(t, db, { publicUrl: origin })
  await app.ready()
  return origin
}

/** Not the library that writes it. */
async function xmlReader(): Promise<{ parse: (xml: string) => Record<string, string> }> {
  const { XMLParser } = createRequire(load.resolve('oembetter'))('fast-xml-parser')
  const parser = new XMLParser({ parseTagValue: false, ignoreDeclaration: true })
  return { parse: (xml) => parser.parse(xml).oembed }
}

function attribute(html: string, name: string): string {
  return plain(new RegExp(` ${name}="([^"]*)"`).exec(html)?.[1] ?? '')
}

function plain(html: string): string {
  return html.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
}
