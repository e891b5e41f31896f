import { transaction } from '../../server/db/open.ts'
import type { Db, FollowedSourceRow, RemoteItemRow } from '../../server/db/tables.ts'
import { putGroups } from '../../server/group/actions.ts'
import type { Group } from '../../server/schema-types.ts'
import { now } from '../helper.ts'

const origin = 'https://ailleurs.example'

/** A source that is followed, as if it had answered just now. */
export async function addSource(db: Db, facts: Partial<FollowedSourceRow> & { id: string }): Promise<FollowedSourceRow> {
  const row: FollowedSourceRow = {
    ...{ kind: 'changes', url: `${facts.origin ?? origin}/changes`, origin, title: null, trust: 'review', keyword: null, keywords: null },
    ...{ mapping: null, every: 60, quota: 20_000, cursor: null, etag: null, due_at: now, claimed_until: null, fails: 0, seen_at: now },
    ...{ outcome: null, paused: null, created_at: now, updated_at: now },
    ...facts,
  }
  await db.insertInto('followed_source').values(row).execute()
  return row
}

/** A record of a source, as it was received. */
export async function addItem(db: Db, source: FollowedSourceRow, group: Group, facts: Partial<RemoteItemRow> = {}): Promise<RemoteItemRow> {
  const iri = `${source.origin}/id/${group.shortName}`
  const row: RemoteItemRow = {
    ...{ source_id: source.id, iri, group_id: null, state: 'new', version: 'v1', record: JSON.stringify({ iri, ...group }), reason: null },
    ...{ first_seen_at: now, changed_at: now, seen_at: now, missing_count: 0, missing_since: null },
    ...facts,
  }
  await db.insertInto('remote_item').values(row).execute()
  return row
}

/** A group that is kept at the source, as it stands here; its id. */
export async function addCopy(db: Db, source: FollowedSourceRow, group: Group, facts: Partial<RemoteItemRow> = {}): Promise<string> {
  const iri = `${source.origin}/id/${group.shortName}`
  const stamp = { origin_server: source.origin, source_url: iri }
  const [row] = await transaction(db, (tx) => putGroups(tx, [{ group, stamp }], { at: now, via: 'import' }))
  await addItem(db, source, group, { group_id: row!.id, state: 'published', ...facts })
  return row!.id
}
