import { once } from 'node:events'
import type { IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { buildApp } from '../../server/app.ts'
import { readRetryAfter } from '../../server/net/answer.ts'
import { makeTestDeps, openSqlite, publicUrl } from '../helper.ts'
import { certificate, makeOutbound, serve, serveTls } from './servers.ts'

t.test('an answer says where it came from and what it is', async (t) => {
  const asked: IncomingHttpHeaders[] = []
  const port = await serve(t, (request, response) => {
    asked.push(request.headers)
    response.setHeader('content-type', 'Application/JSON; charset=utf-8').setHeader('etag', '"a"').end('{}')
  })
  const url = `http://peer.example:${port}/a%20b?c=%C3%A9`
  const outcome = await makeOutbound(t, [port]).fetch(`${url}#part`, { accept: 'application/json', headers: { 'X-Own': '1', Connection: 'close' } })
  t.match(outcome, { name: 'ok', url, status: 200, contentType: 'application/json', etag: '"a"', body: Buffer.from('{}') })
  t.match(asked, [{ host: `peer.example:${port}`, accept: 'application/json', 'x-own': '1', 'user-agent': `Archipel (+${publicUrl})` }])
  t.not(asked[0]!.connection, 'close')
})

t.test('statuses become outcomes', async (t) => {
  const port = await serve(t, (request, response) => {
    const status = Number(request.url!.slice(1))
    response.writeHead(status, { 'retry-after': '120', etag: '"b"' }).end(status === 204 ? undefined : 'text')
  })
  const outbound = makeOutbound(t, [port])
  const ask = (status: number, more = {}) => outbound.fetch(`http://peer.example:${port}/${status}`, more)
  t.match(await ask(204), { name: 'ok', status: 204, body: Buffer.alloc(0) })
  t.match(await ask(200, { method: 'HEAD' }), { name: 'ok', body: Buffer.alloc(0) })
  t.match(await ask(304, { ifNoneMatch: '"b"' }), { name: 'not-modified', etag: '"b"' })
  t.match(await ask(304), { name: 'http-error', status: 304 }, 'nobody asked for that')
  for (const status of [300, 400, 404, 410, 500]) t.match(await ask(status), { name: 'http-error', status })
  t.match(await ask(429), { name: 'http-error', status: 429, retryAfter: 120 })
})

t.test('conditions are sent, unless they could not stand in a header', async (t) => {
  const asked: IncomingHttpHeaders[] = []
  const port = await serve(t, (request, response) => response.end(String(asked.push(request.headers))))
  const outbound = makeOutbound(t, [port])
  await outbound.fetch(`http://peer.example:${port}/`, { ifNoneMatch: 'W/"a"', ifModifiedSince: 'Sat, 21 Nov 2026 12:00:00 GMT' })
  await outbound.fetch(`http://peer.example:${port}/`, { ifNoneMatch: '"a"\r\nx-injected: 1' })
  t.match(asked[0], { 'if-none-match': 'W/"a"', 'if-modified-since': 'Sat, 21 Nov 2026 12:00:00 GMT' })
  t.notMatch(asked[1], { 'x-injected': String })
  t.notOk(asked[1]!['if-none-match'])
})

t.test('redirects are followed, at most three, and checked like the first address', async (t) => {
  const port = await serve(t, (request, response) => {
    const to = URL.parse(request.url!, 'http://peer.example')!.searchParams.get('to')
    if (to === null) response.end(request.url)
    else response.writeHead(302, to ? { location: to } : {}).end('moved')
  })
  const outbound = makeOutbound(t, [port])
  const home = `http://peer.example:${port}`
  const via = (...places: string[]) => `${home}/${places.reduceRight((to, place) => `?to=${encodeURIComponent(place + to)}`, '')}`
  t.match(await outbound.fetch(via('/end')), { name: 'ok', url: `${home}/end`, body: Buffer.from('/end') })
  t.match(await outbound.fetch(via('/', '/', '/end')), { name: 'ok', url: `${home}/end` })
  t.match(await outbound.fetch(via('/', '/', '/', '/end')), { name: 'too-many-redirects' })
  t.match(await outbound.fetch(via(`http://other.example:${port}/end`)), { name: 'ok', url: `http://other.example:${port}/end` })
  const refused: Record<string, string> = {
    [`http://127.0.0.2:${port}/`]: 'refused-address',
    [`http://[::1]:${port}/`]: 'refused-address',
    'http://127.0.0.1/': 'refused-address',
    '//localhost/': 'refused-address',
    'http://0x7f.2/': 'refused-address',
    'file:///etc/passwd': 'refused-scheme',
    'javascript:alert(1)': 'refused-scheme',
    [`http://user:secret@peer.example:${port}/`]: 'refused-userinfo',
    'http://peer.example:6379/': 'refused-port',
    'http://[': 'bad-redirect',
    '': 'bad-redirect',
  }
  for (const [to, name] of Object.entries(refused)) t.match(await outbound.fetch(via(to)), { name }, to)
  t.match(await outbound.fetch(via('/', 'http://127.0.0.2/')), { name: 'refused-address', url: 'http://127.0.0.2/' }, 'at the second hop')
})

t.test('a redirect to a name that resolves to somewhere private is refused', async (t) => {
  const port = await serve(t, (_request, response) => response.writeHead(307, { location: `http://inner.example:${port}/` }).end())
  const resolve = async (name: string) => [name === 'inner.example' ? '127.0.0.2' : '127.0.0.1']
  t.match(await makeOutbound(t, [port], { resolve }).fetch(`http://peer.example:${port}/`), {
    name: 'refused-address',
    url: `http://inner.example:${port}/`,
  })
})

t.test('a loop ends', async (t) => {
  let times = 0
  const port = await serve(t, (_request, response) => response.writeHead(301, { location: `/?${++times}` }).end())
  t.match(await makeOutbound(t, [port]).fetch(`http://peer.example:${port}/`), { name: 'too-many-redirects' })
  t.equal(times, 4)
})

t.test('from https nothing leads back to http', async (t) => {
  const plain = await serve(t, (_request, response) => response.end('plain'))
  const port = await serveTls(t, (request, response) =>
    request.url === '/same'
      ? response.end('safe')
      : response.writeHead(302, { location: request.url === '/down' ? `http://peer.example:${plain}/` : '/same' }).end(),
  )
  const outbound = makeOutbound(t, [port, plain], { ca: certificate })
  t.match(await outbound.fetch(`https://peer.example:${port}/`), { name: 'ok', body: Buffer.from('safe') })
  t.match(await outbound.fetch(`https://peer.example:${port}/down`), { name: 'refused-downgrade' })
})

t.test('methods, bodies and secrets across redirects', async (t) => {
  const port = await serve(t, async (request, response) => {
    const [, status, host] = /^\/(\d+)\/(.+)$/.exec(request.url!) ?? []
    if (status) return response.writeHead(Number(status), { location: `http://${host}:${port}/` }).end()
    const { authorization, cookie, signature, 'content-type': type } = request.headers
    response.end(JSON.stringify([request.method, await text(request), type ?? '', authorization ?? '', cookie ?? '', signature ?? '']))
  })
  const outbound = makeOutbound(t, [port])
  const headers = { Authorization: 'Bearer a', Cookie: 'b', Signature: 'c', 'Content-Type': 'text/plain' }
  const ask = async (method: 'GET' | 'POST' | 'PUT', to: string) => {
    const outcome = await outbound.fetch(`http://peer.example:${port}/${to}`, { method, headers, ...(method === 'GET' ? {} : { body: 'words' }) })
    return outcome.name === 'ok' ? JSON.parse(outcome.body.toString()).join(' ') : outcome.name
  }
  t.equal(await ask('POST', '307/peer.example'), 'POST words text/plain Bearer a b c')
  t.equal(await ask('POST', '308/other.example'), 'POST words text/plain   ')
  t.equal(await ask('POST', '301/peer.example'), 'GET   Bearer a b c')
  t.equal(await ask('PUT', '302/peer.example'), 'PUT words text/plain Bearer a b c')
  t.equal(await ask('PUT', '303/other.example'), 'GET     ')
  t.equal(await ask('GET', '302/other.example'), 'GET  text/plain   ')
})

t.test('what is under way ends with the signal and with the client', async (t) => {
  const port = await serve(t, (request, response) => (request.url === '/body' ? response.write('half') : undefined))
  const outbound = makeOutbound(t, [port], { limits: { perHost: 2 } })
  const given = new AbortController()
  const stopped = outbound.stream(`http://peer.example:${port}/body`, { signal: given.signal }, async (body) => {
    for await (const _ of body) given.abort()
  })
  t.match(await stopped, { name: 'aborted' })
  t.match(await outbound.fetch(`http://peer.example:${port}/`, { signal: given.signal }), { name: 'aborted' })
  const waiting = [1, 2, 3].map((at) => outbound.fetch(`http://peer.example:${port}/${at}`))
  await outbound.close()
  for (const one of await Promise.all(waiting)) t.match(one, { name: 'aborted' })
  t.match(await outbound.fetch(`http://peer.example:${port}/`), { name: 'aborted' })
})

t.test('the client of the app is closed with it', async (t) => {
  const deps = await makeTestDeps(await openSqlite(t))
  const app = await buildApp(deps)
  t.match(await deps.outbound.fetch('http://localhost/'), { name: 'refused-address' })
  await app.close()
  t.match(await deps.outbound.fetch('http://peer.example/'), { name: 'aborted' })
})

t.test('a body can be read as it comes', async (t) => {
  const { promise: first, resolve: readFirst } = Promise.withResolvers<void>()
  const port = await serve(t, async (request, response) => {
    response.write('{"line":1}\n')
    await first
    response.end('{"line":2}\n')
    if (request.url === '/watched') await once(response, 'close')
  })
  const outbound = makeOutbound(t, [port])
  const url = `http://peer.example:${port}/`
  const whole = await outbound.stream(url, {}, async (body, { status }) => {
    const lines: string[] = []
    for await (const chunk of body) {
      readFirst()
      lines.push(chunk.toString())
    }
    return { status, lines }
  })
  t.match(whole, { name: 'ok', body: { status: 200, lines: ['{"line":1}\n', '{"line":2}\n'] } })
  t.match(await outbound.stream(url, {}, async () => 'unread'), { name: 'ok', body: 'unread' })
  await t.rejects(
    outbound.stream(url, {}, async () => {
      throw new TypeError('mine')
    }),
    { message: 'mine' },
  )
  t.match(await outbound.fetch(url), { name: 'ok' }, 'and the turns were given back')
})

t.test('Retry-After is seconds or a date', async (t) => {
  const now = new Date('2026-11-21T12:00:00.000Z')
  t.equal(readRetryAfter('30', now), 30)
  t.equal(readRetryAfter('Sat, 21 Nov 2026 12:01:00 GMT', now), 60)
  t.equal(readRetryAfter('Sat, 21 Nov 2020 12:01:00 GMT', now), 0)
  t.equal(readRetryAfter('9'.repeat(400), now), 366 * 24 * 3600)
  for (const value of ['soon', '', '-5 minutes', undefined, ['1', '2']]) t.equal(readRetryAfter(value, now), undefined)
})
