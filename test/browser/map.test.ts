import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import t from 'tap'
import { buildApp } from '../../server/app.ts'
import { latitudeAt } from '../../server/catalogue/mercator.ts'
import type { Config } from '../../server/config.ts'
import { loadDemo } from '../../server/demo/load.ts'
import { createGroup } from '../../server/group/actions.ts'
import { makeTestDeps, now, openSqlite } from '../helper.ts'
import { group } from '../world.ts'
import { checkAxe } from './axe.ts'
import { launch } from './chromium.ts'
import { checkFits, drawn, newPage } from './page.ts'

// Visits to the map. `newPage` fails each of them on a foreign request, a console error or a breach of the CSP.
const most = { bytes: 180 * 1024 }
const db = await openSqlite(t)
await loadDemo(db, () => new Date(now))
const by = { at: now, via: 'command' as const }
for (let at = 0; at < 9; at++) await createGroup(db, onMap(`yoff-${at}`, 14.69 + (at % 3) / 20, -17.45 + at / 30), by)
for (let at = 0; at < 3; at++) await createGroup(db, onMap(`goree-${at}`, 14.667, -16.3), by)
// Two in the middle of each cell of the marks' grid at zoom 5, 12 by 8 of them.
for (let at = 0; at < 192; at++) {
  const [row, column] = [at % 8, Math.floor((at % 96) / 8)]
  await createGroup(db, onMap(`foule-${at}`, latitudeAt((52.5 + row) / 128), ((72.5 + column) / 128) * 360 - 180, 'Koufra'), by)
}
const origin = await serve({})
const browser = await launch(t)

const pins = (page: Page, kind = '') => page.locator(`.pin${kind}`)
const dialog = (page: Page) => page.getByRole('dialog')
const view = (page: Page) => new URL(page.url()).hash
const focused = (page: Page) => page.evaluate<string>('document.activeElement.textContent.trim()')

