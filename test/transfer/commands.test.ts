import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { group, rade } from '../world.ts'
import { lines } from './bring.ts'
import { program } from './program.ts'

t.test('out to a file, back from it, and from a pipe', async (t) => {
  const { archipel, folder } = program(t)
  const file = join(folder, 'in.ndjson')
  writeFileSync(file, lines(rade, group({ shortName: 'second' })))
  t.match(await archipel(['import', '--dry-run', file]), { code: 0, out: /^in\.ndjson: 2 read, 2 added[\s\S]*Nothing was written\./ })
  t.match(await archipel(['export']), { code: 0, out: '{"items":[\n]}\n' })
  t.match(await archipel(['import', file]), { code: 0, out: /2 added/, err: '' })
  t.ok(existsSync(join(folder, 'data/cache/groups.bin')), 'ready for the next start')
  t.match(await archipel(['export', '--out', join(folder, 'out.csv')]), { code: 0, out: '', err: '' })
  const csv = readFileSync(join(folder, 'out.csv'), 'utf8')
  t.match(csv, /^shortName,name,/)
  t.match(await archipel(['import', '-', '--format', 'csv', '--json'], csv), { code: 0, out: /"unchanged": 2,/ })
  t.match(await archipel(['export', '--keyword', 'Énergie', '--format', 'ndjson']), { out: /^\{[^\n]*jardin-de-la-rade[^\n]*\}\n$/ })
  t.match(await archipel(['export', '--private', '--out', join(folder, 'all.zip')]), { code: 0 })
  t.match(await program(t, 'other', folder).archipel(['import', '--private', join(folder, 'all.zip')]), { code: 0, out: /2 added/ })
  t.same(
    readdirSync(folder).filter((name) => name.endsWith('.part')),
    [],
  )
})

t.test('what cannot be done is said in a sentence', async (t) => {
  const { archipel, folder } = program(t)
  const file = join(folder, 'bad.csv')
  writeFileSync(file, 'shortName,name,type\nx,,club\n')
  const refused = await archipel(['import', file])
  t.match(refused, { code: 1, err: '', out: /Line 2, type: Accepted: thematic, territorial, support\.\n[\s\S]*Nothing was written: correct/ })
  writeFileSync(file, 'shortName,colour\n')
  t.match(await archipel(['import', file]), { code: 1, out: '', err: /^Columns not known here, in the first line: “colour”\.[^\n]*\n$/ })
  t.match(await archipel(['import', join(folder, 'none.json')]), { code: 1, err: /none\.json does not exist\.\n$/ })
  t.match(await archipel(['import', '-']), { code: 1, err: /^Say the format of what comes in/ })
  t.match(await archipel(['export', '--keyword', 'nobody']), { code: 1, err: 'No group carries the keyword “nobody”.\n' })
  t.match(await archipel(['export', '--keyword', 'nobody', '--out', join(folder, 'x.csv')]), { code: 1 })
  t.notOk(existsSync(join(folder, 'x.csv')), 'a file is whole, or not there')
  t.match(await archipel(['import', 'osm-community-index', '--dry-run']), { code: 0, out: /390 added/ })
  t.match(await archipel(['export']), { out: '{"items":[\n]}\n' }, 'a dry run of a source is one too')
})

t.test('a file from elsewhere is followed', async (t) => {
  const { archipel, folder } = program(t)
  const file = join(folder, 'list.csv')
  writeFileSync(file, 'name,summary,type\nClub Œuvre,Un club.,thematic\n42,A number.,support\n')
  t.match(await archipel(['import', file, '--source', 'list']), { code: 0, out: /^list: 2 read, 2 added/ })
  t.match(await archipel(['export', '--format', 'ndjson']), {
    out: /"shortName":"club-oeuvre".*"origin":\{"source":"list","sourceId":"Club Œuvre"\}/,
  })
  writeFileSync(file, 'name,summary,type\nClub Œuvre,Un grand club.,thematic\n')
  t.match(await archipel(['import', file, '--source', 'list']), { code: 0, out: /0 added, 1 changed, 1 gone/ })
  writeFileSync(file, 'name,summary,type\nClub Œuvre,,thematic\n')
  t.match(await archipel(['import', file, '--source', 'list']), {
    code: 1,
    out: /1 refused\.\nRefused:\n {2}Line 2, summary: “summary” is needed\.\nNothing was written: correct/,
  })
  writeFileSync(file, 'name,summary,type\n')
  t.match(await archipel(['import', file, '--source', 'list', '--dry-run']), { code: 1, out: /Nothing was written: of 1 groups/ })
  t.match(await archipel(['import', file, '--source', 'list', '--many-gone']), { code: 0, out: /1 gone/ })
})
