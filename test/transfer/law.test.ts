import t from 'tap'
import { createCatalogue } from '../../server/catalogue/catalogue.ts'
import { transaction } from '../../server/db/open.ts'
import type { Db } from '../../server/db/tables.ts'
import { loadDemo } from '../../server/demo/load.ts'
import { saveListings } from '../../server/ecosystem/actions.ts'
import { deleteGroup, editGroup, putGroups } from '../../server/group/actions.ts'
import { checkGroup } from '../../server/group/check.ts'
import { listGroups } from '../../server/group/list.ts'
import { findGroup, findNameOwner } from '../../server/group/queries.ts'
import { readSearch } from '../../server/group/query.ts'
import { toGroup } from '../../server/group/row.ts'
import { importSource } from '../../server/transfer/import-source.ts'
import { readBundledResources, readOsmCommunityIndex } from '../../server/transfer/osm/community-index.ts'
import { eachEngine, engines, openEngine } from '../engines.ts'
import { now, openDb } from '../helper.ts'
import { group, phare, rade } from '../world.ts'
import { bring, take } from './bring.ts'
import { hostileDescriptions, hostileTexts, randomRecord } from './records.ts'

const travelling = ['csv', 'json', 'ndjson'] as const

/** Groups with every hostile text, random ones, one copied from another server, and what the demo shows. */
async function fill(db: Db): Promise<void> {
  await loadDemo(db, () => new Date(now))
  const odd = [...hostileTexts, ...hostileDescriptions].map((text, at) => {
    const line = text.replace(/\p{Cc}/gu, ' ').slice(0, 100)
    return checkGroup({ shortName: `odd-${at}`, name: line, summary: line, type: 'thematic', description: text, welcome: [line, line] }).group
  })
  const random = Array.from({ length: 100 }, (_, seed) => randomRecord(seed))
  await transaction(db, async (tx) => {
    await putGroups(
      tx,
      odd.map((group, at) => ({ group, stamp: { revision: at + 1, ...(at % 5 ? {} : { origin_server: 'https://elsewhere.example' }) } })),
      { at: now, via: 'command' },
    )
    const kitchen = { service: 'administration', url: 'https://jardin.example/cuisine', label: 'a|b' }
    const insiders = checkGroup({ ...rade, links: [...rade.links!, kitchen] }).group
    const followed = { source: 'list', source_url: 'https://list.example/?a=1|2', gone_at: '2026-06-01T00:00:00.000Z' }
    await putGroups(
      tx,
      [
        { group: group({ shortName: 'gone-from-list' }), stamp: { ...followed, source_id: "=7|'x" } },
        { group: insiders },
        { group: phare, stamp: { ...followed, source_id: '8', gone_at: null } },
      ],
      { at: now, via: 'command' },
    )
    await putGroups(
      tx,
      random.map(({ id, checkedAt, revision, iri, url, ecosystems, origin, createdAt, updatedAt, ...group }) => ({
        group,
        stamp: { id, revision, checked_at: checkedAt ?? null, created_at: createdAt, updated_at: updatedAt },
      })),
      { at: now, via: 'command' },
    )
  })
}

eachEngine(t, 'what goes out comes back', async (t, open) => {
  const db = await openDb(t, await open())
  await fill(db)
  const before = Object.fromEntries(await Promise.all(travelling.map(async (format) => [format, await take(db, format)] as const)))
  t.equal(before.ndjson!.trimEnd().split('\n').length, 426 + hostileTexts.length + hostileDescriptions.length + 100)
  for (const format of travelling) {
    const copy = await openDb(t, await open())
    const report = await bring(copy, format, before[format]!)
    t.match(report, { refused: 0, kept: [], changed: [], written: true }, format)
    for (const other of travelling) t.ok((await take(copy, other)) === before[other], `${format}, then ${other}: the same bytes`)
    t.match(await bring(copy, format, before[format]!), { added: [], changed: [], unchanged: report.read }, 'a second time changes nothing')
    const { rows } = await listGroups({ db: copy, catalogue: createCatalogue() }, readSearch({ q: 'hologrammes' }))
    t.ok(rows.length > 0, 'and can be found')
  }
})

