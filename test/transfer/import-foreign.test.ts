import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import type { Db } from '../../server/db/tables.ts'
import { generateGroups } from '../../server/demo/generate.ts'
import { deleteGroup } from '../../server/group/actions.ts'
import { findGroup } from '../../server/group/queries.ts'
import type { Format } from '../../server/transfer/format/formats.ts'
import { type ForeignImport, importForeign } from '../../server/transfer/import-foreign.ts'
import { describeReport } from '../../server/transfer/report.ts'
import { eachEngine } from '../engines.ts'
import { now, openDb, openSqlite, publicUrl } from '../helper.ts'
import { group, rade } from '../world.ts'
import { bring, en, lines, take } from './bring.ts'
import { pieces } from './records.ts'

const later = '2026-12-01T00:00:00.000Z'
const id = (number: number) => `0190a000-0000-7000-8000-${String(number).padStart(12, '0')}`

/** Follows this text as everything that `list` holds. */
function follow(db: Db, format: Format, text: string | AsyncIterable<string>, more: Partial<ForeignImport> = {}) {
  const all = typeof text === 'string' ? pieces(text) : text
  return importForeign(db, { file: 'test', format, text: all, source: 'list', publicUrl, at: now, t: en, ...more })
}

async function countGroups(db: Db): Promise<number> {
  const { count } = await db.selectFrom('group_record').select(db.fn.countAll().as('count')).executeTakeFirstOrThrow()
  return Number(count)
}

eachEngine(t, 'what is here already is not brought in a second time', async (t, open) => {
  const db = await openDb(t, await open())
  const own = [
    { ...rade, id: id(1) },
    { ...group({ shortName: 'from-elsewhere' }), id: id(2), origin: { source: 'other', sourceId: '7' } },
    group({ shortName: 'nameless', summary: 'No id, no home.' }),
    { ...group({ shortName: 'left' }), id: id(4) },
  ]
  t.match(await bring(db, 'ndjson', lines(...own)), { added: { length: 4 } })
  await deleteGroup(db, (await findGroup(db, 'left'))!, { at: now, via: 'form' })
  const before = await take(db, 'ndjson', { private: true })
  const { id: _, ...homeAlone } = { ...rade, id: 0 }
  for (const [what, text] of Object.entries({
    all: lines(...own),
    'by its home and name': lines({ ...homeAlone, summary: 'Another summary.' }),
    'by its origin': lines({ ...group({ shortName: 'renamed' }), origin: { source: 'other', sourceId: '7' } }),
  })) {
    const report = await follow(db, 'ndjson', text)
    t.match(report, { added: [], changed: [], refused: 0, written: true }, what)
    t.equal(report.kept.length, report.read, what)
    t.ok((await take(db, 'ndjson', { private: true })) === before, `${what}: nothing changes`)
  }
  const report = await follow(db, 'ndjson', lines(...own))
  t.same(
    report.kept.map(({ shortName, why }) => [shortName, why]),
    [
      [rade.shortName, 'here'],
      ['from-elsewhere', 'here'],
      ['nameless', 'here'],
      ['left', 'deleted'],
    ],
  )
  t.match(describeReport(report), /jardin-de-la-rade: it is here already, and not from this source/)
})

eachEngine(t, 'what may be a duplicate is told, and added', async (t, open) => {
  const db = await openDb(t, await open())
  await bring(db, 'ndjson', lines(rade, group({ shortName: 'namesake' })))
  const twin = { ...rade, shortName: 'autre-jardin', name: 'Jardin partagé de la rade', links: undefined }
  const site = group({ shortName: 'same-site', links: [{ service: 'home', url: 'http://www.jardin.example' }] })
  const report = await follow(db, 'ndjson', lines(twin, site, group({ shortName: 'namesake', summary: 'Another.' }), { ...twin, shortName: 'third' }))
  t.match(report.added, ['autre-jardin', 'same-site', /^namesake-[0-9a-f]{8}$/, 'third'])
  t.match(report.duplicates, [
    { line: 1, shortName: 'autre-jardin', like: [rade.shortName] },
    { line: 2, shortName: 'same-site', like: [rade.shortName] },
    { line: 3, shortName: report.added[2]!, like: ['namesake'] },
    { line: 4, shortName: 'third', like: [rade.shortName, 'autre-jardin'] },
  ])
  t.match(describeReport(report), /Possible duplicates, added all the same:\n {2}Line 1, autre-jardin: like jardin-de-la-rade/)
})

