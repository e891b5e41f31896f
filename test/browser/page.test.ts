import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { findViolations } from './axe.ts'
import { launch } from './chromium.ts'
import { newPage } from './page.ts'

// The harness itself: what it must notice is put before it once, because a check that never fails looks like one that always passes.
const bodies: Record<string, string> = {
  '/good': '<main><h1>Bonjour</h1></main>',
  '/style': '<p style="color: red">',
  '/script': '<script>1</script>',
  '/foreign': '<img src="https://example.org/x.png" alt="">',
  '/missing': '<img src="/nothing" alt="">',
  '/thrown': '<script src="/throws.js"></script>',
}
const headers = { 'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src *" }

const server = createServer((request, response) => {
  const script = request.url === '/throws.js'
  const body = script ? "throw new Error('on purpose')" : bodies[request.url!]
  response.writeHead(body ? 200 : 404, { ...headers, 'content-type': script ? 'text/javascript' : 'text/html; charset=utf-8' })
  response.end(script ? body : `<!doctype html><html lang="fr"><title>Essai</title>${body ?? '<h1>404</h1>'}`)
}).listen(0, '127.0.0.1')
t.teardown(() => server.close())
await once(server, 'listening')
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const browser = await launch(t)

t.test('a good page passes, an error page too, and axe runs under the strictest CSP', async (t) => {
  const { page, requests, problems } = await newPage(t, browser, { origin, theme: 'dark', width: 360, locale: 'en-GB' })
  await page.goto('/good')
  t.same(await findViolations(page), [])
  t.same(await page.evaluate("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, navigator.language]"), [360, true, 'en-GB'])
  t.equal((await page.goto('/nowhere'))?.status(), 404)
  t.same(requests, [`${origin}/good`, `${origin}/nowhere`])
  t.same(problems, [])
})

t.test('each kind of problem fails the test', async (t) => {
  t.match(await problemsOf(t, '/style'), /Content Security Policy directive 'style-src/)
  t.match(await problemsOf(t, '/style', false), /Content Security Policy directive 'style-src/)
  t.match(await problemsOf(t, '/script'), /Content Security Policy directive 'script-src/)
  t.match(await problemsOf(t, '/foreign'), 'foreign request: https://example.org/x.png')
  t.match(await problemsOf(t, '/missing'), /failed request: .*\/nothing 404/)
  t.match(await problemsOf(t, '/thrown'), /uncaught: Error: on purpose/)
})

t.test('a problem the test expects does not', async (t) => {
  const { page } = await newPage(t, browser, { origin, expect: /on purpose/ })
  await page.goto('/thrown')
})

t.test('axe finds what is wrong and says where', async (t) => {
  const { page } = await newPage(t, browser)
  await page.goto('data:text/html,<title>x</title><main><h1>a</h1><img src=data:,></main>')
  t.match((await findViolations(page)).join('\n'), /html-has-lang[\s\S]*image-alt \(critical\)[\s\S]*<img/)
})

/** What the end of a test would have thrown. */
async function problemsOf(t: Test, path: string, javaScript = true): Promise<string> {
  const ends: (() => unknown)[] = []
  const { page } = await newPage({ teardown: (end: () => unknown) => ends.push(end) } as unknown as Test, browser, { origin, javaScript })
  await page.goto(path)
  const failure = Promise.all(ends.map((end) => end())).then(() => t.fail(`${path} passed`))
  return failure.catch((error: Error) => error.message) as Promise<string>
}
