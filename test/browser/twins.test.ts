import t from 'tap'
import { createGroup } from '../../server/group/actions.ts'
import type { Link } from '../../server/schema-types.ts'
import { build, now, openSqlite } from '../helper.ts'
import { energy, fill, group } from '../world.ts'
import { checkAxe } from './axe.ts'
import { launch } from './chromium.ts'
import { checkFits, newPage } from './page.ts'

const line = 'Une phrase de plus, pour remplir la feuille. '
const services: Link['service'][] = ['home', 'news', 'meetings', 'discussion', 'projects', 'resources', 'subscribe', 'members']
/** About as long as a record can be. */
const long = group({
  shortName: 'long',
  name: 'Le groupe au nom vraiment très long '.repeat(3).trim(),
  summary: line.repeat(4).trim(),
  description: `${line.repeat(9)}\n\n`.repeat(12).slice(0, 4900),
  languages: ['fr'],
  welcome: Array.from({ length: 5 }, () => line.trim()),
  links: services.flatMap((service) =>
    [1, 2, 3, 4, 5].map((at) => ({ service, label: line.trim(), url: `https://long.example/${service}/${'x'.repeat(90)}${at}` })),
  ),
  keywords: Array.from({ length: 30 }, (_, at) => ({ slug: `mot-numero-${at}`, label: `Mot numéro ${at}` })),
})

const db = await openSqlite(t)
await fill(db)
await createGroup(db, long, { at: now, via: 'form' })
const app = await build(t, db)
const origin = await app.listen({ host: '127.0.0.1', port: 0 })
const browser = await launch(t)

t.test('data inside the page is read as data: the policy has nothing to say', async (t) => {
  const { page, problems } = await newPage(t, browser, { origin })
  for (const path of ['/g/jardin-de-la-rade', `/e/${energy.keyword}`]) {
    await page.goto(path)
    const text = await page.locator('script[type="application/ld+json"]').textContent()
    t.equal(JSON.parse(text!)['@context']['@vocab'], 'https://schema.org/')
  }
  t.same(problems, [])
})

t.test('a record prints on one sheet, however long', async (t) => {
  const { page } = await newPage(t, browser, { origin })
  for (const name of ['jardin-de-la-rade', 'long', 'nadi-sama']) {
    await page.goto(`/g/${name}/print`)
    await page.emulateMedia({ media: 'print' })
    await page.setViewportSize({ width: 718, height: 1047 })
    t.ok(await page.evaluate("document.querySelector('.print-sheet').offsetHeight > 900"), 'the sheet is used')
    t.ok(await page.evaluate("document.querySelector('.print-sheet .prose')?.offsetHeight !== 0"), 'down to the description')
    await page.emulateMedia({ media: null })
    for (const format of ['A4', 'Letter'] as const) {
      const pdf = await page.pdf({ format, preferCSSPageSize: true })
      t.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length, 1, `${name}, ${format}`)
    }
  }
})

t.test('the sheet on a screen', async (t) => {
  for (const theme of ['light', 'dark'] as const) {
    for (const width of [360, 1280]) {
      const { page } = await newPage(t, browser, { origin, theme, width })
      for (const name of ['jardin-de-la-rade', 'long', 'nadi-sama']) {
        await page.goto(`/g/${name}/print`)
        await checkAxe(t, page, `${name}, ${theme}, ${width}`)
        await checkFits(t, page, `${name}, ${theme}, ${width}`)
      }
    }
  }
})
