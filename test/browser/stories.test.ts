import type { Locator, Page } from 'playwright-core'
import t from 'tap'
import { launch } from './chromium.ts'
import { newPage } from './page.ts'
import { serveDemo } from './site.ts'

// Whole visits. `newPage` fails each of them on a foreign request, a console error or a breach of the CSP.
const origin = await serveDemo(t)
const browser = await launch(t)

const count = (page: Page) => page.locator('#count')
const facet = (page: Page, name: RegExp) => page.locator('#facets').getByRole('link', { name })
const names = (page: Page) => page.locator('#results article h3').allInnerTexts()

t.test('finding a group from the home page', async (t) => {
  const { page, context, requests } = await newPage(t, browser, { origin })
  await page.goto('/')
  await page
    .getByRole('main')
    .getByRole('searchbox', { name: /Chercher un groupe/ })
    .fill('astronomie')
  await page.getByRole('main').getByRole('button', { name: 'Chercher' }).click()
  await page.waitForURL('**/groups?q=astronomie')
  t.match(await count(page).innerText(), /^\d+ groupes pour «\sastronomie\s»$/)
  const all = await names(page)
  t.ok(all.length > 3)

  await stay(page)
  const said = await listen(page)
  const before = requests.length
  await facet(page, /^préparation|^en préparation/)
    .first()
    .click()
  await page.waitForURL('**/groups?q=astronomie&activity=preparing')
  await changed(count(page), /^1 groupe pour/)
  t.same(await names(page), ['Sciences en signes'])
  t.ok(await stayed(page), 'without loading the page again')
  t.equal(requests.length, before + 1, 'by one request')
  t.same(await said(), ['1 groupe pour « astronomie »'], 'and the number is said')
  t.match(await page.evaluate<string>('document.activeElement.id'), /^activity-preparing$/, 'the focus is where it was')

  await page.goBack()
  await changed(count(page), new RegExp(`^${all.length} groupes`))
  t.same(await names(page), all, 'back brings the list back')
  t.ok(await stayed(page))
  await page.goForward()
  await changed(count(page), /^1 groupe/)
  await page
    .locator('#results')
    .getByRole('link', { name: /Retirer .*en préparation/ })
    .click()
  await page.waitForURL('**/groups?q=astronomie')
  await changed(count(page), new RegExp(`^${all.length} groupes`))

  await page.reload()
  t.same(await names(page), all, 'the address holds the whole state')
  await page.locator('#results').getByRole('link', { name: 'Cyou1', exact: true }).click()
  await page.waitForURL('**/g/cyou1')
  const join = page.getByRole('region', { name: /Rejoindre/ })
  t.ok(await join.isVisible())
  t.ok((await join.getByRole('link').count()) > 0, 'ways to join')
  await page.goBack()
  t.same(await names(page), all)
  t.same(await context.cookies(), [], 'no cookie before a choice')
})

t.test('choices are kept while searching again', async (t) => {
  const { page } = await newPage(t, browser, { origin })
  await page.goto('/e/coop-group?type=thematic')
  await stay(page)
  const search = page.locator('#list').getByRole('searchbox')
  await search.fill('bibliothèques')
  await search.press('Enter')
  await page.waitForURL(/q=biblioth/)
  await changed(count(page), /pour «/)
  t.equal(new URL(page.url()).pathname, '/e/coop-group')
  t.equal(new URL(page.url()).searchParams.get('type'), 'thematic')
  t.ok((await names(page)).some((name) => name.startsWith('Réseau francophone des bibliothécaires')))
  t.ok(await stayed(page))
  await search.fill('zzzzz')
  await search.press('Enter')
  await changed(count(page), /^Aucun groupe/)
  t.ok(
    await page
      .locator('#results')
      .getByRole('link', { name: /Voir tous les groupes/ })
      .isVisible(),
    'no dead end',
  )
})

