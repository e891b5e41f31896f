import { sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { migrations } from '../../migrations/index.ts'
import { isPostgres } from './dialect.ts'
import type { Db } from './tables.ts'

/** Brings the database up to the code. Refuses, in one sentence, a database that a newer version has written. */
export async function migrate(db: Db): Promise<void> {
  const plain = db.withoutPlugins()
  const applied = await appliedMigrations(plain).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`The database does not answer as it should (${error.message || error.code}); check DATABASE_URL or DATA_DIR.`)
  })
  const unknown = applied.filter((name) => !(name in migrations))
  if (unknown.length > 0)
    throw new Error(`This database was written by a newer version of Archipel (it holds ${unknown[0]}); install that version or restore a backup.`)
  const provider = { getMigrations: async () => migrations }
  const { error } = await new Migrator({ db: plain, provider, migrationTableSchema: await schemaOf(plain) }).migrateToLatest()
  if (error) throw error
}

/** True when every migration of this code has been applied. */
export async function isMigrated(db: Db): Promise<boolean> {
  const applied = new Set(await appliedMigrations(db))
  return Object.keys(migrations).every((name) => applied.has(name))
}

async function appliedMigrations(db: Db): Promise<string[]> {
  const table = 'kysely_migration'
  const found = isPostgres(db)
    ? await sql<{ name: string }>`select to_regclass(${table})::text as name`.execute(db)
    : await sql<{ name: string }>`select name from sqlite_master where type = 'table' and name = ${table}`.execute(db)
  if (!found.rows[0]?.name) return []
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  return rows.map((row) => row.name)
}

/** Kysely looks for its tables in every schema unless it is told which one is ours. */
async function schemaOf(db: Db): Promise<string | undefined> {
  if (!isPostgres(db)) return undefined
  const { rows } = await sql<{ schema: string | null }>`select current_schema() as schema`.execute(db)
  return rows[0]?.schema ?? undefined
}
