import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import PostalMime from 'postal-mime'
import t from 'tap'
import { buildApp } from '../../server/app.ts'
import { sendDue } from '../../server/mail/send.ts'
import { transportOf } from '../../server/mail/transport.ts'
import { openEngine } from '../engines.ts'
import { makeTestDeps, now, openSqlite, publicUrl } from '../helper.ts'
import { addPerson, people, signInAs, type Who } from '../people.ts'
import { fill } from '../world.ts'
import { checkAxe } from './axe.ts'
import { launch } from './chromium.ts'
import { checkFits, newPage } from './page.ts'
import { patientClock } from './patient.ts'

// A newcomer proposes a group, an operator accepts it; a visitor corrects a record, its animator takes the correction.
const db = await openSqlite(t)
await fill(db, 3)
await addPerson(db, 'operator')
await addPerson(db, 'animator')
await addPerson(db, 'stranger')
const { dataDir } = await openEngine(t, 'sqlite')
const deps = await makeTestDeps(db)
const clock = patientClock()
const app = await buildApp({ ...deps, clock })
t.teardown(() => app.close())
const origin = await app.listen({ host: '127.0.0.1', port: 0 })
const browser = await launch(t)

/** The link in the last mail to this address, as it was written to the outbox. */
async function mailedTo(address: string): Promise<string> {
  const transport = transportOf({ ...deps.config, dataDir })
  await sendDue({ ...deps, config: deps.config, clock, random: () => 0.5, warn: () => {} }, transport)
  transport.close()
  const folder = join(dataDir, 'outbox')
  const mails = await Promise.all(readdirSync(folder).map((name) => PostalMime.parse(readFileSync(join(folder, name)))))
  const mail = mails
    .filter(({ to }) => to?.some((one) => one.address === address))
    .sort((a, b) => (a.date! < b.date! ? -1 : 1))
    .at(-1)
  return new RegExp(`^${publicUrl}(/\\S+)$`, 'm').exec(mail?.text ?? '')![1]!
}

async function become(context: BrowserContext, who: Who): Promise<void> {
  const [name, value] = (await signInAs(app, db, who)).split('=') as [string, string]
  await context.addCookies([{ name, value, url: origin }])
}

t.test('a newcomer proposes without JavaScript; an operator accepts', async (t) => {
  const { page } = await newPage(t, browser, { origin, javaScript: false, width: 360 })
  await page.goto('/')
  await page.getByRole('link', { name: 'Proposer un groupe' }).click()
  await page.getByLabel('Nom à remplir').fill('Chorale du quai')
  await page.getByLabel('Nom à remplir').press('Enter')
  await page.locator('.faults:focus').waitFor()
  t.equal(await page.getByLabel('Nom court à remplir').inputValue(), 'chorale-du-quai', 'a free short name is suggested')
  await page.getByLabel('Résumé à remplir').fill('On chante le mardi.')
  await page.getByLabel('Un sujet').check()
  await page.getByRole('textbox', { name: 'Mots-clés' }).fill('chant, énergie')
  await page.getByRole('button', { name: 'Ajouter un lien' }).click()
  await page.locator('select[id^="links."]:focus').waitFor()
  t.equal(await page.getByRole('textbox', { name: 'Mots-clés' }).inputValue(), 'chant, énergie')
  await page.getByLabel('Votre adresse électronique').fill('zoe@visitor.example')
  await page.getByRole('button', { name: 'Envoyer la proposition' }).last().click()
  await page.getByRole('heading', { name: 'Ouvrez votre messagerie' }).waitFor()
  await page.goto(await mailedTo('zoe@visitor.example'))
  await page.getByRole('button', { name: 'Envoyer ma proposition' }).press('Enter')
  await page.getByRole('heading', { name: 'Votre proposition' }).waitFor()

  const { page: desk, context } = await newPage(t, browser, { origin, javaScript: false })
  await become(context, 'operator')
  await desk.goto(await mailedTo(people.operator.address))
  await desk.getByRole('heading', { name: 'Proposition : Chorale du quai' }).waitFor()
  await desk.getByRole('button', { name: 'Accepter et publier' }).click()
  await desk.getByRole('link', { name: 'Voir la fiche', exact: true }).click()
  await desk.getByRole('heading', { name: 'Chorale du quai', level: 1 }).waitFor()
  await page.goto('/me')
  await page.getByRole('link', { name: 'Chorale du quai', exact: true }).click()
  await page.waitForURL('**/g/chorale-du-quai')
})

