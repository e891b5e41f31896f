import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Resvg } from '@resvg/resvg-js'
import t from 'tap'
import { createGroup, editGroup } from '../../server/group/actions.ts'
import { findGroup } from '../../server/group/queries.ts'
import { readWoff } from '../../server/look/font.ts'
import { createPainter } from '../../server/look/painter.ts'
import { type ShareSubject, sharePictureSvg } from '../../server/look/share-picture.ts'
import { build, now, openSqlite } from '../helper.ts'
import { fill, group } from '../world.ts'

const dir = mkdtempSync(join(tmpdir(), 'archipel-fonts-'))
t.teardown(() => rmSync(dir, { recursive: true, force: true }))

const fonts = (['latin', 'latin-ext'] as const).flatMap((script, at) =>
  ([400, 700] as const).map((weight) => {
    const file = `@fontsource/atkinson-hyperlegible/files/atkinson-hyperlegible-${script}-${weight}-normal.woff`
    return readWoff(readFileSync(fileURLToPath(import.meta.resolve(file))), { family: 'Atkinson Hyperlegible', weight, suffix: `${at + 1}` })
  }),
)

const subject: ShareSubject = {
  title: 'Jardin de la rade',
  fallback: 'jardin-de-la-rade',
  kind: 'Groupe territorial',
  type: 'territorial',
  place: 'Brest, France',
  server: 'archipel.example',
  motif: [{ seed: 'jardin-de-la-rade', type: 'territorial' }],
}

/** Width and height, from the header of the file. */
function sizeOf(png: Buffer): [number, number] {
  t.equal(png.toString('latin1', 1, 4), 'PNG')
  return [png.readUInt32BE(16), png.readUInt32BE(20)]
}

/** Red, green, blue and opacity, as a decoder sees them. */
function colourAt(png: Buffer, x: number, y: number): number[] {
  const image = `<image width="1200" height="630" href="data:image/png;base64,${png.toString('base64')}"/>`
  const { pixels } = new Resvg(`<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630">${image}</svg>`).render()
  return [...pixels.subarray(4 * (y * 1200 + x), 4 * (y * 1200 + x) + 4)]
}

/** The words of the picture, line by line. */
function words(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!)
}

t.test('fonts are unpacked with what they can draw', async (t) => {
  const [plain] = fonts
  t.equal(plain!.family, 'Atkinson Hyperlegibl1')
  t.equal(plain!.file.readUInt32BE(0), 0x00010000)
  t.ok(plain!.widths.get(0x6d)! > plain!.widths.get(0x69)!, 'm is wider than i')
  t.ok(plain!.widths.has('é'.codePointAt(0)!))
  t.notOk(plain!.widths.has('Ł'.codePointAt(0)!))
  t.ok(fonts[2]!.widths.has('Ł'.codePointAt(0)!))
  t.throws(() => readWoff(Buffer.from('not a font at all'), { family: 'x', weight: 400, suffix: '1' }), /not a WOFF font/)
})

t.test('a picture of the size that sites ask for, the same for the same subject', async (t) => {
  const painter = createPainter(dir)
  const [one, again] = [await painter.paint('a', () => subject), await createPainter(dir).paint('a', () => subject)]
  t.same(sizeOf(one), [1200, 630])
  t.same(colourAt(one, 1190, 620), [0xfb, 0xfa, 0xf5, 0xff])
  t.ok(one.equals(again))
  t.ok(one.length < 200_000, `${one.length} bytes`)
  t.equal(await painter.paint('a', () => t.fail('painted twice') as never), one)
  const other = await painter.paint('b', () => ({ ...subject, title: 'Autre' }))
  t.notOk(one.equals(other))
  const isles = await painter.paint('c', () => ({
    ...subject,
    type: undefined,
    motif: ['a', 'b', 'c'].map((seed) => ({ seed, type: 'support' as const })),
  }))
  t.same(sizeOf(isles), [1200, 630])
  t.same(sizeOf(await painter.paint('d', () => ({ ...subject, motif: [] }))), [1200, 630])
  t.same(readdirSync(dir).length, 4)
})

t.test('a failure is told, and the next picture is painted', async (t) => {
  const painter = createPainter(dir)
  const fails = () => {
    throw new Error('on purpose')
  }
  await t.rejects(painter.paint('x', fails), /on purpose/)
  t.ok(await painter.paint('x', () => subject))
})

