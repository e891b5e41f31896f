import t from 'tap'
import { resumeSource } from '../../../server/federation/follow/actions.ts'
import { eachEngine } from '../../engines.ts'
import { now } from '../../helper.ts'
import { type Case, drip, feedOf, flood, json, member, other, packed, record, runCases, start, withFeed, withWholeCopy } from './hostile.ts'
import { type Listener, pull, shown, sourceOf } from './servers.ts'

const cases: Record<string, Case> = {
  'changes of another server’s records': {
    answer: withFeed((origin) => feedOf(origin, [member(other, { type: 'Delete' }), member(other)])),
    counts: { seen: 0 },
  },
  'a whole copy with another server’s records': {
    answer: withWholeCopy((origin) => [JSON.stringify(record(other)), JSON.stringify(record(origin))]),
    counts: { added: 1, refused: 1 },
    reason: 'another origin',
    shown: ['evil: Evil'],
  },
  'a whole copy of 1 GB': {
    answer: (request, r, { origin }) => (request.url === '/changes' ? json(r, feedOf(origin, [])) : flood(r, `${' '.repeat(65_535)}\n`)),
    outcome: 'too-large',
  },
  'a feed of 1 GB, packed': {
    answer: (_, r) => {
      r.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      for (let at = 0; at < 1024; at++) r.write(packed)
      r.end()
    },
    outcome: 'too-large',
  },
  'a whole copy without an end': {
    answer: (request, r, { origin }) => (request.url === '/changes' ? json(r, feedOf(origin, [])) : flood(r, 'x'.repeat(65_536))),
    outcome: 'unreadable',
  },
  'a whole copy of records without an end': {
    answer: (request, r, { origin }) => {
      if (request.url === '/changes') return json(r, feedOf(origin, []))
      let at = 0
      r.writeHead(200)
      const more = () => {
        while (r.write(`${JSON.stringify(record(origin, { iri: `${origin}/id/${++at}`, summary: 'x'.repeat(200) }))}\n`));
      }
      r.on('drain', more)
      return more()
    },
    outcome: 'too-many',
  },
  'a feed without an end': { answer: (_, r) => flood(r, ' '.repeat(65_536)), outcome: 'too-large' },
  'a feed that falls silent': { answer: (_, r) => void r.write('{'), outcome: 'timeout', limits: { idle: 200 } },
  'a slow drip in place of a feed': { answer: (_, r) => drip(r), outcome: 'timeout', limits: { idle: 200, whole: 500 } },
  'wrong types in a feed': {
    answer: withFeed((origin) => ({
      '@graph': [
        ...[7, null, 'x', []],
        { id: `${origin}/changes#stream`, type: 'EventStream', member: [7, null, [], 'x', { id: 3, type: {}, object: [[]], published: {} }] },
        { id: `${origin}/changes`, type: 'Node', relation: [9, null, 'x', { node: 7, value: {} }], retentionPolicy: 4 },
      ],
    })),
    counts: { seen: 0 },
  },
  'pages without an end': {
    answer: (request, r, { origin }) => {
      const next = Number(/page=(\d+)/.exec(request.url!)?.[1] ?? 0) + 1
      const relation = { type: 'GreaterThanOrEqualToRelation', value: now, node: `${origin}/changes?page=${next}` }
      return request.url!.startsWith('/changes') ? json(r, feedOf(origin, [], [relation])) : json(r, {}, 404)
    },
    outcome: 'endless',
  },
  'pages in a circle': {
    answer: withFeed((origin) =>
      feedOf(
        origin,
        [member(origin)],
        ['a', 'b'].map((page) => ({ type: 'Relation', node: `${origin}/changes?page=${page}` })),
      ),
    ),
    shown: ['evil: Evil'],
  },
  'pages on another server': {
    answer: withFeed((origin) => feedOf(origin, [], [{ type: 'Relation', node: `${other}/changes?page=1` }])),
    counts: { seen: 0 },
  },
  'dates in the future': {
    answer: (request, r, { origin }) =>
      withFeed(() => feedOf(origin, [member(origin, { published: '2999-01-01T00:00:00Z' })]))(request, r, { origin } as Listener),
    shown: ['evil: Evil'],
  },
  'something that is no feed': { answer: (_, r) => json(r, { hello: 'world' }), outcome: 'not-a-feed' },
  'a feed elsewhere': { answer: (_, r) => r.writeHead(302, { location: 'http://nobody.example:81/' }).end(), outcome: 'refused-port' },
}

await runCases(t, cases)

await eachEngine(t, 'too much news, too many deletions: a person looks first', async (t, open) => {
  let feed: unknown[] = []
  const ids = (count: number) => Array.from({ length: count }, (_, at) => String(at + 1).padStart(4, '0'))
  const put = (origin: string, at: string, type = 'Create', day = 20) =>
    member(origin, {
      id: `${origin}/changes/${day}${at}`,
      type,
      object: `${origin}/id/${at}`,
      published: `2026-11-${day}T00:00:00Z`,
      version: `${day}`,
    })
  const { here, peer, source } = await start(t, open, (request, r, { origin }) => {
    if (request.url === '/changes') return json(r, feedOf(origin, feed))
    const at = /^\/id\/(\d+)$/.exec(request.url!)?.[1]
    return at ? json(r, record(origin, { iri: `${origin}/id/${at}`, shortName: `g-${at}` })) : json(r, {}, 404)
  })
  feed = ids(10).map((at) => put(peer.origin, at))
  t.match(await pull(here, source), { counts: { added: 10 } })
  feed = ids(120).map((at) => put(peer.origin, at))
  t.match(await pull(here, source), { paused: 'rise', counts: { added: 110 } })
  t.equal((await shown(here)).length, 12, 'nothing was written')
  t.match(await sourceOf(here, source), { paused: 'rise', claimed_until: null })
  t.equal(await pull(here, source), undefined, 'paused, it is not visited')
  await resumeSource(here.db, source.id, here.follow.clock())
  t.match(await pull(here, source), { counts: { added: 110 } })
  t.equal((await shown(here)).length, 122)
  feed = ids(120).map((at) => (Number(at) <= 30 ? put(peer.origin, at, 'Delete', 21) : put(peer.origin, at)))
  t.match(await pull(here, source), { paused: 'deletions', counts: { gone: 30 } })
  t.equal((await shown(here)).length, 122)
  await resumeSource(here.db, source.id, here.follow.clock())
  await pull(here, source)
  t.equal((await shown(here)).length, 92)
})
