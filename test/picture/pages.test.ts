import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import type { Db } from '../../server/db/tables.ts'
import { editGroup } from '../../server/group/actions.ts'
import { findGroup } from '../../server/group/queries.ts'
import { toGroup } from '../../server/group/row.ts'
import { purgePictures } from '../../server/picture/actions.ts'
import type { GroupRecord } from '../../server/schema-types.ts'
import { type EngineConfig, eachEngine, openEngine } from '../engines.ts'
import { build, now, openDb } from '../helper.ts'
import { signInAs } from '../people.ts'
import { fill } from '../world.ts'
import { bands, hugePng } from './images.ts'
import { send } from './send.ts'

const page = '/g/jardin-de-la-rade/pictures'
const png = () => bands(600, 150).png().toBuffer()
const wide = () => bands(2000, 500).png().toBuffer()

t.test('a banner is sent, seen everywhere, changed and taken away', (t) =>
  eachEngine(t, 'banner', async (t, open) => {
    const { app, animator, uploads, record } = await openSite(t, await open())
    const empty = await app.inject({ url: page, headers: { cookie: animator } })
    t.equal(empty.statusCode, 200)
    t.equal(empty.headers['cache-control'], 'no-store')
    t.match(empty.body, /<meta name="robots" content="noindex">/)

    const sent = await send(app, `${page}/banner`, animator, [{ bytes: await wide() }], {
      alt: '  La  rade « vue » du port <b> ',
      x: '',
      y: '',
      w: '',
      h: '',
    })
    t.equal(sent.statusCode, 303)
    t.equal(sent.headers.location, `${page}?saved=banner#banner`)
    const { banner, revision } = await record()
    t.match(banner, { width: 1920, height: 160, alt: 'La rade « vue » du port <b>', url: /^\/uploads\/[0-9a-f]{32}\/banner-1920\.jpg$/ })
    t.equal(revision, 2)
    const id = banner!.url.split('/')[2]!
    t.same(readdirSync(join(uploads, id)).length, 9, 'and no unfinished file')

    const shown = await app.inject({ url: sent.headers.location!.split('#')[0]!, headers: { cookie: animator } })
    t.match(shown.body, 'La bannière est enregistrée.')
    for (const url of ['/groups?q=rade', '/g/jardin-de-la-rade', page]) {
      const { body } = await app.inject({ url, headers: { cookie: animator } })
      const [picture = ''] = /<picture>.*?<\/picture>/s.exec(body) ?? []
      t.match(picture, `alt="La rade « vue » du port &lt;b&gt;"`, url)
      t.match(picture, /<source type="image\/avif" srcset="\/uploads\/\w+\/banner-480\.avif 480w, .*banner-1920\.avif 1920w" sizes="/)
      for (const [file] of picture.matchAll(/\/uploads\/[^ "]+/g)) {
        const served = await app.inject(file)
        t.equal(served.statusCode, 200, file)
        t.match(served.headers, {
          'cache-control': 'public, max-age=31536000, immutable',
          'x-content-type-options': 'nosniff',
          'cross-origin-resource-policy': 'cross-origin',
          'content-type': { avif: 'image/avif', webp: 'image/webp', jpg: 'image/jpeg' }[file.split('.').at(-1)!],
        })
        t.equal(Number(served.headers['content-length']), served.rawPayload.length)
        t.equal((await app.inject({ url: file, headers: { 'if-none-match': String(served.headers.etag) } })).statusCode, 304)
      }
    }

    t.equal((await send(app, `${page}/banner`, animator, [], { alt: 'Autrement dit' })).statusCode, 303)
    t.same((await record()).banner, { ...banner, alt: 'Autrement dit' }, 'without a file, other words')
    t.equal((await send(app, `${page}/banner`, animator, [{ bytes: await wide() }], { alt: 'Autrement dit' })).statusCode, 303)
    t.equal((await record()).revision, 3, 'the same again changes nothing')

    await send(app, `${page}/logo`, animator, [{ bytes: await png() }], { alt: '', x: '0', y: '0', w: '150', h: '150' })
    t.match((await record()).logo, { width: 150, height: 150, alt: '', url: /logo-150\.jpg$/ })
    t.match(
      (await app.inject('/groups?q=rade')).body,
      /<img class="logo" src="\/uploads\/\w+\/logo-150\.jpg" srcset="[^"]+" sizes="48px" alt="" width="150" height="150" loading="lazy">/,
    )

    const removed = await app.inject({ method: 'POST', url: `${page}/banner/remove`, headers: { cookie: animator } })
    t.equal(removed.statusCode, 303)
    t.match((await app.inject({ url: removed.headers.location!.split('#')[0]!, headers: { cookie: animator } })).body, 'La bannière est retirée.')
    t.equal((await record()).banner, undefined)
    t.ok((await record()).logo)
    t.ok(existsSync(join(uploads, id)), 'kept, for a way back')
  }),
)

t.test('two people at once lose nothing', (t) =>
  eachEngine(t, 'at once', async (t, open) => {
    const { app, animator, record } = await openSite(t, await open())
    const bytes = await png()
    const answers = await Promise.all([
      send(app, `${page}/banner`, animator, [{ bytes }], { alt: '' }),
      send(app, `${page}/logo`, animator, [{ bytes }], { alt: '' }),
      send(app, `${page}/logo`, animator, [{ bytes }], { alt: '' }),
    ])
    t.same(
      answers.map(({ statusCode }) => statusCode),
      [303, 303, 303],
    )
    const { banner, logo, name } = await record()
    t.ok(banner && logo && name)
  }),
)

t.test('pictures that nobody shows are deleted a month later', (t) =>
  eachEngine(t, 'purge', async (t, open) => {
    const { app, animator, uploads, record, db, dataDir } = await openSite(t, await open())
    const day = (count: number) => new Date(Date.parse(now) + count * 86_400_000)
    const purge = (count: number) => purgePictures(db, day(count), join(dataDir, 'uploads'))
    await send(app, `${page}/banner`, animator, [{ bytes: await png() }])
    await send(app, `${page}/logo`, animator, [{ bytes: await png() }])
    const { banner, logo } = await record()
    t.equal(await purge(1), 0)
    t.equal(await purge(100), 0, 'shown')
    await app.inject({ method: 'POST', url: `${page}/banner/remove`, headers: { cookie: animator } })
    t.equal(await purge(101), 0, 'marked')
    t.equal(await purge(130), 0, 'not yet')
    t.equal(readdirSync(uploads).length, 2)
    await send(app, `${page}/banner`, animator, [{ bytes: await png() }])
    t.equal(await purge(132), 0, 'shown again')
    await app.inject({ method: 'POST', url: `${page}/banner/remove`, headers: { cookie: animator } })
    t.equal(await purge(133), 0, 'marked again')
    t.equal(await purge(164), 1)
    t.same(readdirSync(uploads), [logo!.url.split('/')[2]])
    t.equal((await app.inject(banner!.url)).statusCode, 404)
    t.equal((await app.inject(logo!.url)).statusCode, 200)
    t.equal((await send(app, `${page}/banner`, animator, [{ bytes: await png() }])).statusCode, 303)
    t.equal((await app.inject(banner!.url)).statusCode, 200, 'made again')
  }),
)

t.test('what cannot be taken gives the page back, with its words and the reason', async (t) => {
  const { app, animator, record, uploads } = await openSite(t, await openEngine(t, 'sqlite'))
  const good = await png()
  const cases: [string, Parameters<typeof send>[3], RegExp][] = [
    ['no file', [], /Choisissez une image\./],
    ['an empty choice', [{ bytes: Buffer.alloc(0), name: '' }], /Choisissez une image\./],
    ['zero bytes', [{ bytes: Buffer.alloc(0) }], /Ce fichier est vide/],
    ['11 MB', [{ bytes: Buffer.concat([good, Buffer.alloc(11e6)]) }], /trop lourd/],
    ['two files', [{ bytes: good }, { bytes: good }], /une seule image/],
    ['another field', [{ bytes: good, field: 'picture' }], /«\s?picture\s?»/],
    ['SVG called PNG', [{ bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>') }], /ni JPEG, ni PNG/],
    ['HTML as JPEG', [{ bytes: Buffer.from('<html><script>alert(1)</script>'), type: 'image/jpeg', name: 'a.jpg' }], /ni JPEG, ni PNG/],
    ['half of one', [{ bytes: good.subarray(0, good.length / 2) }], /abîmée/],
    ['a bomb', [{ bytes: hugePng(30_000, 30_000) }], /trop de pixels.{1,3}52 millions/],
    ['a small one', [{ bytes: await bands(100, 100).png().toBuffer() }], /au moins 480 pixels/],
  ]
  for (const [what, files, reason] of cases) {
    const { statusCode, body, headers } = await send(app, `${page}/banner`, animator, files, { alt: 'Des mots tapés' })
    t.equal(statusCode, 400, what)
    t.match(body, reason, what)
    t.match(body, /<div class="faults"[^>]* tabindex="-1" autofocus/, what)
    t.match(body, /href="#banner-file"/, what)
    if (what !== 'two files') t.match(body, 'value="Des mots tapés"', what)
    t.equal(headers['cache-control'], 'no-store')
  }
  const long = await send(app, `${page}/banner`, animator, [{ bytes: good }], { alt: 'x'.repeat(301) })
  t.match([long.statusCode, long.body], [400, /id="banner-alt-fault"/])
  t.equal((await record()).revision, 1, 'the record is as it was')
  t.notOk(existsSync(uploads), 'and nothing is kept')

  const plain = await app.inject({ method: 'POST', url: `${page}/banner`, headers: { cookie: animator }, payload: { alt: 'x' } })
  t.equal(plain.statusCode, 415)
  const cut = { 'content-type': 'multipart/form-data; boundary=x', cookie: animator }
  t.equal((await app.inject({ method: 'POST', url: `${page}/banner`, headers: cut, payload: '--x\r\ncontent-disp' })).statusCode, 400)
  const elsewhere = await app.inject({ method: 'POST', url: '/preferences', headers: cut, payload: '--x--' })
  t.equal(elsewhere.statusCode, 415, 'no other address takes files')
})

t.test('who must not', async (t) => {
  const { app, db, record } = await openSite(t, await openEngine(t, 'sqlite'))
  const bytes = await png()
  for (const who of ['otherAnimator', 'steward', 'helper', 'stranger'] as const) {
    const cookie = await signInAs(app, db, who)
    t.equal((await app.inject({ url: page, headers: { cookie } })).statusCode, 403, who)
    t.equal((await send(app, `${page}/banner`, cookie, [{ bytes }])).statusCode, 403, who)
    t.equal((await app.inject({ method: 'POST', url: `${page}/banner/remove`, headers: { cookie } })).statusCode, 403, who)
  }
  t.match(await app.inject(page), { statusCode: 303, headers: { location: /^\/sign-in\?back=/ } })
  t.equal((await send(app, `${page}/banner`, undefined, [{ bytes }])).statusCode, 303)
  t.equal((await record()).revision, 1)
  t.equal((await send(app, `${page}/banner`, await signInAs(app, db, 'operator'), [{ bytes }])).statusCode, 303, 'an operator may')
})

t.test('a name that moved, a group that is gone', async (t) => {
  const { app, db } = await openSite(t, await openEngine(t, 'sqlite'))
  const operator = await signInAs(app, db, 'operator')
  t.match(await app.inject({ url: '/g/vieux-port/pictures', headers: { cookie: operator } }), {
    statusCode: 308,
    headers: { location: '/g/nouveau-port/pictures' },
  })
  t.equal((await app.inject({ url: '/g/epave/pictures', headers: { cookie: operator } })).statusCode, 410)
  t.equal((await app.inject({ url: '/g/nulle-part/pictures', headers: { cookie: operator } })).statusCode, 404)
  t.equal((await app.inject({ method: 'POST', url: `${page}/face`, headers: { cookie: operator } })).statusCode, 404)
})

t.test('a disk that takes nothing leaves the record as it was', async (t) => {
  const { app, animator, record, uploads } = await openSite(t, await openEngine(t, 'sqlite'))
  writeFileSync(uploads, 'no folder')
  t.equal((await send(app, `${page}/banner`, animator, [{ bytes: await png() }])).statusCode, 500)
  t.match(await record(), { revision: 1, banner: undefined })
  rmSync(uploads)
  t.equal((await send(app, `${page}/banner`, animator, [{ bytes: await png() }])).statusCode, 303)
  const { banner } = await record()
  // As if the process had been killed in the middle: a file missing, one unfinished.
  const folder = join(uploads, banner!.url.split('/')[2]!)
  rmSync(join(folder, 'banner-480.webp'))
  writeFileSync(join(folder, 'banner-480.webp.abc.part'), 'half')
  writeFileSync(join(folder, 'banner-600.webp'), 'half')
  t.equal((await send(app, `${page}/banner`, animator, [{ bytes: await png() }], { alt: 'encore' })).statusCode, 303)
  for (const name of ['banner-480.webp', 'banner-600.webp']) t.equal((await sharp(join(folder, name)).metadata()).format, 'webp')
  t.equal((await app.inject(`/uploads/${folder.split('/').at(-1)}/banner-480.webp.abc.part`)).statusCode, 404)
})

t.test('only pictures are served, from nowhere else', async (t) => {
  const { app, uploads, dataDir } = await openSite(t, await openEngine(t, 'sqlite'))
  mkdirSync(join(uploads, 'a'), { recursive: true })
  writeFileSync(join(uploads, 'a/b.png'), 'png')
  writeFileSync(join(uploads, 'a/b.html'), '<script>')
  writeFileSync(join(dataDir, 'secret.png'), 'secret')
  t.match(await app.inject('/uploads/a/b.png'), {
    statusCode: 200,
    body: 'png',
    headers: { 'content-type': 'image/png', 'cache-control': 'public, max-age=3600' },
  })
  t.equal((await app.inject({ method: 'HEAD', url: '/uploads/a/b.png' })).statusCode, 200)
  for (const path of ['a/b.html', 'a', '', '../secret.png', '..%2Fsecret.png', 'a/../../secret.png', 'a%2F..%2F..%2Fsecret.png', '%00.png', 'c.png'])
    t.equal((await app.inject(`/uploads/${path}`)).statusCode, 404, path)
})

t.test('pictures of other sites are not shown', async (t) => {
  const { app, db, animator } = await openSite(t, await openEngine(t, 'sqlite'))
  const row = (await findGroup(db, 'jardin-de-la-rade'))!
  const away = { url: 'https://elsewhere.example/banner.png', width: 1920, height: 160, alt: 'Ailleurs' }
  await editGroup(db, row, { ...toGroup(row), banner: away, logo: away }, { at: now, via: 'import' })
  for (const url of ['/groups', '/g/jardin-de-la-rade', page]) {
    const { body } = await app.inject({ url, headers: { cookie: animator } })
    t.notMatch(body, /<(img|source)[^>]*elsewhere\.example/, url)
  }
  t.match((await app.inject({ url: page, headers: { cookie: animator } })).body, 'L’image est sur un autre site')
})

async function openSite(t: Test, engine: EngineConfig): Promise<Site> {
  const db = await openDb(t, engine)
  await fill(db, 1)
  const app = await build(t, db, { dataDir: engine.dataDir })
  const record = async () => (await app.inject('/g/jardin-de-la-rade.json')).json<GroupRecord>()
  return { app, db, dataDir: engine.dataDir, uploads: join(engine.dataDir, 'uploads'), animator: await signInAs(app, db, 'animator'), record }
}

interface Site {
  app: FastifyInstance
  db: Db
  dataDir: string
  uploads: string
  animator: string
  record: () => Promise<GroupRecord>
}
