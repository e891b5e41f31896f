import type { ServerResponse } from 'node:http'
import t from 'tap'
import { eachEngine, openEngine } from '../../engines.ts'
import { feedOf, member, profile, record, startReading } from './reading.ts'
import { follow, itemsOf, pull, shown, sourceOf } from './servers.ts'

const ids = (count: number) => Array.from({ length: count }, (_, at) => `g${String(at).padStart(2, '0')}`)

await eachEngine(t, 'records that answer slowly: what was learnt is kept, and the next visit goes on', async (t, open) => {
  const { here, peer, pages, time } = await startReading(t, open)
  const members = ids(40).map((id, at) => member(peer.origin, id, { published: `2026-11-20T00:00:${at + 10}Z`, version: undefined }))
  pages['/changes'] = feedOf(peer.origin, members)
  for (const id of ids(40))
    pages[`/id/${id}`] = () => {
      time.pass(1 / 24 / 60)
      return record(peer.origin, id)
    }
  const source = await follow(here, `${peer.origin}/changes`)
  const began = time.now().getTime()
  t.match(await pull(here, source), { outcome: 'slow' })
  t.ok(time.now().getTime() - began < 20 * 60_000, 'well within the hour of the claim')
  const first = (await shown(here)).length
  t.ok(first >= 14 && first <= 17, `${first} were kept`)
  t.match(await sourceOf(here, source), { outcome: 'slow', claimed_until: null, paused: null })
  peer.asked.length = 0
  t.match(await pull(here, source), { outcome: 'slow' })
  t.notOk(peer.asked.includes('/id/g00'), 'not from the beginning')
  t.match(await pull(here, source), { outcome: 'ok' })
  t.same(await shown(here), ids(40))
  t.match(await pull(here, source), { outcome: 'ok', counts: { seen: 1 } })
})

await eachEngine(t, 'a list whose homes are slow: each has its turn', async (t, open) => {
  const { here, peer, pages, time } = await startReading(t, open)
  for (const id of ids(40))
    pages[`/p/${id}.json`] = () => {
      time.pass(1 / 24 / 60)
      return profile(id)
    }
  const addresses = ids(40).map((id) => `${peer.origin}/p/${id}.json`)
  pages['/directory.json'] = () => addresses
  pages['/v2/nodes'] = () => ({ data: addresses.map((profile_url) => ({ profile_url, last_updated: 1, status: 'posted' })) })
  for (const path of ['/directory.json', '/v2/nodes']) {
    const source = await follow(here, `${peer.origin}${path}`)
    t.match(await pull(here, source), { outcome: 'slow' }, path)
    for (let visit = 0; visit < 2; visit++) await pull(here, source)
    const items = (await itemsOf(here)).filter(({ source_id }) => source_id === source.id)
    t.equal(items.filter(({ state, missing_since }) => state === 'published' && missing_since === null).length, 40, path)
  }
})

t.test('a feed that is slow for ever fails as slow, by the clock and in truth', async (t) => {
  const { here, peer, pages, time } = await startReading(t, () => openEngine(t, 'sqlite'))
  let isDripping = false
  pages['/changes'] = (request: { url: string }, response: ServerResponse) => {
    if (request.url !== '/changes' && isDripping) {
      response.writeHead(200)
      const drip = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drip))
      return undefined
    }
    const next = Number(/p=(\d+)/.exec(request.url)?.[1] ?? 0) + 1
    time.pass((isDripping ? 15 * 60 - 0.3 : 120) / 86_400)
    return feedOf(peer.origin, [], [{ type: 'Relation', node: `/changes?p=${next}` }])
  }
  const source = await follow(here, `${peer.origin}/changes`)
  t.match(await pull(here, source), { outcome: 'slow', counts: { seen: 0 } })
  t.ok(peer.asked.length < 12)
  t.match(await sourceOf(here, source), { fails: 1, outcome: 'slow', cursor: null })
  isDripping = true
  const began = performance.now()
  t.match(await pull(here, source), { outcome: 'slow' }, 'byte by byte, never silent')
  t.ok(performance.now() - began < 5000)
})

