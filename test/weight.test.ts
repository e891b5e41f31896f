import { get } from 'node:http'
import t from 'tap'
import { launch } from './browser/chromium.ts'
import { newPage } from './browser/page.ts'
import { serveDemo } from './browser/site.ts'

// What the page of an ecosystem with 24 cards costs its reader.
const most = { bytes: 40 * 1024, requests: 6 }
const origin = await serveDemo(t)
const page = '/e/openstreetmap'

t.test('HTML, CSS and JavaScript on the wire', async (t) => {
  const html = (await (await fetch(origin + page)).text()).replaceAll('&#x3D;', '=')
  t.equal(html.match(/<article class="card/g)?.length, 24)
  const parts = [page, ...[...html.matchAll(/(?:rel="stylesheet" href|<script[^>]* src)="([^"]+)"/g)].map(([, url]) => url!)]
  t.ok(parts.length >= 3)
  // Scripts that scripts ask for.
  for (const path of parts.filter((one) => one.endsWith('.js')))
    for (const [, asked] of (await (await fetch(origin + path)).text()).matchAll(/\bimport\b[^'"\n]*['"](\.?\.?\/[^'"]+)['"]/g))
      parts.push(new URL(asked!, origin + path).pathname)
  let total = 0
  for (const path of new Set(parts)) {
    const bytes = await compressedSize(path)
    t.comment(`${(bytes / 1024).toFixed(1)} KB ${path}`)
    total += bytes
  }
  t.comment(`${(total / 1024).toFixed(1)} KB together`)
  t.ok(total <= most.bytes, `${total} bytes, at most ${most.bytes}`)
})

t.test('the first visit in a browser', async (t) => {
  const browser = await launch(t)
  const { page: visit, requests } = await newPage(t, browser, { origin })
  await visit.goto(page, { waitUntil: 'networkidle' })
  await visit.evaluate('document.fonts.ready.then(() => undefined)')
  const asked = requests.filter((url) => !url.startsWith('data:'))
  for (const url of asked) t.comment(url.slice(origin.length))
  t.ok(asked.length <= most.requests, `${asked.length} requests, at most ${most.requests}`)
  for (const url of asked) t.ok(url.startsWith(`${origin}/`), url)
  t.ok(await visit.evaluate(`document.fonts.check('1rem "Atkinson Hyperlegible"')`), 'in its own typeface')
})

/** Bytes of the body as sent to a browser; `fetch` unpacks, so they are counted before. */
async function compressedSize(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = get(origin + path, { headers: { 'accept-encoding': 'gzip, deflate, br', accept: 'text/html' } }, (answer) => {
      t.match(answer.headers['content-encoding'], /^(gzip|br)$/, path)
      let bytes = 0
      answer.on('data', (part: Buffer) => {
        bytes += part.length
      })
      answer.on('end', () => resolve(bytes))
    })
    asking.on('error', reject)
  })
}