eachEngine(t, 'each refused line says its number, its field and why; its group is not gone', async (t, open) => {
  const db = await openDb(t, await open())
  const all = ['a', 'b', 'c', 'd', 'e'].map((name, at) => ({ ...group({ shortName: name.repeat(3) }), id: id(at) }))
  t.match(await follow(db, 'ndjson', lines(...all)), { added: { length: 5 }, written: true })
  const wrong = [{ ...all[0]!, createdAt: 'yesterday' }, { ...all[1]!, name: '', colour: 'red' }, all[2]!, all[2]!, all[3]!]
  const refused = await follow(db, 'ndjson', lines(...wrong), { at: later })
  t.same(refused.refusals, [
    { line: 1, id: id(0), field: 'createdAt', reason: 'A date and time are expected, such as 2026-03-12T18:30:00Z.' },
    { line: 2, id: id(1), field: 'name', reason: '“name” is needed.' },
    { line: 2, id: id(1), field: 'colour', reason: '“colour” is not known here: remove it or correct it.' },
    { line: 4, id: id(2), field: 'id', reason: 'This group is in the file already, at 3.' },
  ])
  t.match(refused, { refused: 3, written: false })
  t.match(describeReport(refused), /\nRefused:\n {2}Line 1, createdAt: A date[\s\S]*Line 2, name: “name”[\s\S]*Nothing was written: correct/)
  const partial = await follow(db, 'ndjson', lines(...wrong), { at: later, partial: true })
  t.match(partial, { gone: ['eee'], refused: 3, written: true })
  for (const name of ['aaa', 'bbb', 'ccc']) t.equal((await findGroup(db, name))?.gone_at, null, name)
  t.equal((await findGroup(db, 'eee'))?.gone_at, later)
})

eachEngine(t, 'a line of which nothing can be read may be of any group: nothing is called gone', async (t, open) => {
  const db = await openDb(t, await open())
  const all = ['a', 'b', 'c'].map((name, at) => ({ ...group({ shortName: name.repeat(3) }), id: id(at) }))
  await follow(db, 'ndjson', lines(...all))
  for (const line of ['{', '7', '{"name":""}', JSON.stringify({ ...all[2], id: 'x' })]) {
    const report = await follow(db, 'ndjson', `${lines(...all.slice(0, 2))}${line}\n`, { partial: true, at: later })
    t.match(report, { gone: [], refused: 1, isBlind: true, written: true }, line)
    t.match(describeReport(report), /Nothing is called gone/)
  }
  t.match(await follow(db, 'ndjson', lines(...all.slice(0, 2)), { at: later }), { gone: ['ccc'], isBlind: false })
})

eachEngine(t, 'a file that lacks most of what was known is not believed', async (t, open) => {
  const db = await openDb(t, await open())
  const all = ['a', 'b', 'c', 'd'].map((name, at) => ({ ...group({ shortName: name.repeat(3) }), id: id(at) }))
  t.match(await follow(db, 'csv', 'shortName,name\n'), { written: false, shrunk: { known: 0, present: 0 } }, 'nothing at all')
  await follow(db, 'ndjson', lines(...all))
  for (const text of ['shortName,name\n', `id,shortName,name,summary,type\n${id(0)},aaa,aaa,Le groupe aaa.,thematic\n`]) {
    const report = await follow(db, 'csv', text, { at: later })
    t.match(report, { written: false, shrunk: { known: 4, present: report.read } })
    t.match(describeReport(report), /Nothing was written: of 4 groups that list held, \d are in it now\.[^\n]*--many-gone/)
    t.notOk((await findGroup(db, 'ddd'))?.gone_at)
  }
  t.match(await follow(db, 'ndjson', lines(...all.slice(0, 2)), { at: later }), { written: true, gone: ['ccc', 'ddd'] }, 'half is believed')
  const none = await follow(db, 'csv', 'shortName,name\n', { at: later, manyGone: true })
  t.match(none, { written: true, gone: ['aaa', 'bbb'] }, 'so is nothing, when told so')
})

t.test('it is stopped between two batches, and run again does the rest', async (t) => {
  const db = await openSqlite(t)
  const all = lines(...Array.from({ length: 2500 }, (_, number) => group({ shortName: `g${number}` })))
  for (const phase of ['checked', 'written']) {
    const stop = new AbortController()
    const onProgress = (doing: string) => doing === phase && stop.abort()
    await t.rejects(follow(db, 'ndjson', all, { signal: stop.signal, onProgress }), { name: 'AbortError' })
  }
  t.equal(await countGroups(db), 1000, 'what was written stays')
  t.match(await follow(db, 'ndjson', all), { added: { length: 1500 }, unchanged: 1000, written: true })
  t.match(await follow(db, 'ndjson', all), { added: [], unchanged: 2500 })
  t.equal(await countGroups(db), 2500)
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

t.test('ten times the records take hardly more memory', async (t) => {
  const db = await openSqlite(t)
  const heap = new Map<number, number>()
  const onProgress = (_: string, count: number) => {
    if (count !== 1000 && count !== 6000) return
    collectGarbage()
    heap.set(count, process.memoryUsage().heapUsed / 1e6)
  }
  t.match(await follow(db, 'ndjson', generated(6000), { dryRun: true, onProgress }), { added: { length: 6000 }, written: false })
  const more = heap.get(6000)! - heap.get(1000)!
  // As objects, the records would be several times the 7 MB of the file.
  t.ok(more < 8, `${Math.round(more)} MB more`)
})

async function* generated(count: number): AsyncGenerator<string> {
  for (const one of generateGroups(count, 1)) yield `${JSON.stringify(one)}\n`
}
