import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Db, Tables } from '../../server/db/tables.ts'
import type { Engine } from '../engines.ts'

/** A database of that engine's kind that answers every query with nothing, and keeps what it was asked. */
export function recorder(engine: Engine): { db: Db; asked: CompiledQuery[] } {
  const asked: CompiledQuery[] = []
  const connection: DatabaseConnection = {
    executeQuery: async (query) => {
      asked.push(query)
      return { rows: [] }
    },
    // biome-ignore lint/correctness/useYield: nothing here streams
    streamQuery: async function* () {
      throw new Error('not recorded')
    },
  }
  const nothing = async () => {}
  const driver: Driver = {
    init: nothing,
    acquireConnection: async () => connection,
    beginTransaction: nothing,
    commitTransaction: nothing,
    rollbackTransaction: nothing,
    releaseConnection: nothing,
    destroy: nothing,
  }
  const dialect: Dialect = {
    createDriver: () => driver,
    createAdapter: () => (engine === 'sqlite' ? new SqliteAdapter() : new PostgresAdapter()),
    createQueryCompiler: () => (engine === 'sqlite' ? new SqliteQueryCompiler() : new PostgresQueryCompiler()),
    createIntrospector: (db) => (engine === 'sqlite' ? new SqliteIntrospector(db) : new PostgresIntrospector(db)),
  }
  return { db: new Kysely<Tables>({ dialect }), asked }
}