t.test('with the keyboard alone', async (t) => {
  const { page } = await newPage(t, browser, { origin })
  await page.goto('/groups')
  await page.keyboard.press('Tab')
  t.equal(await focused(page), 'Aller au contenu')
  t.ok(await page.locator(':focus').isVisible(), 'the skip link shows itself')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  t.equal(await page.evaluate('document.activeElement.id'), 'q', 'the first stop of the content is the search')
  await page.keyboard.type('cartographie')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/groups?q=cartographie')
  await changed(count(page), /pour «/)
  t.equal(await page.evaluate('document.activeElement.id'), 'q', 'still there')

  await tabTo(page, '#facets a')
  t.ok(await isRinged(page), 'the focus can be seen')
  const chosen = await page.evaluate<string>('document.activeElement.id')
  await page.keyboard.press('Enter')
  await page.waitForURL(/&/)
  await page.locator(`[id="${chosen}"][aria-current=true]`).waitFor()
  t.equal(await page.evaluate('document.activeElement.id'), chosen, 'the choice made keeps the focus')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/groups?q=cartographie')
  await page.locator(`[id="${chosen}"]:not([aria-current])`).waitFor()
  t.equal(await page.evaluate('document.activeElement.id'), chosen, 'so does the choice taken back')

  await tabTo(page, '#results article h3 a', 60)
  const name = await focused(page)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/g/*')
  t.equal(await page.getByRole('heading', { level: 1 }).innerText(), name)
})

t.test('without JavaScript', async (t) => {
  const { page, context } = await newPage(t, browser, { origin, javaScript: false })
  await page.goto('/e/openstreetmap')
  await page.locator('#list').getByRole('searchbox').fill('slack')
  await page.locator('#list').getByRole('button', { name: 'Chercher' }).click()
  await page.waitForURL('**/e/openstreetmap?q=slack')
  t.match(await count(page).innerText(), /pour «\sslack\s»/)
  await page.goto('/groups')
  await facet(page, /^thématique/).click()
  await page.waitForURL('**/groups?type=thematic')
  await page
    .locator('#results')
    .getByRole('link', { name: /Retirer .*thématique/ })
    .click()
  await page.waitForURL('**/groups')
  const first = await names(page)
  await page.getByRole('link', { name: 'Groupes suivants' }).click()
  await page.waitForURL(/after=/)
  t.notOk(
    (await names(page)).some((name) => first.includes(name)),
    'the next page goes on',
  )
  await page.goto('/groups?type=support')
  t.ok(await page.locator('#facets').getByText('Mots-clés').isVisible())
  await page.setViewportSize({ width: 360, height: 800 })
  await page.locator('#filters > summary').click()
  t.same(await context.cookies(), [])

  await page.getByRole('contentinfo').getByRole('link', { name: 'English' }).click()
  await page.locator('html[lang=en]').waitFor()
  await page.goto('/about')
  t.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'About', 'the language is remembered')
  const paper = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
  const light = await paper()
  await page.getByRole('button', { name: 'dark' }).click()
  await page.locator('html[data-theme=dark]').waitFor()
  await page.waitForURL('**/about')
  t.not(await paper(), light)
  t.equal(await page.getByRole('button', { name: 'dark' }).getAttribute('aria-pressed'), 'true')
  await page.goto('/privacy')
  t.equal(await page.locator('html').getAttribute('data-theme'), 'dark', 'and so is the theme')
  t.same((await context.cookies()).map(({ name, value }) => `${name}=${value}`).sort(), ['lang=en', 'theme=dark'])
})

t.test('the language is the reader’s, until another is chosen', async (t) => {
  const { page } = await newPage(t, browser, { origin, locale: 'en-GB' })
  const lang = () => page.locator('html').getAttribute('lang')
  await page.goto('/groups?q=bretagne')
  t.equal(await lang(), 'en')
  t.match(await count(page).innerText(), /groups? for “bretagne”/)
  await page.getByRole('contentinfo').getByRole('link', { name: 'Français' }).click()
  await page.waitForURL(/lang=fr/)
  t.equal(new URL(page.url()).searchParams.get('q'), 'bretagne', 'the choices stay')
  t.equal(await lang(), 'fr')
  await page.goto('/')
  t.equal(await lang(), 'fr', 'remembered')
  await page.goto('/ecosystems?lang=en')
  t.equal(await lang(), 'en', 'the address wins')
})

t.test('deep into the list', async (t) => {
  const { page } = await newPage(t, browser, { origin, theme: 'dark' })
  await page.goto('/e/openstreetmap')
  await stay(page)
  const seen = new Set(await names(page))
  for (let at = 2; at <= 5; at++) {
    const first = (await names(page))[0]!
    await page.locator('a[rel=next]').click()
    await page.locator('#results article h3').first().filter({ hasNotText: first }).waitFor()
    for (const name of await names(page)) seen.add(name)
    t.equal(seen.size, at * 24, `page ${at}`)
    t.equal(await page.evaluate('document.activeElement.id'), 'count', 'reading goes on at the top of the list')
    t.ok(await page.evaluate('((top) => top >= 0 && top < innerHeight)(document.activeElement.getBoundingClientRect().top)'))
  }
  t.ok(await stayed(page))
  const deep = await names(page)
  // Back, and forward again before the answer is there.
  const { promise, resolve } = Promise.withResolvers<void>()
  await page.route('**', (route) => promise.then(() => route.continue()).catch(() => {}))
  await page.goBack()
  await page.goForward()
  resolve()
  await page.locator('#results:not([aria-busy])').waitFor()
  t.same(await names(page), deep, 'the list is that of the address')
  await page.reload()
  t.same(await names(page), deep)
})

t.test('a choice that the server cannot answer leads to its page', async (t) => {
  const { page } = await newPage(t, browser, { origin, expect: /groups\?.* 400|Failed to load/ })
  await page.goto('/groups')
  await page.evaluate(`document.querySelector('#facets a').search = '?type=club'`)
  await page.locator('#facets a').first().click()
  await page.waitForURL('**/groups?type=club')
  await page.locator('code', { hasText: 'type' }).waitFor()
})

/** Leaves a mark that a full load would wipe out. */
async function stay(page: Page): Promise<void> {
  await page.evaluate('window.mark = true')
}

async function stayed(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('window.mark === true')
}

/** What the live region says from now on. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(`
    window.said = []
    const region = document.querySelector('[role=status]')
    new MutationObserver(() => said.push(region.textContent.trim())).observe(region, { childList: true, characterData: true, subtree: true })`)
  return async () => (await page.evaluate<string[]>('[...new Set(said)]')).map((text) => text.replaceAll(/\s/g, ' '))
}

async function changed(element: Locator, to: RegExp): Promise<void> {
  await element.filter({ hasText: to }).waitFor()
}

function focused(page: Page): Promise<string> {
  return page.locator(':focus').innerText()
}

async function tabTo(page: Page, selector: string, most = 40): Promise<void> {
  for (let at = 0; at < most; at++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return
  }
  throw new Error(`${selector} is not within ${most} stops`)
}

function isRinged(page: Page): Promise<boolean> {
  return page.evaluate(`(() => { const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement)
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 })()`)
}
