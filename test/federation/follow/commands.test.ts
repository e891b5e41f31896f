import t, { type Test } from 'tap'
import { readConfig } from '../../../server/config.ts'
import { migrate } from '../../../server/db/migrate.ts'
import { openDatabase } from '../../../server/db/open.ts'
import type { FollowTools } from '../../../server/federation/follow/commands.ts'
import { runFollow, runPull } from '../../../server/federation/follow/run-commands.ts'
import { listPairs } from '../../../server/federation/same/actions.ts'
import { createGroup } from '../../../server/group/actions.ts'
import { type EngineConfig, eachEngine, openEngine } from '../../engines.ts'
import { now } from '../../helper.ts'
import { serve } from '../../net/servers.ts'
import { group } from '../../world.ts'
import { addItem, addSource } from '../copies.ts'

t.test('what cannot be followed is said in one sentence', async (t) => {
  const { tools } = await start(t)
  await t.rejects(runFollow('http://127.0.0.1:9/', { trust: 'review' }, tools), {
    message: 'error.follow.noAnswer http://127.0.0.1:9/ refused-address',
  })
  await t.rejects(runFollow('http://archipel.example/', { trust: 'review' }, tools), { message: 'error.follow.self' })
  await t.rejects(runPull({}, tools), { message: 'No server is followed: archipel follow ADDRESS.' })
})

t.test('the list of sources, and a visit that fails', async (t) => {
  const { tools, db, said } = await start(t)
  const source = await addSource(db, { id: 's1', origin: 'https://ailleurs.invalid', trust: 'automatic' })
  await addSource(db, { id: 's2', origin: 'https://bloque.invalid', trust: 'blocked' })
  await addSource(db, { id: 's3', origin: 'https://bloque.invalid', url: 'https://bloque.invalid/groups.csv', kind: 'csv', trust: 'automatic' })
  await addItem(db, source, group({ shortName: 'alpha' }), { state: 'new' })
  await runFollow(undefined, { trust: 'review' }, tools)
  t.match(said[0], /^https:\/\/ailleurs\.invalid\/changes {2}changes {2}automatic {2}new, next .* \{"new":1\}$/)
  await runPull({ dryRun: true }, tools)
  const blocked = ['https://bloque.invalid/changes: blocked', 'https://bloque.invalid/groups.csv: blocked']
  t.same(said.slice(3), ['https://ailleurs.invalid/changes: refused-address', ...blocked], 'and what is of the same server')
  t.equal(process.exitCode, 1)
  process.exitCode = 0
  await t.rejects(runPull({ source: 'elsewhere.example' }, tools), { message: 'elsewhere.example is not followed.' })
})

await eachEngine(t, 'every report says which new groups may be here already', async (t, open) => {
  const port = await serve(t, (request, response) => {
    const origin = `http://127.0.0.1:${port}`
    if (request.url === '/changes') return void response.end(JSON.stringify({ id: `${origin}/changes#stream`, type: 'EventStream', member: [] }))
    if (request.url !== '/groups.ndjson') return void response.writeHead(404).end()
    const links = [{ service: 'home' as const, url: 'https://www.jardin.example/' }]
    const lines = [group({ shortName: 'jardin', name: 'Le jardin', links }), group({ shortName: 'jardin-bis', links }), group({ shortName: 'autre' })]
    response.end(lines.map((one) => JSON.stringify({ ...one, iri: `${origin}/id/${one.shortName}` })).join('\n'))
  })
  const { tools, db, said } = await start(t, await open(), port)
  await createGroup(db, group({ shortName: 'chez-nous', links: [{ service: 'home', url: 'http://jardin.example' }] }), { at: now, via: 'command' })
  const iri = (name: string) => `http://127.0.0.1:${port}/id/${name}`
  const like = [`  ${iri('jardin')}: chez-nous`, `  ${iri('jardin-bis')}: chez-nous`]
  const listed = `Perhaps here already: 2\n${like.join('\n')}`

  await runFollow(`http://127.0.0.1:${port}/changes`, { trust: 'automatic' }, tools)
  t.match(said.splice(0).join('\n'), listed, 'follow')
  await runPull({ dryRun: true }, tools)
  t.match(said.splice(0).join('\n'), listed, 'pull --dry-run')
  t.same(await db.selectFrom('remote_item').selectAll().execute(), [])
  t.same(await listPairs(db), [])
  await runPull({ json: true }, tools)
  const report = JSON.parse(said.splice(0).join('\n'))
  t.match(report.counts, { added: 3 })
  t.same(
    report.duplicates,
    ['jardin', 'jardin-bis'].map((name) => ({ iri: iri(name), like: ['chez-nous'] })),
    'pull --json: neither itself nor what is of the same server',
  )
  t.equal((await listPairs(db)).length, 2, 'and its pages will show them')
  await runPull({}, tools)
  t.notMatch(said.splice(0).join('\n'), 'Perhaps', 'nothing new')
})

async function start(t: Test, engine?: EngineConfig, port?: number) {
  const { dataDir, url } = engine ?? (await openEngine(t, 'sqlite'))
  const config = readConfig({ DATA_DIR: dataDir, PUBLIC_URL: 'http://archipel.example', DATABASE_URL: url })
  const db = openDatabase(config)
  t.teardown(() => db.destroy())
  await migrate(db)
  const said: string[] = []
  const tools: FollowTools = {
    readConfig: () => config,
    withDatabase: (_, body) => body(db),
    clock: () => new Date('2026-11-21T12:00:00.000Z'),
    t: () => (key, values) => [key, ...Object.values(values ?? {})].join(' '),
    print: (text) => void said.push(text),
    ...(port ? { policy: { ports: [port], allow: (address: string) => address === '127.0.0.1' } } : {}),
  }
  return { tools, db, said }
}
