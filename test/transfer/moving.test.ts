import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { type Config, readConfig } from '../../server/config.ts'
import { findGroup } from '../../server/group/queries.ts'
import { toGroup } from '../../server/group/row.ts'
import { type EngineConfig, eachEngine } from '../engines.ts'
import { build, openDb } from '../helper.ts'
import { signInAs } from '../people.ts'
import { group, rade } from '../world.ts'
import { lines } from './bring.ts'
import { inProcess } from './in-process.ts'

const [old, fresh] = ['http://old.example', 'http://new.example']
const made = '0a'.repeat(16)
const files = [...['avif', 'webp', 'jpg'].flatMap((ending) => [128, 200].map((width) => `${made}/logo-${width}.${ending}`)), 'brought/along.png']
const picture = (url: string) => ({ url, width: 200, height: 200, alt: '' })
const records = [
  { ...rade, logo: picture(`/uploads/${made}/logo-200.jpg`), banner: picture(`${old}/uploads/brought/along.png`) },
  group({ shortName: 'second', partners: [{ name: 'x', logo: picture(`${old}/uploads/brought/along.png`) }] }),
  { ...group({ shortName: 'elsewhere' }), origin: { server: 'https://other.example' }, logo: picture('https://other.example/uploads/a.png') },
]

eachEngine(t, 'an archive brings records and pictures, and what it made goes out again unchanged', async (t, open) => {
  const [from, to] = [await server(t, await open(), old), await server(t, await open(), old)]
  await from.fill(t)
  t.match(await to.archipel(['import', '--private', from.zip]), { code: 0, out: /3 added[\s\S]*Pictures added: 7/ })
  await to.serves(t, `/uploads/${made}/logo-200.jpg`, '/uploads/brought/along.png')
  for (const format of ['json', 'ndjson', 'csv'])
    t.same(await to.archipel(['export', '--format', format]), await from.archipel(['export', '--format', format]))
  const [before, after] = [await from.archive(), await to.archive()]
  t.ok(before.length > 1000 && before.equals(after), 'the archives are the same, byte for byte')
})

eachEngine(t, 'a server moves to another address', async (t, open) => {
  const [from, to] = [await server(t, await open(), old), await server(t, await open(), fresh)]
  await from.fill(t)
  t.match(await to.archipel(['import', '--private', '--from', 'nowhere', from.zip]), { code: 1, err: /must be an address such as/ })
  t.match(await to.archipel(['import', '--private', '--from', `${old}/`, from.zip]), { code: 0, out: /3 added[\s\S]*Pictures added: 7/ })
  const { db } = to
  for (const name of [rade.shortName, 'second']) t.equal((await findGroup(db, name))?.origin_server, null, `${name} is ours`)
  t.equal((await findGroup(db, 'elsewhere'))?.origin_server, 'https://other.example', 'what was a copy stays one')
  const [first, second] = [toGroup((await findGroup(db, rade.shortName))!), toGroup((await findGroup(db, 'second'))!)]
  t.strictSame([first.banner?.url, first.logo?.url], ['/uploads/brought/along.png', records[0]!.logo!.url])
  t.equal(second.partners?.[0]?.logo?.url, '/uploads/brought/along.png')
  await to.serves(t, `/uploads/${made}/logo-200.jpg`, '/uploads/brought/along.png')
  const app = await build(t, db, to.config)
  const cookie = await signInAs(app, db, 'operator')
  const editing = (name: string) => app.inject({ url: `/g/${name}/edit`, headers: { cookie } })
  t.equal((await editing('second')).statusCode, 200, 'it can be edited')
  t.equal((await editing('elsewhere')).statusCode, 403)
  t.match((await app.inject({ url: `/g/${rade.shortName}` })).body, '/uploads/brought/along.png')
  t.match(await to.archipel(['import', '--private', '--from', old, from.zip]), { code: 0, out: /0 added, 0 changed, 3 unchanged/ })
})

t.test('without its old address, or from a source', async (t) => {
  const folder = t.testdir({})
  const at = (name: string, publicUrl: string) => server(t, { engine: 'sqlite', url: undefined, dataDir: join(folder, name) }, publicUrl)
  const [from, copies, source, none] = [await at('from', old), await at('copies', fresh), await at('source', old), await at('none', old)]
  await from.fill(t)
  await copies.archipel(['import', from.zip])
  t.equal((await findGroup(copies.db, 'second'))?.origin_server, old)
  t.match(await source.archipel(['import', from.zip, '--source', 'twin']), { code: 0, out: /3 added[\s\S]*Pictures added: 7/ })
  await source.serves(t, `/uploads/${made}/logo-200.jpg`)
  t.match(await source.archipel(['import', from.zip, '--source', 'twin', '--from', old]), { code: 1, err: /: choose\.\n$/ })
  for (const args of [[], ['--source', 'twin']])
    t.match(await none.archipel(['import', join(from.dataDir, 'in.ndjson'), '--dry-run', ...args]), {
      code: 0,
      out: /Pictures that are neither here nor in an archive:\n {2}Line 1, jardin-de-la-rade: http:\/\/old[^\n]*\n {2}Line 1, [^\n]*\n {2}Line 2, second: [^\n]*\n(?! )/,
    })
  const damaged = readFileSync(from.zip)
  const end = damaged.lastIndexOf(`bytes of ${files.at(-2)}`)
  damaged.write('BYTES', end)
  writeFileSync(join(folder, 'damaged.zip'), damaged)
  for (const args of [[], ['--dry-run'], ['--source', 'twin']])
    t.match(await none.archipel(['import', join(folder, 'damaged.zip'), ...args]), { code: 1, out: '', err: /^The picture/ })
  t.notOk(readdirSync(none.dataDir).includes('uploads'), 'no picture stays behind')
  t.match(await none.archipel(['export']), { out: '{"items":[\n]}\n' })
})

/** A server on this engine, under this address. */
async function server(t: Test, { engine, url, dataDir }: EngineConfig, publicUrl: string) {
  mkdirSync(dataDir, { recursive: true })
  const zip = join(dataDir, 'all.zip')
  const config: Config = readConfig({ PUBLIC_URL: publicUrl, DATA_DIR: dataDir, LOG_LEVEL: 'silent', SECRET: 'a secret that only the tests know' })
  const db = await openDb(t, { engine, url, dataDir })
  const archipel = inProcess(config, db)
  return {
    ...{ archipel, dataDir, zip, config, db },
    /** Puts the records and their pictures there, and exports them all. */
    async fill(t: Test) {
      for (const name of files) {
        mkdirSync(dirname(join(dataDir, 'uploads', name)), { recursive: true })
        writeFileSync(join(dataDir, 'uploads', name), `bytes of ${name}`)
      }
      writeFileSync(join(dataDir, 'in.ndjson'), lines(...records))
      t.match(await archipel(['import', join(dataDir, 'in.ndjson')]), { code: 0, out: /3 added/ })
      t.match(await archipel(['export', '--private', '--out', zip]), { code: 0, err: '' })
    },
    async serves(t: Test, ...paths: string[]) {
      const app = await build(t, db, config)
      for (const path of paths) t.equal((await app.inject({ url: path })).body, `bytes of ${path.slice('/uploads/'.length)}`, path)
    },
    async archive(): Promise<Buffer> {
      const out = join(dataDir, 'again.zip')
      await archipel(['export', '--private', '--out', out])
      return readFileSync(out)
    },
  }
}
