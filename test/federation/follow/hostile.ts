import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Test } from 'tap'
import type { FollowedSourceRow } from '../../../server/db/tables.ts'
import type { PullReport } from '../../../server/federation/follow/report.ts'
import { createGroup } from '../../../server/group/actions.ts'
import type { Limits } from '../../../server/net/outbound.ts'
import { type EngineConfig, eachEngine } from '../../engines.ts'
import { now } from '../../helper.ts'
import { group } from '../../world.ts'
import { addCopy, addSource } from '../copies.ts'
import { by, type Follower, follow, hurried, itemsOf, type Listener, listen, pull, shown, sourceOf, startFollower, startTime } from './servers.ts'

export type Answer = (request: IncomingMessage, response: ServerResponse, peer: Listener) => unknown

export const id = '019c0000-0000-7000-8000-000000000001'
export const record = (origin: string, facts: object = {}) => ({
  ...{ id, iri: `${origin}/id/${id}`, url: `${origin}/g/evil`, name: 'Evil', summary: 'A group.', type: 'thematic', shortName: 'evil' },
  ...{ ecosystems: [], origin: { server: origin }, createdAt: now, updatedAt: now, revision: 1 },
  ...facts,
})
export const member = (origin: string, facts: object = {}) => ({
  ...{ id: `${origin}/changes/1`, type: 'Create', published: '2026-11-20T00:00:00Z', object: `${origin}/id/${id}`, version: 'v1' },
  ...facts,
})
export const feedOf = (origin: string, member: unknown[], relation: unknown[] = []) => ({
  '@graph': [
    { id: `${origin}/changes#stream`, type: 'EventStream', member },
    { id: `${origin}/changes`, type: 'Node', relation },
  ],
})

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

/** A feed of one change, whose record is answered so; there is no whole copy. */
export function withRecord(answer: Answer): Answer {
  return (request, response, peer) => {
    if (request.url === '/changes') return json(response, feedOf(peer.origin, [member(peer.origin)]))
    if (request.url === `/id/${id}`) return answer(request, response, peer)
    return json(response, {}, 404)
  }
}

export function withFeed(feed: (origin: string) => object): Answer {
  return (request, response, peer) => {
    if (request.url!.startsWith('/changes')) return json(response, feed(peer.origin))
    return request.url!.startsWith('/id/') ? json(response, record(peer.origin)) : json(response, {}, 404)
  }
}

export function withWholeCopy(lines: (origin: string) => string[]): Answer {
  return (request, response, peer) => {
    if (request.url === '/changes') return json(response, feedOf(peer.origin, [member(peer.origin)]))
    return response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(`${lines(peer.origin).join('\n')}\n`)
  }
}

/** For ever, as fast as it is read. */
export function flood(response: ServerResponse, chunk: string): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const more = () => {
    while (response.write(chunk));
  }
  response.on('drain', more)
  more()
}

/** A byte now and then, for ever: never silent. */
export function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}

/** What an honest server says later: one more record. */
const honest: Answer = (request, response, { origin }) => {
  const iri = `${origin}/id/good`
  const said = member(origin, { id: `${origin}/changes/good`, object: iri, version: 'v2', published: '2026-11-22T10:00:00Z' })
  if (request.url === '/changes') return json(response, feedOf(origin, [said]))
  return request.url === '/id/good' ? json(response, record(origin, { iri, shortName: 'good', name: 'Good' })) : json(response, {}, 404)
}

export const gigabyte = 2 ** 30
/** A thousand times a megabyte of blanks, a member of the packed file each. */
export const packed = gzipSync(Buffer.alloc(2 ** 20, ' '))
export const many = Array.from({ length: 10_000 }, (_, at) => ({ slug: `k${at}`, label: `k${at}` }))
export const html = '<script>alert(1)</script><img src=x onerror=alert(1)>'
export const other = 'http://other.example'

export interface Case {
  answer: Answer
  outcome?: string
  counts?: Partial<PullReport['counts']>
  reason?: string | RegExp
  shown?: string[]
  limits?: Partial<Limits>
  look?: (t: Test, here: Follower) => Promise<unknown>
}

