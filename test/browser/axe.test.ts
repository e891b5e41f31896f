import t from 'tap'
import { checkAxe } from './axe.ts'
import { launch } from './chromium.ts'
import { checkFits, newPage } from './page.ts'
import { serveDemo } from './site.ts'

// Every kind of page, in both colour schemes, at the width of a phone and of a desk: nothing against WCAG 2.2 AA, nothing wider than the window.
const origin = await serveDemo(t)
const browser = await launch(t)

const pages: Record<string, number> = {
  '/': 200,
  '/groups': 200,
  '/groups?q=zzz': 200,
  '/groups?q=sciences&type=thematic&keyword=astronomie&activity=any': 200,
  '/ecosystems': 200,
  '/network': 200,
  '/e/coop-group': 200,
  '/e/openstreetmap': 200,
  '/map': 200,
  '/map?near=48.1,-1.7&sort=distance': 200,
  '/e/coop-group/map': 200,
  '/g/cyou1': 200,
  '/g/nadi-sama-nouakchott': 200,
  '/g/preter-le-temps': 200,
  '/g/jardins-numeriques': 200,
  '/g/cyou1/print': 200,
  '/api': 200,
  '/sign-in': 200,
  '/about': 200,
  '/privacy': 200,
  '/nowhere': 404,
  '/groups?type=club': 400,
}
const imported = (await (await fetch(`${origin}/groups.json?keyword=openstreetmap&size=1`)).json()) as { items: { shortName: string }[] }
pages[`/g/${imported.items[0]!.shortName}`] = 200

for (const theme of ['light', 'dark'] as const) {
  for (const width of [360, 1280]) {
    t.test(`${theme}, ${width} pixels wide`, async (t) => {
      const { page } = await newPage(t, browser, { origin, theme, width })
      for (const [path, status] of Object.entries(pages)) {
        t.equal((await page.goto(path))?.status(), status, path)
        // What is folded away is read too.
        await page.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`)
        await checkAxe(t, page, path)
        await checkFits(t, page, path)
      }
    })
  }
}

t.test('320 pixels wide, in English', async (t) => {
  const { page } = await newPage(t, browser, { origin, width: 320, locale: 'en-GB' })
  for (const path of Object.keys(pages)) {
    await page.goto(path)
    await checkFits(t, page, path)
  }
})
