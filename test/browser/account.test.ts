import t from 'tap'
import { buildApp } from '../../server/app.ts'
import { linkTo, post } from '../account/mails.ts'
import { makeTestDeps, openSqlite } from '../helper.ts'
import { people, signInAs } from '../people.ts'
import { fill } from '../world.ts'
import { checkAxe } from './axe.ts'
import { launch } from './chromium.ts'
import { checkFits, newPage } from './page.ts'

const db = await openSqlite(t)
await fill(db, 2)
const app = await buildApp(await makeTestDeps(db))
t.teardown(() => app.close())
const origin = await app.listen({ host: '127.0.0.1', port: 0 })
await post(app, '/me/address', { address: 'neuve@people.example' }, { cookie: await signInAs(app, db, 'stranger') })
const browser = await launch(t)

t.test('signing in without JavaScript, by keyboard, to where one was', async (t) => {
  const { page } = await newPage(t, browser, { origin, javaScript: false, width: 360 })
  await signInAs(app, db, 'animator')
  await page.goto('/g/jardin-de-la-rade/animators')
  await page.waitForURL('**/sign-in?back=*')
  const address = page.getByLabel('Votre adresse électronique')
  await address.fill('pas une adresse')
  await address.press('Enter')
  await page.getByRole('alert').first().waitFor()
  t.equal(await page.getByRole('alert').count(), 1)
  t.equal(await address.inputValue(), 'pas une adresse', 'what was typed is still there')
  await address.fill(people.animator.address)
  await address.press('Enter')
  await page.getByRole('heading', { name: 'Ouvrez votre messagerie' }).waitFor()
  await page.goto(await linkTo(db, people.animator.address))
  await page.getByRole('button', { name: 'Me connecter' }).press('Enter')
  await page.waitForURL('**/g/jardin-de-la-rade/animators')
  await page.getByRole('link', { name: 'Mon espace' }).click()
  await page.getByRole('link', { name: 'Jardin de la rade', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Se déconnecter' }).click()
  await page.getByRole('link', { name: 'Se connecter' }).waitFor()
})

t.test('what is wrong takes the focus', async (t) => {
  const { page } = await newPage(t, browser, { origin })
  await page.goto('/sign-in')
  await page.getByLabel('Votre adresse électronique').fill('x')
  await page.getByRole('button', { name: 'Recevoir un lien' }).click()
  await page.locator('.faults:focus').waitFor()
  await page.getByRole('alert').getByRole('link').click()
  await page.locator('#address:focus').waitFor()
})

t.test('a form sent after the session ended loses nothing', async (t) => {
  const { page, context } = await newPage(t, browser, { origin })
  const cookie = async () => {
    const [name, value] = (await signInAs(app, db, 'stranger')).split('=')
    await context.addCookies([{ name: name!, value: value!, url: origin }])
  }
  await cookie()
  await page.goto('/me')
  await page.getByLabel('Le nom que je montre').fill('Inès de l’île')
  await context.clearCookies()
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await page.getByRole('heading', { name: 'Votre session est terminée' }).waitFor()
  await cookie()
  await page.getByRole('button', { name: 'Envoyer à nouveau' }).click()
  await page.waitForURL('**/me?done=profile')
  t.equal(await page.getByLabel('Le nom que je montre').inputValue(), 'Inès de l’île')
})

for (const theme of ['light', 'dark'] as const) {
  for (const width of [240, 360, 1280]) {
    t.test(`${theme}, ${width} pixels wide: accessible, and it fits`, async (t) => {
      const { page, context } = await newPage(t, browser, { origin, theme, width })
      const check = async (path: string) => {
        await page.goto(path)
        await checkAxe(t, page, path)
        await checkFits(t, page, path)
      }
      await check('/sign-in')
      await check(`/sign-in/${'x'.repeat(43)}`)
      await check(await linkTo(db, 'neuve@people.example'))
      await page.goto('/sign-in')
      await page.getByLabel('Votre adresse électronique').fill('x')
      await page.getByRole('button', { name: 'Recevoir un lien' }).click()
      await page.getByRole('alert').waitFor()
      await checkAxe(t, page, 'a wrong address')
      const [name, value] = (await signInAs(app, db, 'operator')).split('=')
      await context.addCookies([{ name: name!, value: value!, url: origin }])
      for (const path of ['/me', '/me/delete', '/g/jardin-de-la-rade/animators', '/g/jardin-de-la-rade']) await check(path)
    })
  }
}
