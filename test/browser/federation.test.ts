import t, { type Test } from 'tap'
import { askFederationPages } from '../federation/pages.ts'
import { build, openSqlite } from '../helper.ts'
import { signInAs } from '../people.ts'
import { fill } from '../world.ts'
import { checkAxe } from './axe.ts'
import { launch } from './chromium.ts'
import { checkFits, newPage, type PageOptions } from './page.ts'

const db = await openSqlite(t)
await fill(db, 2)
const app = await build(t, db)
for (const locale of ['fr', 'en'] as const) await askFederationPages(app, db, locale)
await db.deleteFrom('same_group').where('decided_by', 'is not', null).execute()
const origin = await app.listen({ host: '127.0.0.1', port: 0 })
const operator = await signInAs(app, db, 'operator')
const browser = await launch(t)

async function signedIn(t: Test, options: Partial<PageOptions> = {}) {
  const { page, context } = await newPage(t, browser, { origin, ...options })
  const [name, value] = operator.split('=')
  await context.addCookies([{ name: name!, value: value!, url: origin }])
  return page
}

t.test('records are shown or set aside without JavaScript, by keyboard', async (t) => {
  const page = await signedIn(t, { javaScript: false, width: 360 })
  await page.goto('/me')
  await page.getByRole('link', { name: /fiches venues d’ailleurs attendent/ }).click()
  await page.getByRole('link', { name: 'fr.ailleurs.example' }).first().click()
  await page.getByRole('link', { name: /^Nouvelles/ }).click()
  await page.getByRole('button', { name: 'Montrer neuf d’ailleurs' }).press('Enter')
  await page.getByRole('status').filter({ hasText: 'La fiche est montrée.' }).waitFor()
  await page.goto('/g/neuf-fr')
  t.equal(
    await page.getByRole('link', { name: 'Rejoindre ou modifier à l’original' }).first().getAttribute('href'),
    'https://fr.ailleurs.example/id/neuf-fr',
  )
})

t.test('two records become one card, and two again', async (t) => {
  const page = await signedIn(t, { javaScript: false })
  await page.goto('/me/duplicates')
  await page
    .getByRole('button', { name: /^C’est le même groupe change.* d’ailleurs/ })
    .first()
    .press('Enter')
  await page.getByRole('status').waitFor()
  await page.getByRole('button', { name: /Revenir sur cette décision/ }).press('Enter')
  await page.getByRole('status').filter({ hasText: 'La décision est annulée.' }).waitFor()
})

for (const theme of ['light', 'dark'] as const) {
  for (const width of [240, 360, 1280]) {
    t.test(`${theme}, ${width} pixels wide: accessible, and it fits`, async (t) => {
      const page = await signedIn(t, { theme, width })
      for (const path of [
        '/me/sources',
        '/me/sources/s-fr?state=new',
        '/me/sources/s-fr?state=changed',
        '/me/sources/s-en?state=refused&lang=en',
        '/me/sources/s-fr/remove',
        '/me/duplicates',
        '/g/change-fr',
        '/groups?q=ailleurs',
      ]) {
        await page.goto(path)
        await checkAxe(t, page, path)
        await checkFits(t, page, path)
      }
    })
  }
}
