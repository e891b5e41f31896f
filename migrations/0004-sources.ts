import { type Kysely, sql } from 'kysely'

type Database = Kysely<Record<string, Record<string, unknown>>>

/** Sources are followed once for all and once for each ecosystem, blocks say whose they are, and what was set aside stays so. */
export async function up(db: Database): Promise<void> {
  // SQLite takes no constraint off a table: the rows are put aside while their tables are made anew, children first.
  const tables = ['remote_ecosystem', 'remote_item', 'followed_source']
  for (const table of tables) {
    await sql`create table ${sql.id(`${table}_before`)} as select * from ${sql.table(table)}`.execute(db)
    await db.schema.dropTable(table).execute()
  }
  await createSources(db)
  await createItems(db)
  await createRemoteEcosystems(db)
  await bringBack(db)
  for (const table of tables) await db.schema.dropTable(`${table}_before`).execute()
  await createPairs(db)
}

const sourceColumns = [
  ...['id', 'kind', 'url', 'origin', 'title', 'trust', 'keyword', 'keywords', 'mapping', 'every', 'quota', 'cursor', 'etag', 'due_at'],
  ...['claimed_until', 'fails', 'seen_at', 'outcome', 'paused', 'ecosystems_due_at', 'created_at', 'updated_at'],
]
const itemColumns = [
  ...['source_id', 'iri', 'group_id', 'state', 'version', 'record', 'reason', 'first_seen_at', 'changed_at', 'seen_at'],
  ...['missing_count', 'missing_since'],
]
const ecosystemColumns = ['source_id', 'keyword', 'title', 'language', 'group_count', 'related', 'seen_at']

async function bringBack(db: Database): Promise<void> {
  const copy = (table: string, columns: string[]) => {
    const names = sql.join(columns.map((column) => sql.ref(column)))
    return sql`insert into ${sql.table(table)} (${names}) select ${names} from ${sql.table(`${table}_before`)}`.execute(db)
  }
  await copy('followed_source', sourceColumns)
  await sql`update followed_source set blocked_by = case when keyword is null then 'operators' else 'stewards' end where trust = 'blocked'`.execute(
    db,
  )
  await copy('remote_item', itemColumns)
  // Those that were missing or failed are asked again at the next visit.
  await sql`update remote_item set check_at = seen_at where missing_since is not null or reason like 'failed%'`.execute(db)
  await sql`update remote_item set dismissed_at = changed_at where state = 'dismissed'`.execute(db)
  await copy('remote_ecosystem', ecosystemColumns)
}

async function createSources(db: Database): Promise<void> {
  await db.schema
    .createTable('followed_source')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) =>
      c.notNull().check(sql`kind in ('changes', 'murmurations-index', 'murmurations-profile', 'directory', 'geojson', 'csv')`),
    )
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('origin', 'text', (c) => c.notNull())
    .addColumn('title', 'text')
    .addColumn('trust', 'text', (c) => c.notNull().check(sql`trust in ('blocked', 'review', 'automatic')`))
    .addColumn('blocked_by', 'text', (c) => c.check(sql`blocked_by in ('operators', 'stewards')`))
    .addColumn('keyword', 'text')
    .addColumn('keywords', 'text')
    .addColumn('mapping', 'text')
    .addColumn('every', 'integer', (c) => c.notNull())
    .addColumn('quota', 'integer', (c) => c.notNull())
    .addColumn('cursor', 'text')
    .addColumn('etag', 'text')
    .addColumn('due_at', 'text', (c) => c.notNull())
    .addColumn('claimed_until', 'text')
    .addColumn('fails', 'integer', (c) => c.notNull())
    .addColumn('seen_at', 'text')
    .addColumn('outcome', 'text')
    .addColumn('paused', 'text')
    .addColumn('agreed', 'text')
    .addColumn('submitted_at', 'text')
    .addColumn('node_id', 'text')
    .addColumn('ecosystems_due_at', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('followed_source_due').on('followed_source').column('due_at').execute()
  await db.schema.createIndex('followed_source_origin').on('followed_source').column('origin').execute()
  await db.schema.createIndex('followed_source_node').on('followed_source').column('node_id').execute()
  // Once for all, and once for each ecosystem.
  await sql`create unique index followed_source_url on followed_source (url, coalesce(keyword, ''))`.execute(db)
}

async function createItems(db: Database): Promise<void> {
  await db.schema
    .createTable('remote_item')
    .addColumn('source_id', 'text', (c) => c.notNull().references('followed_source.id').onDelete('cascade'))
    .addColumn('iri', 'text', (c) => c.notNull())
    .addColumn('group_id', 'text')
    .addColumn('state', 'text', (c) => c.notNull().check(sql`state in ('new', 'changed', 'published', 'dismissed', 'refused', 'gone')`))
    .addColumn('version', 'text')
    .addColumn('record', 'text')
    .addColumn('reason', 'text')
    .addColumn('first_seen_at', 'text', (c) => c.notNull())
    .addColumn('changed_at', 'text', (c) => c.notNull())
    .addColumn('seen_at', 'text', (c) => c.notNull())
    .addColumn('missing_count', 'integer', (c) => c.notNull())
    .addColumn('missing_since', 'text')
    .addColumn('check_at', 'text')
    .addColumn('dismissed_at', 'text')
    .addPrimaryKeyConstraint('remote_item_key', ['source_id', 'iri'])
    .execute()
  await db.schema.createIndex('remote_item_state').on('remote_item').columns(['source_id', 'state']).execute()
  await db.schema.createIndex('remote_item_check').on('remote_item').columns(['source_id', 'check_at']).execute()
  await db.schema.createIndex('remote_item_iri').on('remote_item').column('iri').execute()
  await db.schema.createIndex('remote_item_group').on('remote_item').column('group_id').execute()
}

async function createRemoteEcosystems(db: Database): Promise<void> {
  await db.schema
    .createTable('remote_ecosystem')
    .addColumn('source_id', 'text', (c) => c.notNull().references('followed_source.id').onDelete('cascade'))
    .addColumn('keyword', 'text', (c) => c.notNull())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('language', 'text')
    .addColumn('group_count', 'integer', (c) => c.notNull())
    .addColumn('related', 'text')
    .addColumn('seen_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('remote_ecosystem_key', ['source_id', 'keyword'])
    .execute()
}

/** Records that people may find to be of one group, the smaller id first, as they were found last. */
async function createPairs(db: Database): Promise<void> {
  await db.schema
    .createTable('likely_pair')
    .addColumn('one_id', 'text', (c) => c.notNull())
    .addColumn('other_id', 'text', (c) => c.notNull())
    .addColumn('why', 'text', (c) => c.notNull().check(sql`why in ('named', 'home', 'site', 'near')`))
    .addColumn('place', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('likely_pair_key', ['one_id', 'other_id'])
    .execute()
  await db.insertInto('counter').values({ name: 'pairs', value: 0 }).execute()
}
