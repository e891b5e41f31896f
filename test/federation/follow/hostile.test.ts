import type { IncomingMessage, ServerResponse } from 'node:http'
import t, { type Test } from 'tap'
import { resumeSource } from '../../../server/federation/follow/actions.ts'
import type { PullReport } from '../../../server/federation/follow/pull.ts'
import { createGroup } from '../../../server/group/actions.ts'
import type { Limits } from '../../../server/net/outbound.ts'
import { now } from '../../helper.ts'
import { group } from '../../world.ts'
import { by, follow, itemsOf, type Listener, listen, type Peer, pull, rowOf, shown, sourceOf, startFollower, startTime } from './servers.ts'

type Answer = (request: IncomingMessage, response: ServerResponse, peer: Listener) => unknown

const id = '019c0000-0000-7000-8000-000000000001'
const record = (origin: string, facts: object = {}) => ({
  ...{ id, iri: `${origin}/id/${id}`, url: `${origin}/g/evil`, name: 'Evil', summary: 'A group.', type: 'thematic', shortName: 'evil' },
  ...{ ecosystems: [], origin: { server: origin }, createdAt: now, updatedAt: now, revision: 1 },
  ...facts,
})
const member = (origin: string, facts: object = {}) => ({
  ...{ id: `${origin}/changes/1`, type: 'Create', published: '2026-11-20T00:00:00Z', object: `${origin}/id/${id}`, version: 'v1' },
  ...facts,
})
const feedOf = (origin: string, member: unknown[], relation: unknown[] = []) => ({
  '@graph': [
    { id: `${origin}/changes#stream`, type: 'EventStream', member },
    { id: `${origin}/changes`, type: 'Node', relation },
  ],
})

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

/** A feed of one change, whose record is answered so; there is no whole copy. */
function withRecord(answer: Answer): Answer {
  return (request, response, peer) => {
    if (request.url === '/changes') return json(response, feedOf(peer.origin, [member(peer.origin)]))
    if (request.url === `/id/${id}`) return answer(request, response, peer)
    return json(response, {}, 404)
  }
}

function withFeed(feed: (origin: string) => object): Answer {
  return (request, response, peer) => {
    if (request.url!.startsWith('/changes')) return json(response, feed(peer.origin))
    return request.url!.startsWith('/id/') ? json(response, record(peer.origin)) : json(response, {}, 404)
  }
}

function withWholeCopy(lines: (origin: string) => string[]): Answer {
  return (request, response, peer) => {
    if (request.url === '/changes') return json(response, feedOf(peer.origin, [member(peer.origin)]))
    return response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(`${lines(peer.origin).join('\n')}\n`)
  }
}

/** For ever, as fast as it is read. */
function flood(response: ServerResponse, chunk: string): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const more = () => {
    while (response.write(chunk));
  }
  response.on('drain', more)
  more()
}

const many = Array.from({ length: 10_000 }, (_, at) => ({ slug: `k${at}`, label: `k${at}` }))
const html = '<script>alert(1)</script><img src=x onerror=alert(1)>'
const other = 'http://other.example'

interface Case {
  answer: Answer
  outcome?: string
  counts?: Partial<PullReport['counts']>
  reason?: string | RegExp
  shown?: string[]
  limits?: Partial<Limits>
}

const cases: Record<string, Case> = {
  'a record that is another server’s': {
    answer: withRecord((_, r, { origin }) => json(r, record(other, { origin: { server: origin } }))),
    reason: 'another identity',
  },
  'a record that says it is kept elsewhere': {
    answer: withRecord((_, r, { origin }) => json(r, record(origin, { origin: { server: other } }))),
    reason: 'another origin',
  },
  'a record that says it is kept here': {
    answer: withRecord((_, r, { origin }) => json(r, record(origin, { origin: { server: 'http://archipel.example' } }))),
    reason: 'another origin',
  },
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
  'a record behind a redirect to another server': {
    answer: withRecord((request, r, { origin, port }) => {
      if (request.headers.host !== new URL(origin).host) return json(r, record(origin))
      return r.writeHead(302, { location: `http://other.example:${port}/id/${id}` }).end()
    }),
    reason: 'another origin',
  },
  'a record behind a redirect to loopback': {
    answer: withRecord((_, r) => r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()),
    reason: 'failed: refused-address',
  },
  'a record behind a redirect to the network within': {
    answer: withRecord((_, r) => r.writeHead(302, { location: 'http://10.0.0.1/' }).end()),
    reason: 'failed: refused-address',
  },
  '10,000 keywords': { answer: withRecord((_, r, { origin }) => json(r, record(origin, { keywords: many }))), reason: 'too long' },
  '100 keywords': { answer: withRecord((_, r, { origin }) => json(r, record(origin, { keywords: many.slice(0, 100) }))), reason: /^keywords: / },
  'wrong types everywhere': {
    answer: withRecord((_, r, { origin }) => json(r, record(origin, { name: 7, links: 'x', keywords: [[1]], position: { lat: 'x' }, banner: 3 }))),
    reason: /^name: /,
  },
  'a record that is a list': { answer: withRecord((_, r) => json(r, [[[[]]]])), reason: 'not a record' },
  'a record nested without end': { answer: withRecord((_, r) => r.end(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)), reason: 'not a record' },
  'a record that is no JSON': { answer: withRecord((_, r) => r.end('<html>')), reason: 'not JSON' },
  'a record without an end': { answer: withRecord((_, r) => flood(r, 'x'.repeat(65_536))), reason: 'failed: too-large' },
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
  'a feed that drips': { answer: (_, r) => void r.write('{'), outcome: 'timeout', limits: { idle: 200 } },
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
  'HTML in every field': {
    answer: withRecord((_, r, { origin }) =>
      json(r, record(origin, { name: html, summary: html, description: html, place: html, keywords: [html] })),
    ),
    shown: [`evil: ${html}`],
  },
  'a name that is ours': {
    answer: withRecord((_, r, { origin }) => json(r, record(origin, { shortName: 'rade', name: 'Rade' }))),
    shown: ['rade-evil: Rade'],
  },
  'a name that is reserved': {
    answer: withRecord((_, r, { origin }) => json(r, record(origin, { shortName: 'admin' }))),
    counts: { added: 1 },
    shown: ['admin: Evil'],
  },
  'a picture of ours': {
    answer: withRecord((request, r, { origin }) => {
      const ours = /\+(.*)\)/.exec(request.headers['user-agent']!)![1]
      json(r, record(origin, { logo: { url: `${ours}/uploads/x.png`, width: 9, height: 9, alt: '' } }))
    }),
    shown: ['evil: Evil'],
  },
  'something that is no feed': { answer: (_, r) => json(r, { hello: 'world' }), outcome: 'not-a-feed' },
  'a feed elsewhere': { answer: (_, r) => r.writeHead(302, { location: 'http://nobody.example:81/' }).end(), outcome: 'refused-port' },
}

