import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import pg from 'pg'
import t, { type Test } from 'tap'
import { type EngineConfig, eachEngine } from './engines.ts'
import { findServer } from './postgres/keep.ts'

await eachEngine(t, 'each database is empty, private and at work', async (t, open) => {
  const [first, second] = [await open(), await open()]
  for (const config of [first, second]) {
    t.same(await run(t, config, 'SELECT * FROM notes').catch((error) => error.code), config.url ? '42P01' : 'SQLITE_ERROR')
    await run(t, config, 'CREATE TABLE notes (word text)')
  }
  await run(t, first, "INSERT INTO notes VALUES ('Œuvre')")
  t.same(await run(t, first, 'SELECT word FROM notes'), [{ word: 'Œuvre' }])
  t.same(await run(t, second, 'SELECT word FROM notes'), [])
  t.not(first.dataDir, second.dataDir)
})

t.test('a database is gone after its test', async (t) => {
  const opened: EngineConfig[] = []
  await eachEngine(t, 'open one', async (t, open) => {
    opened.push(await open())
    t.equal(opened.at(-1)!.url !== undefined, opened.at(-1)!.engine === 'postgres')
  })
  for (const { dataDir } of opened) t.notOk(existsSync(dataDir))
  const schema = new URL(opened[1]!.url!).searchParams.get('options')!.split('=')[1]
  const server = { engine: 'postgres', url: findServer()!.url, dataDir: '' } as const
  t.same(await run(t, server, `SELECT nspname FROM pg_namespace WHERE nspname = '${schema}'`), [])
})

async function run(t: Test, { url, dataDir }: EngineConfig, sql: string): Promise<unknown> {
  if (url) {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    t.teardown(() => client.end())
    return (await client.query(sql)).rows
  }
  const database = new Database(join(dataDir, 'archipel.sqlite'))
  t.teardown(() => database.close())
  const statement = database.prepare(sql)
  return statement.reader ? statement.all() : statement.run()
}
