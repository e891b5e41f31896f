import { get } from 'node:http'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { buildApp } from '../../server/app.ts'
import { loadDemo } from '../../server/demo/load.ts'
import { findGroup } from '../../server/group/queries.ts'
import { toGroup } from '../../server/group/row.ts'
import type { Group } from '../../server/schema-types.ts'
import { makeTestDeps, now, openSqlite } from '../helper.ts'
import { signInAs } from '../people.ts'
import { checkAxe } from './axe.ts'
import { launch } from './chromium.ts'
import { checkFits, drawn, newPage, type PageOptions } from './page.ts'

// The form of a record, with and without JavaScript, by keyboard, and by two people at once.
const db = await openSqlite(t)
await loadDemo(db, () => new Date(now))
const app = await buildApp(await makeTestDeps(db))
t.teardown(() => app.close())
const origin = await app.listen({ host: '127.0.0.1', port: 0 })
const cookie = await signInAs(app, db, 'operator')
const browser = await launch(t)
const most = 80 * 1024

async function open(t: Test, options: PageOptions = {}): Promise<Page> {
  const { page, context } = await newPage(t, browser, { origin, ...options })
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name, value, url: origin }])
  return page
}

const record = async (name: string): Promise<Group> => toGroup((await findGroup(db, name))!)
const focused = (page: Page) => page.evaluate<string>('document.activeElement.id')
const field = (page: Page, id: string) => page.locator(`[id="${id}"]`)
const save = (page: Page) => page.getByRole('button', { name: 'Enregistrer' }).first().click()

t.test('errors, rows, preview, and Ctrl+S', async (t) => {
  const page = await open(t)
  await page.goto('/g/cyou1/edit')
  await field(page, 'summary').fill('')
  await page.getByRole('button', { name: 'Ajouter un lien' }).click()
  const added = await focused(page)
  t.match(added, /^links\.\d+\.service$/, 'the new row has the focus')
  const url = added.replace('service', 'url')
  await field(page, added).selectOption('news')
  await field(page, url).fill('javascript:alert(1)')
  await page.keyboard.press('Control+s')
  await page.locator('.faults:focus').waitFor()
  await page.locator('.faults a').last().click()
  await page.locator(`[id="${url}"]:focus`).waitFor()
  t.equal(await field(page, url).inputValue(), 'javascript:alert(1)')
  await checkAxe(t, page, 'with errors')
  await field(page, url).fill('https://nouvelles.example/')
  await field(page, 'summary').fill('Un résumé tout neuf.')
  await page.locator('#preview').getByText('Un résumé tout neuf.').waitFor()
  t.match(await page.locator('#edit-said').innerText(), 'non enregistrées')
  await page.keyboard.press('Control+s')
  await page.waitForURL('**/g/cyou1')
  t.match(await record('cyou1'), { summary: 'Un résumé tout neuf.' })
  t.ok((await record('cyou1')).links?.some((link) => link.url === 'https://nouvelles.example/'))
})

t.test('leaving with changes asks first', async (t) => {
  const page = await open(t)
  await page.goto('/g/cyou1/edit')
  await field(page, 'name').fill('Autre')
  const asked = page.waitForEvent('dialog')
  const leaving = page.close({ runBeforeUnload: true })
  const dialog = await asked
  t.equal(dialog.type(), 'beforeunload')
  await dialog.accept()
  await leaving
})

t.test('steps put in order by keyboard alone', async (t) => {
  const page = await open(t)
  await page.goto('/g/anim-fr/edit')
  const steps = async () => page.locator('#welcome input').evaluateAll((all) => all.map((one) => (one as unknown as { value: string }).value))
  const before = await steps()
  await field(page, 'welcome.add').focus()
  for (const text of ['Dire bonjour', 'Lire la charte']) {
    await field(page, 'welcome.add').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.type(text)
  }
  t.same(await steps(), [...before, 'Dire bonjour', 'Lire la charte'])
  await page.keyboard.press('Tab')
  t.match(await focused(page), /^welcome\.\d+\.up$/)
  const up = await focused(page)
  await page.keyboard.press('Enter')
  t.same((await steps()).slice(-2), ['Lire la charte', 'Dire bonjour'])
  t.match(await focused(page), before.length > 0 ? up : /down$/, 'the focus goes along')
  t.equal(await page.locator('#welcome legend').nth(before.length).innerText(), `Étape ${before.length + 1}`)
  await page.keyboard.press('Control+s')
  await page.waitForURL('**/g/anim-fr')
  t.same((await record('anim-fr')).welcome?.slice(-2), ['Lire la charte', 'Dire bonjour'])
})

