import { setTimeout } from 'node:timers/promises'
import type { Frame, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { buildApp } from '../../server/app.ts'
import { loadDemo } from '../../server/demo/load.ts'
import { makeTestDeps, now, openSqlite, publicUrl } from '../helper.ts'
import { checkAxe } from './axe.ts'
import { launch } from './chromium.ts'
import { serveHost } from './host.ts'
import { newPage, type PageOptions } from './page.ts'

// Widgets on another site: another origin, a policy that allows ours alone. `newPage` fails on any other request and on errors in the console.
const db = await openSqlite(t)
await loadDemo(db, () => new Date(now))
const app = await buildApp(await makeTestDeps(db))
t.teardown(() => app.close())
const site = await app.listen({ host: '127.0.0.1', port: 0 })
const host = await serveHost(t, site)
const browser = await launch(t)

/** What the generator says to paste. */
async function generated(path: string, code: 'code' | 'element' = 'code'): Promise<string> {
  const { body } = await app.inject({ url: path, headers: { 'accept-language': 'fr' } })
  const text = new RegExp(`<textarea id="${code}"[^>]*>([\\s\\S]*?)</textarea>`).exec(body)?.[1] ?? ''
  const html = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
  return html.replaceAll(publicUrl, site)
}

const plain = (path: string, title = 'Groupes') => `<iframe src="${site}${path}" title="${title}" width="100%" height="300" frameborder="0"></iframe>`
const script = `<script async src="${site}/embed.js"></script>`

async function visit(t: Test, html: string, options: PageOptions = {}) {
  const watched = await newPage(t, browser, { origin: host.origin, alsoAllow: [site], ...options })
  await watched.page.goto(host.paste(html))
  return watched
}

async function widget(page: Page, at = 0): Promise<Frame> {
  const frame = await (await page.locator('iframe').nth(at).elementHandle())?.contentFrame()
  await frame?.waitForLoadState()
  return frame!
}

/** Not `waitForFunction`: it evaluates text inside the page, which the host's policy forbids. */
async function until(page: Page | Frame, expression: string): Promise<void> {
  const look = `(function look() { ${expression} ? done() : requestAnimationFrame(look) })()`
  await page.evaluate(`new Promise((done, fail) => { setTimeout(fail, 30000, Error(${JSON.stringify(expression)})); ${look} })`)
}

/** Waits until the frame is as high as what is in it; gives that height. */
async function fitted(page: Page, at = 0): Promise<number> {
  const frame = await widget(page, at)
  const inner = () => frame.evaluate<number>('Math.ceil(document.documentElement.getBoundingClientRect().height)')
  await until(page, `document.querySelectorAll('iframe')[${at}].style.height.endsWith('px')`)
  const outer = () => page.evaluate<number>(`document.querySelectorAll('iframe')[${at}].clientHeight`)
  // Both anew each time: what is inside may change its height once more.
  for (let left = 600; (await inner()) !== (await outer()) && left > 0; left--) await setTimeout(50)
  // Nothing to scroll inside.
  await until(frame, 'document.documentElement.scrollHeight <= innerHeight')
  return inner()
}

async function newTab(page: Page, open: () => Promise<void>): Promise<string> {
  const [tab] = await Promise.all([page.context().waitForEvent('page'), open()])
  await tab.waitForLoadState()
  const url = tab.url()
  t.equal(await tab.evaluate('opener'), null)
  await tab.close()
  return url.slice(site.length)
}

t.test('the generated snippet paints, fits its height and asks for three things', async (t) => {
  const html = await generated('/e/openstreetmap/widgets?kind=list')
  t.match(html, /^<iframe .*loading="lazy".*<a href=[\s\S]*<script async/)
  const { page, requests } = await visit(t, html)
  t.ok((await fitted(page)) > 640)
  t.same(
    requests
      .filter((url) => url.startsWith(site))
      .map((url) => url.slice(site.length).replace(/\?.*/, ''))
      .sort(),
    ['/embed.js', '/embed/list/openstreetmap', '/static/embed.css', '/static/js/embed-frame.js'],
  )
  t.same(await page.context().cookies(), [])
  const frame = await widget(page)
  t.same(await frame.evaluate('[document.cookie, localStorage.length + sessionStorage.length]'), ['', 0])
})

t.test('the script before or after the frames, once or twice, two widgets that fit by themselves', async (t) => {
  const [one, two] = [plain('/embed/list?limit=2'), plain('/embed/count')]
  for (const html of [script + one + two, one + two + script, one + script + two + script]) {
    const { page } = await visit(t, html)
    const heights = [await fitted(page, 0), await fitted(page, 1)]
    t.ok(heights[0]! > 300 && heights[1]! < 150, String(heights))
  }
})

t.test('heights do not jump to and fro, and nobody else sets them', async (t) => {
  const { page } = await visit(t, `${plain('/embed/list?limit=4')}${script}`, { width: 700 })
  await fitted(page)
  await page.evaluate(`(globalThis.seen = [], new MutationObserver(() => seen.push(document.querySelector('iframe').clientHeight))
    .observe(document.querySelector('iframe'), { attributes: true, attributeFilter: ['style'] }))`)
  await page.setViewportSize({ width: 300, height: 500 })
  await until(page, 'seen.length > 0')
  await fitted(page)
  await page.evaluate('new Promise((done) => { let left = 20; (function step() { left-- ? requestAnimationFrame(step) : done() })() })')
  const seen = await page.evaluate<number[]>('seen')
  t.ok(seen.length <= 3 && seen.every((height, at) => at === 0 || height >= seen[at - 1]!), String(seen))
  await page.evaluate(`window.postMessage({ archipel: 5000 }, '*')`)
  await page.evaluate('new Promise(requestAnimationFrame)')
  t.equal(await page.evaluate(`document.querySelector('iframe').clientHeight`), seen.at(-1), 'the host cannot, being another origin')
})

t.test('without the script a fixed height that scrolls; without JavaScript all of it', async (t) => {
  const { page } = await visit(t, plain('/embed/cards?controls=all'), { javaScript: false })
  const frame = await widget(page)
  t.equal(await frame.locator('.entry').count(), 12)
  t.equal((await page.locator('iframe').boundingBox())?.height, 300)
  await frame.getByRole('searchbox').fill('capteurs')
  await frame.getByRole('button', { name: 'Chercher' }).click()
  await frame.waitForURL(/my-q=capteurs/)
  t.equal(await frame.locator('.entry').count(), 1)
  const map = await visit(t, plain('/embed/map?limit=5'), { javaScript: false })
  const stand = await widget(map.page)
  t.equal(await stand.locator('.entry:visible').count(), 5, 'a list stands in for the map')
})

t.test('cards, join, facets, search, paging: in the widget or in a new tab', async (t) => {
  const { page } = await visit(t, await generated('/e/openstreetmap/widgets?kind=cards&controls=all&type=territorial&limit=4'), {
    width: 400,
    height: 500,
  })
  await fitted(page)
  const frame = await widget(page)
  const { length } = page.context().pages()
  t.match(await newTab(page, () => frame.locator('.entry h2 a').first().click()), /^\/g\//)
  t.match(await newTab(page, () => frame.locator('footer a').click()), '/e/openstreetmap?type=territorial')
  const join = frame.locator('.act a').first()
  t.same([await join.getAttribute('target'), await join.getAttribute('rel')], ['_blank', 'noopener'], 'joining is somewhere else')
  await frame.locator('summary').click()
  await fitted(page)
  await frame.getByRole('link', { name: /^France/ }).click()
  await frame.waitForURL(/my-country=FR/)
  await frame.getByText(/^\d+ groupes?$/).waitFor()
  await fitted(page)
  t.match(frame.url(), /[?&]type=territorial/)
  await frame.getByRole('link', { name: /^Retirer/ }).click()
  await frame.waitForURL((url) => !url.search.includes('my-'))
  await fitted(page)
  await page.evaluate(`document.querySelector('iframe').scrollIntoView({ block: 'end' })`)
  await frame.getByRole('link', { name: 'Groupes suivants' }).click()
  await frame.waitForURL(/after=/)
  await until(page, `Math.abs(document.querySelector('iframe').getBoundingClientRect().top) < 1`)
  await fitted(page)
  await frame.getByRole('link', { name: 'Revenir à la première page' }).click()
  await frame.waitForURL((url) => !url.search.includes('after'))
  t.equal(page.context().pages().length, length)
  t.ok(frame.url().startsWith(`${site}/embed/cards/openstreetmap?`))
})

t.test('a map: marks, popup, choices', async (t) => {
  const { page } = await visit(t, await generated('/widgets?kind=map&controls=all&type=thematic'))
  const frame = await widget(page)
  await frame.locator('.pin').first().waitFor()
  t.notOk(await frame.locator('.entry').first().isVisible(), 'the list has folded away')
  await frame.getByRole('searchbox').fill('capteurs')
  await frame.getByRole('button', { name: 'Chercher', exact: true }).click()
  await frame.waitForURL(/my-q=capteurs/)
  await frame.locator('.pin').first().waitFor()
  await fitted(page)
  await frame.getByRole('button', { name: /^L’essaim de capteurs/ }).click()
  const popup = frame.getByRole('dialog')
  t.match(await newTab(page, () => popup.getByRole('link', { name: /^Voir la fiche/ }).click()), /^\/g\//)
  await frame.getByRole('link', { name: 'Chercher dans cette zone' }).click()
  await frame.waitForURL(/my-bbox=/)
  t.match(frame.url(), /[?&]type=thematic/)
  t.ok(frame.url().startsWith(`${site}/embed/map?`))
  await fitted(page)
})

t.test('a popup fits the narrowest map', async (t) => {
  const { page } = await visit(t, plain('/embed/map?q=capteurs'), { width: 256 })
  const frame = await widget(page)
  await frame.locator('.pin').first().click()
  await frame.getByRole('dialog').waitFor()
  const fits = `(({ left, right, top }, map) => left >= map.left && right <= map.right && top >= map.top)(
    ...['.leaflet-popup', '#map'].map((one) => document.querySelector(one).getBoundingClientRect()))`
  await until(frame, fits)
  t.equal(await frame.evaluate(fits), true)
})

t.test('near me, where the host allows it', async (t) => {
  for (const allow of [true, false]) {
    const { page, context } = await visit(t, plain('/embed/map').replace('<iframe', allow ? '<iframe allow="geolocation"' : '<iframe'))
    await context.grantPermissions(['geolocation'])
    await context.setGeolocation({ latitude: 48.3904, longitude: -4.4861 })
    const frame = await widget(page)
    await frame.locator('.pin').first().waitFor()
    const near = frame.getByRole('button', { name: 'Près de moi' })
    if (!allow) {
      t.notOk(await near.isVisible())
      continue
    }
    await near.click()
    await frame.waitForURL(/my-near=48\.39(,|%2C)-4\.49/)
    await frame.locator('.near-circle').waitFor()
  }
})

t.test('the custom element, and what it shows when our server is down', async (t) => {
  const html = await generated('/e/openstreetmap/widgets?kind=list&type=territorial&type=thematic&limit=3&theme=dark', 'element')
  t.match(html, /^<archipel-widget /)
  const { page } = await visit(t, html)
  await fitted(page)
  const frame = await widget(page)
  const { searchParams, pathname } = new URL(frame.url())
  t.same([pathname, searchParams.getAll('type'), searchParams.get('limit')], ['/embed/list/openstreetmap', ['thematic', 'territorial'].sort(), '3'])
  t.notOk(await page.locator('archipel-widget > a').isVisible(), 'the frame is there, the link is not needed')
  t.ok(await page.locator('iframe').getAttribute('title'))

  const down = await newPage(t, browser, { origin: host.origin, alsoAllow: [site], expect: /./ })
  await down.context.route(`${site}/**`, (route) => route.abort('connectionrefused'))
  await down.page.goto(host.paste(html))
  t.ok(await down.page.locator('archipel-widget > a').isVisible())
})

t.test('light and dark follow the reader, unless the site says', async (t) => {
  const paper = { light: 'rgb(251, 250, 245)', dark: 'rgb(13, 25, 31)' }
  const background = async (page: Page, at: number) => (await widget(page, at)).evaluate('getComputedStyle(document.body).backgroundColor')
  for (const theme of ['light', 'dark'] as const) {
    const other = theme === 'light' ? 'dark' : 'light'
    const { page } = await visit(t, plain('/embed/list') + plain(`/embed/list?theme=${other}`), { theme })
    t.equal(await background(page, 0), paper[theme])
    t.equal(await background(page, 1), paper[other])
  }
})

t.test('with the keyboard alone', async (t) => {
  const { page } = await visit(t, `${plain('/embed/list?controls=all&limit=2')}${script}`)
  await fitted(page)
  const frame = await widget(page)
  const focus = () => frame.evaluate<string>('document.activeElement.id || document.activeElement.textContent.trim()')
  await page.locator('h1').click()
  await page.keyboard.press('Tab')
  // The frame may be another process, which takes the focus in its own time.
  await frame.locator('#q:focus').waitFor()
  for (const expected of ['Chercher', 'Affiner']) {
    await page.keyboard.press('Tab')
    t.equal(await focus(), expected)
  }
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  const chosen = await focus()
  await page.keyboard.press('Enter')
  await frame.waitForURL(/my-/)
  t.ok(chosen)
  await fitted(page)
})

const kinds = [
  'list?controls=all',
  'cards?accent=ffee00',
  'map?q=capteurs&controls=all',
  'count',
  'group/anim-fr',
  'neighbours/anim-fr',
  'list?size=3',
]

t.test('accessible and readable from 240 pixels, in both themes', async (t) => {
  for (const [width, theme] of [
    [256, 'light'],
    [800, 'dark'],
  ] as const) {
    for (const kind of kinds) {
      // A page of the frame that is refused is what the reader is to see.
      const { page } = await visit(t, `${plain(`/embed/${kind}`, kind)}${script}`, { width, theme, expect: /size=3 400/ })
      const frame = await widget(page)
      if (kind.startsWith('map')) await frame.locator('.pin').first().waitFor()
      await fitted(page)
      if (kind.startsWith('list?controls')) await frame.locator('#filters > summary').click()
      t.equal(await frame.evaluate('document.documentElement.scrollWidth - innerWidth'), 0, `${kind} at ${width}`)
      await checkAxe(t, frame, `${kind}, ${width}, ${theme}`)
    }
  }
})

t.test('nothing but widgets can be framed', async (t) => {
  const pages = ['/', '/groups', '/groups?q=x', '/ecosystems', '/e/openstreetmap', '/e/openstreetmap/map', '/map', '/g/anim-fr', '/widgets']
  const files = ['/about', '/privacy', '/api', '/groups.json', '/embed.js', '/embed', '/nothing', '/g/anim-fr/print', '/robots.txt', '/map.svg']
  for (const path of [...pages, ...files]) {
    const { page, problems } = await newPage(t, browser, { origin: host.origin, alsoAllow: [site] })
    await page.goto(host.paste(plain(path)))
    await until(page, 'document.readyState === "complete"')
    const frame = await widget(page)
    t.match(frame.url(), 'chrome-error:', path)
    for (let left = 100; left > 0 && problems.length === 0; left--) await setTimeout(50)
    t.match(problems.splice(0).join(), /frame-ancestors|ERR_BLOCKED_BY_RESPONSE/, path)
  }
})
