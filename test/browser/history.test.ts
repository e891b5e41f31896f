import sharp from 'sharp'
import t, { type Test } from 'tap'
import { editGroup } from '../../server/group/actions.ts'
import { findGroup } from '../../server/group/queries.ts'
import { toGroup } from '../../server/group/row.ts'
import { openEngine } from '../engines.ts'
import { build, now, openDb } from '../helper.ts'
import { signInAs } from '../people.ts'
import { bands, isNear, pixelAt } from '../picture/images.ts'
import { fill } from '../world.ts'
import { checkAxe } from './axe.ts'
import { launch } from './chromium.ts'
import { checkFits, newPage, type PageOptions } from './page.ts'

const engine = await openEngine(t, 'sqlite')
const db = await openDb(t, engine)
await fill(db, 1)
const app = await build(t, db, { dataDir: engine.dataDir })
const origin = await app.listen({ host: '127.0.0.1', port: 0 })
const operator = await signInAs(app, db, 'operator')
const browser = await launch(t)

const pictures = '/g/jardin-de-la-rade/pictures'
const photo = { name: 'photo.png', mimeType: 'image/png', buffer: await bands(900, 300).png().toBuffer() }

t.test('choosing a banner and a logo without JavaScript', async (t) => {
  const { page } = await signedIn(t, { javaScript: false })
  await page.goto(pictures)
  const banner = page.getByRole('region', { name: 'Bannière' })
  t.notOk(await banner.locator('.crop').isVisible())
  await banner.getByRole('button', { name: 'Enregistrer la bannière' }).click()
  await page.locator('.faults:focus').waitFor()
  await banner.getByLabel('Ce que montre l’image').fill('La rade au petit matin')
  await banner.getByLabel('Choisir une image').setInputFiles(photo)
  await banner.getByRole('button', { name: 'Enregistrer la bannière' }).click()
  await page.waitForURL(/saved=banner/)
  t.equal(await banner.getByRole('img').getAttribute('alt'), 'La rade au petit matin')
  t.ok(await banner.getByRole('status').isVisible())
  await page.goto('/g/jardin-de-la-rade')
  t.match(await page.evaluate<string>(`document.querySelector('.strip img').currentSrc`), /banner-900\.avif$/)
})

t.test('choosing the part to keep with the keyboard and the pointer', async (t) => {
  const { page } = await signedIn(t)
  await page.goto(pictures)
  const logo = page.getByRole('region', { name: 'Logo' })
  await logo.getByLabel('Choisir une image').setInputFiles(photo)
  await logo.locator('canvas').waitFor()
  const x = logo.locator('input[name=x]')
  t.equal(await x.inputValue(), '300', 'the middle')
  await logo.getByLabel('De gauche à droite').press('Home')
  t.equal(await x.inputValue(), '0')
  await logo.getByLabel('Taille du cadre').press('Home')
  t.equal(await logo.locator('input[name=w]').inputValue(), '64')
  await logo.getByLabel('Taille du cadre').press('End')
  await checkAxe(t, page)

  await logo.locator('canvas').scrollIntoViewIfNeeded()
  const stage = (await logo.locator('canvas').boundingBox())!
  await page.mouse.move(stage.x + 40, stage.y + 40)
  await page.mouse.down()
  await page.mouse.move(stage.x + 40 + stage.width, stage.y + 40, { steps: 8 })
  await page.mouse.up()
  t.equal(await x.inputValue(), '600', 'as far as it goes')
  await logo.getByRole('button', { name: 'Enregistrer le logo' }).click()
  await page.waitForURL(/saved=logo/)
  const { url } = toGroup((await findGroup(db, 'jardin-de-la-rade'))!).logo!
  t.ok(isNear(await pixelAt((await app.inject(url)).rawPayload, 20, 20), [0, 0, 240]), 'the blue third')
})

t.test('a large photograph is sent as the part that is kept', async (t) => {
  const { page } = await signedIn(t)
  await page.goto(pictures)
  const noise = sharp({ create: { width: 900, height: 900, channels: 3, noise: { type: 'gaussian', mean: 100, sigma: 60 }, background: '#000' } })
  const large = await noise.png({ compressionLevel: 0 }).toBuffer()
  t.ok(large.length > 2e6)
  const banner = page.getByRole('region', { name: 'Bannière' })
  await banner.getByLabel(/^Choisir une/).setInputFiles({ ...photo, buffer: large })
  await banner.locator('canvas').waitFor()
  const sending = page.waitForRequest((request) => request.method() === 'POST')
  await banner.getByRole('button', { name: 'Enregistrer la bannière' }).click()
  const { 'content-length': length } = await (await sending).allHeaders()
  t.ok(Number(length) < 300_000, `${length} bytes`)
  await page.waitForURL(/saved=banner/)
  t.match(toGroup((await findGroup(db, 'jardin-de-la-rade'))!).banner, { width: 900, height: 75 })
})

t.test('what changed, and the way back', async (t) => {
  const row = (await findGroup(db, 'jardin-de-la-rade'))!
  await editGroup(db, row, { ...toGroup(row), summary: 'Un verger partagé face à la mer.' }, { at: now, via: 'form', author: 'Ana' })
  const { page } = await signedIn(t)
  await page.goto('/g/jardin-de-la-rade')
  await page.getByRole('link', { name: 'Historique' }).click()
  t.match(await page.locator('.pieces').first().innerText(), /verger/)
  await page.goto(`/g/jardin-de-la-rade/history/${row.revision}`)
  await page.getByRole('button', { name: 'Rétablir Résumé' }).click()
  await page.waitForURL('**/history')
  t.match(toGroup((await findGroup(db, 'jardin-de-la-rade'))!).summary, 'jardin')
})

t.test('nothing against WCAG 2.2 AA, nothing wider than the window', async (t) => {
  const sama = (await findGroup(db, 'nadi-sama'))!
  await editGroup(db, sama, { ...toGroup(sama), summary: 'نرصد القمر معا.', description: `x${'y'.repeat(300)}` }, { at: now, via: 'form' })
  for (const theme of ['light', 'dark'] as const)
    for (const width of [240, 360, 1280]) {
      const { page } = await signedIn(t, { theme, width })
      for (const path of [
        pictures,
        '/g/jardin-de-la-rade/history',
        '/g/jardin-de-la-rade/history/1',
        '/g/nadi-sama/history',
        '/g/nadi-sama/history/1',
      ]) {
        t.equal((await page.goto(path))?.status(), 200)
        await checkAxe(t, page, `${path} ${theme} ${width}`)
        await checkFits(t, page, `${path} ${width}`)
      }
      t.equal(await page.evaluate(`getComputedStyle(document.querySelector('.pieces')).direction`), 'rtl')
    }
})

async function signedIn(t: Test, options: PageOptions = {}) {
  const watched = await newPage(t, browser, { origin, expect: / 400/, ...options })
  const [name = '', value = ''] = operator.split('=')
  await watched.context.addCookies([{ name, value, url: origin }])
  return watched
}
