import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { buildFrame } from './build.ts'

const long = 'x'.repeat(50_000)

// What is sent byte for byte, and the status of the answer.
const cases: [what: string, sent: string, status: number][] = [
  ['garbage', 'hello there\r\n\r\n', 400],
  ['binary garbage', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 400],
  ['no version, as in the first days', 'GET /\r\n\r\n', 200],
  ['an expectation nobody knows', 'GET /nowhere HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\nConnection: close\r\n\r\n', 404],
  ['a tunnel', 'CONNECT evil.org:443 HTTP/1.1\r\nHost: evil.org:443\r\n\r\n', 400],
  ['an upgrade', 'GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n', 404],
  ['a header of 80 KB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(80_000)}\r\n\r\n`, 431],
  ['an address of 50,000 characters', `GET /groups?q=${long} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 414],
  ['a path of 50,000 characters', `GET /${long} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 414],
  ['an address of 80,000 characters', `GET /${'x'.repeat(80_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
  ['no Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['no Host in HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n', 200],
  ['an odd Host', 'GET / HTTP/1.1\r\nHost: a b"c\r\nConnection: close\r\n\r\n', 400],
  ['another odd Host', 'GET / HTTP/1.1\r\nHost: evil.org/path\r\nConnection: close\r\n\r\n', 400],
  ['invalid UTF-8', 'GET /%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
  ['half an escape', 'GET /% HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
  ['raw bytes', 'GET /\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
  ['two slashes', 'GET //evil.org/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
  ['a backslash', 'GET /\\evil.org HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
  ['a whole address', 'GET http://x/nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
  ['a star', 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
  ['an unknown method', 'BREW / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
  ['a known but strange method', 'PROPFIND /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
  ['a wrong chunk', 'POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400],
]

t.test('whatever comes over the wire gets the answer of the house', async (t) => {
  const app = await buildFrame(t)
  const port = await listen(app)
  for (const [what, sent, status] of cases) {
    const answer = await exchange(port, sent)
    t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), what)
    t.match(answer, /\r\ncontent-security-policy: default-src 'none'/i, what)
    t.match(answer, /\r\nstrict-transport-security: max-age=/i, what)
    t.match(answer, /<html lang="fr"[\s\S]*<\/html>\s*$/, what)
    t.notMatch(answer, /href="(\/\/|\/\\)/, what)
  }
})

t.test('junk behind a good request', async (t) => {
  const port = await listen(await buildFrame(t))
  const answer = await exchange(port, `GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n${'junk junk\r\n'.repeat(20)}\r\n`)
  t.match(answer, /^HTTP\/1\.1 (400|404) /)
  t.match(answer, 'content-security-policy')
})

t.test('a request that comes too slowly', async (t) => {
  const app = await buildFrame(t)
  const port = await listen(app)
  // As Node reports it: waiting for its own clock would take half a minute.
  app.server.prependOnceListener('connection', (socket) => {
    app.server.emit('clientError', Object.assign(new Error('slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket)
  })
  const answer = await exchange(port, 'GET / HT')
  t.match(answer, /^HTTP\/1\.1 408 /)
  t.match(answer, 'content-security-policy')
})

async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ port: 0, host: '127.0.0.1' })
  return (app.server.address() as AddressInfo).port
}

/** Sends bytes, and gives all that comes back until the server hangs up. */
function exchange(port: number, sent: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from(sent, 'latin1')))
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk
    })
    // Cut off while still sending: what has arrived is the answer.
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
  })
}
