import t from 'tap'
import { headersFor, pathOf } from '../../server/http/security-headers.ts'
import { buildFrame } from './build.ts'

const config = { publicUrl: 'https://x.org' }

t.test('the policy allows nothing that is not ours', async (t) => {
  const policy = headersFor('/', config)['content-security-policy'] ?? ''
  t.match(policy, "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'")
  t.notMatch(policy, /unsafe|https:|\*/)
})

t.test('only widgets can be framed', async (t) => {
  t.match(headersFor('/embed/list', config)['content-security-policy'], 'frame-ancestors *')
  for (const path of ['/', '/embed', '/embed.js', '/x/embed/list', '/g/embed']) {
    t.match(headersFor(path, config)['content-security-policy'], "frame-ancestors 'none'", path)
  }
})

t.test('twins are for everybody, pages for this site', async (t) => {
  for (const path of ['/groups.json', '/e/x.geojson', '/groups.csv', '/groups.atom', '/g/x.jsonld', '/api/groups', '/schemas/group.json', '/id/1']) {
    t.match(headersFor(path, config), { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' }, path)
  }
  for (const path of ['/', '/groups', '/apis', '/me', '/json']) {
    t.equal(headersFor(path, config)['access-control-allow-origin'], undefined, path)
    t.equal(headersFor(path, config)['cross-origin-resource-policy'], 'same-origin', path)
  }
  for (const path of ['/embed.js', '/uploads/a.webp']) t.equal(headersFor(path, config)['cross-origin-resource-policy'], 'cross-origin', path)
})

t.test('https is kept to where there is https', async (t) => {
  t.ok(headersFor('/', config)['strict-transport-security'])
  t.notOk(headersFor('/', { publicUrl: 'http://127.0.0.1:3000' })['strict-transport-security'])
})

t.test('paths of odd targets', async (t) => {
  t.equal(pathOf('/a?b#c'), '/a')
  t.equal(pathOf('http://x.org/a?b'), '/a')
  t.equal(pathOf('http://x.org?b'), '/')
  t.equal(pathOf(''), '/')
})

t.test('every answer has them', async (t) => {
  const app = await buildFrame(t)
  for (const url of ['/', '/nowhere', '/static/app.css', '/favicon.ico', '/%', '/groups.json']) {
    const { headers } = await app.inject(url)
    for (const [name, value] of Object.entries(headersFor(url, config))) t.equal(headers[name], value, `${name} of ${url}`)
    t.match(headers['x-request-id'], /^[\w-]{12}$/)
  }
})

t.test('what another site sends is refused', async (t) => {
  const app = await buildFrame(t, { routes: (app) => void app.post('/preferences', async () => ({})) })
  const send = async (headers: Record<string, string>) =>
    (await app.inject({ method: 'POST', url: '/preferences', headers: { host: 'x.org', ...headers } })).statusCode
  t.equal(await send({}), 200)
  t.equal(await send({ 'sec-fetch-site': 'same-origin', origin: 'https://groups.example.org' }), 200)
  t.equal(await send({ 'sec-fetch-site': 'none' }), 200)
  t.equal(await send({ origin: 'https://x.org' }), 200)
  t.equal(await send({ 'sec-fetch-site': 'cross-site', authorization: 'Bearer x' }), 200)
  const refused: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'odd' },
    { origin: 'https://evil.org' },
    { origin: 'null' },
    { origin: 'https://x.org.evil.org' },
    { 'sec-fetch-site': 'cross-site', authorization: 'Bearer x', cookie: 'session=1' },
    { 'sec-fetch-site': 'cross-site', authorization: 'Basic x' },
  ]
  for (const headers of refused) t.equal(await send(headers), 403, JSON.stringify(headers))
  t.equal((await app.inject({ url: '/', headers: { 'sec-fetch-site': 'cross-site' } })).statusCode, 200)
})

t.test('an operator’s tile server is let in where there is a map, and nowhere else', async (t) => {
  const tiled = { ...config, tilesUrl: 'https://tiles.example.org:8443/{z}/{x}/{y}.png' }
  const pictures = (path: string, from: Parameters<typeof headersFor>[1]) =>
    /img-src [^;]*/.exec(headersFor(path, from)['content-security-policy']!)?.[0]
  for (const path of ['/map', '/e/energie/map', '/embed/map', '/embed/map/energie'])
    t.equal(pictures(path, tiled), "img-src 'self' https://tiles.example.org:8443 data:", path)
  for (const path of ['/', '/groups', '/map.json', '/g/map', '/e/map', '/embed/list']) t.equal(pictures(path, tiled), "img-src 'self' data:", path)
  t.equal(pictures('/map', config), "img-src 'self' data:")
})