await eachEngine(t, 'after a member dated in the future, what comes later is read', async (t, open) => {
  const { here, peer, pages, time } = await startReading(t, open)
  const members = [member(peer.origin, 'aaa'), member(peer.origin, 'future', { published: '2999-01-01T00:00:00Z' })]
  pages['/changes'] = () => feedOf(peer.origin, members)
  for (const id of ['aaa', 'bbb', 'ccc', 'future']) pages[`/id/${id}`] = record(peer.origin, id)
  const source = await follow(here, `${peer.origin}/changes`)
  t.match(await pull(here, source), { counts: { added: 2 } })
  for (const id of ['bbb', 'ccc']) {
    time.pass(1)
    members.push(member(peer.origin, id, { published: time.now().toISOString() }))
    time.pass(0.1)
    t.match(await pull(here, source), { outcome: 'ok', counts: { added: 1 } }, id)
  }
  members.push(member(peer.origin, 'aaa', { id: 'x', type: 'Delete', published: time.now().toISOString() }))
  t.match(await pull(here, source), { counts: { gone: 1 } })
  t.same(await shown(here), ['bbb', 'ccc', 'future'])
})

await eachEngine(t, 'an index that did not change is one request without an answer', async (t, open) => {
  const { here, peer, pages } = await startReading(t, open, { isTagged: true })
  pages['/p.json'] = profile('Garden')
  const node = { profile_url: `${peer.origin}/p.json`, last_updated: 1_700_000_000, status: 'posted' }
  pages['/v2/nodes'] = { data: [node] }
  const source = await follow(here, `${peer.origin}/v2/nodes`)
  const outcomes = [await pull(here, source), await pull(here, source), await pull(here, source)].map(({ outcome }) => outcome)
  t.same(outcomes, ['ok', 'ok', 'not-modified'], 'the second question is another one: it has a time')
  peer.asked.length = 0
  await pull(here, source)
  t.equal(peer.asked.length, 1)
  pages['/q.json'] = profile('Orchard')
  pages['/v2/nodes'] = { data: [node, { ...node, profile_url: `${peer.origin}/q.json`, last_updated: 1_700_000_009 }] }
  t.match(await pull(here, source), { outcome: 'ok', counts: { added: 1 } })
})

await eachEngine(t, 'a directory that did not change: the homes it named are asked', async (t, open) => {
  const { here, peer, pages, time } = await startReading(t, open, { isTagged: true })
  const heads: string[] = []
  let list = ['a', 'b']
  pages['/directory.json'] = (request: { headers: Record<string, string> }) => {
    heads.push(request.headers['if-none-match'] ?? '-')
    return list.map((name) => `${peer.origin}/${name}.json`)
  }
  for (const name of ['a', 'b', 'c']) pages[`/${name}.json`] = profile(name.repeat(3))
  const source = await follow(here, `${peer.origin}/directory.json`)
  heads.length = 0
  for (let visit = 0; visit < 3; visit++) t.match(await pull(here, source), { outcome: 'ok' })
  t.same([heads[0], heads[1]], ['-', '-'], 'until all that it names is known')
  t.match(heads[2], /^"/)
  pages['/b.json'] = profile('Berry')
  t.match(await pull(here, source), { outcome: 'ok', counts: { changed: 1 } }, 'the list is the same, a record is not')
  list = ['a', 'b', 'c']
  time.pass(1)
  t.match(await pull(here, source), { counts: { added: 1 } })
  list = ['a', 'b', 'gone']
  await pull(here, source)
  pages['/gone.json'] = profile('Not there before')
  t.match(await pull(here, source), { counts: { added: 1 } }, 'what was not there is asked for again')
})
