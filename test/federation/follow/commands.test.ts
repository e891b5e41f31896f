import t, { type Test } from 'tap'
import { readConfig } from '../../../server/config.ts'
import { migrate } from '../../../server/db/migrate.ts'
import { openDatabase } from '../../../server/db/open.ts'
import type { FollowTools } from '../../../server/federation/follow/commands.ts'
import { runFollow, runPull } from '../../../server/federation/follow/run-commands.ts'
import { openEngine } from '../../engines.ts'
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
  await addItem(db, source, group({ shortName: 'alpha' }), { state: 'new' })
  await runFollow(undefined, { trust: 'review' }, tools)
  t.match(said[0], /^https:\/\/ailleurs\.invalid\/changes {2}changes {2}automatic {2}new, next .* \{"new":1\}$/)
  await runPull({ dryRun: true }, tools)
  t.same(said.slice(2), ['https://ailleurs.invalid/changes: refused-address', 'https://bloque.invalid/changes: blocked'])
  t.equal(process.exitCode, 1)
  process.exitCode = 0
  await t.rejects(runPull({ source: 'elsewhere.example' }, tools), { message: 'elsewhere.example is not followed.' })
})

async function start(t: Test) {
  const { dataDir } = await openEngine(t, 'sqlite')
  const config = readConfig({ DATA_DIR: dataDir, PUBLIC_URL: 'http://archipel.example' })
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
  }
  return { tools, db, said }
}
