import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import t from 'tap'
import { checkAxe } from './axe.ts'
import { launch } from './chromium.ts'
import { newPage } from './page.ts'
import { serveDemo } from './site.ts'

const origin = await serveDemo(t)
const browser = await launch(t)

t.test('from a list to the code, with a preview that follows', async (t) => {
  const { page, context } = await newPage(t, browser, { origin })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin })
  await page.goto('/e/coop-group?type=territorial')
  await page.getByRole('link', { name: 'Intégrer à un autre site' }).click()
  await page.waitForURL('**/e/coop-group/widgets?type=territorial')
  t.ok(await page.getByRole('checkbox', { name: 'territorial' }).isChecked(), 'the choices came along')
  t.match(await frameAt(page), /^\/embed\/list\/coop-group\?type=territorial$/)
  await page.frameLocator('#frame').getByRole('link').first().waitFor()

  await page.getByRole('radio', { name: /^Fiches/ }).check()
  await until(page, '/embed/cards/coop-group?type=territorial')
  await page.getByLabel('Groupes par page').fill('3')
  await until(page, 'limit=3')
  await page.getByLabel('Couleur des liens et des boutons').fill('#b23a24')
  await until(page, 'accent=b23a24')
  t.equal(await page.locator('#accent-pick input').inputValue(), '#b23a24', 'the picker follows the box')
  await page.locator('#accent-pick input').fill('#1b7a6c')
  await until(page, 'accent=1b7a6c')
  t.equal(await said(page), 'L’aperçu et le code sont à jour.')
  t.match(page.url(), /kind=cards&.*accent=1b7a6c/, 'the address keeps it')
  await page.frameLocator('#frame').getByRole('link').first().waitFor()

  await page.getByRole('button', { name: 'Copier le code' }).click()
  await page.locator('#said', { hasText: 'Le code est copié.' }).waitFor()
  const code = await page.getByRole('textbox', { name: 'Code à coller' }).inputValue()
  t.equal(await page.evaluate('navigator.clipboard.readText()'), code)
  t.match(code, /^<iframe src="http:\/\/[^"]+\/embed\/cards\/coop-group\?type=territorial&amp;limit=3&amp;accent=1b7a6c" title="[^"]+"/)
  await page.getByText('Le même en élément personnalisé').click()
  await page.getByRole('button', { name: 'Copier l’élément' }).click()
  await page.waitForFunction(`navigator.clipboard.readText().then((text) => text.startsWith('<archipel-widget kind="cards" keyword="coop-group"'))`)

  await page.reload()
  t.match(await frameAt(page), /limit=3&accent=1b7a6c/, 'a reload changes nothing')
})

t.test('what is wrong is said where it is typed, and gone once it is right', async (t) => {
  const { page } = await newPage(t, browser, { origin, locale: 'en-GB', expect: /widgets\?.* 400/ })
  await page.goto('/widgets')
  const accent = page.getByLabel('Colour of links and buttons')
  await accent.fill('red')
  await page.locator('#f-accent-wrong', { hasText: 'six digits' }).waitFor()
  t.equal(await accent.getAttribute('aria-invalid'), 'true')
  t.equal(await said(page), 'To be corrected before there is a code')
  t.equal(await page.locator('#frame').count(), 0)
  t.equal(await page.evaluate('document.activeElement.id'), 'f-accent', 'whoever types is left where they are')
  await accent.fill('0b5a6f')
  await page.locator('#frame').waitFor()
  t.equal(await accent.getAttribute('aria-invalid'), null)
  t.equal(await page.locator('#f-accent-wrong').textContent(), '')
})

t.test('where copying is not allowed, the code is selected', async (t) => {
  const { page } = await newPage(t, browser, { origin })
  await page.goto('/g/cyou1/widgets')
  await page.evaluate(`navigator.clipboard.writeText = () => Promise.reject(new Error('no'))`)
  await page.getByRole('button', { name: 'Copier le code' }).press('Enter')
  await page.locator('#said', { hasText: 'sélectionné' }).waitFor()
  t.match(await page.evaluate('getSelection().toString()'), /^<iframe src="[^"]+\/embed\/group\/cyou1"/)
})