t.test('with JavaScript: the short name is checked while typing, the draft survives', async (t) => {
  const { page } = await newPage(t, browser, { origin, locale: 'en-GB', expect: /409 \(Conflict\)/ })
  await page.goto('/new')
  await page.getByLabel('Name required', { exact: true }).pressSequentially('Phare citoyen')
  await page.getByText('“phare-citoyen-2” is free.').waitFor()
  t.equal(await page.getByLabel('Short name required').inputValue(), 'phare-citoyen-2')
  await page.getByLabel('Short name required').fill('phare-citoyen')
  await page.getByText('“phare-citoyen” is taken.').waitFor()
  await page.getByLabel('Short name required').fill('phare-neuf')
  await page.getByText('“phare-neuf” is free.').waitFor()
  await page.getByLabel('Summary required').fill('Another light.')
  await page.getByLabel('A subject').check()
  await page.getByText('Say more').click()
  await page.getByRole('textbox', { name: 'Keywords' }).fill('light')
  await page.getByRole('button', { name: 'Add a link' }).click()
  await page.locator('[id="links.2.service"]').selectOption('news')
  await page.locator('[id="links.2.url"]').fill('https://phare.example/neuf')
  await page.getByLabel('Your e-mail address').fill('max@visitor.example')
  await page.reload()
  await page.getByText('Your draft, kept in this browser').waitFor()
  t.equal(await page.getByLabel('Summary required').inputValue(), 'Another light.')
  t.equal(await page.getByLabel('Short name required').inputValue(), 'phare-neuf')
  t.equal(await page.locator('[id="links.2.url"]').inputValue(), 'https://phare.example/neuf')
  t.ok(await page.getByLabel('A subject').isChecked())
  t.equal(await page.getByLabel('Your e-mail address').inputValue(), '', 'an address is not kept')
  await page.getByLabel('Your e-mail address').fill('max@visitor.example')
  await page.getByRole('button', { name: 'Send the proposal' }).last().click()
  await page.getByRole('heading', { name: 'Is it one of these?' }).waitFor()
  await checkAxe(t, page, 'maybe here already')
  await page.getByLabel('No, this is another group').check()
  await page.getByRole('button', { name: 'Send the proposal' }).last().click()
  await page.getByRole('heading', { name: 'Open your mailbox' }).waitFor()
  await page.waitForLoadState()
  await page.goto('/new')
  t.equal(await page.getByLabel('Summary required').inputValue(), '', 'what was sent is no draft any more')
  await page.getByLabel('Summary required').fill('x')
  await page.reload()
  await page.getByRole('button', { name: 'Discard the draft' }).click()
  await page.waitForFunction(`document.getElementById('summary')?.value === ''`)
})

t.test('a visitor corrects, the animator takes it', async (t) => {
  const { page } = await newPage(t, browser, { origin, javaScript: false })
  await page.goto('/g/jardin-de-la-rade')
  await page.getByRole('link', { name: 'Une erreur' }).first().click()
  await page.getByText('Corriger la fiche', { exact: true }).click()
  await page.getByLabel('Résumé').fill('Un jardin partagé face au port.')
  await page.getByLabel('Votre adresse électronique').fill('max@visitor.example')
  await page.getByRole('button', { name: 'Envoyer la remarque' }).last().click()
  await page.getByRole('heading', { name: 'Ouvrez votre messagerie' }).waitFor()
  await page.goto(await mailedTo('max@visitor.example'))
  await page.getByRole('button', { name: 'Envoyer ma remarque' }).click()
  await page.getByRole('heading', { name: 'Merci de votre remarque' }).waitFor()
  const { page: desk, context } = await newPage(t, browser, { origin, javaScript: false })
  await become(context, 'animator')
  await desk.goto(await mailedTo(people.animator.address))
  await desk.getByRole('button', { name: 'Prendre Résumé' }).click()
  await desk.getByText('Aucune remarque').waitFor()
  await desk.goto('/g/jardin-de-la-rade')
  await desk.getByText('Un jardin partagé face au port.').first().waitFor()
})