t.test('filter, cluster, zoom in, several on one spot, popup, back', async (t) => {
  const { page, requests } = await newPage(t, browser, { origin })
  await open(page, '/map?q=yoff')
  t.match(await page.locator('#count').innerText(), /^12 groupes pour «\syoff\s»$/)
  t.same(
    await page.locator('#results article h3').allInnerTexts(),
    [...Array(9).keys()].map((at) => `yoff-${at}`).concat(['goree-0', 'goree-1', 'goree-2']),
    'the list, in its order',
  )
  await open(page, '/map?q=yoff#5/14.7/-16.5')
  const cluster = page.getByRole('button', { name: /^12 groupes/ })
  await cluster.click()
  await page.getByRole('button', { name: /^3 groupes au même endroit\s: Yoff$/ }).click()
  t.same(await dialog(page).getByRole('link').allInnerTexts(), ['goree-0', 'goree-1', 'goree-2'])
  t.ok(Number(view(page).split('/')[0]?.slice(1)) > 5, view(page))
  await dialog(page).getByRole('link', { name: 'goree-1' }).click()
  await page.waitForURL('**/g/goree-1')
  const before = requests.length
  await page.goBack()
  await page.getByRole('button', { name: /^3 groupes au même endroit/ }).waitFor()
  t.ok(requests.length > before)
  t.match(view(page), /^#\d+\/14\.\d+\/-1[67]/, 'back to what was looked at')

  await page.locator('#filters > summary').click()
  const choice = page.locator('#facets').getByRole('link', { name: /^support/ })
  await choice.click()
  await page.waitForURL(/type=support/)
  await page
    .locator('#count')
    .filter({ hasText: /^4 groupes/ })
    .waitFor()
  await page.getByRole('button', { name: /^3 groupes au même endroit/ }).waitFor({ state: 'detached' })
  t.match(view(page), /^#\d/, 'the view stays')
  await page.goBack()
  await page
    .locator('#count')
    .filter({ hasText: /^12 groupes/ })
    .waitFor()
  await page.getByRole('button', { name: /^3 groupes au même endroit/ }).waitFor()
})

t.test('the list of what is seen, by choice', async (t) => {
  const { page } = await newPage(t, browser, { origin })
  await open(page, '/map#8/14.7/-17')
  const all = await page.locator('#count').innerText()
  const before = view(page)
  await page.locator('#map').focus()
  const answered = page.waitForResponse(/map\.json/)
  await page.keyboard.press('ArrowUp')
  await answered
  t.not(view(page), before, 'the address follows')
  t.equal(new URL(page.url()).search, '')
  t.equal(await page.locator('#count').innerText(), all, 'moving alone does not change the list')
  await page.getByRole('link', { name: 'Chercher dans cette zone' }).click()
  await page.waitForURL(/bbox=/)
  await page
    .locator('#count')
    .filter({ hasText: /^12 groupes|^1\d groupes/ })
    .waitFor()
  await page.getByRole('link', { name: /Retirer .*dans une zone/ }).click()
  await page.waitForURL((url) => !url.search)
  await page.locator('#count').filter({ hasText: all }).waitFor()
})

t.test('what was chosen elsewhere is gone to', async (t) => {
  const { page } = await newPage(t, browser, { origin })
  await open(page, '/map#9/-40/-140')
  await page.locator('#q').fill('yoff')
  await page.locator('#q').press('Enter')
  await page.getByRole('button', { name: /^3 groupes au même endroit/ }).waitFor()
})

t.test('with the keyboard alone', async (t) => {
  const { page } = await newPage(t, browser, { origin })
  await open(page, '/map?q=yoff#5/14.7/-16.5')
  await page.locator('#filters > summary').focus()
  await page.keyboard.press('Tab')
  t.equal(await focused(page), 'Passer la carte')
  t.ok(await page.locator(':focus').isVisible())
  await page.keyboard.press('Enter')
  await page.locator('#count:focus').waitFor()
  await page.keyboard.press('Shift+Tab')
  t.equal(await focused(page), 'Chercher dans cette zone', 'and backwards it is before the list')
  await pins(page).first().waitFor()
  await page.locator('#map').focus()
  await page.keyboard.press('Tab')
  t.match(await focused(page), /12 groupes/, 'the marks come right after the map')
  await page.keyboard.press('Enter')
  await page.locator('.pin:focus').filter({ hasNotText: /^12/ }).waitFor()
  const order = await pins(page).evaluateAll((all) =>
    (all as unknown as { getBoundingClientRect(): { x: number } }[]).map((one) => one.getBoundingClientRect().x),
  )
  t.same(
    order,
    order.toSorted((a, b) => a - b),
    'from left to right',
  )
  for (let at = 0; at < 12 && !(await focused(page)).includes('au même endroit'); at++) await page.keyboard.press('Tab')
  const opener = await focused(page)
  await page.keyboard.press('Enter')
  t.match(await page.evaluate('document.activeElement.getAttribute("aria-label")'), /^3 groupes au même endroit/)
  await page.keyboard.press('Tab')
  t.equal(await focused(page), 'goree-0')
  await page.keyboard.press('Escape')
  t.equal(await dialog(page).count(), 0)
  t.equal(await focused(page), opener, 'the focus is back')
})

t.test('a crowded view tells names when they are asked for', async (t) => {
  const { page } = await newPage(t, browser, { origin })
  await open(page, '/map?q=foule#5/22/40')
  await pins(page, '.spot').nth(50).waitFor()
  await pins(page, '.spot').nth(30).focus()
  await page.keyboard.press('Enter')
  await dialog(page)
    .getByRole('link', { name: /^foule-/ })
    .nth(1)
    .waitFor()
  t.equal(await page.evaluate('document.activeElement.role'), 'dialog', 'the focus stays')
  t.ok(await dialog(page).getByRole('link', { name: 'Tous les voir dans la liste' }).isVisible())
  await checkAxe(t, page)
  await page.keyboard.press('Escape')
  await page.route('**/map.json?*at=*', (route) => route.abort('aborted'))
  await Promise.all([page.waitForEvent('requestfailed', (request) => request.url().includes('&at=')), pins(page, '.spot').nth(10).click()])
  t.same(await dialog(page).getByRole('link').allInnerTexts(), ['Tous les voir dans la liste'], 'the list is there whatever happens')
})

t.test('a mark that looks the same leads where the new choice says', async (t) => {
  const { page } = await newPage(t, browser, { origin })
  await open(page, '/map?q=foule#5/22/40')
  await page.locator('#filters > summary').click()
  const answered = page.waitForResponse((answer) => /map\.json\?.*country=SN/.test(answer.url()))
  await page
    .locator('#facets')
    .getByRole('link', { name: /^Sénégal/ })
    .click()
  await (await answered).finished()
  await drawn(page)
  await Promise.all([page.waitForResponse(/map\.json\?.*at=/), pins(page, '.spot').nth(30).click()])
  t.match(await dialog(page).getByRole('link', { name: 'Tous les voir dans la liste' }).getAttribute('href'), 'country=SN')
})

t.test('what comes late for where one was does not take the focus from where one goes', async (t) => {
  const { page } = await newPage(t, browser, { origin })
  await open(page, '/map?q=yoff#5/14.7/-16.5')
  const late = Promise.withResolvers<void>()
  await page.route('**/map.json?*', async (route) => {
    await late.promise
    await route.continue()
  })
  await page.locator('#map').focus()
  await Promise.all([page.waitForRequest('**/map.json?*'), page.keyboard.press('ArrowUp')])
  await page.unroute('**/map.json?*')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  late.resolve()
  await page.locator('.pin:focus').filter({ hasNotText: /^12/ }).waitFor()
  t.pass('the first mark of what was opened')
})

t.test('a popup says what it is and how to join', async (t) => {
  const { page } = await newPage(t, browser, { origin, locale: 'en-GB' })
  await open(page, '/map?q=capteurs')
  await page.getByRole('button', { name: /^L’essaim de capteurs, Thematic group, Nantes, France$/i }).click()
  t.match(await dialog(page).innerText(), /thematic[\s\S]*Fabriquer[\s\S]*Nantes, France/)
  t.ok(
    await dialog(page)
      .getByRole('link', { name: /^See the record/ })
      .isVisible(),
  )
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  t.equal(await dialog(page).count(), 0)
  for (const name of ['Zoom in', 'Zoom out']) t.ok(await page.getByRole('button', { name }).isVisible(), name)
  const zoomed = view(page)
  await page.locator('#map').hover()
  await Promise.all([page.locator('.hint.shown').waitFor(), page.mouse.wheel(0, 300)])
  await page.waitForFunction('scrollY > 50')
  t.equal(view(page), zoomed, 'the wheel scrolls the page')
})

t.test('without JavaScript the list is all there is', async (t) => {
  const { page } = await newPage(t, browser, { origin, javaScript: false })
  await page.goto('/map?q=yoff')
  t.notOk(await page.locator('#map').isVisible())
  t.equal(await page.locator('#results article').count(), 12)
  t.ok(await page.locator('#near-place').isVisible())
  await page.goto('/e/openstreetmap/map')
  await page.locator('a[rel=next]').click()
  await page.waitForURL(/map\?after=/)
  t.equal(await page.locator('#results article').count(), 24)
  await page.getByRole('link', { name: 'Liste' }).click()
  await page.waitForURL('**/e/openstreetmap')
})

t.test('near me, when asked', async (t) => {
  const { page, context } = await newPage(t, browser, { origin })
  await context.grantPermissions(['geolocation'])
  await context.setGeolocation({ latitude: 14.6712345, longitude: -17.4312345 })
  await open(page, '/map?q=yoff')
  await page.getByRole('button', { name: 'Près de moi' }).click()
  await page.waitForURL(/near=14\.67,-17\.43&sort=distance/)
  await page.locator('.near-circle').waitFor()
  t.equal(await page.locator('.near-circle').count(), 1)
  await page
    .locator('#count')
    .filter({ hasText: /^9 groupes/ })
    .waitFor()
  await page.getByRole('link', { name: /^250\s?km$/ }).click()
  await page.waitForURL(/radius=250/)
  await page
    .locator('#count')
    .filter({ hasText: /^12 groupes/ })
    .waitFor()
})

t.test('around a place that is typed', async (t) => {
  const { page } = await newPage(t, browser, { origin })
  await open(page, '/map?type=thematic')
  const field = page.getByRole('combobox', { name: 'Autour de quel lieu' })
  await page.locator('#near-place').click()
  await field.fill('rennes')
  await page.getByRole('option', { name: /^Rennes, .*France$/ }).waitFor()
  await field.press('ArrowDown')
  t.match(await page.locator('[aria-selected=true]').innerText(), /^Rennes/)
  t.equal(await field.getAttribute('aria-activedescendant'), 'place-0')
  await field.press('Escape')
  t.equal(await page.getByRole('option').count(), 0)
  t.equal(await field.getAttribute('aria-expanded'), 'false')
  await field.press('End')
  await field.pressSequentially(' ')
  await page.getByRole('option').first().waitFor()
  await checkAxe(t, page, 'with suggestions')
  await field.press('ArrowDown')
  await field.press('Enter')
  await page.waitForURL(/map\?type=thematic&near=48\.1\d*,-1\.6\d*&sort=distance/)
  await page.locator('.near-circle').waitFor()

  const plain = await newPage(t, browser, { origin, javaScript: false })
  await plain.page.goto('/map?type=thematic')
  await plain.page.locator('#near-place').fill('rennes')
  await plain.page.getByRole('button', { name: 'Voir autour' }).click()
  await plain.page.waitForURL(/map\?type=thematic&near=48\.1/)
  t.ok(await plain.page.getByRole('link', { name: /^100\s?km$/ }).isVisible(), 'and a radius to choose')
})

t.test('all of it comes from here, and weighs little', async (t) => {
  const { page, requests } = await newPage(t, browser, { origin })
  const sizes = new Map<string, Promise<number>>()
  page.on('response', (answer) =>
    sizes.set(
      answer.url(),
      answer.body().then(
        (body) => brotliCompressSync(body).length,
        () => 0,
      ),
    ),
  )
  await open(page, '/map')
  for (const url of requests) t.ok(url.startsWith(`${origin}/`) || url.startsWith('data:'), url)
  const isMap = /leaflet|js\/map|js\/base-map|static\/map\/|map\.json/
  let total = 0
  for (const [url, size] of sizes) {
    if (!isMap.test(url)) continue
    t.comment(`${((await size) / 1024).toFixed(1)} KB ${url.slice(origin.length)}`)
    total += await size
  }
  t.comment(`${(total / 1024).toFixed(1)} KB together`)
  t.ok(total > 40_000 && total <= most.bytes, `${total} bytes, at most ${most.bytes}`)
})

t.test('accessible, with a popup open', async (t) => {
  for (const theme of ['light', 'dark'] as const)
    for (const width of [360, 1280]) {
      const { page } = await newPage(t, browser, { origin, theme, width })
      await open(page, '/map?q=yoff#10/14.667/-16.35')
      await pins(page).last().click()
      await dialog(page).waitFor()
      await checkAxe(t, page, `${theme}, ${width} pixels wide`)
      await checkFits(t, page)
    }
})

t.test('an operator’s own tiles', async (t) => {
  const asked: { url: string; headers: IncomingHttpHeaders }[] = []
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')
  const server = createServer((request, answer) => {
    asked.push({ url: request.url!, headers: request.headers })
    answer.writeHead(200, { 'content-type': 'image/png' }).end(png)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const tiled = await serve({ tilesUrl: `${host}/t/{z}/{x}/{y}.png`, tilesAttribution: '© <b>Nous</b>' })
  const { page, requests } = await newPage(t, browser, { origin: tiled, alsoAllow: [host] })
  await open(page, '/map#13/48.39/-4.48')
  await page.locator('.leaflet-tile-loaded').first().waitFor()
  t.match(asked[0]!.url, /^\/t\/13\/\d+\/\d+\.png$/)
  t.equal(asked[0]!.headers.referer, `${tiled}/`)
  t.match(await page.locator('.leaflet-control-attribution').innerText(), '© <b>Nous</b>')
  t.notOk(
    requests.some((url) => url.includes('/static/map/world')),
    'in place of our own',
  )
})

function onMap(shortName: string, lat: number, lng: number, place = 'Yoff') {
  const type = shortName.endsWith('-1') || shortName.endsWith('-4') || shortName.endsWith('-7') ? ('support' as const) : ('thematic' as const)
  return group({ shortName, type, country: 'SN', place, position: { lat, lng, precision: 'place' } })
}

async function serve(settings: Partial<Config>): Promise<string> {
  const app = await buildApp(await makeTestDeps(db, settings))
  t.teardown(() => app.close())
  return app.listen({ host: '127.0.0.1', port: 0 })
}

/** Until the marks of the first view are there. */
async function open(page: Page, path: string): Promise<void> {
  // The same page with another view would not be loaded again.
  await page.goto('about:blank')
  const answered = page.waitForResponse(/map\.json/)
  await page.goto(path)
  await answered
  await page.waitForLoadState('networkidle')
}