t.test('keywords and places are suggested, the point is moved by the arrow keys', async (t) => {
  const page = await open(t)
  await page.goto('/g/cyou1/edit')
  await field(page, 'keywords').focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.type(', Sciences en soc')
  await field(page, 'keywords').fill('astrono')
  await page.locator('#suggest-keywords-list [role=option]').filter({ hasText: 'Astronomie' }).first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  t.match(await field(page, 'keywords').inputValue(), /^Astronomie, $/i)
  await field(page, 'keywords').fill('Sciences, podcast')
  await field(page, 'place').fill('Dakar')
  await page.locator('#suggest-place-list [role=option]').first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.locator('#region option[value=SN-DK]').waitFor({ state: 'attached' })
  await page.waitForFunction(`document.getElementById('region').value === 'SN-DK'`)
  t.equal(await field(page, 'country').inputValue(), 'SN')
  const lat = Number(await field(page, 'position.lat').inputValue())
  t.ok(Math.abs(lat - 14.7) < 0.2)
  await page.getByRole('button', { name: 'Placer le point' }).click()
  await page.locator('.pin-mark').waitFor()
  await page.waitForFunction(`document.activeElement.className.includes('pin-mark')`)
  await page.keyboard.press('ArrowUp')
  t.ok(Number(await field(page, 'position.lat').inputValue()) > lat)
  t.equal(await field(page, 'position.precision').inputValue(), 'exact')
  t.match(await page.locator('#pin-said').innerText(), /^Point à 14\.\d+, -17\.\d+$/)
  await checkAxe(t, page, 'with the map')
  await save(page)
  await page.waitForURL('**/g/cyou1')
  t.match(await record('cyou1'), { place: 'Dakar', country: 'SN', region: 'SN-DK', position: { precision: 'exact' } })
})

t.test('answers that come late do not take the place of newer ones', async (t) => {
  const page = await open(t)
  await page.goto('/g/cyou1/edit')
  const previews = await holdFirst(page, (url) => url.endsWith('/edit/preview'))
  await field(page, 'summary').fill('Premier résumé.')
  await previews.held
  await field(page, 'summary').fill('Second résumé.')
  await page.locator('#preview').getByText('Second résumé.').waitFor()
  await previews.letGo()
  t.match(await page.locator('#preview').innerText(), 'Second résumé.')
  const regions = await holdFirst(page, (url) => url.endsWith('/edit'))
  await field(page, 'country').selectOption('SN')
  await regions.held
  await field(page, 'country').selectOption('BJ')
  await page.locator('#region option[value=BJ-AL]').waitFor({ state: 'attached' })
  await regions.letGo()
  t.equal(await page.locator('#region option[value=BJ-AL]').count(), 1, 'the regions of the country chosen last')
  await save(page)
  await page.waitForURL('**/g/cyou1')
})

/** The first form sent to such an address is not answered before `letGo`, which resolves once the page has done with it. */
async function holdFirst(page: Page, isIt: (url: string) => boolean) {
  const held = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const done = Promise.withResolvers<void>()
  await page.route(
    (url) => isIt(url.pathname),
    async (route, request) => {
      if (request.method() !== 'POST') return route.fallback()
      const answer = await route.fetch()
      held.resolve()
      await released.promise
      // Whoever no longer wants it cannot be answered.
      await route.fulfill({ response: answer }).catch(() => undefined)
      done.resolve()
    },
    { times: 1 },
  )
  const letGo = async () => {
    released.resolve()
    await done.promise
    await drawn(page)
  }
  return { held: held.promise, letGo }
}

