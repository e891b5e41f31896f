import t from 'tap'
import { eachEngine } from '../../engines.ts'
import { features, feedOf, member, profile, record, startReading } from './reading.ts'
import { create, follow, itemsOf, pull, rowOf, shown } from './servers.ts'

await eachEngine(t, 'what is kept here is nobody’s to bring, and is not asked for', async (t, open) => {
  const { here, peer, pages, time } = await startReading(t, open)
  const row = await create(here, time, { shortName: 'ours' })
  const ours = [`${here.origin}/g/ours/murmurations.json`, `${here.origin}/id/${row.id}`]
  pages['/p.json'] = profile('Garden')
  pages['/directory.json'] = () => [...ours, `${peer.origin}/p.json`]
  pages['/v2/nodes'] = () => ({ data: [...ours, `${peer.origin}/p.json`].map((profile_url) => ({ profile_url, last_updated: 1, status: 'posted' })) })
  for (const path of ['/directory.json', '/v2/nodes']) {
    const report = await pull(here, await follow(here, `${peer.origin}${path}`))
    t.match(report, { outcome: 'ok', counts: { seen: 1, refused: 0 } }, path)
  }
  t.same(await shown(here), ['garden: Garden', 'ours'])
  t.same(
    (await itemsOf(here)).map(({ iri }) => iri),
    [`${peer.origin}/p.json`, `${peer.origin}/p.json`],
  )
  t.same(here.asked, [])
})

await eachEngine(t, 'on a host of many, a file speaks for what is in it', async (t, open) => {
  const { here, peer, pages } = await startReading(t, open)
  const group = (facts: object) => ({ summary: 'A group.', type: 'thematic', ...facts })
  pages['/bob/groups.geojson'] = features(group({ id: 'bob', name: 'Bob', shortName: 'bob' }))
  await pull(here, await follow(here, `${peer.origin}/bob/groups.geojson`))
  pages['/groups.geojson'] = features(record(peer.origin, 'kept', { name: 'Kept' }))
  await pull(here, await follow(here, `${peer.origin}/groups.geojson`))
  const stolen = [`${peer.origin}/bob/groups.geojson#bob`, `${peer.origin}/id/kept`, `${peer.origin}/groups.geojson#x`]
  pages['/alice/groups.geojson'] = features(...stolen.map((iri, at) => group({ id: `a${at}`, name: `Owned ${at}`, shortName: `owned-${at}`, iri })))
  const own = `${peer.origin}/alice/groups.geojson`
  const report = await pull(here, await follow(here, own))
  t.same(report.added.map(({ iri }) => iri).sort(), [`${own}#a0`, `${own}#a1`, `${own}#a2`])
  t.same(await shown(here), ['bob: Bob', 'kept: Kept', 'owned-0: Owned 0', 'owned-1: Owned 1', 'owned-2: Owned 2'])
  t.equal((await rowOf(here, 'kept'))?.source_url, `${peer.origin}/id/kept`, 'the list of a server of our kind speaks for its records')

  pages['/alice/groups.geojson'] = features(group({ id: 'a0', name: 'Alice', shortName: 'alice', iri: `${own}#me` }))
  const again = await pull(here, await follow(here, `${own}?again`))
  t.same(
    again.added.map(({ iri }) => iri),
    [`${own}?again#a0`],
    'another file of hers does not speak for the first',
  )
})

await eachEngine(t, 'a stream’s whole copy speaks for records of a server of our kind alone', async (t, open) => {
  const { here, peer, pages } = await startReading(t, open)
  pages['/bob/p.json'] = profile('Bob')
  await pull(here, await follow(here, `${peer.origin}/bob/p.json`))
  const iri = (name: string) => `${peer.origin}/${name}/p.json`
  const members = ['alice', 'bob'].map((name) => member(peer.origin, name, { object: iri(name) }))
  pages['/alice/changes'] = feedOf(peer.origin, members, [], '/alice/changes')
  pages['/alice/groups.ndjson'] = ['alice', 'bob']
    .map((name) => JSON.stringify(record(peer.origin, name, { name: 'Owned', iri: iri(name) })))
    .join('\n')
  pages['/alice/p.json'] = record(peer.origin, 'alice', { name: 'Alice', iri: iri('alice') })
  t.match(await pull(here, await follow(here, `${peer.origin}/alice/changes`)), { outcome: 'ok', counts: { added: 2, refused: 0 } })
  t.same(await shown(here), ['alice: Alice', 'bob: Bob'], 'each was asked for at its home')

  pages['/changes'] = feedOf(peer.origin, [member(peer.origin, 'kept')])
  pages['/groups.ndjson'] = JSON.stringify(record(peer.origin, 'kept'))
  t.match(await pull(here, await follow(here, `${peer.origin}/changes`)), { counts: { added: 1 } })
  t.notOk(peer.asked.includes('/id/kept'), 'all at once')
})

await eachEngine(t, 'an address that a directory drops is asked itself', async (t, open) => {
  const { here, peer, pages, time } = await startReading(t, open)
  const names = ['a', 'b']
  for (const name of names) pages[`/${name}.json`] = profile(name.repeat(3))
  pages['/directory.json'] = () => names.map((name) => `${peer.origin}/${name}.json`)
  const source = await follow(here, `${peer.origin}/directory.json`)
  await pull(here, source)
  names.pop()
  for (const days of [1, 3.5, 3.5, 3.5]) {
    time.pass(days)
    await pull(here, source)
    t.same(await shown(here), ['aaa', 'bbb'], 'it is where it was')
  }
  delete pages['/b.json']
  for (const days of [1, 3.5, 3.5, 3.5]) {
    t.equal((await shown(here)).length, 2)
    time.pass(days)
    await pull(here, source)
  }
  t.same(await shown(here), ['aaa'])
})
