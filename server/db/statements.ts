import type { Database, Statement } from 'better-sqlite3'
import type { SqliteDatabase } from 'kysely'

const mostKept = 100
/** Characters: what is longer writes many rows at once. */
const longestKept = 5000

/** SQLite takes about as long to understand a short query as to answer it: the last ones understood are kept. */
export function keepingStatements(database: Database): SqliteDatabase {
  const kept = new Map<string, Statement>()
  return {
    close: () => database.close(),
    prepare(asked) {
      // Transactions are for writing: one that begins by reading could not wait for another writer when its turn to write comes.
      const sql = asked === 'begin' ? 'begin immediate' : asked
      const known = kept.get(sql)
      kept.delete(sql)
      const statement = known && !known.busy ? known : database.prepare(sql)
      if (sql.length <= longestKept) kept.set(sql, statement)
      if (kept.size > mostKept) kept.delete(kept.keys().next().value!)
      return statement as ReturnType<SqliteDatabase['prepare']>
    },
  }
}
