import { execFile } from 'node:child_process'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { writeGenerated } from '../../server/demo/write-generated.ts'
import { openEngine } from '../engines.ts'
import { follow, listen, type Peer, pull, startPeers, startTime } from '../federation/follow/servers.ts'
import { now } from '../helper.ts'

const seconds = (since: number) => (performance.now() - since) / 1000

t.test('a first copy of 10,000 groups, and a visit without news', async (t) => {
  const time = startTime()
  const [a, b] = (await startPeers(t, () => openEngine(t, 'sqlite'), ['a', 'b'], time)) as [Peer, Peer]
  await writeGenerated(a.db, 10_000, 1, now)
  const source = await follow(b, a.origin)
  const started = performance.now()
  t.match(await pull(b, source), { outcome: 'ok', counts: { added: 10_000, refused: 0 } })
  const first = seconds(started)
  t.comment(`first copy of 10,000: ${first.toFixed(1)} s`)
  t.ok(first < 60)
  const times: number[] = []
  for (let visit = 0; visit < 10; visit++) {
    a.asked.length = 0
    const again = performance.now()
    t.match(await pull(b, source), { outcome: 'not-modified' })
    times.push(seconds(again) * 1000)
    t.equal(a.asked.length, 1)
  }
  const median = times.toSorted((x, y) => x - y)[5]!
  t.comment(`a visit without news: ${median.toFixed(1)} ms, one request`)
  t.ok(median < 50)
})

t.test('100 sources of 1,000 groups each, followed by a process of its own', async (t) => {
  const peer = await listen(t, 'many', (request, response) => {
    const [, source] = /^many(\d+)\./.exec(request.headers.host!) ?? []
    if (request.url === '/changes') response.end(JSON.stringify({ type: 'EventStream', member: [] }))
    else if (request.url === '/groups.ndjson') sendGroups(response, `http://${request.headers.host}`, source!)
    else response.writeHead(404).end()
  })
  const program = join(import.meta.dirname, 'pull-many.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [program, String(peer.port), '100'])
  t.comment(`100 × 1,000: ${stdout}`)
  const { copies, megabytes } = JSON.parse(stdout)
  t.equal(copies, 100_000)
  t.ok(megabytes <= 400)
})

function sendGroups(response: ServerResponse, origin: string, source: string): void {
  const id = (at: number) => `019c0000-0000-7000-8000-${source.padStart(6, '0')}${String(at).padStart(6, '0')}`
  for (let at = 0; at < 1000; at++) {
    const facts = {
      id: id(at),
      iri: `${origin}/id/${id(at)}`,
      name: `Groupe ${at} de ${source}`,
      summary: 'Un groupe parmi beaucoup d’autres.',
      type: 'thematic',
    }
    response.write(
      `${JSON.stringify({ ...facts, shortName: `s${source}-${at}`, keywords: ['Jardin', `Lieu ${at % 50}`], createdAt: now, updatedAt: now, revision: 1 })}\n`,
    )
  }
  response.end()
}
