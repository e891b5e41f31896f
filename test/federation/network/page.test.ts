import t from 'tap'
import { checkAxe } from '../../browser/axe.ts'
import { launch } from '../../browser/chromium.ts'
import { checkFits, newPage } from '../../browser/page.ts'
import { build, openSqlite } from '../../helper.ts'
import { addCopy, addSource } from '../copies.ts'
import { addEcosystem, addGroup, carrying, tell } from './world.ts'

// A network with all it may hold, and more than the chart has room for.
const db = await openSqlite(t)
const app = await build(t, db)
const source = await addSource(db, { id: 'a', trust: 'automatic' })
await addEcosystem(db, 'littoral', ['https://ailleurs.example/e/port', 'https://nulle.example/part'], {
  title: 'Groupes du littoral, de la pointe du Raz aux îles',
})
await tell(db, source, [
  { keyword: 'port', title: 'ميناء <script>', language: 'ar', groupCount: 12, related: ['http://archipel.example/e/littoral'] },
])
for (let at = 0; at < 24; at++) {
  await addEcosystem(db, `baie-${at}`)
  await addGroup(db, `barque-${at}`, [`baie-${at}`, `baie-${(at * 5) % 24}`, 'littoral'])
}
await addCopy(db, source, carrying('phare', ['port', 'littoral']))
const origin = await app.listen({ host: '127.0.0.1', port: 0 })
const browser = await launch(t)

t.test('the page, without scripts', async (t) => {
  const { body, statusCode } = await app.inject('/network')
  t.equal(statusCode, 200)
  t.match(body, 'rel="alternate" type="application/json" href="/network.json"')
  t.equal(body.match(/<tr role="row">/g)?.length, 1 + 26)
  t.match(body, '8 autres écosystèmes n’ont pas trouvé place sur cette carte')
  t.match(
    body,
    '<a href="https://ailleurs.example/e/port" rel="noopener"><bdi lang="ar" dir="rtl">ميناء &lt;script&gt;</bdi></a> <span class="soft">ailleurs.example</span>',
  )
  t.match(body, '<a href="https://nulle.example/part" rel="noopener nofollow">nulle.example/part</a>')
  t.match(body, '<a href="/g/barque-1">')
  t.match(body, 'et 13 autres')
  t.notMatch(body, '<script>')
  t.match((await app.inject('/ecosystems')).body, 'href="/network"')
  t.match((await app.inject('/sitemap.xml')).body, '/network</loc>')
  t.match((await app.inject('/network.json')).headers, { 'access-control-allow-origin': '*', etag: /./, 'last-modified': /./ })
  t.equal((await app.inject('/network?x=1')).statusCode, 400)
})

for (const theme of ['light', 'dark'] as const) {
  for (const width of [240, 360, 1280]) {
    t.test(`${theme}, ${width} pixels wide`, async (t) => {
      const { page } = await newPage(t, browser, { origin, theme, width })
      await page.goto('/network')
      await checkAxe(t, page)
      await checkFits(t, page)
      t.equal(await page.locator('.net:visible').count(), 1, 'one chart of two')
      const links = page.locator('.net:visible svg a')
      t.equal(await links.count(), width < 920 ? 10 : 18)
      await links.first().focus()
      await page.keyboard.press('Tab')
      t.equal(await page.evaluate(`document.activeElement.closest('svg') !== null`), true, 'by keyboard')
      const clear = await page.evaluate(`(() => {
        const boxes = [...document.querySelectorAll('.net svg a text')].filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect())
        return boxes.every((a, at) => boxes.slice(at + 1).every((b) => a.right < b.left + 2 || b.right < a.left + 2 || a.bottom < b.top + 6 || b.bottom < a.top + 6))
      })()`)
      t.ok(clear, 'no name lies on another')
    })
  }
}
