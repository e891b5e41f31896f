import type { Kysely } from 'kysely'

/** Records that nobody saw for long are looked for every hour. */
export async function up(db: Kysely<Record<string, Record<string, unknown>>>): Promise<void> {
  await db.schema.createIndex('remote_item_seen').on('remote_item').column('seen_at').execute()
}
