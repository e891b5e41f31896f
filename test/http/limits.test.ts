import { Writable } from 'node:stream'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import t from 'tap'
import { buildFrame } from './build.ts'

t.test('too many requests of one address get 429, and others go on', async (t) => {
  const app = await buildFrame(t, { rateLimit: { max: 3 } })
  const ask = (remoteAddress: string, url = '/nowhere', headers = {}) => app.inject({ url, remoteAddress, headers })
  for (let i = 0; i < 3; i++) t.equal((await ask('203.0.113.1')).statusCode, 404)
  const refused = await ask('203.0.113.1')
  t.equal(refused.statusCode, 429)
  t.match(refused.headers['retry-after'], /^\d+$/)
  t.match(refused.body, 'Trop de demandes en peu de temps')
  t.match(refused.headers['content-security-policy'], "default-src 'none'")
  t.equal((await ask('203.0.113.1', '/nowhere.json')).json().status, 429)
  t.equal((await ask('203.0.113.2')).statusCode, 404)
  t.equal((await ask('127.0.0.1', '/nowhere', { 'x-forwarded-for': '203.0.113.1' })).statusCode, 429)
})

t.test('an IPv6 network is one, loopback is free', async (t) => {
  const app = await buildFrame(t, { rateLimit: { max: 1 } })
  const ask = async (remoteAddress: string) => (await app.inject({ url: '/', remoteAddress })).statusCode
  t.equal(await ask('2001:db8::1'), 200)
  t.equal(await ask('2001:db8::2'), 429)
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) for (let i = 0; i < 3; i++) t.equal(await ask(address), 200)
})

t.test('pages are compressed when the reader can unpack them', async (t) => {
  const app = await buildFrame(t)
  const plain = await app.inject('/')
  t.ok(plain.rawPayload.length > 1024)
  const ask = (encoding: string, url = '/') => app.inject({ url, headers: { 'accept-encoding': encoding } })
  const br = await ask('br')
  t.equal(br.headers['content-encoding'], 'br')
  t.match(br.headers.vary, /accept-encoding/i)
  t.match(br.headers.vary, /Cookie/)
  t.match(brotliDecompressSync(br.rawPayload).toString(), '<html')
  t.match(gunzipSync((await ask('gzip')).rawPayload).toString(), '<html')
  t.equal((await ask('gzip, br')).headers['content-encoding'], 'gzip', 'the quicker one when both will do')
  t.equal((await ask('identity')).headers['content-encoding'], undefined)
  t.equal((await ask('gzip;q=0')).headers['content-encoding'], undefined, 'refused')
  t.equal((await ask('gzip;q=0.5, br;q=0')).headers['content-encoding'], 'gzip')
  t.equal((await ask('gzip;q=0, br')).headers['content-encoding'], 'br')
  const packed = await ask('gzip')
  t.equal(Number(packed.headers['content-length']), packed.rawPayload.length)
})

t.test('one log line a request, without the person', async (t) => {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const app = await buildFrame(t, { server: { logger: { level: 'info', stream } }, routes: (app) => void app.get('/g/:shortName', async () => ({})) })
  const headers = { 'user-agent': 'browser-9', cookie: 'lang=fr', referer: 'https://from.org' }
  const { headers: answered } = await app.inject({ url: '/g/abc?q=private', remoteAddress: '203.0.113.9', headers })
  await app.inject({ url: '/nowhere?q=private', remoteAddress: '203.0.113.9', headers })
  const logged = lines.map((line) => JSON.parse(line))
  t.match(logged, [
    { reqId: answered['x-request-id'], method: 'GET', route: '/g/:shortName', status: 200, ms: Number },
    { method: 'GET', route: '/nowhere', status: 404 },
  ])
  t.equal(logged.length, 2)
  const told = lines.join('').replaceAll(/"reqId":"[^"]*"/g, '')
  t.notMatch(told, /private|203\.0|browser-9|from\.org|abc/)
})
