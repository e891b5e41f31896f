import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { transaction } from '../../server/db/open.ts'
import { deleteGroup, putGroups } from '../../server/group/actions.ts'
import { findGroup } from '../../server/group/queries.ts'
import { toGroup } from '../../server/group/row.ts'
import { importSource } from '../../server/transfer/import-source.ts'
import { readBundledResources, readOsmCommunityIndex } from '../../server/transfer/osm/community-index.ts'
import type { SourceRecord } from '../../server/transfer/source-record.ts'
import { eachEngine } from '../engines.ts'
import { now, openDb } from '../helper.ts'
import { en } from './bring.ts'

const later = '2026-12-01T00:00:00.000Z'

function record(sourceId: string, facts: object = {}): SourceRecord {
  return { sourceId, shortNameHints: [sourceId, `${sourceId}-2`], group: { name: sourceId, summary: 'A group.', type: 'thematic', ...facts } }
}

eachEngine(t, 'an import adds, updates, marks gone, and keeps what was edited here', async (t, open) => {
  const db = await openDb(t, await open())
  const run = (records: SourceRecord[], at = now) => importSource(db, { source: 'example', records, refused: [], at })
  const get = async (name: string) => (await findGroup(db, name))!

  t.match(await run([record('one', { place: 'Brest' }), record('two'), record('three')]), { added: ['one', 'three', 'two'], unchanged: 0 })
  const again = await run([record('one', { place: 'Brest' }), record('two'), record('three')], later)
  t.match(again, { added: [], changed: [], gone: [], kept: [], unchanged: 3 })
  t.equal((await get('one')).revision, 1, 'importing again writes nothing')

  const one = await get('one')
  await transaction(db, (tx) => putGroups(tx, [{ before: one, group: { ...toGroup(one), summary: 'Edited here.' } }], { at: now, via: 'form' }))
  const next = await run([record('one', { place: 'Lorient', summary: 'From the source.' }), record('two', { name: 'Two!' })], later)
  t.match(next, { changed: ['one', 'two'], gone: ['three'], kept: [{ shortName: 'one', fields: ['summary'] }], added: [] })
  t.match(toGroup(await get('one')), { place: 'Lorient', summary: 'Edited here.' })
  t.equal((await get('three')).gone_at, later)
  t.equal((await get('three')).activity, null, 'gone is not archived')

  const back = await run([record('one', { place: 'Lorient', summary: 'From the source.' }), record('two', { name: 'Two!' }), record('three')], later)
  t.match(back, { returned: ['three'], changed: [], kept: [{ shortName: 'one', fields: ['summary'] }], unchanged: 1 })
  t.equal((await get('three')).gone_at, null)

  await deleteGroup(db, await get('two'), { at: later, via: 'form' })
  const after = await run(
    [record('one', { place: 'Lorient', summary: 'From the source.' }), record('two', { name: 'Two!!' }), record('three')],
    later,
  )
  t.match(
    after,
    { added: [], kept: [{ shortName: 'one' }, { shortName: 'two', fields: [], why: 'deleted' }] },
    'what was deleted here does not come back',
  )
})

eachEngine(t, 'a dry run tells and writes nothing; a bad record is refused alone; a taken name gets the next hint', async (t, open) => {
  const db = await openDb(t, await open())
  const records = [record('good'), record('bad', { type: 'club' })]
  const dry = await importSource(db, { source: 'example', records, refused: [], at: now, t: en, dryRun: true })
  t.match(dry, { added: ['good'], refused: 1, written: false })
  t.same(dry.refusals, [{ id: 'bad', field: 'type', reason: 'Accepted: thematic, territorial, support.' }])
  t.equal(await findGroup(db, 'good'), undefined)
  await importSource(db, { source: 'example', records, refused: [], at: now })
  t.match(await importSource(db, { source: 'other', records: [record('good')], refused: [], at: now }), { added: ['good-2'] })
})

eachEngine(t, 'a claimed record is never changed', async (t, open) => {
  const db = await openDb(t, await open())
  await importSource(db, { source: 'example', records: [record('one')], refused: [], at: now })
  await db.updateTable('group_record').set({ claimed_at: now }).execute()
  const report = await importSource(db, { source: 'example', records: [record('one', { summary: 'New.' })], refused: [], at: later })
  t.match(report, { changed: [], kept: [{ shortName: 'one', fields: ['summary'] }] })
  t.equal((await findGroup(db, 'one'))?.summary, 'A group.')
})

const shared = new URL('../../../shared/data/osm-community-index-6.2.0.json', import.meta.url)

eachEngine(t, 'OSM Community Index, this release and the next', async (t, open) => {
  const db = await openDb(t, await open())
  const run = (resources: unknown) => importSource(db, { source: 'osm-community-index', ...readOsmCommunityIndex(resources), at: now })
  const first = await run(readBundledResources())
  t.equal(first.added.length, 390)
  t.same(first.refusals, [])
  t.match(await run(readBundledResources()), { added: [], changed: [], gone: [], unchanged: 390 })
  t.match(await run(nextRelease()), { added: ['osm-laville', 'osm-le-port'], changed: [/./], gone: ['mappingwr'], unchanged: 388, refused: 0 })
  t.match(await run(readBundledResources()), { added: [], changed: [/./], gone: ['osm-laville', 'osm-le-port'], returned: ['mappingwr'] })
  t.match(await run({ resources: {} }), { written: false, shrunk: { known: 390, present: 0 } }, 'an empty release is not believed')
})

eachEngine(t, 'OSM Community Index, the real next release', async (t, open) => {
  if (!existsSync(shared)) return t.comment('it is not beside this tree; the test before this one has one made up')
  const db = await openDb(t, await open())
  const run = (resources: unknown) => importSource(db, { source: 'osm-community-index', ...readOsmCommunityIndex(resources), at: now })
  await run(readBundledResources())
  const report = await run(JSON.parse(readFileSync(shared, 'utf8')))
  t.match(report, { added: { length: 9 }, gone: { length: 1 } })
  t.equal(report.changed.length + report.unchanged, 389)
  const { count } = await db.selectFrom('group_record').select(db.fn.countAll().as('count')).executeTakeFirstOrThrow()
  t.equal(Number(count), 399)
})

/** A release as the next ones are: two communities more, one changed, one no longer there. */
function nextRelease(): object {
  const { MappingWR: gone, ...resources } = (readBundledResources() as { resources: Record<string, { strings: object }> }).resources
  const telegram = (id: string, name: string) => ({
    [id]: { id, type: 'telegram', account: id, locationSet: { include: ['fr'] }, strings: { name } },
  })
  const name = Object.keys(resources).find((id) => id.startsWith('ym-'))!
  const changed = { [name]: { ...resources[name]!, strings: { ...resources[name]!.strings, description: 'We map what nobody mapped.' } } }
  return { resources: { ...resources, ...changed, ...telegram('laville', 'OSM Laville'), ...telegram('leport', 'OSM Le Port') } }
}