for (const theme of ['light', 'dark'] as const) {
  for (const width of theme === 'light' ? [240, 360, 1280] : [360, 1280]) {
    t.test(`${theme}, ${width} pixels wide: accessible, and it fits`, async (t) => {
      const { page, context } = await newPage(t, browser, { origin, theme, width })
      const check = async (what: string) => {
        // What axe finds depends on the width where columns change.
        if (width > 240) await checkAxe(t, page, what)
        await checkFits(t, page, what)
      }
      const visit = async (path: string) => {
        await page.goto(path)
        await page.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`)
        await check(path)
      }
      for (const path of [
        '/new',
        '/new?done=asked',
        '/g/jardin-de-la-rade',
        '/g/jardin-de-la-rade/suggest',
        '/g/jardin-de-la-rade/suggest?done=sent',
      ])
        await visit(path)
      await page.goto('/new')
      await page.getByRole('button', { name: 'Envoyer la proposition' }).last().click()
      await page.getByRole('alert').waitFor()
      await check('a form with faults')
      const { proposal, open } = await addOpen()
      await become(context, 'operator')
      for (const path of ['/me/proposals', `/me/proposals/${proposal}`, open]) await visit(path)
      await page.getByLabel('Un mot pour la personne').last().fill('x'.repeat(2001))
      await page.getByRole('button', { name: 'Ne pas retenir le reste' }).last().click()
      await page.getByRole('alert').waitFor()
      await check('a word that is too long')
      await page.getByRole('alert').getByRole('link').click()
      t.match(await page.evaluate('location.hash'), /^#word-/)
      await become(context, 'stranger')
      await visit(`/new/${proposal}`)
    })
  }
}

/** Something to decide on. */
async function addOpen(): Promise<{ proposal: string; open: string }> {
  const at = clock().getTime()
  const proposal = `p${at}`
  const { id: person_id } = await db.selectFrom('person').select('id').where('address', '=', people.stranger.address).executeTakeFirstOrThrow()
  const record = {
    name: 'Jardin de la rade',
    summary: 'Encore un.',
    type: 'thematic',
    shortName: `rade-${at}`,
    place: 'Brest',
    country: 'FR',
    links: [{ service: 'home', url: `https://jardin.example/${'tres-long-'.repeat(20)}` }],
  }
  const times = { created_at: now, updated_at: now }
  await db
    .insertInto('proposal')
    .values({
      id: proposal,
      person_id,
      record: JSON.stringify(record),
      state: 'asked',
      message: 'Un mot.',
      answer: 'Qui ?',
      group_id: null,
      decided_by: null,
      revision: 1,
      ...times,
    })
    .execute()
  const group = await db.selectFrom('group_record').select(['id', 'revision']).where('short_name', '=', 'jardin-de-la-rade').executeTakeFirstOrThrow()
  const changes = { name: 'Jardin du port', links: [{ service: 'home', url: 'https://jardin.example/neuf' }], place: 'Nantes' }
  await db
    .insertInto('suggestion')
    .values({
      id: `s${at}`,
      group_id: group.id,
      kind: 'correction',
      address: null,
      locale: 'fr',
      message: 'Deux\nlignes.',
      duplicate_of: null,
      changes: JSON.stringify(changes),
      taken: null,
      group_revision: group.revision,
      state: 'open',
      created_at: now,
      decided_at: null,
      decided_by: null,
    })
    .execute()
  return { proposal, open: '/g/jardin-de-la-rade/suggestions' }
}
