import { sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import t from 'tap'
import { migrations } from '../../migrations/index.ts'
import { isMigrated, migrate } from '../../server/db/migrate.ts'
import { openDatabase } from '../../server/db/open.ts'
import { eachEngine } from '../engines.ts'
import { now } from '../helper.ts'

await eachEngine(t, 'a database of the first three migrations comes up with what it holds', async (t, open) => {
  const { url, dataDir } = await open()
  const db = openDatabase({ dataDir, databaseUrl: url })
  t.teardown(() => db.destroy())
  const schema = url ? (await sql<{ name: string }>`select current_schema() as name`.execute(db)).rows[0]!.name : undefined
  const first = Object.fromEntries(Object.entries(migrations).slice(0, 3))
  const { error } = await new Migrator({
    db: db.withoutPlugins(),
    provider: { getMigrations: async () => first },
    migrationTableSchema: schema,
  }).migrateToLatest()
  t.notOk(error)

  const source = {
    kind: 'changes' as const,
    origin: 'https://a.example',
    every: 60,
    quota: 9,
    due_at: now,
    fails: 0,
    created_at: now,
    updated_at: now,
  }
  const known = { ...source, keywords: '["jardin"]', cursor: '{}', seen_at: now }
  await db
    .insertInto('followed_source')
    .values([
      { ...known, id: 'one', url: 'https://a.example/changes', trust: 'automatic', keyword: null },
      { ...known, id: 'two', url: 'https://a.example/2', trust: 'blocked', keyword: null },
      { ...known, id: 'three', url: 'https://a.example/3', trust: 'blocked', keyword: 'jardin' },
    ] as never)
    .execute()
  const item = { source_id: 'one', version: 'v', record: '{}', first_seen_at: now, changed_at: now, seen_at: now, missing_count: 0 }
  await db
    .insertInto('remote_item')
    .values([
      { ...item, iri: 'https://a.example/id/1', state: 'published', group_id: 'g' },
      { ...item, iri: 'https://a.example/id/2', state: 'dismissed' },
      { ...item, iri: 'https://a.example/id/3', state: 'published', missing_since: now },
    ] as never)
    .execute()
  await db
    .insertInto('remote_ecosystem')
    .values({ source_id: 'one', keyword: 'jardin', title: 'Jardins', group_count: 3, seen_at: now } as never)
    .execute()

  await migrate(db)
  t.ok(await isMigrated(db))
  t.match(await db.selectFrom('followed_source').selectAll().orderBy('url').execute(), [
    { id: 'two', blocked_by: 'operators', keywords: '["jardin"]' },
    { id: 'three', blocked_by: 'stewards' },
    { id: 'one', blocked_by: null, cursor: '{}', trust: 'automatic' },
  ])
  t.match(await db.selectFrom('remote_item').selectAll().orderBy('iri').execute(), [
    { group_id: 'g', record: '{}', check_at: null, dismissed_at: null },
    { state: 'dismissed', dismissed_at: now },
    { missing_since: now, check_at: now },
  ])
  t.match(await db.selectFrom('remote_ecosystem').selectAll().execute(), [{ title: 'Jardins' }])
  const again = { ...known, url: 'https://a.example/changes', trust: 'review' }
  await db
    .insertInto('followed_source')
    .values({ ...again, id: 'four', keyword: 'jardin' } as never)
    .execute()
  await t.rejects(
    db
      .insertInto('followed_source')
      .values({ ...again, id: 'five', keyword: 'jardin' } as never)
      .execute(),
    'once for each ecosystem',
  )
  await db.deleteFrom('followed_source').where('id', '=', 'one').execute()
  t.same(await db.selectFrom('remote_item').selectAll().execute(), [], 'its records go with a source')
})
