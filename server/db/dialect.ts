import SQLite from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseIntrospector,
  type Dialect,
  type Kysely,
  PostgresAdapter,
  PostgresDialect,
  SqliteDialect,
  sql,
  type TableMetadata,
} from 'kysely'
import { keepingStatements } from './statements.ts'

/** SQLite in a file. Waits 5 s for another writer; a commit is on the disk when it returns. More than 16 MB of pages made nothing quicker. */
export function sqliteDialect(file: string): Dialect {
  return new SqliteDialect({
    database: keepingStatements(new SQLite(file)),
    onCreateConnection: async (connection) => {
      for (const setting of [
        'journal_mode=WAL',
        'foreign_keys=ON',
        'busy_timeout=5000',
        'synchronous=FULL',
        'cache_size=-16000',
        'temp_store=MEMORY',
      ])
        await connection.executeQuery(CompiledQuery.raw(`pragma ${setting}`))
    },
  })
}

/** PostgreSQL by address; a lost connection is replaced, never fatal. `onError` hears of idle connections that break. */
export function postgresDialect(url: string, onError: (error: Error) => void): Dialect {
  const openPool = async () => {
    // Loaded where it is needed: most servers are on SQLite.
    const { default: pg } = await import('pg')
    const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 5000 })
    return pool.on('error', onError)
  }
  return new SchemaDialect({ pool: openPool })
}

/** Kysely's own looks through every schema of the database, and fails when one of them is dropped meanwhile: ours alone matters. */
class SchemaDialect extends PostgresDialect {
  // biome-ignore lint/suspicious/noExplicitAny: as Kysely declares it.
  override createIntrospector(db: Kysely<any>): DatabaseIntrospector {
    const whole = super.createIntrospector(db)
    return { getSchemas: () => whole.getSchemas(), getTables: () => listTables(db) }
  }
}

async function listTables(db: Kysely<unknown>): Promise<TableMetadata[]> {
  const query = sql<{
    name: string
    schema: string
  }>`select tablename as name, schemaname as schema from pg_tables where schemaname = current_schema()`
  const { rows } = await query.execute(db)
  return rows.map((row) => ({ ...row, isView: false, isForeign: false, columns: [] }))
}

export function isPostgres<T>(db: Kysely<T>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter
}

/** Locks the rows that a query reads until the transaction ends. SQLite has one writer at a time: nothing to lock. */
export function locking<T, Q extends { forUpdate: () => Q }>(tx: Kysely<T>, query: Q): Q {
  return isPostgres(tx) ? query.forUpdate() : query
}

/** Waits for everybody else who locks this name, until the transaction ends. SQLite: the same as above. */
export async function lockName<T>(tx: Kysely<T>, name: string): Promise<void> {
  if (isPostgres(tx)) await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx)
}
