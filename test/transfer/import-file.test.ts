import t from 'tap'
import { transaction } from '../../server/db/open.ts'
import { createGroup, deleteGroup, putGroups } from '../../server/group/actions.ts'
import { iriOf } from '../../server/group/present.ts'
import { findGroup } from '../../server/group/queries.ts'
import { toGroup } from '../../server/group/row.ts'
import type { GroupRecord } from '../../server/schema-types.ts'
import { describeFileReport } from '../../server/transfer/file-report.ts'
import { eachEngine } from '../engines.ts'
import { now, openDb } from '../helper.ts'
import { group, rade } from '../world.ts'
import { bring, lines, take } from './bring.ts'

const later = '2026-12-01T00:00:00.000Z'
const by = { at: now, via: 'form' as const }
const elsewhere = 'https://elsewhere.example'

eachEngine(t, 'everything is checked before anything is written, and each refusal says its line', async (t, open) => {
  const db = await openDb(t, await open())
  const text = `${lines(rade, group({ shortName: 'second', name: '' }))}{\n\n${lines({ ...group({ shortName: 'third' }), colour: 'red', revision: 0 }, group({ shortName: 'fourth' }), rade)}`
  const report = await bring(db, 'ndjson', text)
  t.match(report, { read: 6, added: [rade.shortName, 'fourth'], refused: 4, written: false })
  t.same(report.refusals, [
    { line: 2, field: 'name', reason: '“name” is needed.' },
    { line: 3, field: '', reason: 'This line is not JSON.' },
    { line: 5, field: 'revision', reason: 'At least 1.' },
    { line: 7, field: 'shortName', reason: 'This group is in the file already, at 1.' },
  ])
  t.match(describeFileReport(report), /Line 2, name: “name” is needed\.[\s\S]*Nothing was written: correct/)
  t.equal(await findGroup(db, rade.shortName), undefined)
  t.match(await bring(db, 'ndjson', text, { partial: true, dryRun: true }), { added: { length: 2 }, written: false })
  t.equal(await findGroup(db, rade.shortName), undefined)
  t.match(await bring(db, 'ndjson', text, { partial: true }), { added: { length: 2 }, refused: 4, written: true })
  t.match(await findGroup(db, rade.shortName), { revision: 1, created_at: now })
  const endless = bring(db, 'ndjson', `${lines(group({ shortName: 'fifth' }))}{"a":"${'x'.repeat(2_100_000)}`)
  await t.rejects(endless, { message: 'error.file.tooLong' })
  t.equal(await findGroup(db, 'fifth'), undefined, 'what cannot be read to its end writes nothing')
})

eachEngine(t, 'a record is found by id, by its source, by its short name with the same home', async (t, open) => {
  const db = await openDb(t, await open())
  const row = await createGroup(db, rade, by)
  t.match(await bring(db, 'ndjson', lines({ ...rade, id: row.id, name: 'By id', shortName: 'potager' }), { at: later }), {
    changed: ['potager'],
    added: [],
  })
  const byId = (await findGroup(db, 'potager'))!
  t.match(byId, { id: row.id, name: 'By id', revision: 2, created_at: now, updated_at: later })
  const home = { ...rade, shortName: 'potager', name: 'By home', links: [{ service: 'home', url: 'http://www.jardin.example/fr' }] }
  t.match(await bring(db, 'ndjson', lines(home)), { changed: ['potager'] })
  t.match(await bring(db, 'ndjson', lines({ ...home, links: [{ service: 'home', url: 'https://jardin.example/b' }] })), {
    refusals: [{ field: 'shortName', reason: /already given/ }],
  })
  t.match(await bring(db, 'ndjson', lines(group({ shortName: 'jardin-de-la-rade' }))), { refused: 1 }, 'a released name serves no other group')

  const origin = { source: 'list', sourceId: '7' }
  t.match(await bring(db, 'ndjson', lines({ ...group({ shortName: 'seven' }), origin })), { added: ['seven'] })
  t.match(await bring(db, 'ndjson', lines({ ...group({ shortName: 'sept', name: 'By source' }), origin })), { changed: ['sept'] })
  t.match(await findGroup(db, 'sept'), { source: 'list', source_id: '7', name: 'By source' })
  t.match(await bring(db, 'ndjson', lines({ ...home, id: row.id }, home)), { refusals: [{ line: 2, field: 'id' }] }, 'two lines, one group')
})

