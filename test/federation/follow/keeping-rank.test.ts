import t from 'tap'
import { rankOf } from '../../../server/catalogue/twins.ts'
import { transaction } from '../../../server/db/open.ts'
import type { GroupRow } from '../../../server/db/tables.ts'
import { toNetwork } from '../../../server/federation/network/network.ts'
import { createGroup, editGroup, putGroups } from '../../../server/group/actions.ts'
import { toRecord } from '../../../server/group/present.ts'
import { toGroup } from '../../../server/group/row.ts'
import { eachEngine } from '../../engines.ts'
import { makeTestDeps, now, openDb } from '../../helper.ts'
import { group } from '../../world.ts'
import { followHome, homeAt, openHere, put, standing, visit } from './keeping.ts'

const by = { at: now, via: 'form' as const }

await eachEngine(t, 'a copy ranks as its record does at home', async (t, open) => {
  const there = await openDb(t, await open())
  const here = await openHere(t, open)
  const a = homeAt(here, 'https://a.example')
  const row = async (shortName: string, home: string) =>
    createGroup(there, group({ shortName, name: shortName, links: [{ service: 'home', url: home }] }), by)
  const bring = async (shortName: string) => {
    const stamp = { source: 'oci', source_id: shortName, source_url: 'https://source.example/' }
    return (
      await transaction(there, (tx) => putGroups(tx, [{ group: group({ shortName, name: shortName }), stamp }], { at: now, via: 'import' }))
    )[0]!
  }
  const claim = (one: GroupRow) => editGroup(there, one, { ...toGroup(one), summary: 'Looked after.' }, by)
  const rows = [
    await row('own', 'https://a.example/'),
    await claim(await row('claimed', 'https://claimed.example/')),
    await claim(await bring('claimed-import')),
    await row('curated', 'https://curated.example/'),
    await bring('imported'),
  ]
  const told = rows.map((one) => toRecord(one, { publicUrl: a.origin, ecosystems: [] } as never))
  t.match(told[1]!.origin, { server: a.origin, claimed: true })
  t.match(told[2]!.origin, { source: 'oci', claimed: true })
  t.notOk(told[3]!.origin.claimed)
  for (const record of told) {
    put(here, a, record.id)
    a.records.set(record.iri, record)
  }
  const source = await followHome(here, a)
  t.match(await visit(here, source), { counts: { added: 5, refused: 0 } })
  const ranks = async () => {
    const copies = await here.db.selectFrom('group_record').selectAll().execute()
    return Object.fromEntries(copies.map((copy) => [copy.name, rankOf(copy)]))
  }
  t.same(await ranks(), { own: 3, claimed: 2, 'claimed-import': 2, curated: 1, imported: 0 })
  const claimed = { ...told[4]!, origin: { ...told[4]!.origin, claimed: true } }
  put(here, a, claimed.id)
  a.records.set(claimed.iri, claimed)
  await visit(here, source)
  t.equal((await ranks()).imported, 2, 'that it is looked after since is news, though nothing else is')
  const { catalogue } = await makeTestDeps(here.db)
  t.equal((await catalogue.current(here.db)).snapshot.size, (await standing(here)).length)
})

await eachEngine(t, 'the network speaks of followed ecosystems in our words, as copies do', async (t, open) => {
  const here = await openHere(t, open)
  const a = homeAt(here, 'https://a.example')
  put(here, a, 'alpha', {
    keywords: [
      { slug: 'energie', label: 'Énergie' },
      { slug: 'jardin', label: 'Jardin' },
    ],
  })
  await visit(here, await followHome(here, a, { mapping: { energie: 'Sobriété' } }))
  const { catalogue, config } = await makeTestDeps(here.db)
  const told = (keyword: string) => ({
    ...{ keyword, title: keyword, language: null, group_count: 1, related: null, seen_at: now },
    ...{ origin: a.origin, mapping: '{"energie":"Sobriété"}' },
  })
  const { ties } = toNetwork([], [told('energie'), told('jardin')], await catalogue.current(here.db), config.publicUrl)
  t.match(ties, [{ shared: 1 }])
})
