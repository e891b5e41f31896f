import { type Kysely, sql } from 'kysely'

type Database = Kysely<Record<string, Record<string, unknown>>>

export async function up(db: Database): Promise<void> {
  // What the feed says of a move with a change: kept with it, since closed pages never change.
  await db.schema.alterTable('change_log').addColumn('moved', 'text').execute()
  await createForwardings(db)
  await createKeys(db)
}

/** Records that moved from one server to another: from here, to here, or elsewhere. */
async function createForwardings(db: Database): Promise<void> {
  await db.schema
    .createTable('forwarding')
    .addColumn('from_iri', 'text', (c) => c.primaryKey())
    .addColumn('to_iri', 'text', (c) => c.notNull())
    .addColumn('to_url', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull().check(sql`kind in ('left', 'arrived', 'heard')`))
    .addColumn('statement', 'text', (c) => c.notNull())
    .addColumn('jwk', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('confirmed_at', 'text', (c) => c.notNull())
    .addColumn('own_id', 'text')
    .addColumn('copy_id', 'text')
    .addColumn('dismissed', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('settled_at', 'text')
    .addColumn('revoked_at', 'text')
    .execute()
  await db.schema.createIndex('forwarding_own').on('forwarding').column('own_id').execute()
  await db.schema.createIndex('forwarding_copy').on('forwarding').column('copy_id').execute()
}

/** The public keys of servers that are followed: none is ever replaced. */
async function createKeys(db: Database): Promise<void> {
  await db.schema
    .createTable('origin_key')
    .addColumn('origin', 'text', (c) => c.notNull())
    .addColumn('kid', 'text', (c) => c.notNull())
    .addColumn('jwk', 'text', (c) => c.notNull())
    .addColumn('seen_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('origin_key_key', ['origin', 'kid'])
    .execute()
}