eachEngine(t, 'who may change what', async (t, open) => {
  const db = await openDb(t, await open())
  const row = await createGroup(db, rade, by)
  const [record] = JSON.parse(await take(db, 'json', { private: true })).items as GroupRecord[]
  const [changed] = await transaction(db, (tx) => putGroups(tx, [{ before: row, group: { ...rade, name: 'Edited here' } }], by))
  t.match(await bring(db, 'ndjson', lines({ ...record, summary: 'Old file.' })), { kept: [{ shortName: rade.shortName, why: 'newer' }] })
  t.match(await bring(db, 'ndjson', lines({ ...record, revision: 9, summary: 'From a later state.', updatedAt: later })), {
    changed: [rade.shortName],
  })
  t.match(await findGroup(db, rade.shortName), { revision: 9, updated_at: later, summary: 'From a later state.', created_at: changed!.created_at })
  t.match(await bring(db, 'ndjson', lines({ ...record, origin: { server: elsewhere }, revision: 99 })), { kept: [{ why: 'origin' }] })
  await db.updateTable('group_record').set({ claimed_at: now }).execute()
  t.match(await bring(db, 'ndjson', lines({ ...record, revision: 99 })), { kept: [{ why: 'claimed' }] })

  const copy = { ...group({ shortName: 'copied' }), id: '0190a000-0000-7000-8000-000000000001', revision: 3, origin: { server: `${elsewhere}/` } }
  t.match(await bring(db, 'ndjson', lines(copy)), { added: ['copied'] })
  t.match(await findGroup(db, 'copied'), { origin_server: elsewhere, revision: 3 })
  t.equal(iriOf((await findGroup(db, 'copied'))!, 'https://here.example'), `${elsewhere}/id/${copy.id}`)
  t.match(await bring(db, 'ndjson', lines({ ...copy, name: 'Edited in a table' })), { kept: [{ why: 'copy' }] })
  t.match(await bring(db, 'ndjson', lines({ ...copy, origin: undefined, revision: 4 })), { kept: [{ why: 'copy' }] })
  t.match(await bring(db, 'ndjson', lines({ ...copy, name: 'From its server', revision: 4 })), { changed: ['copied'] })
  await deleteGroup(db, (await findGroup(db, 'copied'))!, by)
  t.match(await bring(db, 'ndjson', lines(copy)), { kept: [{ shortName: 'copied', why: 'deleted' }], added: [] }, 'what was deleted here stays so')
  t.match(await bring(db, 'ndjson', lines({ ...group({ shortName: 'bad' }), origin: { server: 'javascript:x' } })), {
    refusals: [{ field: 'origin/server' }],
  })
})

eachEngine(t, 'a file is silent on the columns it lacks, and a public one on what is for insiders', async (t, open) => {
  const db = await openDb(t, await open())
  await createGroup(db, { ...rade, publicServices: undefined }, by)
  const csv = await take(db, 'csv')
  t.notMatch(csv, 'suivi')
  t.match(await bring(db, 'csv', csv), { unchanged: 1, changed: [] })
  const [row] = [(await findGroup(db, rade.shortName))!]
  t.match(await bring(db, 'csv', `id,summary,link:home\n${row.id},Seul le résumé,https://neuf.example\n`), { changed: [rade.shortName] })
  const after = toGroup((await findGroup(db, rade.shortName))!)
  t.same(after, { ...rade, summary: 'Seul le résumé', links: [{ service: 'home', url: 'https://neuf.example' }, ...rade.links!.slice(1)] })
  t.match(await bring(db, 'csv', `id,activity,place\n${row.id},,\n`), { changed: [rade.shortName] })
  t.equal((await findGroup(db, rade.shortName))?.place, null, 'an empty cell says that there is nothing')
  t.match(await bring(db, 'csv', 'shortName,name\nnew-one,New\n'), { refused: 1 }, 'a new record needs its facts')
})

eachEngine(t, 'what may be a duplicate is told, and added', async (t, open) => {
  const db = await openDb(t, await open())
  await createGroup(db, rade, by)
  const twin = { ...rade, shortName: 'autre-jardin', name: 'Jardin partagé de la rade', links: undefined }
  const site = group({ shortName: 'same-site', links: [{ service: 'home', url: 'http://www.jardin.example' }] })
  const report = await bring(db, 'ndjson', lines(twin, site, group({ shortName: 'other' }), { ...twin, shortName: 'third-jardin' }))
  t.same(report.added, ['autre-jardin', 'same-site', 'other', 'third-jardin'])
  t.same(report.duplicates, [
    { line: 1, shortName: 'autre-jardin', like: [rade.shortName] },
    { line: 2, shortName: 'same-site', like: [rade.shortName] },
    { line: 4, shortName: 'third-jardin', like: [rade.shortName, 'autre-jardin'] },
  ])
})

eachEngine(t, 'in a crowd, who was not compared with all is counted', async (t, open) => {
  const db = await openDb(t, await open())
  const at = (number: number) =>
    group({ shortName: `g${number}`, name: `${number}`.repeat(9), position: { lat: 48.39, lng: -4.486, precision: 'exact' } })
  const report = await bring(db, 'ndjson', lines(...Array.from({ length: 60 }, (_, number) => at(number))))
  t.match(report, { added: { length: 60 }, crowded: 9 })
  t.match(describeFileReport(report), /Not compared with every group near them, for there are too many: 9\./)
  t.match(await bring(db, 'ndjson', lines(at(61))), { crowded: 1 }, 'those of the directory crowd too')
})

eachEngine(t, 'an import that was stopped goes on when it is run again', async (t, open) => {
  const db = await openDb(t, await open())
  const many = lines(...Array.from({ length: 2500 }, (_, number) => group({ shortName: `g${number}` })))
  const stop = new AbortController()
  const onProgress = (doing: string) => doing === 'written' && stop.abort()
  await t.rejects(bring(db, 'ndjson', many, { signal: stop.signal, onProgress }), { name: 'AbortError' })
  t.ok(await findGroup(db, 'g999'), 'what was written stays')
  t.equal(await findGroup(db, 'g1000'), undefined)
  t.match(await bring(db, 'ndjson', many), { added: { length: 1500 }, unchanged: 1000, written: true })
  t.match(await bring(db, 'ndjson', many), { added: [], unchanged: 2500 })
})
