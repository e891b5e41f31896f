import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Test } from 'tap'
import { findOrStartServer, findServer } from './postgres/keep.ts'

export type Engine = 'sqlite' | 'postgres'

/** An empty database: `url` is PostgreSQL's address (undefined: SQLite in `dataDir`), `dataDir` a private folder that exists. */
export type EngineConfig = { engine: Engine; url: string | undefined; dataDir: string }

export const engines: readonly Engine[] = ['sqlite', 'postgres']

/** Runs the same subtest on each engine. `open()` gives an empty database, another one at each call. */
export async function eachEngine(t: Test, name: string, body: (t: Test, open: () => Promise<EngineConfig>) => unknown): Promise<void> {
  for (const engine of engines) {
    await t.test(`${name} (${engine})`, async (t) => {
      await body(t, () => openEngine(t, engine))
    })
  }
}

/** An empty database, gone after the test. Teardowns run last first: closing connections, registered later, comes before. */
export async function openEngine(t: Test, engine: Engine): Promise<EngineConfig> {
  const dataDir = mkdtempSync(join(findServer()?.folder ?? tmpdir(), 'archipel-test-'))
  t.teardown(() => rmSync(dataDir, { recursive: true, force: true }))
  return { engine, url: engine === 'postgres' ? await openSchema(t) : undefined, dataDir }
}

/** A schema is as good as a database here, and a thousand times quicker to make. */
async function openSchema(t: Test): Promise<string> {
  const { url } = await findOrStartServer()
  const schema = `test_${randomBytes(8).toString('hex')}`
  t.teardown(() => query(url, `SET lock_timeout = '5s'; DROP SCHEMA IF EXISTS ${schema} CASCADE`))
  await query(url, `CREATE SCHEMA ${schema}`)
  return `${url}?options=${encodeURIComponent(`-c search_path=${schema}`)}`
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