t.test('without JavaScript', async (t) => {
  const { page } = await newPage(t, browser, { origin, javaScript: false })
  await page.goto('/widgets')
  t.notOk(await page.getByRole('button', { name: 'Copier le code' }).isVisible(), 'no button that does nothing')
  t.notOk(await page.locator('#accent-pick').isVisible())
  await page.getByRole('radio', { name: /^Nombre/ }).check()
  await page.getByLabel('Mots-clés').fill('openstreetmap')
  await page.getByLabel('Apparence').selectOption('dark')
  await page.getByRole('button', { name: 'Voir l’aperçu' }).click()
  await page.waitForURL('**/widgets?kind=count&*')
  t.match(await frameAt(page), /^\/embed\/count\?keyword=openstreetmap&theme=dark$/)
  await page.frameLocator('#frame').getByRole('link').first().waitFor()
  await page.getByLabel('Couleur des liens').fill('red')
  await page.getByRole('button', { name: 'Voir l’aperçu' }).click()
  await page.getByRole('alert').waitFor()
  await page.getByRole('alert').getByRole('link', { name: 'Couleur des liens et des boutons' }).click()
  await page.waitForURL(/#f-accent$/)
  t.equal(await page.getByLabel('Mots-clés').inputValue(), 'openstreetmap', 'nothing typed is lost')
})

t.test('the frame that oEmbed gives is whole where its host locks it in', async (t) => {
  const { items } = (await (await fetch(`${origin}/groups.json?keyword=openstreetmap&size=1`)).json()) as { items: [{ url: string }] }
  const [{ url }] = items
  const asked = new URL('/oembed', origin)
  asked.searchParams.set('url', url)
  const { html } = (await (await fetch(asked)).json()) as { html: string }
  // What WordPress makes of it.
  const locked = html.replace('<iframe', '<iframe sandbox="allow-scripts"').replaceAll(new URL(url).origin, origin)
  const host = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(`<!doctype html>${locked}`))
  t.teardown(() => host.close())
  await once(host.listen(0, '127.0.0.1'), 'listening')
  const hostOrigin = `http://127.0.0.1:${(host.address() as AddressInfo).port}`
  const { page } = await newPage(t, browser, { origin: hostOrigin, alsoAllow: [origin], theme: 'dark', expect: /Unsafe attempt to load URL|favicon/ })
  await page.goto('/', { waitUntil: 'networkidle' })
  const frame = page.frames()[1]!
  await frame.getByRole('link').first().waitFor()
  t.equal(await frame.evaluate('getComputedStyle(document.body).color'), 'rgb(234, 241, 239)', 'with its styles')
  t.equal(await frame.evaluate('document.fonts.check("1rem Atkinson")'), true)
})

for (const theme of ['light', 'dark'] as const) {
  for (const width of [240, 360, 1280]) {
    t.test(`${theme}, ${width} pixels wide`, async (t) => {
      const { page } = await newPage(t, browser, { origin, theme, width })
      for (const path of [
        '/widgets',
        '/e/coop-group/widgets?kind=map&country=FR',
        '/g/cyou1/widgets?kind=neighbours',
        '/widgets?accent=red&near=x&foo=1',
      ]) {
        await page.goto(path)
        await page.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`)
        await checkAxe(t, page, `${path} ${theme} ${width}`)
        // The head and foot of every page are others' to measure.
        t.equal(await page.evaluate(`document.querySelector('main').scrollWidth`), width, `${path} fits`)
      }
    })
  }
}

/** Path and query of the preview. */
async function frameAt(page: Page): Promise<string> {
  return (await page.locator('#frame').getAttribute('src')) ?? ''
}

async function until(page: Page, part: string): Promise<void> {
  await page.locator(`#frame[src*="${part}"]`).waitFor()
}

function said(page: Page): Promise<string | null> {
  return page.locator('#said').textContent()
}
