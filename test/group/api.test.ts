import t from 'tap'
import { validatorFor } from '../../server/schema.ts'
import { eachEngine } from '../engines.ts'
import { build, openDb, openSqlite, publicUrl } from '../helper.ts'
import { fill } from '../world.ts'

interface List {
  total: number
  items: { shortName: string }[]
  next: string | null
}

await eachEngine(t, 'the groups, page after page, as the twins say them', async (t, open) => {
  const db = await openDb(t, await open())
  await fill(db, 5)
  const app = await build(t, db)
  const seen: string[] = []
  for (let path: string | undefined = '/api/groups?size=3&lang=en'; path; ) {
    const list: List = (await app.inject(path)).json()
    seen.push(...list.items.map(({ shortName }) => shortName))
    t.ok(list.next === null || list.next.startsWith(`${publicUrl}/api/groups?`), 'the next page is of the API')
    path = list.next?.slice(publicUrl.length)
  }
  const twin: List = (await app.inject('/groups.json?size=100&lang=en')).json()
  t.same(
    seen,
    twin.items.map(({ shortName }) => shortName),
  )
  t.equal(seen.length, twin.total)
  t.same({ ...(await app.inject('/api/groups?size=100&lang=en')).json() }, twin)
  t.same((await app.inject('/api/groups/jardin-de-la-rade')).json(), (await app.inject('/g/jardin-de-la-rade.json')).json())
  t.same((await app.inject('/api/ecosystems')).json(), (await app.inject('/ecosystems.json')).json())
})

t.test('a group that moved, was deleted or never was', async (t) => {
  const db = await openSqlite(t)
  await fill(db, 0)
  const app = await build(t, db)
  t.match(await app.inject('/api/groups/vieux-port'), { statusCode: 308, headers: { location: '/api/groups/nouveau-port' } })
  t.match(await app.inject('/api/groups/Nouveau-Port'), { statusCode: 308, headers: { location: '/api/groups/nouveau-port' } })
  t.equal((await app.inject('/api/groups/epave')).statusCode, 410)
  t.equal((await app.inject('/api/groups/nobody')).statusCode, 404)
  t.notMatch((await app.inject('/api/groups/jardin-de-la-rade')).body, 'tracking', 'what is kept for insiders stays inside')
})

t.test('every error is a problem, whatever is asked for and accepted', async (t) => {
  const app = await build(t, await openSqlite(t))
  const check = validatorFor('/schemas/problem.json')
  const asked = [
    ['GET', '/api/nothing', 404],
    ['GET', '/api/', 404],
    ['GET', '/api/groups/nobody', 404],
    ['GET', '/api/groups/nobody/more', 404],
    ['GET', '/api/groups?colour=red&size=0&near=x', 400],
    ['GET', '/api/groups?sort=distance', 400],
    ['GET', '/api/groups?after=e30', 400],
    ['GET', '/api/groups?place=%ff', 400],
    ['GET', '/api/ecosystems?q=x', 400],
    ['GET', '/api/groups/%E0%A4%A', 400],
    ['GET', `/api/groups?q=${'x'.repeat(41_000)}`, 414],
    ['POST', '/api/groups', 401],
    ['PUT', '/api/groups/nobody', 401],
    ['DELETE', '/api/ecosystems', 405],
    ['PATCH', '/api/openapi.json', 405],
    ['TRACE', '/api/groups', 405],
    ['PROPFIND', '/api/groups', 405],
    ['POST', '/api/nothing', 404],
  ] as const
  for (const [method, url, status] of asked) {
    const answer = await app.inject({ method: method as 'GET', url, headers: { accept: 'text/html' } })
    const name = `${method} ${url.slice(0, 60)}`
    t.equal(answer.statusCode, status, name)
    t.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8', name)
    t.equal(answer.headers['access-control-allow-origin'], '*', name)
    t.same(check(answer.json()), [], name)
    if (status === 405) t.match(answer.headers.allow, /\bGET\b.*\bHEAD\b/, name)
  }
})

t.test('problems speak the language of whoever asks, and name what is wrong', async (t) => {
  const app = await build(t, await openSqlite(t))
  const url = '/api/groups?colour=red'
  t.match((await app.inject({ url, headers: { 'accept-language': 'fr' } })).json(), { errors: [{ field: 'colour', message: /enlevez-le/ }] })
  t.match((await app.inject({ url, headers: { 'accept-language': 'en' } })).json(), { errors: [{ field: 'colour', message: /remove it/ }] })
})

t.test('HEAD is GET without its body, and what is known is not sent again', async (t) => {
  const db = await openSqlite(t)
  await fill(db, 0)
  const app = await build(t, db)
  for (const url of ['/api/groups', '/api/groups/jardin-de-la-rade', '/api/ecosystems']) {
    const got = await app.inject(url)
    const head = await app.inject({ method: 'HEAD', url })
    t.match(head, { statusCode: 200, body: '' }, url)
    for (const name of ['etag', 'content-type', 'vary', 'cache-control', 'content-length'])
      t.equal(head.headers[name], got.headers[name], `${url} ${name}`)
    t.match(await app.inject({ url, headers: { 'if-none-match': String(got.headers.etag) } }), { statusCode: 304, body: '' }, url)
    t.equal(got.headers['set-cookie'], undefined)
  }
})
