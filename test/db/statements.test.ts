import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import t from 'tap'
import { keepingStatements } from '../../server/db/statements.ts'

t.test('a query is understood once, a few are kept, and one under way is left alone', async (t) => {
  const database = new SQLite(':memory:')
  const kept = keepingStatements(database)
  t.teardown(() => kept.close())
  const ask = (sql: string) => kept.prepare(sql)
  const first = ask('select 1 as n')
  t.equal(ask('select 1 as n'), first)
  for (let at = 0; at < 100; at++) ask(`select ${at + 2} as n`)
  t.not(ask('select 1 as n'), first, 'the one that was asked longest ago made room')

  const pair = ask('select 1 as n union all select 2')
  const rows = pair.iterate([])[Symbol.iterator]()
  rows.next()
  t.not(ask('select 1 as n union all select 2'), pair)
  rows.return?.()

  const long = `select 1 as n -- ${'x'.repeat(6000)}`
  t.not(ask(long), ask(long))
})

t.test('a transaction has its turn to write from the beginning', async (t) => {
  const file = join(t.testdir(), 'x.db')
  const kept = keepingStatements(new SQLite(file))
  const other = new SQLite(file, { timeout: 0 })
  t.teardown(() => {
    kept.close()
    other.close()
  })
  other.exec('create table x (a)')
  kept.prepare('begin').run([])
  t.throws(() => other.exec('insert into x values (1)'), { code: 'SQLITE_BUSY' })
  kept.prepare('commit').run([])
  other.exec('insert into x values (1)')
})

t.test('what is kept follows the tables', async (t) => {
  const database = new SQLite(':memory:')
  const kept = keepingStatements(database)
  t.teardown(() => kept.close())
  database.exec('create table x (a); insert into x values (1)')
  t.same(kept.prepare('select * from x').all([]), [{ a: 1 }])
  database.exec('alter table x add column b')
  t.same(kept.prepare('select * from x').all([]), [{ a: 1, b: null }])
})
