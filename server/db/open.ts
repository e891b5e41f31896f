import { AsyncLocalStorage } from 'node:async_hooks'
import { join } from 'node:path'
import { Kysely, type KyselyPlugin } from 'kysely'
import { makeFolder } from '../config.ts'
import { postgresDialect, sqliteDialect } from './dialect.ts'
import type { Db, Tables, Tx } from './tables.ts'

/** Opens the database of these settings. The caller ends it with `db.destroy()`. */
export function openDatabase(settings: { dataDir: string; databaseUrl?: string }, onError: (error: Error) => void = () => {}): Db {
  if (settings.databaseUrl) return guarded(new Kysely<Tables>({ dialect: postgresDialect(settings.databaseUrl, onError) }))
  makeFolder(settings.dataDir)
  return guarded(new Kysely<Tables>({ dialect: sqliteDialect(join(settings.dataDir, 'archipel.db')) }))
}

/** Runs `body` in one transaction; all of it is kept, or nothing. Inside, only `tx` may be used: `db` throws. */
export function transaction<T>(db: Db, body: (tx: Tx) => Promise<T>): Promise<T> {
  return db
    .withoutPlugins()
    .transaction()
    .execute((tx) => inTransaction.run(true, () => body(tx)))
}

const inTransaction = new AsyncLocalStorage<true>()

/** `db` inside a transaction waits for ever on SQLite and writes outside it on PostgreSQL: make it throw on both. */
function guarded(db: Db): Db {
  const guard: KyselyPlugin = {
    transformQuery: ({ node }) => {
      if (inTransaction.getStore()) throw new Error('Inside a transaction, use tx instead of db.')
      return node
    },
    transformResult: async ({ result }) => result,
  }
  return db.withPlugin(guard)
}
