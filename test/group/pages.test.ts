import t, { type Test } from 'tap'
import { deleteGroup } from '../../server/group/actions.ts'
import { findGroup } from '../../server/group/queries.ts'
import { headersFor, pathOf } from '../../server/http/security-headers.ts'
import { validatorFor } from '../../server/schema.ts'
import { build, now, openSqlite, publicUrl } from '../helper.ts'
import { fill } from '../world.ts'

const db = await openSqlite(t)
const { deletedId } = await fill(db)
const app = await build(t, db)
const idOf = async (name: string) => (await findGroup(db, name))!.id
const names = (body: { items: { shortName: string }[] }) => body.items.map(({ shortName }) => shortName)

/** A page's source, with its addresses as a browser reads them. */
async function html(url: string): Promise<string> {
  return (await app.inject(url)).body.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
}

t.test('a group moved, released or deleted is still found at its old addresses', async (t) => {
  const moves = {
    '/jardin-de-la-rade': '/g/jardin-de-la-rade',
    '/vieux-port': '/g/nouveau-port',
    '/g/vieux-port': '/g/nouveau-port',
    '/vieux-port?lang=en': '/g/nouveau-port?lang=en',
    '/g/vieux-port.json?lang=en': '/g/nouveau-port.json?lang=en',
    '/g/Vieux-Port': '/g/nouveau-port',
    '/g/NOUVEAU-PORT': '/g/nouveau-port',
    '/g/vieux-port.json': '/g/nouveau-port.json',
    '/g/vieux-port/banner.svg': '/g/nouveau-port/banner.svg',
  }
  for (const [from, to] of Object.entries(moves)) t.match(await app.inject(from), { statusCode: 308, headers: { location: to } }, from)
  for (const url of ['/epave', '/g/epave', '/g/epave.json', '/g/epave/banner.svg', `/id/${deletedId}`]) {
    t.equal((await app.inject(url)).statusCode, 410, url)
  }
  for (const url of ['/nobody', '/g/nobody', '/g/nobody.json', '/id/nobody', '/g/', '/g/%E2%98%83', '/id/%00', '/g/%00']) {
    t.equal((await app.inject(url)).statusCode, 404, url)
  }
  t.match((await app.inject('/g/nobody')).body, /Aucun groupe ne s’appelle «\snobody\s»/)
})

