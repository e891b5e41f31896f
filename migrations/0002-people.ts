import { type Kysely, sql } from 'kysely'

type Database = Kysely<Record<string, Record<string, unknown>>>

export async function up(db: Database): Promise<void> {
  await createPeople(db)
  await createKeys(db)
  await createMail(db)
  await createModeration(db)
  await createContact(db)
  await createPictures(db)
  await keepDeleted(db)
}

async function createPeople(db: Database): Promise<void> {
  await db.schema
    .createTable('person')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('address', 'text', (c) => c.notNull().unique())
    .addColumn('name', 'text')
    .addColumn('locale', 'text', (c) => c.notNull())
    .addColumn('operator', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('seen_at', 'text')
    .execute()
  await db.schema
    .createTable('membership')
    .addColumn('person_id', 'text', (c) => c.notNull().references('person.id').onDelete('cascade'))
    .addColumn('role', 'text', (c) => c.notNull().check(sql`role in ('animator', 'steward', 'helper')`))
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('membership_key', ['person_id', 'role', 'subject'])
    .execute()
  await db.schema.createIndex('membership_subject').on('membership').columns(['role', 'subject']).execute()
}

/** What opens a door: only hashes are kept. */
async function createKeys(db: Database): Promise<void> {
  await db.schema
    .createTable('mailed_link')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('purpose', 'text', (c) => c.notNull())
    .addColumn('address', 'text', (c) => c.notNull())
    .addColumn('payload', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'text', (c) => c.notNull())
    .addColumn('used_at', 'text')
    .execute()
  await db.schema.createIndex('mailed_link_expires').on('mailed_link').column('expires_at').execute()
  await db.schema
    .createTable('session')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('person_id', 'text', (c) => c.notNull().references('person.id').onDelete('cascade'))
    .addColumn('agent', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('seen_at', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('session_person').on('session').column('person_id').execute()
  await db.schema.createIndex('session_expires').on('session').column('expires_at').execute()
  await db.schema
    .createTable('access_token')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('person_id', 'text', (c) => c.notNull().references('person.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('used_at', 'text')
    .execute()
  await db.schema.createIndex('access_token_person').on('access_token').column('person_id').execute()
  await db.schema
    .createTable('attempt')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('attempt_key').on('attempt').columns(['kind', 'key', 'at']).execute()
  await db.schema.createIndex('attempt_at').on('attempt').column('at').execute()
}

/** Mails wait here from the transaction of their cause until a server took them; jobs are what a timer does. */
async function createMail(db: Database): Promise<void> {
  await db.schema
    .createTable('mail')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('address', 'text', (c) => c.notNull())
    .addColumn('locale', 'text', (c) => c.notNull())
    .addColumn('view', 'text', (c) => c.notNull())
    .addColumn('model', 'text', (c) => c.notNull())
    .addColumn('reply_to', 'text')
    .addColumn('state', 'text', (c) => c.notNull().check(sql`state in ('queued', 'sent', 'failed')`))
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('due_at', 'text', (c) => c.notNull())
    .addColumn('claimed_until', 'text')
    .addColumn('error', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('ended_at', 'text')
    .execute()
  await db.schema.createIndex('mail_due').on('mail').columns(['state', 'due_at']).execute()
  await db.schema
    .createTable('job')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('due_at', 'text', (c) => c.notNull())
    .addColumn('claimed_until', 'text')
    .addColumn('ran_at', 'text')
    .addColumn('outcome', 'text')
    .execute()
}

/** What waits for somebody's decision. */
async function createModeration(db: Database): Promise<void> {
  await db.schema
    .createTable('proposal')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('person_id', 'text', (c) => c.references('person.id').onDelete('set null'))
    .addColumn('record', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull().check(sql`state in ('unconfirmed', 'waiting', 'asked', 'accepted', 'declined')`))
    .addColumn('message', 'text')
    .addColumn('answer', 'text')
    .addColumn('group_id', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addColumn('decided_by', 'text', (c) => c.references('person.id').onDelete('set null'))
    .addColumn('revision', 'integer', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('proposal_state').on('proposal').columns(['state', 'created_at']).execute()
  await db.schema.createIndex('proposal_person').on('proposal').column('person_id').execute()
  await db.schema
    .createTable('suggestion')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('group_id', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull().check(sql`kind in ('correction', 'dead', 'duplicate', 'not-a-group', 'charter')`))
    .addColumn('address', 'text')
    .addColumn('locale', 'text', (c) => c.notNull())
    .addColumn('message', 'text')
    .addColumn('duplicate_of', 'text')
    .addColumn('changes', 'text')
    .addColumn('taken', 'text')
    .addColumn('group_revision', 'integer', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull().check(sql`state in ('unconfirmed', 'open', 'accepted', 'declined')`))
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('decided_at', 'text')
    .addColumn('decided_by', 'text', (c) => c.references('person.id').onDelete('set null'))
    .execute()
  await db.schema.createIndex('suggestion_group').on('suggestion').columns(['group_id', 'state']).execute()
  await db.schema.createIndex('suggestion_state').on('suggestion').columns(['state', 'created_at']).execute()
}

/** Letters to a group's animators, and their answers, through us. */
async function createContact(db: Database): Promise<void> {
  await db.schema
    .createTable('letter')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('group_id', 'text', (c) => c.notNull())
    .addColumn('address', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('locale', 'text', (c) => c.notNull())
    .addColumn('role', 'text')
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull().check(sql`state in ('unconfirmed', 'sent', 'answered')`))
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('answered_at', 'text')
    .addColumn('answered_by', 'text', (c) => c.references('person.id').onDelete('set null'))
    .execute()
  await db.schema.createIndex('letter_group').on('letter').columns(['group_id', 'created_at']).execute()
}

async function createPictures(db: Database): Promise<void> {
  await db.schema
    .createTable('picture')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull().check(sql`kind in ('banner', 'logo')`))
    .addColumn('width', 'integer', (c) => c.notNull())
    .addColumn('height', 'integer', (c) => c.notNull())
    .addColumn('widths', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('unused_since', 'text')
    .execute()
}

/** What brings a deleted group back. */
async function keepDeleted(db: Database): Promise<void> {
  await db.schema.alterTable('tombstone').addColumn('kept', 'text').execute()
}
