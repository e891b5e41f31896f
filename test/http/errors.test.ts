import t from 'tap'
import { badRequest, gone } from '../../server/errors.ts'
import { validatorFor } from '../../server/schema.ts'
import { buildFrame } from './build.ts'

const query = { querystring: { $ref: '/schemas/group-query.json' } }

async function build(test: Parameters<typeof buildFrame>[0]) {
  return buildFrame(test, {
    routes: (app) => {
      app.get('/groups', { schema: query }, async (request) => request.query)
      app.get('/groups.json', { schema: query }, async (request) => request.query)
      app.get('/g/:shortName', async () => {
        throw gone()
      })
      app.get('/fails', async () => {
        throw new Error('a secret: hunter2')
      })
      app.post('/preferences', async () => ({}))
      app.post('/api/groups', { schema: { body: { $ref: '/schemas/group.json' } } }, async () => ({}))
      app.get('/file', async () => {
        throw badRequest([{ field: 'name', message: { key: 'error.field.other' }, line: 7 }])
      })
    },
  })
}

t.test('a page for people, in their language', async (t) => {
  const app = await build(t)
  const fr = await app.inject('/nowhere')
  t.equal(fr.statusCode, 404)
  t.match(fr.headers, { 'content-type': 'text/html; charset=utf-8', 'content-language': 'fr', 'cache-control': 'no-store' })
  t.match(fr.body, '<h1>Cette page n’existe pas</h1>')
  t.match(fr.body, String(fr.headers['x-request-id']))
  const en = await app.inject({ url: '/g/x', headers: { 'accept-language': 'en' } })
  t.equal(en.statusCode, 410)
  t.match(en.body, '<h1>This page was deleted</h1>')
  t.match(en.body, '<html lang="en">')
})

t.test('problem+json for programs, valid by its schema', async (t) => {
  const app = await build(t)
  const check = validatorFor('/schemas/problem.json')
  const asked = [
    { url: '/nowhere.json' },
    { url: '/api/nowhere' },
    { url: '/schemas/nowhere' },
    { url: '/g/x', headers: { accept: 'application/json' } },
    { url: '/id/1', headers: { accept: 'application/ld+json, text/html;q=0.5' } },
    { url: '/fails', headers: { accept: 'application/problem+json' } },
    { url: '/%ff', headers: { accept: 'application/json' } },
  ]
  for (const request of asked) {
    const answer = await app.inject(request)
    t.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8', request.url)
    t.same(check(answer.json()), [])
    t.equal(answer.json().status, answer.statusCode)
    t.equal(answer.json().instance, answer.headers['x-request-id'])
  }
  for (const accept of ['*/*', 'text/html,application/xhtml+xml,*/*;q=0.8', 'text/html, application/json', 'image/png']) {
    t.match((await app.inject({ url: '/nowhere', headers: { accept } })).headers['content-type'], 'text/html')
  }
})

t.test('addresses for programs never answer with a page, identifiers only to who reads pages', async (t) => {
  const app = await build(t)
  const typeOf = async (url: string, accept?: string) =>
    String((await app.inject({ url, headers: accept === undefined ? {} : { accept } })).headers['content-type']).split(';')[0]
  const reader = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
  for (const ending of ['json', 'geojson', 'jsonld', 'ndjson', 'csv', 'atom'])
    for (const accept of [undefined, '*/*', reader]) t.equal(await typeOf(`/nowhere.${ending}`, accept), 'application/problem+json', ending)
  for (const url of ['/api/x', '/schemas/x', '/nodeinfo/9', '/.well-known/x', '/changes', '/oembed', '/healthz'])
    t.equal(await typeOf(url, '*/*'), 'application/problem+json', url)
  for (const accept of [undefined, '*/*', 'image/png', 'application/json, text/html;q=0.9'])
    t.equal(await typeOf('/id/1', accept), 'application/problem+json', String(accept))
  for (const accept of [reader, 'text/*', 'text/html, application/json']) t.equal(await typeOf('/id/1', accept), 'text/html', accept)
})