t.test('the identity leads to the page or to the data, by what is accepted', async (t) => {
  const url = `/id/${await idOf('jardin-de-la-rade')}`
  const to = async (accept?: string) => {
    const { statusCode, headers } = await app.inject({ url, headers: accept ? { accept } : {} })
    t.equal(statusCode, 303)
    t.match(headers.vary, /accept/i)
    return headers.location
  }
  for (const accept of [undefined, '*/*', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'])
    t.equal(await to(accept), '/g/jardin-de-la-rade', String(accept))
  for (const accept of ['application/json', 'application/ld+json']) t.match(await to(accept), /^\/g\/jardin-de-la-rade\.json(ld)?$/, accept)
})

t.test('the page of a group', async (t) => {
  const fr = (await app.inject('/g/jardin-de-la-rade')).body
  for (const shown of ['<h1 lang="fr" dir="ltr">Jardin de la rade</h1>', 'Rejoindre', 'https://jardin.example/liste', 'Venez un samedi.'])
    t.match(fr, shown)
  t.match(fr, '<strong>récolte</strong>')
  t.match(fr, 'href="/e/energie"')
  const en = (await app.inject('/g/jardin-de-la-rade?lang=en')).body
  t.match(en, '<html lang="en">')
  t.match(en, 'Join this group')
  t.match(en, 'Brest, France')
  t.match(en, 'a facilitator')
})

t.test('what is for insiders is shown nowhere', async (t) => {
  const hidden = /jardin\.example\/suivi|phare\.example\/cuisine/
  const twins = ['json', 'csv', 'geojson', 'atom'].flatMap((twin) => [`/groups.${twin}?activity=any`, `/e/energie.${twin}`])
  const records = ['', '.json', '.jsonld', '/print'].flatMap((face) => [`/g/jardin-de-la-rade${face}`, `/g/phare-citoyen${face}`])
  const lists = [
    '/',
    '/groups',
    '/e/energie',
    '/e/energie.jsonld',
    '/groups?q=suivi',
    '/groups?q=cuisine',
    '/api/groups',
    '/api/groups/phare-citoyen',
  ]
  for (const url of [...twins, ...records, ...lists]) {
    const { statusCode, body } = await app.inject(url)
    t.equal(statusCode, 200, url)
    t.notMatch(body, hidden, url)
  }
  t.equal((await app.inject('/groups.json?q=cuisine')).json().total, 0, 'nor found by')
  t.match((await app.inject('/g/phare-citoyen')).body, 'https://phare.example/suivi-public', 'unless the group makes it public')
})

t.test('a text from right to left, another that would break out', async (t) => {
  const { body } = await app.inject('/g/nadi-sama')
  t.match(body, '<html lang="fr">')
  t.match(body, '<h1 lang="ar" dir="rtl">نادي السماء</h1>')
  t.match(body, '<div class="prose" lang="ar" dir="rtl">')
  t.notMatch(body, '<script>alert')
})

t.test('a meeting is shown until it is over', async (t) => {
  t.notMatch((await app.inject('/g/phare-citoyen')).body, 'Salle du passé')
  t.match((await app.inject('/g/nadi-sama')).body, 'datetime="2026-12-24T18:00:00.000Z"')
})

t.test('archived groups are left out, and the page says so', async (t) => {
  const body = await html('/groups?q=jardin')
  t.notMatch(body, 'Grenier des marées')
  t.match(body, 'href="/groups?q=jardin&activity=archived"')
  t.match(body, '1 groupe archivé')
  const archived = (await app.inject('/groups?q=jardin&activity=archived')).body
  t.match(archived, 'Grenier des marées')
  t.notMatch(archived, '1 groupe archivé')
  t.same(names((await app.inject('/groups.json?q=jardin')).json()), ['jardin-de-la-rade'])
  t.same(names((await app.inject('/groups.json?q=jardin&activity=any')).json()).sort(), ['grenier', 'jardin-de-la-rade'])
  t.match((await app.inject('/g/grenier')).body, 'il n’accueille plus')
})

t.test('“next” followed to the end gives every group once, in every order', async (t) => {
  for (const order of ['sort=name', 'sort=updated', 'sort=members', 'q=balise', 'near=48,-4&radius=900&sort=distance']) {
    const seen: string[] = []
    let first: { total: number } | undefined
    for (let path = `/groups.json?${order}&size=4`; path; ) {
      const page = (await app.inject(path)).json()
      first ??= page
      t.equal(page.total, first!.total)
      t.ok(!page.next || page.next.startsWith(`${publicUrl}/groups.json?`))
      seen.push(...names(page))
      path = page.next?.slice(publicUrl.length)
    }
    t.equal(seen.length, first!.total, order)
    t.equal(new Set(seen).size, seen.length, order)
  }
})

t.test('“next” of the page goes on with the same choices', async (t) => {
  const seen: string[] = []
  for (let path: string | undefined = '/groups?q=balise&sort=members&size=7&lang=en'; path; ) {
    const body = await html(path)
    seen.push(...[...body.matchAll(/<h3[^>]*><a href="\/g\/([^"]+)"/g)].map(([, name]) => name!))
    path = /<a class="button" href="([^"]+)" rel="next"/.exec(body)?.[1]
    if (path) t.match(path, /^\/groups\?q=balise&sort=members&size=7&after=/)
  }
  t.equal(seen.length, 30)
  t.equal(new Set(seen).size, 30)
})

t.test('a page is not lost when groups come and go', async (t) => {
  const db = await openSqlite(t)
  await fill(db)
  const app = await build(t, db)
  const first = (await app.inject('/groups.json?size=5')).json()
  await deleteGroup(db, (await findGroup(db, first.items[4].shortName))!, { at: now, via: 'command' })
  const second = (await app.inject(first.next.slice(publicUrl.length))).json()
  t.equal(second.items.length, 5)
  t.notOk(names(second).some((name) => names(first).includes(name)))
})

t.test('machine answers are what their schemas say', async (t) => {
  const asked = {
    '/groups.json': 'group-list',
    '/groups.json?near=48,-4&lang=en': 'group-list',
    '/groups.json?q=zzz': 'group-list',
    '/e/energie.json': 'group-list',
    '/e/balise.json?size=3': 'group-list',
    '/ecosystems.json': 'ecosystem-list',
    '/g/jardin-de-la-rade.json': 'group-record',
    '/g/nadi-sama.json?lang=fr': 'group-record',
  }
  for (const [url, schema] of Object.entries(asked)) {
    const answer = await app.inject(url)
    t.equal(answer.statusCode, 200)
    t.same(validatorFor(`/schemas/${schema}.json`)(answer.json()), [], url)
    t.match(answer.headers, { 'access-control-allow-origin': '*', 'content-type': 'application/json; charset=utf-8' }, url)
  }
})

// What cannot be understood, and the parameter that the answer must name.
const many = Array.from({ length: 5000 }, (_, at) => `keyword=k${at}`).join('&')
const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const bad: [query: string, named: string | undefined, status?: number][] = [
  ['foo=1', 'foo'],
  ['Q=x', 'Q'],
  ['page=2', 'page'],
  ['type=club', 'type'],
  ['type=support&type=club', 'type'],
  ['activity=dead', 'activity'],
  ['country=fr', 'country'],
  ['region=Bretagne', 'region'],
  ['language=français', 'language'],
  ['wanted=2', 'wanted'],
  ['sort=best', 'sort'],
  ['sort=distance', 'sort'],
  ['radius=5', 'radius'],
  ['near=48', 'near'],
  ['near=95,0', 'near'],
  ['near=48,-4&radius=0', 'radius'],
  ['near=48,-4&radius=100000', 'radius'],
  ['bbox=1,2,3', 'bbox'],
  ['bbox=0,50,10,40', 'bbox'],
  ['bbox=-181,0,0,1', 'bbox'],
  ['size=0', 'size'],
  ['size=101', 'size'],
  ['size=many', 'size'],
  ['lang=de', 'lang'],
  ['q=a&q=b', 'q'],
  ['type=%ff%fe', 'type'],
  ['%ff=1', '%ff'],
  ['after=x', 'after'],
  ['after=%20', 'after'],
  ['after=e30', 'after'],
  [`after=${cursor(['name', 'x', 'a\0a'])}`, 'after'],
  [`after=${cursor(['name', 0])}`, 'after'],
  [`sort=members&after=${cursor(['name', 0, 'a\0a'])}`, 'after'],
  [`q=x&after=${cursor(['name', 0, 'a\0a'])}`, 'after'],
  [many.slice(0, 39_000), 'keyword'],
  [many, undefined, 414],
]

t.test('what is wrong is named, to people and to programs', async (t) => {
  for (const [query, named, status = 400] of bad) {
    for (const lang of ['fr', 'en']) {
      const page = await app.inject({ url: `/groups?${sent(query)}`, headers: { 'accept-language': lang } })
      const label = `${lang} ${query.slice(0, 40)}`
      t.equal(page.statusCode, status, label)
      t.match(page.body, `<html lang="${lang}">`, label)
      if (named) t.match(page.body, `<code>${named}</code>`, label)
    }
    const twin = await app.inject(`/groups.json?${sent(query)}`)
    t.equal(twin.headers['content-type'], 'application/problem+json; charset=utf-8')
    t.same(validatorFor('/schemas/problem.json')(twin.json()), [])
    if (named)
      t.ok(
        faults(twin.json()).some((field) => field === named),
        `${named} among ${faults(twin.json())}`,
      )
  }
})

t.test('two wrong things are both named, and what is right is not', async (t) => {
  const twin = (await app.inject('/groups.json?type=club&foo=1&country=FR&size=3')).json()
  t.same(faults(twin).sort(), ['foo', 'type'])
})

t.test('the house’s headers are on every answer', async (t) => {
  const urls = ['/groups', '/groups.json', '/groups?foo=1', '/groups.json?foo=1', '/g/epave', '/vieux-port', '/g/nobody.json', `/groups?${many}`]
  for (const url of [
    ...urls,
    '/g/%00',
    '/groups?q=%ff',
    '/groups?utm_source=x',
    `/id/${deletedId}`,
    '/g/jardin-de-la-rade/banner.svg',
    '/%',
    '/healthz',
  ])
    await hasHeaders(t, url)
})

t.test('HEAD is GET without the body, other methods are refused', async (t) => {
  for (const url of ['/groups', '/groups.json', '/g/jardin-de-la-rade', '/vieux-port', '/g/epave', '/groups?foo=1']) {
    const [head, get] = [await app.inject({ method: 'HEAD', url }), await app.inject(url)]
    t.equal(head.statusCode, get.statusCode, url)
    t.equal(head.body, '', url)
    t.equal(head.headers['content-type'], get.headers['content-type'], url)
  }
  t.match(await app.inject({ method: 'DELETE', url: '/g/jardin-de-la-rade' }), { statusCode: 405, headers: { allow: /GET/ } })
})

t.test('a banner of its own for each group, the same each time', async (t) => {
  const [one, again, other] = await Promise.all(
    ['jardin-de-la-rade', 'jardin-de-la-rade', 'phare-citoyen'].map((name) => app.inject(`/g/${name}/banner.svg`)),
  )
  t.equal(one!.headers['content-type'], 'image/svg+xml')
  t.equal(one!.body, again!.body)
  t.not(one!.body, other!.body)
  t.match(one!.body, /^<svg[^>]+width="1920" height="160"/)
})

function faults(problem: { errors?: { field: string }[] }): string[] {
  return (problem.errors ?? []).map(({ field }) => field)
}

/** As a browser would send it. */
function sent(query: string): string {
  return query.includes('%') ? query : encodeURI(query)
}

async function hasHeaders(t: Test, url: string): Promise<void> {
  const { headers } = await app.inject(url)
  for (const [name, value] of Object.entries(headersFor(pathOf(url), { publicUrl }))) t.equal(headers[name], value, `${name} of ${url.slice(0, 40)}`)
  t.match(headers['x-request-id'], /^[\w-]{12}$/)
}
