import { Resvg } from '@resvg/resvg-js'
import jsQRModule from 'jsqr'
import t from 'tap'
import { build, openSqlite, publicUrl } from '../helper.ts'
import { fill } from '../world.ts'

const jsQR = jsQRModule as unknown as typeof jsQRModule.default
const db = await openSqlite(t)
await fill(db)
const app = await build(t, db)

t.test('the sheet holds the record, and is not for search engines', async (t) => {
  const { body, statusCode } = await app.inject('/g/jardin-de-la-rade/print')
  t.equal(statusCode, 200)
  for (const shown of ['Jardin de la rade', 'Un jardin partagé face à la mer.', '<strong>récolte</strong>', 'Brest, France', 'Venez un samedi.'])
    t.match(body, shown)
  t.match(body, '>https://jardin.example/liste</a>')
  t.notMatch(body, 'jardin.example/suivi')
  t.match(body, '<meta name="robots" content="noindex">')
  t.match(body, `<link rel="canonical" href="${publicUrl}/g/jardin-de-la-rade">`)
  t.notMatch(body, / style=|<style/)
  t.match((await app.inject('/g/jardin-de-la-rade')).body, 'href="/g/jardin-de-la-rade/print"')
})

t.test('the QR code leads to the page', async (t) => {
  for (const name of ['jardin-de-la-rade', 'nadi-sama']) {
    const { body } = await app.inject(`/g/${name}/print`)
    const [svg] = /<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox[^>]*crispEdges.*?<\/svg>/s.exec(body)!
    const { pixels, width, height } = new Resvg(svg, { fitTo: { mode: 'width', value: 500 } }).render()
    t.equal(jsQR(new Uint8ClampedArray(pixels), width, height)?.data, `${publicUrl}/g/${name}`)
  }
})

t.test('in both languages, and as the page moves', async (t) => {
  t.match((await app.inject('/g/nadi-sama/print?lang=en')).body, 'Print this page')
  t.match(await app.inject('/g/vieux-port/print'), { statusCode: 308, headers: { location: '/g/nouveau-port/print' } })
  t.equal((await app.inject('/g/epave/print')).statusCode, 410)
  t.equal((await app.inject('/g/nobody/print')).statusCode, 404)
})
