import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readConfig } from '../../server/config.ts'
import { openDb, publicUrl } from '../helper.ts'
import { group } from '../world.ts'
import { lines } from './bring.ts'
import { inProcess } from './in-process.ts'

t.test('on a terminal the commands count, on one line; elsewhere they are silent', async (t) => {
  const dataDir = t.testdir({})
  const config = readConfig({ PUBLIC_URL: publicUrl, DATA_DIR: dataDir, LOG_LEVEL: 'silent' })
  const archipel = inProcess(config, await openDb(t, { engine: 'sqlite', url: undefined, dataDir }))
  const [file, other] = [join(dataDir, 'in.ndjson'), join(dataDir, 'other.ndjson')]
  writeFileSync(file, lines(...Array.from({ length: 1200 }, (_, number) => group({ shortName: `g${number}` }))))
  writeFileSync(other, lines(...Array.from({ length: 600 }, (_, number) => group({ shortName: `o${number}` }))))
  const counts = (...told: string[]) => told.map((one) => `\r${one}\u001b[K\r`).join('')
  const onTerminal = (args: string[]) => archipel(args, { isTTY: true })
  t.equal((await onTerminal(['import', file])).err, counts('500 checked', '1000 checked', '1200 checked', '1000 written', '1200 written'))
  t.equal((await onTerminal(['import', other, '--source', 'list'])).err, counts('500 checked', '600 checked', '600 written'))
  for (const name of ['out.csv', 'out.zip']) {
    const { err } = await onTerminal(['export', '--out', join(dataDir, name)])
    t.equal(err, counts(...[25, 50, 100, ...Array.from({ length: 9 }, (_, at) => 200 * (at + 1))].map((count) => `${count} exported`)), name)
  }
  t.equal((await onTerminal(['export', '--format', 'ndjson'])).err, '', 'what goes to the terminal itself is not counted there')
  t.equal((await archipel(['import', file])).err, '', 'nobody watches')
  t.equal((await archipel(['export', '--out', join(dataDir, 'out.json')])).err, '')
})

t.test('what a format cannot hold is said', async (t) => {
  const dataDir = t.testdir({})
  const config = readConfig({ PUBLIC_URL: publicUrl, DATA_DIR: dataDir, LOG_LEVEL: 'silent' })
  const archipel = inProcess(config, await openDb(t, { engine: 'sqlite', url: undefined, dataDir }))
  for (const format of ['csv', 'geojson']) {
    t.match(await archipel(['export', '--private', '--format', format]), {
      code: 0,
      err: new RegExp(`^${format} has no place for ecosystems, [^\n]*\n$`),
    })
    t.equal((await archipel(['export', '--format', format])).err, '')
  }
  t.equal((await archipel(['export', '--private', '--format', 'ndjson'])).err, '')
  const zip = join(dataDir, 'out.zip')
  t.match(await archipel(['export', '--out', zip, '--format', 'csv']), { code: 1, err: /^An archive holds its records as ndjson, not as csv/ })
  t.match(await archipel(['export', '--out', zip, '--format', 'ndjson']), { code: 0, err: '' })
})