t.test('every wrong parameter is named, in both faces', async (t) => {
  const app = await build(t)
  const url = '?type=orange&type=b&size=1000&foo=1&near=x&lang=en'
  const page = await app.inject(`/groups${url}`)
  t.equal(page.statusCode, 400)
  for (const field of ['type', 'size', 'foo', 'near']) t.match(page.body, `<code>${field}</code>`)
  t.match(page.body, 'Accepted: thematic, territorial, support.')
  const twin = (await app.inject(`/groups.json${url}`)).json()
  t.same(twin.errors.map(({ field }: { field: string }) => field).sort(), ['foo', 'near', 'size', 'type'])
  t.equal(twin.type, 'urn:problem-type:archipel:bad-request')
})

t.test('addresses are read with coercion, bodies without', async (t) => {
  const app = await build(t)
  t.same((await app.inject('/groups.json?type=support&size=10')).json(), { type: ['support'], size: 10 })
  const body = { name: 3, summary: 's', type: 'support', shortName: 'abc', extra: true }
  const answer = await app.inject({ method: 'POST', url: '/api/groups', payload: body })
  t.same(
    answer
      .json()
      .errors.map(({ field }: { field: string }) => field)
      .sort(),
    ['extra', 'name'],
  )
})

t.test('bad input never gives a 500', async (t) => {
  const app = await build(t)
  const many = Array.from({ length: 5000 }, (_, index) => `keyword=k${index}`).join('&')
  const wanted: [string, number][] = [
    ['/groups?q=l%27%C3%A9lec', 200],
    ['/groups?q=AND+%22+%25+%00', 200],
    [`/groups?q=${'x'.repeat(10_000)}`, 200],
    ['/groups?q=%ff%fe', 200],
    ['/groups?q=%', 200],
    ['/groups?q=a&q=b', 400],
    ['/groups?__proto__=1', 400],
    ['/groups?constructor[x]=1', 400],
    [`/groups?${many.slice(0, 39_000)}`, 400],
    [`/groups?${many}`, 414],
    [`/groups?q=${'x'.repeat(40_000)}`, 414],
    [`/g/${'x'.repeat(5000)}`, 414],
    ['/%', 400],
    ['/%ff', 400],
    ['/g/%c3%28', 400],
    ['/constructor', 404],
    ['/groups/%00', 404],
  ]
  for (const [url, status] of wanted) {
    const answer = await app.inject(url)
    t.equal(answer.statusCode, status, url.slice(0, 60))
    t.match(answer.headers['content-security-policy'], "frame-ancestors 'none'")
    t.notMatch(answer.body, /href="(\/\/|\/\\)/)
  }
})

t.test('a failure says nothing of itself', async (t) => {
  const answer = await (await build(t)).inject('/fails')
  t.equal(answer.statusCode, 500)
  t.notMatch(answer.body, /hunter2|\.ts|Error:/)
  t.match(answer.body, 'Quelque chose s’est mal passé ici')
})

t.test('another method, another type, too much', async (t) => {
  const app = await build(t)
  const wrong = await app.inject({ method: 'DELETE', url: '/g/abc' })
  t.equal(wrong.statusCode, 405)
  t.equal(wrong.headers.allow, 'GET, HEAD, OPTIONS')
  t.equal((await app.inject({ method: 'GET', url: '/preferences' })).statusCode, 405)
  t.equal((await app.inject({ method: 'DELETE', url: '/nowhere' })).statusCode, 404)
  const post = (payload: string, type: string) => app.inject({ method: 'POST', url: '/api/groups', payload, headers: { 'content-type': type } })
  t.equal((await post('<a/>', 'application/xml')).statusCode, 415)
  t.equal((await post('{', 'application/json')).statusCode, 400)
  t.equal((await post('', 'application/json')).statusCode, 400)
  t.equal((await post(JSON.stringify('x'.repeat(1_100_000)), 'application/json')).statusCode, 413)
})

t.test('a line of a file is told', async (t) => {
  const answer = await (await build(t)).inject({ url: '/file', headers: { accept: 'application/json' } })
  t.same(answer.json().errors, [{ field: 'name', message: 'Cette valeur n’est pas acceptée.', line: 7 }])
})
