import t from 'tap'
import { preferredType } from '../../server/http/accept.ts'
import { isKnown } from '../../server/http/cache.ts'
import { buildFrame } from './build.ts'

let revision = 1
const app = await buildFrame(t, {
  routes: (app) => {
    app.get('/thing.json', async (request, reply) => {
      if (isKnown(request, reply, { of: ['thing', revision], modified: '2026-03-12T10:00:00.900Z' })) return reply.code(304).send()
      return { revision }
    })
    app.get('/spoken.json', async (request, reply) =>
      isKnown(request, reply, { of: ['spoken'], byLanguage: true }) ? reply.code(304).send() : { hello: request.locale },
    )
  },
})

async function ask(url: string, headers: Record<string, string> = {}) {
  return app.inject({ url, headers })
}

t.test('an answer says its version, and is not sent again while it holds', async (t) => {
  revision = 1
  const first = await ask('/thing.json')
  t.match(first, {
    statusCode: 200,
    headers: { 'cache-control': 'no-cache', 'last-modified': 'Thu, 12 Mar 2026 10:00:00 GMT', etag: /^W\/"[\w-]{22}"$/ },
  })
  const etag = String(first.headers.etag)
  for (const known of [etag, etag.slice(2), `"other", ${etag}`, `${etag}, "other"`, '*']) {
    const again = await ask('/thing.json', { 'if-none-match': known })
    t.match(again, { statusCode: 304, body: '', headers: { etag, 'access-control-allow-origin': '*', vary: /accept-encoding/i } }, known)
  }
  for (const other of ['', '"other"', etag.slice(0, -2), `W/${etag}`])
    t.equal((await ask('/thing.json', { 'if-none-match': other })).statusCode, 200, other)
  revision = 2
  const second = await ask('/thing.json', { 'if-none-match': etag })
  t.match(second, { statusCode: 200, body: '{"revision":2}' })
  t.not(second.headers.etag, etag)
})

t.test('a date alone is too coarse to say that nothing changed', async (t) => {
  t.equal((await ask('/thing.json', { 'if-modified-since': 'Fri, 13 Mar 2026 10:00:00 GMT' })).statusCode, 200)
})

t.test('what speaks has a version a language, and says so', async (t) => {
  const [fr, en] = [await ask('/spoken.json', { 'accept-language': 'fr' }), await ask('/spoken.json', { 'accept-language': 'en' })]
  t.not(fr.headers.etag, en.headers.etag)
  t.match(fr.headers.vary, /Accept-Language, Cookie/)
  t.equal((await ask('/spoken.json', { 'accept-language': 'en', 'if-none-match': String(fr.headers.etag) })).statusCode, 200)
  t.equal((await ask('/spoken.json', { 'accept-language': 'fr', 'if-none-match': String(fr.headers.etag) })).statusCode, 304)
  t.notMatch((await ask('/thing.json')).headers.vary, /Language|Cookie/)
})

t.test('HEAD says the same without the body', async (t) => {
  const [get, head] = [await ask('/thing.json'), await app.inject({ method: 'HEAD', url: '/thing.json' })]
  const told = ({ headers }: typeof get) => ({ ...headers, 'x-request-id': '', date: '' })
  t.same(told(head), told(get))
  t.equal(head.body, '')
})

t.test('OPTIONS says what may be asked, and lets scripts of other sites ask the twins', async (t) => {
  const twin = await app.inject({
    method: 'OPTIONS',
    url: '/thing.json',
    headers: { origin: 'https://x.org', 'access-control-request-method': 'GET' },
  })
  t.match(twin, {
    statusCode: 204,
    body: '',
    headers: {
      allow: 'GET, HEAD, OPTIONS',
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, OPTIONS',
      'access-control-allow-headers': /If-None-Match/,
      'access-control-expose-headers': 'ETag, Link',
      'access-control-max-age': '86400',
    },
  })
  const page = await app.inject({ method: 'OPTIONS', url: '/' })
  t.match(page, { statusCode: 204, headers: { allow: 'GET, HEAD, OPTIONS' } })
  t.equal(page.headers['access-control-allow-methods'], undefined)
  t.equal((await app.inject({ method: 'OPTIONS', url: '/nowhere/at/all' })).statusCode, 404)
  t.match(await app.inject({ method: 'DELETE', url: '/thing.json' }), { statusCode: 405 })
})

t.test('the type that is liked best', async (t) => {
  const ours = ['text/html', 'application/ld+json', 'application/json'] as const
  const cases: [string | undefined, string][] = [
    [undefined, 'text/html'],
    ['', 'text/html'],
    ['*/*', 'text/html'],
    ['image/png', 'text/html'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html'],
    ['application/json', 'application/json'],
    ['application/ld+json', 'application/ld+json'],
    ['application/ld+json, application/json', 'application/ld+json'],
    ['application/json, application/ld+json;q=0.9', 'application/json'],
    ['application/*', 'application/ld+json'],
    ['text/html;q=0.1, */*;q=0.5', 'application/ld+json'],
    ['text/*;q=0.1, application/json;q=0.2', 'application/json'],
    ['APPLICATION/LD+JSON; Q=0.4, text/html;q=0.3', 'application/ld+json'],
    ['text/html;q=0, application/json;q=0.1', 'application/json'],
    ['application/json;q=NaN, text/html;q=0.1', 'text/html'],
    [`${'x/y,'.repeat(10_000)}application/json`, 'text/html'],
  ]
  for (const [accept, type] of cases) t.equal(preferredType(accept, ours), type, String(accept).slice(0, 60))
})
