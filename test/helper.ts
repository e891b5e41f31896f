import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { buildApp } from '../server/app.ts'
import { createCatalogue } from '../server/catalogue/catalogue.ts'
import { type Config, readConfig } from '../server/config.ts'
import { migrate } from '../server/db/migrate.ts'
import { openDatabase } from '../server/db/open.ts'
import type { Db } from '../server/db/tables.ts'
import type { Deps } from '../server/deps.ts'
import { makeDeps } from '../server/make-deps.ts'
import { type EngineConfig, openEngine } from './engines.ts'

/** The moment at which every test takes place. */
export const now = '2026-11-21T12:00:00.000Z'
export const publicUrl = 'http://archipel.example'

/** A migrated, empty database of this engine; closed after the test. */
export async function openDb(t: Test, { url, dataDir }: EngineConfig): Promise<Db> {
  const db = openDatabase({ dataDir, databaseUrl: url })
  t.teardown(() => db.destroy())
  await migrate(db)
  return db
}

/** The same on SQLite, where the engine does not matter. */
export async function openSqlite(t: Test): Promise<Db> {
  return openDb(t, await openEngine(t, 'sqlite'))
}

/** What the app is made of, on this database, at `now`. */
export async function makeTestDeps(db: Db, settings: Partial<Config> = {}): Promise<Deps> {
  const config = { ...readConfig({ PUBLIC_URL: publicUrl, LOG_LEVEL: 'silent', SECRET: 'a secret that only the tests know' }), ...settings }
  return makeDeps({ config, db, catalogue: createCatalogue(), clock: () => new Date(now) })
}

/** The app on this database; `app.inject` asks it without a network. */
export async function build(t: Test, db: Db, settings: Partial<Config> = {}): Promise<FastifyInstance> {
  const app = await buildApp(await makeTestDeps(db, settings))
  t.teardown(() => app.close())
  return app
}
