import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import t, { type Test } from 'tap'
import { ZipFile } from 'yazl'
import { isUploadName, uploadName } from '../../server/look/uploads.ts'
import { openArchive } from '../../server/transfer/read-archive.ts'
import { type Manifest, writeArchive } from '../../server/transfer/write-archive.ts'
import { now, publicUrl } from '../helper.ts'
import { group, rade } from '../world.ts'
import { asRecord, joined } from './records.ts'

const root = t.testdir({})
const folders = (t: Test) => join(root, t.name.replace(/\W+/g, '-'))

const picture = (url: string) => ({ url, width: 10, height: 10, alt: '' })

t.test('pictures travel with their records', async (t) => {
  const [from, to] = [folder(t, 'from'), folder(t, 'to')]
  mkdirSync(join(from, 'a'))
  writeFileSync(join(from, 'a/banner.png'), 'png')
  writeFileSync(join(from, 'logo.webp'), 'webp')
  writeFileSync(join(from, 'secret'), 'not a picture')
  const records = [
    asRecord({ ...rade, banner: picture('/uploads/a/banner.png'), logo: picture(`${publicUrl}/uploads/logo.webp`) }, 1),
    asRecord({ ...group({ shortName: 'b' }), logo: picture('/uploads/gone.png'), partners: [{ name: 'x', logo: picture('/uploads/../secret') }] }, 2),
    asRecord({ ...group({ shortName: 'c' }), banner: picture('https://elsewhere.example/uploads/logo.webp') }, 3),
  ]
  const file = join(from, 'out.zip')
  const manifest = await writeArchive(once(records), createWriteStream(file), { publicUrl, uploads: from, at: now })
  t.match(manifest, { format: 'archipel', version: 1, server: publicUrl, exportedAt: now, records: 3 })
  t.same(
    manifest.pictures.map(({ name, bytes }) => [name, bytes]),
    [
      ['a/banner.png', 3],
      ['logo.webp', 4],
    ],
  )
  const archive = await openArchive(file)
  t.equal((await joined(archive.text)).trimEnd().split('\n').length, 3)
  t.equal(await archive.copyPictures(to), 2)
  t.equal(await archive.copyPictures(to), 0, 'a second time there is nothing to do')
  archive.close()
  t.equal(readFileSync(join(to, 'a/banner.png'), 'utf8'), 'png')
  t.same(readdirSync(to).sort(), ['a', 'logo.webp'])
})

t.test('every form and width of a picture travels', async (t) => {
  const from = folder(t, 'from')
  const id = '0a'.repeat(16)
  const files = ['avif', 'webp', 'jpg'].flatMap((ending) => [128, 200].map((width) => `${id}/logo-${width}.${ending}`))
  mkdirSync(join(from, id))
  for (const name of files) writeFileSync(join(from, name), name)
  const records = [asRecord({ ...rade, logo: picture(`/uploads/${id}/logo-200.jpg`) }, 1)]
  const { pictures } = await writeArchive(once(records), createWriteStream(join(from, 'out.zip')), { publicUrl, uploads: from, at: now })
  t.same(pictures.map(({ name }) => name).sort(), files.sort())
})

t.test('names that may leave the folder, or are no picture', async (t) => {
  for (const name of ['a.png', 'a/b/c-1_2.v3.jpeg', 'A.webp']) t.ok(isUploadName(name), name)
  const wrong = [
    '../a.png',
    '/a.png',
    'a/../b.png',
    'a//b.png',
    '.a.png',
    'a.svg',
    'a.png/',
    'a\\b.png',
    'a\0.png',
    'a.png.html',
    'é.png',
    `${'a'.repeat(200)}.png`,
    'a/b/c/d/e/f.png',
    '',
  ]
  t.same(wrong.filter(isUploadName), [])
  t.equal(uploadName('/uploads/a.png', publicUrl), 'a.png')
  t.same(
    ['/static/a.png', 'https://x.example/uploads/a.png', `${publicUrl}.evil/uploads/a.png`, '/uploads/%2e%2e/a.png'].flatMap(
      (url) => uploadName(url, publicUrl) ?? [],
    ),
    [],
  )
})

t.test('an archive that is not what it says writes no picture', async (t) => {
  const good: Manifest['pictures'][0] = { name: 'a.png', bytes: 3, sha256: '5c0cbd1e3e0b9d8b9d5ed21c0f0a3ac1' }
  for (const [what, manifest] of Object.entries({
    hash: { pictures: [good] },
    size: { pictures: [{ ...good, bytes: 4 }] },
    name: { pictures: [{ ...good, name: '../a.png' }] },
    missing: { pictures: [{ ...good, name: 'b.png' }] },
    nonsense: { pictures: [{ name: 7 }] },
  })) {
    const to = folder(t, what)
    const archive = await openArchive(
      await zip(t, what, {
        'manifest.json': JSON.stringify({ format: 'archipel', version: 1, ...manifest }),
        'groups.ndjson': '',
        'pictures/a.png': 'png',
      }),
    )
    await t.rejects(archive.copyPictures(to), { message: 'error.file.picture' }, what)
    archive.close()
    t.same(readdirSync(to), [])
    t.notOk(existsSync(join(to, '../a.png')))
  }
  for (const [what, files] of Object.entries({
    none: { 'groups.ndjson': '' },
    other: { 'manifest.json': '{"format":"other"}', 'groups.ndjson': '' },
    newer: { 'manifest.json': '{"format":"archipel","version":2,"pictures":[]}', 'groups.ndjson': '' },
    broken: { 'manifest.json': '{', 'groups.ndjson': '' },
    empty: { 'manifest.json': '{"format":"archipel","version":1,"pictures":[]}' },
  } as Record<string, Record<string, string>>))
    await t.rejects(openArchive(await zip(t, what, files)), { message: 'error.file.archive' }, what)
  const noZip = join(folder(t, 'nozip'), 'x.zip')
  writeFileSync(noZip, 'no zip at all')
  await t.rejects(openArchive(noZip), { message: 'error.file.archive' })
  await t.rejects(openArchive('/nowhere.zip'), { code: 'ENOENT' })
})

async function zip(t: Test, name: string, files: Record<string, string>): Promise<string> {
  const file = join(folder(t, `zip-${name}`), 'a.zip')
  const made = new ZipFile()
  for (const [path, text] of Object.entries(files)) made.addBuffer(Buffer.from(text), path)
  made.end()
  await pipeline(made.outputStream, createWriteStream(file))
  return file
}

function folder(t: Test, name: string): string {
  const path = join(folders(t), name)
  mkdirSync(path, { recursive: true })
  return path
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value
}
