import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { createResolve } from '../../server/net/resolve.ts'
import { certificate, makeOutbound, serve, serveTcp, serveTls } from './servers.ts'

t.test('a name is looked up once a connection; when it changes its mind, the next connection is refused', async (t) => {
  const asked: string[] = []
  const port = await serve(t, (request, response) => {
    asked.push(`outer ${request.url}`)
    response.setHeader('connection', 'close').end('outer')
  })
  await serve(t, (_request, response) => response.end(String(asked.push('inner'))), '127.0.0.2', port)
  const answers = [['127.0.0.1'], ['127.0.0.2'], ['127.0.0.1', '127.0.0.2']]
  let lookups = 0
  const outbound = makeOutbound(t, [port], { resolve: async () => answers[lookups++]! })
  const url = `http://peer.example:${port}/`
  t.match(await outbound.fetch(url), { name: 'ok', body: Buffer.from('outer') })
  t.equal(lookups, 1)
  t.match(await outbound.fetch(url), { name: 'refused-address' })
  t.match(await outbound.fetch(url), { name: 'refused-address' }, 'one bad address among several')
  t.equal(lookups, 3)
  t.same(asked, ['outer /'])
})

t.test('what the policy allows is one address and port, also as a literal', async (t) => {
  const port = await serve(t, (_request, response) => response.end('here'))
  const other = await serve(t, (_request, response) => response.end('not here'))
  const asked: string[] = []
  const outbound = makeOutbound(t, [port], { resolve: async (name) => (asked.push(name) ? ['127.0.0.1'] : []) })
  t.match(await outbound.fetch(`http://127.0.0.1:${port}/`), { name: 'ok' })
  t.match(await outbound.fetch(`http://0x7f.1:${port}/`), { name: 'ok', url: `http://127.0.0.1:${port}/` })
  t.match(await outbound.fetch(`http://127.0.0.1:${other}/`), { name: 'refused-address' })
  t.match(await outbound.fetch(`http://peer.example:${other}/`), { name: 'refused-port' })
  t.match(await outbound.fetch(`http://127.0.0.2:${port}/`), { name: 'refused-address' })
  t.match(await outbound.fetch('http://127.0.0.1/'), { name: 'refused-address' })
  t.same(asked, [], 'an address is not a name')
  t.match(await outbound.fetch(`http://peer.example:${port}/`), { name: 'ok' })
})

t.test('a connection is kept for the next request to the same host', async (t) => {
  const ports = new Set<number | undefined>()
  const port = await serve(t, ({ socket }, response) => {
    ports.add(socket.remotePort)
    response.end('kept')
  })
  const outbound = makeOutbound(t, [port], { limits: { perHost: 1 } })
  for (let times = 0; times < 3; times++) await outbound.fetch(`http://peer.example:${port}/`)
  t.equal(ports.size, 1)
})

t.test('TLS: the certificate must be trusted and name the host, whatever the environment says', async (t) => {
  const port = await serveTls(t, (_request, response) => response.end('safe'))
  setEnvironment(t, 'NODE_TLS_REJECT_UNAUTHORIZED', '0')
  const knowing = makeOutbound(t, [port], { ca: certificate })
  t.match(await knowing.fetch(`https://peer.example:${port}/`), { name: 'ok', body: Buffer.from('safe') })
  t.match(await knowing.fetch(`https://peer.example:${port}/`, { headers: { Host: 'stranger.example' } }), { name: 'ok' })
  t.match(await knowing.fetch(`https://stranger.example:${port}/`), { name: 'tls' })
  t.match(await makeOutbound(t, [port]).fetch(`https://peer.example:${port}/`), { name: 'tls' })
  const plain = await serve(t, (_request, response) => response.end())
  t.match(await makeOutbound(t, [plain]).fetch(`https://peer.example:${plain}/`), { name: 'tls' })
})

t.test('nobody there, nobody known, nobody answering', async (t) => {
  const port = await serveTcp(t, () => undefined)
  const gone = makeOutbound(t, [1])
  t.match(await gone.fetch('http://peer.example:1/'), { name: 'connect' })
  const silent = makeOutbound(t, [port], { limits: { connect: 100 }, ca: certificate })
  t.match(await silent.fetch(`https://peer.example:${port}/`, { timeout: 600_000 }), { name: 'timeout' }, 'silence in the handshake')
  const resolve = () => new Promise<string[]>(() => undefined)
  const url = `http://peer.example:${port}/`
  t.match(await makeOutbound(t, [port], { resolve }).fetch(url, { timeout: 50 }), { name: 'timeout' }, 'silence of the resolver, within the whole')
  const patient = makeOutbound(t, [port], { resolve, limits: { connect: 50 } })
  t.match(await patient.fetch(url, { timeout: 600_000 }), { name: 'timeout' }, 'silence of the resolver, on its own')
})

t.test('name servers are asked themselves, and what they say is checked', async (t) => {
  const port = await serve(t, (_request, response) => response.end('found'))
  const server = await nameServer(t, { 'peer.example': [127, 0, 0, 1], 'evil.example': [127, 0, 0, 2] })
  const outbound = makeOutbound(t, [port], { resolve: createResolve({ servers: [server], timeout: 5000 }) })
  t.match(await outbound.fetch(`http://peer.example:${port}/`), { name: 'ok' })
  t.match(await outbound.fetch(`http://evil.example:${port}/`), { name: 'refused-address' })
  t.match(await outbound.fetch(`http://nobody.example:${port}/`), { name: 'dns' })
})

t.test('proxies of the environment are not used', async (t) => {
  let isUsed = false
  const proxy = await serve(t, (_request, response) => {
    isUsed = true
    response.end('proxy')
  })
  const port = await serve(t, (_request, response) => response.end('direct'))
  for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) setEnvironment(t, name, `http://127.0.0.1:${proxy}`)
  setEnvironment(t, 'NODE_USE_ENV_PROXY', '1')
  t.match(await makeOutbound(t, [port]).fetch(`http://peer.example:${port}/`), { name: 'ok', body: Buffer.from('direct') })
  t.equal(isUsed, false)
})

function setEnvironment(t: Test, name: string, value: string): void {
  const before = process.env[name]
  process.env[name] = value
  t.teardown(() => {
    if (before === undefined) delete process.env[name]
    else process.env[name] = before
  })
}

/** Answers questions for IPv4 addresses, and says that it knows nothing else. */
async function nameServer(t: Test, known: Record<string, number[]>): Promise<string> {
  const socket = createSocket('udp4')
  t.teardown(() => socket.close())
  socket.on('message', (query, from) => {
    const end = query.indexOf(0, 12) + 5
    const name = query.toString('latin1', 13, end - 5).replace(/[^-\w]/g, '.')
    const address = query.readUInt16BE(end - 4) === 1 ? known[name] : undefined
    const head = Buffer.from([query[0]!, query[1]!, 0x81, name in known ? 0x80 : 0x83, 0, 1, 0, address ? 1 : 0, 0, 0, 0, 0])
    const record = address ? Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address]) : Buffer.alloc(0)
    socket.send(Buffer.concat([head, query.subarray(12, end), record]), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return `127.0.0.1:${socket.address().port}`
}