t.test('without JavaScript', async (t) => {
  const page = await open(t, { javaScript: false })
  await page.goto('/g/kaleidos-coop/edit')
  await field(page, 'name').fill('Kaléidos')
  await page.getByRole('button', { name: 'Ajouter un partenaire' }).click()
  await page.locator('#partners li').last().getByLabel('Nom').and(page.locator(':focus')).waitFor()
  t.equal(await field(page, 'name').inputValue(), 'Kaléidos', 'nothing is lost')
  const rows = page.locator('#partners li')
  await rows.last().getByLabel('Nom').fill('Le voisin')
  await rows
    .last()
    .getByRole('button', { name: /^Monter/ })
    .click()
  await page.getByRole('button', { name: 'Voir l’aperçu' }).click()
  await page.locator('#preview').getByText('Kaléidos').first().waitFor()
  await save(page)
  await page.waitForURL('**/g/kaleidos-coop')
  t.match(await record('kaleidos-coop'), { name: 'Kaléidos', partners: [{ name: 'Le voisin' }] })
})

t.test('two browsers save at once', async (t) => {
  const [first, second] = [await open(t), await open(t)]
  for (const page of [first, second]) await page.goto('/g/anim-fr/edit')
  await field(first, 'summary').fill('Le résumé de la première')
  await field(first, 'memberCount').fill('321')
  await save(first)
  await first.waitForURL('**/g/anim-fr')
  await field(second, 'summary').fill('Le résumé du second')
  await field(second, 'name').fill('Anim-fr, encore')
  await save(second)
  await second.locator('#conflict:focus').waitFor()
  await checkAxe(t, second, 'both versions')
  t.equal(await second.locator('.versions').count(), 1, 'one field alone stands against another')
  await second.getByRole('radio', { name: /première/ }).check()
  await save(second)
  await second.waitForURL('**/g/anim-fr')
  t.match(await record('anim-fr'), { summary: 'Le résumé de la première', name: 'Anim-fr, encore', memberCount: 321 })
})

t.test('accessible and narrow enough, in both themes', async (t) => {
  const row = await findGroup(db, 'helpers')
  for (const theme of ['light', 'dark'] as const) {
    for (const width of [240, 360, 1280]) {
      const page = await open(t, { theme, width })
      for (const path of ['/g/anim-fr/edit', '/g/anim-fr/delete', ...(row ? ['/g/helpers/edit'] : [])]) {
        await page.goto(path)
        if (width > 240) await checkAxe(t, page, `${path} ${theme} ${width}`)
        await checkFits(t, page, `${path} ${width}`)
      }
      await page.context().close()
    }
  }
})

t.test('HTML, CSS and JavaScript on the wire', async (t) => {
  const html = (await (await fetch(`${origin}/g/anim-fr/edit`, { headers: { cookie } })).text()).replaceAll('&#x3D;', '=')
  const linked = [...html.matchAll(/(?:rel="stylesheet" href|<script[^>]* src|data-suggest)="([^"]+)"/g)].map(([, url]) => url!)
  let total = 0
  for (const path of new Set(['/g/anim-fr/edit', ...linked])) {
    const bytes = await compressedSize(path)
    t.comment(`${(bytes / 1024).toFixed(1)} KB ${path}`)
    total += bytes
  }
  t.comment(`${(total / 1024).toFixed(1)} KB together`)
  t.ok(linked.length >= 4)
  t.ok(total <= most, `${total} bytes, at most ${most}`)
})

async function compressedSize(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = get(origin + path, { headers: { cookie, 'accept-encoding': 'gzip, br', accept: 'text/html' } }, (answer) => {
      let bytes = 0
      answer.on('data', (part: Buffer) => {
        bytes += part.length
      })
      answer.on('end', () => resolve(bytes))
    })
    asking.on('error', reject)
  })
}
