import type { Socket } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import t from 'tap'
import { makeOutbound, serve, serveTcp } from './servers.ts'

const head = 'HTTP/1.1 200 OK\r\n'

t.test('servers that talk slowly, too much or nonsense', async (t) => {
  const talks: Record<string, [string, (socket: Socket) => void]> = {
    'no head': ['timeout', () => undefined],
    'a head that drips': ['timeout', (socket) => drip(socket, `${head}x-a: ${'a'.repeat(5000)}`)],
    'a body that drips': ['timeout', (socket) => drip(socket, `${head}\r\n${'a'.repeat(5000)}`)],
    'a body that stops': ['timeout', (socket) => socket.write(`${head}content-length: 10\r\n\r\nhalf`)],
    'informational answers without end': ['timeout', (socket) => drip(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1000), 28)],
    'a huge head': ['too-large', (socket) => socket.write(`${head}x-a: ${'a'.repeat(20_000)}\r\n\r\n`)],
    'many headers': ['too-large', (socket) => socket.write(`${head}${'x-a: a\r\n'.repeat(5000)}\r\n`)],
    'a body without end': ['too-large', (socket) => flood(socket, `${head}\r\n`)],
    'too much announced': ['too-large', (socket) => socket.write(`${head}content-length: 999999\r\n\r\na`)],
    'fewer bytes than announced': ['bad-answer', (socket) => socket.end(`${head}content-length: 10\r\n\r\nhalf`)],
    'chunks that stop': ['bad-answer', (socket) => socket.end(`${head}transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n`)],
    'chunks of no size': ['bad-answer', (socket) => socket.end(`${head}transfer-encoding: chunked\r\n\r\nzz\r\n`)],
    'two lengths': ['bad-answer', (socket) => socket.end(`${head}content-length: 1\r\ncontent-length: 2\r\n\r\nab`)],
    'a reset before the head': ['bad-answer', (socket) => socket.resetAndDestroy()],
    'a reset in the body': [
      'bad-answer',
      (socket) => socket.write(`${head}content-length: 10\r\n\r\nhalf`, () => setImmediate(() => socket.resetAndDestroy())),
    ],
    'nothing at all': ['bad-answer', (socket) => socket.end()],
    'not HTTP': ['bad-answer', (socket) => socket.end('220 mail.example ESMTP\r\n')],
    'an unknown encoding': ['bad-encoding', (socket) => socket.end(`${head}content-encoding: zstd\r\n\r\nabc`)],
    'two encodings': ['bad-encoding', (socket) => socket.end(`${head}content-encoding: gzip, gzip\r\n\r\nabc`)],
    'not the encoding announced': ['bad-encoding', (socket) => socket.end(`${head}content-encoding: gzip\r\n\r\nnot gzip`)],
    'not Brotli': ['bad-encoding', (socket) => socket.end(`${head}content-encoding: br\r\n\r\nnot brotli`)],
    'half of a gzip': [
      'bad-encoding',
      (socket) => socket.end(Buffer.concat([Buffer.from(`${head}content-encoding: gzip\r\n\r\n`), gzipSync('whole').subarray(0, 12)])),
    ],
  }
  for (const [what, [name, talk]] of Object.entries(talks)) {
    const port = await serveTcp(t, (socket) => socket.once('data', () => talk(socket)))
    // Silence is short only where it is the subject: a busy machine is slow too.
    const isSlow = name === 'timeout'
    const outbound = makeOutbound(t, [port], isSlow ? { limits: { headers: 200, idle: 200 } } : {})
    t.match(await outbound.fetch(`http://peer.example:${port}/`, { timeout: isSlow ? 500 : 60_000, maxBytes: 100_000 }), { name }, what)
  }
})

t.test('each limit holds by itself', async (t) => {
  const talks: [string, (socket: Socket) => void][] = [
    ['timeout', () => undefined],
    ['timeout', (socket) => drip(socket, `${head}x-a: ${'a'.repeat(50_000)}`)],
    ['timeout', (socket) => socket.write(`${head}content-length: 10\r\n\r\nhalf`)],
    ['too-large', (socket) => socket.write(`${head}x-a: ${'a'.repeat(2000)}\r\n\r\n`)],
  ]
  for (const [name, talk] of talks) {
    const port = await serveTcp(t, (socket) => socket.once('data', () => talk(socket)))
    const outbound = makeOutbound(t, [port], { limits: { headerBytes: 1000, ...(name === 'timeout' ? { headers: 100, idle: 100 } : {}) } })
    t.match(await outbound.fetch(`http://peer.example:${port}/`, { timeout: 600_000 }), { name }, String(talk))
  }
})

t.test('a body that nobody wants ends its connection', async (t) => {
  const closed = Promise.withResolvers<void>()
  const port = await serve(t, (_request, response) => {
    response.on('close', closed.resolve)
    response.writeHead(404).write('a page that never ends')
  })
  const outbound = makeOutbound(t, [port], { limits: { idle: 600_000 } })
  t.match(await outbound.fetch(`http://peer.example:${port}/`), { name: 'http-error', status: 404 })
  await closed.promise
})