/** Each on both engines, and each time the peer becomes honest afterwards. */
export async function runCases(t: Test, cases: Record<string, Case>): Promise<void> {
  for (const [name, { answer, outcome = 'ok', counts = {}, reason, limits, shown: expected = [], look }] of Object.entries(cases)) {
    await eachEngine(t, name, async (t, open) => {
      const { here, peer, source, time } = await start(t, open, answer)
      const before = await keptOf(here, source)
      const memory = watchMemory()
      const report = await pull(limits ? hurried(t, here, peer, limits) : here, source)
      t.ok(memory.grown() < 200, 'memory is bounded')
      t.equal(report.outcome, outcome)
      t.match(report.counts, counts)
      if (reason) t.match(report.refused[0]?.reason, reason)
      t.same(await brought(here), expected)
      t.same(await keptOf(here, source), before, 'what is kept here, and what came from others, is as it was')
      t.ok((await itemsOf(here)).every(({ source_id, iri }) => source_id !== source.id || iri.startsWith(peer.origin)))
      t.match(await sourceOf(here, source), { claimed_until: null, cursor: outcome === 'ok' ? String : null })
      for (const { logo } of await here.db.selectFrom('group_record').select('logo').execute()) t.equal(logo, null)
      if (look) await look(t, here)

      peer.answer = (request, response) => void honest(request, response, peer)
      time.pass(1)
      t.match(await pull(here, source), { outcome: 'ok', counts: { added: 1 } }, 'once it is honest, it is heard')
      t.same(await brought(here), [...expected, 'good: Good'].sort())
    })
  }
}

/** What only its own server, or people here, may change: all but what is of this source. */
async function keptOf({ db }: Follower, { id, origin }: FollowedSourceRow): Promise<unknown[]> {
  const others = db.selectFrom('group_record').where((e) => e.or([e('origin_server', 'is', null), e('origin_server', '!=', origin)]))
  const ids = (await others.select('id').execute()).map((row) => row.id)
  return Promise.all([
    others.selectAll().orderBy('num').execute(),
    db.selectFrom('group_revision').selectAll().where('group_id', 'in', ids).orderBy('group_id').orderBy('revision').execute(),
    db.selectFrom('short_name').selectAll().where('group_id', 'in', ids).orderBy('name').execute(),
    db.selectFrom('remote_item').selectAll().where('source_id', '!=', id).execute(),
    db.selectFrom('followed_source').selectAll().where('id', '!=', id).execute(),
    db.selectFrom('change_log').selectAll().where('local', '=', 1).orderBy('seq').execute(),
    db.selectFrom('ecosystem').selectAll().execute(),
    db.selectFrom('tombstone').selectAll().execute(),
  ])
}

/** How much the process grew at most, in megabytes of resident memory looked at every few milliseconds: ours, and the peer's that writes to us. */
function watchMemory(): { grown: () => number } {
  const before = process.memoryUsage.rss()
  let most = before
  const look = () => {
    most = Math.max(most, process.memoryUsage.rss())
  }
  const timer = setInterval(look, 5)
  return {
    grown: () => {
      clearInterval(timer)
      look()
      return (most - before) / 2 ** 20
    },
  }
}

async function brought(here: Follower): Promise<string[]> {
  return (await shown(here)).filter((one) => one !== 'rade' && one !== 'venu-d-ailleurs')
}

/** A server that keeps a group and shows another's, and the peer it is about to ask. */
export async function start(t: Test, open: () => Promise<EngineConfig>, answer: Answer) {
  const time = startTime()
  const peer = await listen(t, 'evil')
  const here = await startFollower(t, peer, time, { open })
  await createGroup(here.db, group({ shortName: 'rade' }), by(time))
  const iri = `${other}/id/${id}`
  const copy = await addCopy(here.db, await addSource(here.db, { id: 'other', origin: other }), group({ shortName: 'venu-d-ailleurs' }), { iri })
  await here.db.updateTable('group_record').set({ source_url: iri }).where('id', '=', copy).execute()
  peer.answer = (_, response) => json(response, feedOf(peer.origin, []))
  const source = await follow(here, `${peer.origin}/changes`)
  peer.answer = (request, response) => void answer(request, response, peer)
  return { here, peer, source, time }
}
