import { type Kysely, PostgresAdapter, sql } from 'kysely'

type Database = Kysely<Record<string, Record<string, unknown>>>

export async function up(db: Database): Promise<void> {
  await createCounters(db)
  await createGroups(db)
  await createTrails(db)
  await createEcosystems(db)
  await createSearch(db)
}

async function createCounters(db: Database): Promise<void> {
  await db.schema
    .createTable('counter')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'integer', (c) => c.notNull())
    .execute()
  await db
    .insertInto('counter')
    .values(['change', 'ecosystem', 'num'].map((name) => ({ name, value: 0 })))
    .execute()
}

async function createGroups(db: Database): Promise<void> {
  await db.schema
    .createTable('group_record')
    .addColumn('num', 'integer', (c) => c.primaryKey())
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('short_name', 'text', (c) => c.notNull().unique())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('summary', 'text', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull().check(sql`type in ('thematic', 'territorial', 'support')`))
    .addColumn('activity', 'text', (c) => c.check(sql`activity in ('preparing', 'active', 'archived')`))
    .addColumn('sort_key', 'text', (c) => c.notNull())
    .addColumn('languages', 'text')
    .addColumn('keywords', 'text')
    .addColumn('country', 'text')
    .addColumn('region', 'text')
    .addColumn('place', 'text')
    .addColumn('lat', 'double precision')
    .addColumn('lng', 'double precision')
    .addColumn('precision', 'text', (c) => c.check(sql`precision in ('exact', 'place', 'region', 'country')`))
    .addColumn('member_count', 'integer')
    .addColumn('member_count_at', 'text')
    .addColumn('wanted', 'integer', (c) => c.notNull())
    .addColumn('meets', 'text', (c) => c.check(sql`meets in ('online', 'in-person', 'both')`))
    .addColumn('next_meeting', 'text')
    .addColumn('banner', 'text')
    .addColumn('logo', 'text')
    .addColumn('partners', 'text')
    .addColumn('links', 'text')
    .addColumn('public_services', 'text')
    .addColumn('roles', 'text')
    .addColumn('welcome', 'text')
    .addColumn('parent', 'text')
    .addColumn('licence', 'text')
    .addColumn('description', 'text')
    .addColumn('origin_server', 'text')
    .addColumn('source', 'text')
    .addColumn('source_id', 'text')
    .addColumn('source_url', 'text')
    .addColumn('gone_at', 'text')
    .addColumn('claimed_at', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addColumn('checked_at', 'text')
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('change_seq', 'integer', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('group_record_parent').on('group_record').column('parent').execute()
  await db.schema.createIndex('group_record_source').on('group_record').columns(['source', 'source_id']).unique().execute()
  await coverCatalogue(db)
}

/** What the catalogue reads, by change number. On SQLite the index holds all of it, so that the records are not touched; PostgreSQL's entries are bounded. */
async function coverCatalogue(db: Database): Promise<void> {
  const columns = ['num', 'sort_key', 'short_name', 'type', 'activity', 'country', 'region', 'languages', 'keywords', 'wanted', 'member_count']
  const covered = [...columns, 'lat', 'lng', 'precision', 'updated_at', 'origin_server']
  await db.schema
    .createIndex('group_record_change')
    .on('group_record')
    .columns(['change_seq', ...(isPostgres(db) ? [] : covered)])
    .execute()
}

async function createTrails(db: Database): Promise<void> {
  await db.schema
    .createTable('short_name')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('group_id', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('short_name_group').on('short_name').column('group_id').execute()
  await db.schema
    .createTable('group_revision')
    .addColumn('group_id', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('via', 'text', (c) => c.notNull())
    .addColumn('author', 'text')
    .addColumn('record', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('group_revision_key', ['group_id', 'revision'])
    .execute()
  await db.schema
    .createTable('change_log')
    .addColumn('seq', 'integer', (c) => c.primaryKey())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull().check(sql`kind in ('create', 'update', 'delete')`))
    .addColumn('group_id', 'text', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('tombstone')
    .addColumn('group_id', 'text', (c) => c.primaryKey())
    .addColumn('num', 'integer', (c) => c.notNull())
    .addColumn('short_name', 'text', (c) => c.notNull())
    .addColumn('deleted_at', 'text', (c) => c.notNull())
    .addColumn('change_seq', 'integer', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('tombstone_change').on('tombstone').column('change_seq').execute()
  await db.schema
    .createTable('import_item')
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('source_id', 'text', (c) => c.notNull())
    .addColumn('group_id', 'text', (c) => c.notNull())
    .addColumn('record', 'text', (c) => c.notNull())
    .addColumn('imported_at', 'text', (c) => c.notNull())
    .addColumn('gone_at', 'text')
    .addPrimaryKeyConstraint('import_item_key', ['source', 'source_id'])
    .execute()
  await db.schema
    .createTable('import_source')
    .addColumn('source', 'text', (c) => c.primaryKey())
    .addColumn('seen_at', 'text', (c) => c.notNull())
    .execute()
}

async function createEcosystems(db: Database): Promise<void> {
  await db.schema
    .createTable('ecosystem')
    .addColumn('keyword', 'text', (c) => c.primaryKey())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('summary', 'text')
    .addColumn('presentation', 'text')
    .addColumn('languages', 'text')
    .addColumn('charter', 'text')
    .addColumn('policy', 'text', (c) => c.notNull().check(sql`policy in ('open', 'curated')`))
    .addColumn('kernel_group', 'text')
    .addColumn('tools', 'text')
    .addColumn('related', 'text')
    .addColumn('header_colour', 'text')
    .addColumn('accent_colour', 'text')
    .addColumn('map_view', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('ecosystem_listing')
    .addColumn('keyword', 'text', (c) => c.notNull().references('ecosystem.keyword').onDelete('cascade'))
    .addColumn('group_id', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull().check(sql`state in ('asked', 'accepted', 'declined', 'unlisted')`))
    .addColumn('at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('ecosystem_listing_key', ['keyword', 'group_id'])
    .execute()
  await db.schema.createIndex('ecosystem_listing_group').on('ecosystem_listing').column('group_id').execute()
}

/** The words of each group, folded and stemmed by us, as numbers: the catalogue reads them all and turns them around. */
async function createSearch(db: Database): Promise<void> {
  const bytes = isPostgres(db) ? 'bytea' : 'blob'
  await db.schema
    .createTable('word')
    .addColumn('id', 'integer', (c) => (isPostgres(db) ? c.primaryKey().generatedAlwaysAsIdentity() : c.primaryKey()))
    .addColumn('term', 'text', (c) => c.notNull().unique())
    .execute()
  await db.schema
    .createTable('group_words')
    .addColumn('num', 'integer', (c) => c.primaryKey())
    .addColumn('words', bytes, (c) => c.notNull())
    .execute()
}

function isPostgres(db: Database): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter
}
