import t from 'tap'
import { schemas } from '../../server/schema.ts'
import { checkAxe } from '../browser/axe.ts'
import { launch } from '../browser/chromium.ts'
import { checkFits, newPage } from '../browser/page.ts'
import { build, openSqlite, publicUrl } from '../helper.ts'

const app = await build(t, await openSqlite(t))
const ask = async (url: string) => (await app.inject(url)).body.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&').replaceAll('&#x27;', '’')

t.test('the page tells every address, parameter, error and example', async (t) => {
  const { paths } = (await app.inject('/api/openapi.json')).json()
  for (const lang of ['fr', 'en']) {
    const html = await ask(`/api?lang=${lang}`)
    t.match(html, `<html lang="${lang}"`)
    for (const path of Object.keys(paths)) t.match(html, new RegExp(`<code>([A-Z]+ )?${RegExp.escape(path)}</code>`))
    for (const { name } of paths['/api/groups'].get.parameters) t.match(html, `<th scope="row"><code>${name}</code></th>`)
    for (const path of schemas.keys()) t.match(html, `href="${path}"`)
    for (const part of ['urn:problem-type:archipel:too-many', 'href="/api/openapi.json"', '600', '<code>relevance</code> · <code>name</code>'])
      t.match(html, part)
    t.match(html, `<code>curl ’${publicUrl}/api/groups?keyword=energie&size=1&lang=en’</code>`)
    const patch = `curl -X PATCH -H ’Authorization: Bearer TOKEN’ -H ’If-Match: ETAG’ -H ’Content-Type: application/merge-patch+json’ -d ’{&quot;activity`
    t.match(html, patch)
    t.match(html, `<code>curl -X DELETE -H ’Authorization: Bearer TOKEN’ -H ’If-Match: ETAG’ ’${publicUrl}/api/groups/phare-citoyen’</code>`)
  }
  t.match(await ask('/api?lang=fr'), 'De 1 à 100.')
  t.match(await ask('/'), '<a href="/api">')
})

t.test('it is a page like the others: remembered language, errors for people, no script needed', async (t) => {
  const answer = await app.inject('/api?lang=en')
  t.match(answer.headers, { 'content-type': 'text/html; charset=utf-8', 'set-cookie': /^lang=en/, vary: /Cookie/ })
  t.match(await app.inject('/api?colour=red'), { statusCode: 400, headers: { 'content-type': /^text\/html/ } })
  t.equal((await app.inject({ url: '/api', headers: { 'if-none-match': '*' } })).statusCode, 200)
})

t.test('what an example says is shown, not obeyed', async (t) => {
  t.match((await app.inject('/api')).body, '&quot;label&quot;: &quot;Énergie&quot;')
  t.notMatch((await app.inject('/api')).body, /<pre><code>[^<]*"/)
})

t.test('accessible, narrow enough, and read without JavaScript', async (t) => {
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  const browser = await launch(t)
  for (const theme of ['light', 'dark'] as const) {
    const { page } = await newPage(t, browser, { origin, theme, width: 360, alsoAllow: [publicUrl] })
    await page.goto('/api')
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    await checkAxe(t, page, `/api ${theme}`)
    await checkFits(t, page)
  }
  const { page } = await newPage(t, browser, { origin, javaScript: false })
  await page.goto('/api')
  await page.locator('summary').first().click()
  t.ok(await page.locator('details[open] pre').isVisible())
})
