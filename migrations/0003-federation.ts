import { type Kysely, sql } from 'kysely'

type Database = Kysely<Record<string, Record<string, unknown>>>

export async function up(db: Database): Promise<void> {
  await tellChanges(db)
  await createSources(db)
  await createTwins(db)
  await createRemoteEcosystems(db)
}

/** What other servers are told of a change: which version, under which keywords, and that it is ours. */
async function tellChanges(db: Database): Promise<void> {
  await db.schema
    .alterTable('change_log')
    .addColumn('local', 'integer', (c) => c.notNull().defaultTo(1))
    .execute()
  await db.schema.alterTable('change_log').addColumn('version', 'text').execute()
  await db.schema.alterTable('change_log').addColumn('keywords', 'text').execute()
  await db.schema.createIndex('change_log_local').on('change_log').columns(['local', 'seq']).execute()
  await db.schema.createIndex('group_record_origin').on('group_record').columns(['origin_server', 'num']).execute()
}

async function createSources(db: Database): Promise<void> {
  await db.schema
    .createTable('followed_source')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) =>
      c.notNull().check(sql`kind in ('changes', 'murmurations-index', 'murmurations-profile', 'directory', 'geojson', 'csv')`),
    )
    .addColumn('url', 'text', (c) => c.notNull().unique())
    .addColumn('origin', 'text', (c) => c.notNull())
    .addColumn('title', 'text')
    .addColumn('trust', 'text', (c) => c.notNull().check(sql`trust in ('blocked', 'review', 'automatic')`))
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
    .addColumn('ecosystems_due_at', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('followed_source_due').on('followed_source').column('due_at').execute()
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
    .addPrimaryKeyConstraint('remote_item_key', ['source_id', 'iri'])
    .execute()
  await db.schema.createIndex('remote_item_state').on('remote_item').columns(['source_id', 'state']).execute()
  await db.schema.createIndex('remote_item_iri').on('remote_item').column('iri').execute()
  await db.schema.createIndex('remote_item_group').on('remote_item').column('group_id').execute()
}

/** What people decided about two records that may be one group: the smaller id first. */
async function createTwins(db: Database): Promise<void> {
  await db.schema
    .createTable('same_group')
    .addColumn('one_id', 'text', (c) => c.notNull())
    .addColumn('other_id', 'text', (c) => c.notNull())
    .addColumn('verdict', 'text', (c) => c.notNull().check(sql`verdict in ('same', 'different')`))
    .addColumn('decided_by', 'text', (c) => c.references('person.id').onDelete('set null'))
    .addColumn('decided_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('same_group_key', ['one_id', 'other_id'])
    .execute()
  await db.schema.createIndex('same_group_other').on('same_group').column('other_id').execute()
}

/** What the servers of followed sources say of their ecosystems. */
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
