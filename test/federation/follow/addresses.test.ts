import { randomBytes } from 'node:crypto'
import t from 'tap'
import { transaction } from '../../../server/db/open.ts'
import { lockSources } from '../../../server/federation/copies/queries.ts'
import { originOf } from '../../../server/federation/copies/rules.ts'
import { insertSource } from '../../../server/federation/follow/actions.ts'
import { eachEngine } from '../../engines.ts'
import { openDb } from '../../helper.ts'
import { followHome, homeAt, openHere, put, visit } from './keeping.ts'
import { startReading } from './reading.ts'
import { follow, itemsOf, pull, startTime } from './servers.ts'

/** Letters of three bytes each, which no database can press. */
function noise(length: number): string {
  const bytes = randomBytes(length * 2)
  return Array.from({ length }, (_, at) => String.fromCodePoint(0x4e00 + (bytes.readUInt16BE(at * 2) % 20_000))).join('')
}

t.test('an address is as long as it can be kept', async (t) => {
  const start = 'https://there.example/'
  t.equal(originOf(start + 'x'.repeat(2000 - start.length)), 'https://there.example')
  t.equal(originOf(start + 'x'.repeat(2001 - start.length)), undefined)
  t.equal(originOf(start + '庭'.repeat(600)), 'https://there.example')
  t.equal(originOf(start + '庭'.repeat(700)), undefined)
})

await eachEngine(t, 'one long address does not keep the rest of a list away', async (t, open) => {
  const here = await openHere(t, open)
  const home = homeAt(here, 'https://there.example')
  put(here, home, 'alpha')
  put(here, home, noise(1900))
  const source = await followHome(here, home)
  t.match(await visit(here, source), { outcome: 'ok', counts: { added: 1 } })
  const directory = await followHome(here, home, { kind: 'directory', url: 'https://there.example/list.json' })
  here.pages.set(directory.url, [...home.records.keys()])
  t.match(await visit(here, directory), { outcome: 'ok', counts: { added: 1 } })
})

await eachEngine(t, 'nor does one in a file', async (t, open) => {
  const { here, peer, pages } = await startReading(t, open)
  const path = `/${'x'.repeat(600)}.geojson`
  const url = `${peer.origin}${path}`
  const facts = { summary: 'A group.', type: 'thematic' }
  const long = noise(200)
  const features = [
    { ...facts, name: 'alpha', id: 'alpha' },
    { ...facts, name: 'long', id: long },
    { ...facts, name: 'longer', id: 'longer', iri: `${url}#${noise(3000)}` },
  ]
  pages[path] = { type: 'FeatureCollection', features: features.map((properties) => ({ type: 'Feature', geometry: null, properties })) }
  const source = await follow(here, url)
  t.match(await pull(here, source), { outcome: 'ok', counts: { seen: 3, added: 2 } })
  const iris = (await itemsOf(here)).map(({ iri }) => iri)
  t.ok(iris.every((iri) => Buffer.byteLength(iri) <= 2000))
  t.match(await pull(here, source), { counts: { added: 0 } })
  t.same(
    (await itemsOf(here)).map(({ iri }) => iri),
    iris,
    'the same the next time',
  )
})

await eachEngine(t, 'two who follow one address at the same moment', async (t, open) => {
  const [db, now] = [await openDb(t, await open()), startTime().now()]
  const wanted = { kind: 'changes', url: 'https://there.example/changes', keyword: null } as const
  // Connections that stand already: they ask at once.
  await Promise.all([1, 2, 3, 4].map(() => db.selectFrom('followed_source').select('id').execute()))
  const results = await Promise.allSettled([1, 2, 3, 4].map(() => insertSource(db, wanted, now)))
  t.same(results.map((result) => (result.status === 'fulfilled' ? 'ok' : result.reason.code)).sort(), ['conflict', 'conflict', 'conflict', 'ok'])
})

await eachEngine(t, 'no sources are nothing to wait for', async (t, open) => {
  const db = await openDb(t, await open())
  t.same(await transaction(db, (tx) => lockSources(tx, [])), [])
})
