import t from 'tap'
import { buildApp } from '../../server/app.ts'
import { makeTestDeps, openSqlite } from '../helper.ts'
import { addPerson, signInAs } from '../people.ts'
import { fill } from '../world.ts'
import { checkAxe } from './axe.ts'
import { launch } from './chromium.ts'
import { checkFits, newPage } from './page.ts'
import { patientClock } from './patient.ts'

// A visitor writes to a group, confirms from the mail, and an animator answers: by keyboard, without JavaScript, then looked at by axe.
const db = await openSqlite(t)
await fill(db, 3)
await addPerson(db, 'animator')
const deps = await makeTestDeps(db, { demo: true })
const clock = patientClock()
const app = await buildApp({ ...deps, clock })
t.teardown(() => app.close())
const origin = await app.listen({ host: '127.0.0.1', port: 0 })
const cookie = (await signInAs(app, db, 'animator')).split('=') as [string, string]
const browser = await launch(t)

t.test('from the first word to the answer, without JavaScript', async (t) => {
  const { page } = await newPage(t, browser, { origin, javaScript: false, locale: 'en-GB', expect: /400 \(Bad Request\)/ })
  await page.goto('/g/jardin-de-la-rade')
  await page.getByRole('link', { name: 'Write to the animators' }).click()
  await page.getByLabel('Your name').focus()
  await page.keyboard.type('Zoe')
  await page.keyboard.press('Tab')
  await page.keyboard.type('zoe@visitor')
  await page.getByLabel('Your message').fill('I will come on Saturday.')
  // The browser itself would stop at the first field; the server has to be as clear.
  await page.evaluate(`document.querySelector('form.letter').noValidate = true`)
  await page.getByRole('button', { name: 'Send', exact: true }).press('Enter')
  await page.locator('#faults:focus').waitFor()
  t.equal(await page.getByLabel('Your message').inputValue(), 'I will come on Saturday.')
  await page.getByRole('alert').getByRole('link').press('Enter')
  await page.locator('#address:focus').waitFor()
  await page.getByLabel('Your e-mail address').fill('zoe@visitor.example')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'One more click' }).waitFor()

  await page.goto('/outbox')
  await page.getByRole('link', { name: /Confirm your message/ }).click()
  await page.locator('pre a').first().click()
  await page.getByRole('button', { name: 'Send my message' }).click()
  await page.getByRole('heading', { name: 'Your message has left' }).waitFor()

  const { page: late, context } = await newPage(t, browser, { origin, locale: 'en-GB' })
  for (const one of [page.context(), context]) await one.addCookies([{ name: cookie[0], value: cookie[1], url: origin }])
  await page.goto('/me')
  await page.getByRole('link', { name: /Zoe wrote to Jardin de la rade/ }).click()
  await page.getByLabel('Your answer').waitFor()
  await late.goto(page.url())
  await late.getByLabel('Your answer').fill('Me too.')
  await page.getByLabel('Your answer').fill('See you there.')
  await page.getByRole('button', { name: 'Answer' }).click()
  await page.getByRole('link', { name: 'zoe@visitor.example' }).waitFor()
  await late.getByRole('button', { name: 'Answer' }).click()
  await late.getByRole('alert').waitFor()
  t.equal(await late.getByLabel('What you had written').inputValue(), 'Me too.')
  await checkAxe(t, late, 'an answer that came too late')
  await page.goto('/outbox')
  await page.getByRole('link', { name: 'Jardin de la rade answers you' }).click()
  t.match(await page.locator('pre').textContent(), /> See you there\./)
  await page.getByRole('link', { name: 'See the formatted version' }).click()
  t.equal(await page.locator('blockquote').first().textContent(), 'See you there.')
})

for (const theme of ['light', 'dark'] as const) {
  for (const width of [240, 360, 1280]) {
    t.test(`${theme}, ${width} pixels wide`, async (t) => {
      const { page } = await newPage(t, browser, { origin, theme, width, expect: /400 \(Bad Request\)/ })
      const fits = async (what: string) => {
        if (width > 240) await checkAxe(t, page, what)
        await checkFits(t, page, what)
      }
      await page.goto('/g/jardin-de-la-rade/write?role=facilitator')
      await fits('the form')
      await page.evaluate(`document.querySelector('form.letter').noValidate = true`)
      await page.getByRole('button', { name: 'Envoyer', exact: true }).click()
      await page.getByRole('alert').waitFor()
      await fits('the form that comes back')
      for (const path of ['/g/phare-citoyen/write', '/outbox', '/g/jardin-de-la-rade/write?done=asked']) {
        await page.goto(path)
        await fits(path)
      }
      await page.goto('/outbox')
      await page.locator('.mails a').first().click()
      await page.locator('pre').waitFor()
      await fits('a mail')
      await page.getByRole('link', { name: 'Voir la version mise en forme' }).click()
      await page.waitForURL(/html/)
      await checkFits(t, page, 'its HTML part')
    })
  }
}