for (const [name, { answer, outcome = 'ok', counts = {}, reason, limits, shown: expected = [] }] of Object.entries(cases)) {
  t.test(name, async (t) => {
    const { here, peer, source } = await start(t, answer, limits)
    const before = process.memoryUsage.rss()
    const report = await pull(here, source)
    t.equal(report.outcome, outcome)
    t.match(report.counts, counts)
    if (reason) t.match(report.refused[0]?.reason, reason)
    t.same(
      (await shown(here)).filter((one) => one !== 'rade'),
      expected,
    )
    t.match(await rowOf(here, 'rade'), { origin_server: null, revision: 1 }, 'what is kept here is as it was')
    t.ok((await itemsOf(here)).every(({ iri, group_id }) => group_id === null || iri.startsWith(peer.origin)))
    t.ok(process.memoryUsage.rss() - before < 200 * 2 ** 20, 'memory is bounded')
    t.match(await sourceOf(here, source), { claimed_until: null, cursor: outcome === 'ok' ? String : null })
    for (const { logo } of await here.db.selectFrom('group_record').select('logo').execute()) t.equal(logo, null)
  })
}

t.test('too much news, too many deletions: a person looks first', async (t) => {
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
  const { here, peer, source } = await start(t, (request, r, { origin }) => {
    if (request.url === '/changes') return json(r, feedOf(origin, feed))
    const at = /^\/id\/(\d+)$/.exec(request.url!)?.[1]
    return at ? json(r, record(origin, { iri: `${origin}/id/${at}`, shortName: `g-${at}` })) : json(r, {}, 404)
  })
  feed = ids(10).map((at) => put(peer.origin, at))
  t.match(await pull(here, source), { counts: { added: 10 } })
  feed = ids(120).map((at) => put(peer.origin, at))
  t.match(await pull(here, source), { paused: 'rise', counts: { added: 110 } })
  t.equal((await shown(here)).length, 11, 'nothing was written')
  t.match(await sourceOf(here, source), { paused: 'rise', claimed_until: null })
  t.equal(await pull(here, source), undefined, 'paused, it is not visited')
  await resumeSource(here.db, source.id, here.follow.clock())
  t.match(await pull(here, source), { counts: { added: 110 } })
  t.equal((await shown(here)).length, 121)
  feed = ids(120).map((at) => (Number(at) <= 30 ? put(peer.origin, at, 'Delete', 21) : put(peer.origin, at)))
  t.match(await pull(here, source), { paused: 'deletions', counts: { gone: 30 } })
  t.equal((await shown(here)).length, 121)
  await resumeSource(here.db, source.id, here.follow.clock())
  await pull(here, source)
  t.equal((await shown(here)).length, 91)
})

async function start(
  t: Test,
  answer: Answer,
  limits?: Partial<Limits>,
): Promise<{ here: Peer; peer: Listener; source: Awaited<ReturnType<typeof follow>> }> {
  const time = startTime()
  const peer = await listen(t, 'evil')
  const here = await startFollower(t, peer, time, limits)
  await createGroup(here.db, group({ shortName: 'rade' }), by(time))
  peer.answer = (_, response) => json(response, feedOf(peer.origin, []))
  const source = await follow(here, `${peer.origin}/changes`)
  peer.answer = (request, response) => void answer(request, response, peer)
  return { here, peer, source }
}