eachEngine(t, 'a server moves whole', async (t, open) => {
  const db = await openDb(t, await open())
  await loadDemo(db, () => new Date(now))
  const cyou1 = (await findGroup(db, 'cyou1'))!
  const moved = await editGroup(db, cyou1, { ...toGroup(cyou1), shortName: 'cyou-un' }, { at: now, via: 'form' })
  await db.updateTable('group_record').set({ claimed_at: now }).where('id', '=', moved.id).execute()
  const other = (await findGroup(db, 'anim-fr'))!
  await saveListings(db, [{ keyword: 'coop-group', group_id: other.id, state: 'declined', at: now }])
  for (const format of ['json', 'ndjson'] as const) {
    const text = await take(db, format, { private: true })
    const copy = await openDb(t, await open())
    t.match(await bring(copy, format, text, { private: true }), { ecosystems: ['coop-group', 'cyou'], setAside: 0, written: true })
    t.ok((await take(copy, format, { private: true })) === text, `${format}: the same bytes`)
    t.match(await findNameOwner(copy, 'cyou1'), { current: 'cyou-un' }, 'former names redirect')
    const state = await createCatalogue().current(copy)
    const before = await createCatalogue().current(db)
    t.equal(state.ecosystems.get('coop-group')?.accepted?.size, before.ecosystems.get('coop-group')?.accepted?.size, 'who is listed stays listed')
    const again = await importSource(copy, { source: 'osm-community-index', ...readOsmCommunityIndex(readBundledResources()), at: now })
    t.match(again, { added: [], changed: [], unchanged: 390 }, 'sources can be followed on')

    const aside = await openDb(t, await open())
    const report = await bring(aside, format, text)
    t.ok(report.setAside > 10, 'without leave, nobody is listed or claimed by a file')
    t.equal((await createCatalogue().current(aside)).ecosystems.size, 0)
    t.equal((await findGroup(aside, 'cyou-un'))?.claimed_at, null)
  }
  await deleteGroup(db, moved, { at: now, via: 'form' })
  t.notMatch(await take(db, 'ndjson', { private: true }), /cyou-un/)
})

t.test('from one engine to the other and back', async (t) => {
  for (const [from, to] of [engines, engines.toReversed()] as ['sqlite' | 'postgres', 'sqlite' | 'postgres'][]) {
    const db = await openDb(t, await openEngine(t, from))
    await fill(db)
    await db.updateTable('group_record').set({ claimed_at: now }).where('short_name', '=', 'phare-citoyen').execute()
    const whole = await take(db, 'ndjson', { private: true })
    for (const fact of ['"goneAt":"2026-06-01', '"sourceUrl":"https://list', 'jardin.example/cuisine', '"claimedAt"', '"listings"', '"ecosystem"'])
      t.ok(whole.includes(fact), fact)
    const copy = await openDb(t, await openEngine(t, to))
    t.match(await bring(copy, 'ndjson', whole, { private: true }), { refused: 0, written: true })
    for (const format of ['json', 'ndjson'] as const)
      t.ok((await take(copy, format, { private: true })) === (await take(db, format, { private: true })), `${from} to ${to}: ${format} of everything`)
    for (const format of travelling) {
      const text = await take(db, format)
      t.notOk(text.includes('jardin.example/cuisine'), `${format}: nothing of what is for insiders`)
      t.ok((await take(copy, format)) === text, `${from} to ${to}: ${format}`)
    }
    const csv = await openDb(t, await openEngine(t, to))
    t.match(await bring(csv, 'csv', await take(db, 'csv', { private: true })), { refused: 0, written: true })
    for (const format of travelling) t.ok((await take(csv, format)) === (await take(db, format)), `${from} to ${to} as csv: ${format}`)
  }
})