t.test('the encodings we ask for are undone', async (t) => {
  const encode: Record<string, (text: string) => Buffer> = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync, identity: Buffer.from }
  const port = await serve(t, (request, response) => {
    const name = request.url!.slice(1)
    response.setHeader('content-encoding', name.toUpperCase())
    response.end(request.method === 'HEAD' ? undefined : encode[name]!('word '.repeat(100)))
  })
  const outbound = makeOutbound(t, [port])
  for (const name of Object.keys(encode)) {
    const url = `http://peer.example:${port}/${name}`
    t.match(await outbound.fetch(url), { name: 'ok', body: Buffer.from('word '.repeat(100)) }, name)
    t.match(await outbound.fetch(url, { method: 'HEAD' }), { name: 'ok', body: Buffer.alloc(0) }, `${name}, without a body`)
  }
})

t.test('the limit is the last byte that is let through, before and after decompression', async (t) => {
  const port = await serve(t, (request, response) => {
    if (request.url === '/gzip') response.setHeader('content-encoding', 'gzip').end(gzipSync('a'.repeat(1000)))
    else response.end('a'.repeat(1000))
  })
  const outbound = makeOutbound(t, [port])
  for (const path of ['', 'gzip']) {
    t.match(await outbound.fetch(`http://peer.example:${port}/${path}`, { maxBytes: 1000 }), { name: 'ok' }, path)
    t.match(await outbound.fetch(`http://peer.example:${port}/${path}`, { maxBytes: 999 }), { name: 'too-large' }, path)
  }
})

t.test('a bomb is put out early', async (t) => {
  const bomb = gzipSync(Buffer.alloc(50_000_000))
  const port = await serve(t, (_request, response) => response.setHeader('content-encoding', 'gzip').end(bomb))
  let read = 0
  const outcome = await makeOutbound(t, [port]).stream(`http://peer.example:${port}/`, { maxBytes: 100_000 }, async (body) => {
    for await (const chunk of body) read += chunk.length
  })
  t.match(outcome, { name: 'too-large' })
  t.ok(read <= 100_000)
})

t.test('a body that breaks off before anybody reads it', async (t) => {
  const closing: (() => void)[] = []
  for (const encoding of ['identity', 'gzip']) {
    const gone = Promise.withResolvers<void>()
    const port = await serveTcp(t, (socket) => {
      socket.on('close', () => gone.resolve())
      socket.once('data', () => socket.write(`${head}content-encoding: ${encoding}\r\ncontent-length: 10\r\n\r\nhalf`))
      closing.push(() => socket.resetAndDestroy())
    })
    const outcome = await makeOutbound(t, [port]).stream(`http://peer.example:${port}/`, {}, async (body) => {
      for (const close of closing.splice(0)) close()
      await gone.promise
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
      return await Array.fromAsync(body)
    })
    t.match(outcome, { name: 'bad-answer' }, encoding)
  }
})

t.test('a reader that keeps silent about half a body has read nothing', async (t) => {
  const port = await serveTcp(t, (socket) => socket.once('data', () => socket.end(`${head}content-length: 10\r\n\r\nhalf`)))
  const outbound = makeOutbound(t, [port])
  const silent = await outbound.stream(`http://peer.example:${port}/`, {}, async (body) => {
    try {
      for await (const _ of body);
    } catch {
      return 'all is well'
    }
  })
  t.match(silent, { name: 'bad-answer' })
  const loud = await outbound.stream(`http://peer.example:${port}/`, {}, async (body) => {
    try {
      for await (const _ of body);
    } catch {
      throw new Error('line 3 is not JSON')
    }
  })
  t.match(loud, { name: 'bad-answer' })
})

t.test('a host is asked so many things at once, and no more', async (t) => {
  let now = 0
  let most = 0
  const full = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const port = await serve(t, async (_request, response) => {
    most = Math.max(most, ++now)
    if (now === 3) full.resolve()
    await gate.promise
    now--
    response.end()
  })
  const outbound = makeOutbound(t, [port], { limits: { perHost: 2, waiting: 2 } })
  const outcomes = [1, 2, 3, 4].map((at) => outbound.fetch(`http://peer.example:${port}/${at}`))
  t.match(await outbound.fetch(`http://peer.example:${port}/5`), { name: 'busy' })
  outcomes.push(outbound.fetch(`http://other.example:${port}/`))
  await full.promise
  gate.resolve()
  for (const outcome of await Promise.all(outcomes)) t.match(outcome, { name: 'ok' })
  t.equal(most, 3, 'two of one host and one of another')
})

function flood(socket: Socket, begin: string): void {
  socket.write(begin)
  const pour = () => {
    while (socket.writable && socket.write('a'.repeat(10_000)));
  }
  socket.on('drain', pour)
  pour()
}

function drip(socket: Socket, text: string, size = 1): void {
  let at = 0
  const timer = setInterval(() => {
    socket.write(text.slice(at, at + size))
    at += size
  }, 10)
  socket.once('close', () => clearInterval(timer))
}
