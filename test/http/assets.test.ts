import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import fastify from 'fastify'
import t from 'tap'
import { loadAssets, registerAssets } from '../../server/http/assets.ts'
import { registerCompress } from '../../server/http/compress.ts'
import { buildFrame } from './build.ts'

const files = {
  css: {
    '10-b.css': '/* why */\nb { src: url(/static/img/a.svg), url("/static/img/none.svg") }',
    '00-a.css': `a { content: "${'x'.repeat(2000)}" }`,
  },
  js: { 'app.js': 'export {}' },
  img: { 'a.svg': '<svg/>', 'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>' },
}

t.test('styles are one file, in the order of their names, with marked addresses', async (t) => {
  const assets = loadAssets(t.testdir(files))
  const css = assets.styles
  t.match(css, /^a \{[\s\S]*b \{/)
  t.notMatch(css, 'why')
  t.match(css, `url(${assets.url('img/a.svg')})`)
  t.match(css, 'url("/static/img/none.svg")')
  t.match(assets.url('app.css'), /^\/static\/app\.css\?v=[0-9a-f]{10}$/)
  t.match(assets.url('font/atkinson-hyperlegible-latin-700-normal.woff2'), /^\/static\/font\//)
  t.throws(() => assets.url('img/none.svg'), /no static\/img\/none\.svg/)
})

t.test('a change of content changes the address', async (t) => {
  const before = loadAssets(t.testdir(files)).url('js/app.js')
  t.not(loadAssets(t.testdir({ ...files, js: { 'app.js': 'export const a = 1' } })).url('js/app.js'), before)
})

t.test('served compressed and kept, or asked for again', async (t) => {
  const assets = loadAssets(t.testdir(files))
  const app = fastify()
  t.teardown(() => app.close())
  await registerCompress(app)
  await registerAssets(app, { assets })
  const br = await app.inject({ url: assets.url('app.css'), headers: { 'accept-encoding': 'br' } })
  t.match(br.headers, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=31536000, immutable', 'content-encoding': 'br' })
  t.match(brotliDecompressSync(br.rawPayload).toString(), 'b {')
  const gzip = await app.inject({ url: assets.url('app.css'), headers: { 'accept-encoding': 'gzip' } })
  t.match(gunzipSync(gzip.rawPayload).toString(), 'b {')
  const plain = await app.inject('/static/app.css')
  t.match(plain.headers, { 'cache-control': 'no-cache', vary: /accept-encoding/i })
  t.match(plain.body, 'b {')
  const again = await app.inject({ url: '/static/app.css', headers: { 'if-none-match': String(plain.headers.etag) } })
  t.equal(again.statusCode, 304)
  t.equal(again.body, '')
  const script = await app.inject(assets.url('js/app.js'))
  t.match(script.headers, { 'content-type': /javascript/, 'cache-control': 'public, max-age=31536000, immutable' })
  const font = await app.inject({ url: assets.url('font/atkinson-hyperlegible-latin-400-normal.woff2'), headers: { 'accept-encoding': 'br' } })
  t.match(font.headers, { 'content-type': 'font/woff2', 'content-encoding': undefined })
  t.equal((await app.inject({ method: 'HEAD', url: '/static/app.css' })).statusCode, 200)
  t.equal((await app.inject('/favicon.ico')).headers.location, assets.url('img/favicon.svg'))
})

t.test('nothing else of the disk can be had', async (t) => {
  const app = await buildFrame(t)
  for (const url of [
    '/static/',
    '/static/img/',
    '/static/none.css',
    '/static/../package.json',
    '/static/%2e%2e/package.json',
    '/static/..%2fpackage.json',
    '/static/css/00-reset.css',
    '/static/constructor',
    '/static/font/atkinson-hyperlegible-latin-400-italic.woff2',
    '/static/font/../package.json',
  ]) {
    t.equal((await app.inject(url)).statusCode, 404, url)
  }
})