t.test('words: whole, cut, or those that the fonts can draw', async (t) => {
  const title = (text: string) => words(sharePictureSvg({ ...subject, title: text }, fonts)).slice(1, -2)
  t.same(title('Jardin de la rade'), ['Jardin de la rade'])
  t.same(title('🌱 Jardin 👩🏽‍🌾 de la\u200b rade 🇫🇷'), ['Jardin de la rade'], 'without emoji')
  t.same(title('نادي السماء'), ['jardin-de-la-rade'], 'a name in another script: the short name')
  t.same(title('北京 OpenStreetMap'), ['jardin-de-la-rade'])
  t.same(title('🌱'), ['jardin-de-la-rade'])
  t.same(title('Łódź & <b>"amis"</b>').join(''), 'Łódź &#38; &#60;b&#62;&#34;amis&#34;&#60;/b&#62;')
  t.equal(title('Le groupe au nom vraiment très long '.repeat(3).trim()).length, 3)
  t.match(title('W'.repeat(120)).at(-1), /^W+…$/)
  const svg = sharePictureSvg({ ...subject, place: 'القاهرة', server: `${'x'.repeat(200)}.example` }, fonts)
  t.match(words(svg).at(-1), /^x+…$/, 'no place rather than boxes')
})

t.test('nothing leaves the margins', async (t) => {
  const painter = createPainter(dir)
  await painter.paint('ready', () => subject)
  const files = readdirSync(dir).map((name) => join(dir, name))
  for (const text of ['W'.repeat(120), 'Le groupe au nom vraiment très long '.repeat(3).trim(), 'Łódź '.repeat(24).trim(), 'm'.repeat(14)]) {
    const svg = sharePictureSvg({ ...subject, title: text, place: 'W'.repeat(100), server: 'W'.repeat(100) }, fonts)
    const alone = svg.replace(/<path [^>]*\/>|<svg xmlns[^>]*viewBox.*?<\/svg>/g, '')
    const box = new Resvg(alone, { font: { fontFiles: files, loadSystemFonts: false } }).innerBBox()!
    t.ok(box.x >= 70 && box.x + box.width <= 1200 - 70 + 2, `${text.slice(0, 20)}: ${box.x} to ${box.x + box.width}`)
    t.ok(box.y > 236 && box.y + box.height < 620, `${text.slice(0, 20)}: ${box.y} to ${box.y + box.height}`)
  }
})

t.test('the pictures of a group and of an ecosystem, as their pages announce them', async (t) => {
  const db = await openSqlite(t)
  await fill(db)
  const app = await build(t, db, { dataDir: dir })
  for (const url of ['/g/nadi-sama', '/g/jardin-de-la-rade', '/e/energie', '/e/balise', `/e/${encodeURIComponent('علم-الفلك')}`]) {
    const page = (await app.inject(url)).body
    const announced = /<meta property="og:image" content="http:\/\/archipel\.example([^"]+)">/.exec(page)?.[1]
    t.equal(announced, `${url}/share.png`)
    t.match(page, '<meta name="twitter:card" content="summary_large_image">')
    const { rawPayload, headers, statusCode } = await app.inject(announced!)
    t.equal(statusCode, 200)
    t.same(sizeOf(rawPayload), [1200, 630])
    t.match(headers, { 'content-type': 'image/png', 'cache-control': 'public, max-age=86400', 'cross-origin-resource-policy': 'cross-origin' })
    t.match(await app.inject({ url: announced!, headers: { 'if-none-match': String(headers.etag) } }), { statusCode: 304, body: '' })
  }
  const before = (await app.inject('/g/phare-citoyen/share.png')).headers.etag
  await editGroup(db, (await findGroup(db, 'phare-citoyen'))!, group({ shortName: 'phare-citoyen', name: 'Autre nom' }), { at: now, via: 'form' })
  t.not((await app.inject('/g/phare-citoyen/share.png')).headers.etag, before)
  t.match(await app.inject('/g/vieux-port/share.png'), { statusCode: 308, headers: { location: '/g/nouveau-port/share.png' } })
  t.equal((await app.inject('/g/epave/share.png')).statusCode, 410)
  t.equal((await app.inject('/e/zzzz/share.png')).statusCode, 404)
  t.match((await app.inject('/e/%C3%89nergie/share.png')).headers, { location: '/e/energie/share.png' })
})

t.test('what a page says of itself where it is shared', async (t) => {
  const db = await openSqlite(t)
  await createGroup(db, group({ shortName: 'hostile', name: '"><script>', summary: 'a "b" <c>' }), { at: now, via: 'form' })
  const app = await build(t, db)
  const { body } = await app.inject('/g/hostile?lang=en')
  const meta = (name: string) => new RegExp(`<meta property="og:${name}" content="([^"]*)">`).exec(body)?.[1]
  t.equal(meta('title'), '&quot;&gt;&lt;script&gt;')
  t.equal(meta('url'), 'http://archipel.example/g/hostile')
  t.equal(meta('type'), 'website')
  t.equal(meta('locale'), 'en_GB')
  t.equal(meta('site_name'), 'Archipel')
  t.equal(meta('image:alt'), '&quot;&gt;&lt;script&gt;')
})
