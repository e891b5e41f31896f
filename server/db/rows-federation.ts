// What other servers say.

/** Somebody else's groups that this server follows. */
export interface FollowedSourceRow {
  id: string
  kind: 'changes' | 'murmurations-index' | 'murmurations-profile' | 'directory' | 'geojson' | 'csv'
  url: string
  /** Scheme, host and port: every record taken from here must be of this origin. */
  origin: string
  title: string | null
  trust: 'blocked' | 'review' | 'automatic'
  /** Who blocked it. What operators block is blocked for everybody, whichever source it comes from; their own sources are theirs anyway. */
  blocked_by?: 'operators' | 'stewards' | null
  /** The ecosystem whose stewards keep this source; null: operators do. */
  keyword: string | null
  /** JSON list of the keywords to take; null: all. */
  keywords: string | null
  /** JSON object, their keyword → ours. */
  mapping: string | null
  /** Minutes between two visits. */
  every: number
  /** Records at most. */
  quota: number
  cursor: string | null
  etag: string | null
  due_at: string
  claimed_until: string | null
  fails: number
  /** When it last answered as it should. */
  seen_at: string | null
  outcome: string | null
  /** Why it waits for a person. */
  paused: string | null
  /** JSON, reason → count: what people were asked about since the last visit that was written; once it is no longer paused, what they agreed to. */
  agreed?: string | null
  /** When somebody without an account asked for it, if nobody else did. */
  submitted_at?: string | null
  /** What an index calls it: the hash of its address, for a profile that was submitted. */
  node_id?: string | null
  /** When its server's ecosystems are asked for next; null: once it answered. */
  ecosystems_due_at?: string | null
  created_at: string
  updated_at: string
}

/** A record of a source, as it was received. */
export interface RemoteItemRow {
  source_id: string
  /** Its identity at home. */
  iri: string
  /** Our copy of it, once there is one. */
  group_id: string | null
  state: 'new' | 'changed' | 'published' | 'dismissed' | 'refused' | 'gone'
  version: string | null
  record: string | null
  reason: string | null
  first_seen_at: string
  changed_at: string
  seen_at: string
  /** How often, and since when, its home said that it is not there. */
  missing_count: number
  missing_since: string | null
  /** When its home is asked for it again, though nobody told of a change. */
  check_at?: string | null
  /** When people set it aside: so it stays, whatever becomes of it at home. */
  dismissed_at?: string | null
}

/** An ecosystem of the server of a source, as that server says. */
export interface RemoteEcosystemRow {
  source_id: string
  keyword: string
  title: string
  /** BCP 47, of the title. */
  language: string | null
  group_count: number
  /** JSON list of the addresses of ecosystems that it names. */
  related: string | null
  seen_at: string
}

/** A record that moved to another server, in the words of the one it left. */
export interface ForwardingRow {
  from_iri: string
  to_iri: string
  /** The page it has there. */
  to_url: string
  /** It left here, it arrived here, or other servers told us. */
  kind: 'left' | 'arrived' | 'heard'
  /** A signed JWS, and the public key (JSON) that it was checked with. */
  statement: string
  jwk: string
  /** When it was signed, and when it was believed here. */
  at: string
  confirmed_at: string
  /** The record of ours that left or arrived. */
  own_id: string | null
  /** Our copy of the record at its old home, if there was one; whether people here had set it aside. */
  copy_id: string | null
  dismissed: number
  /** When what people here decided of the old copy was carried over to the new one. */
  settled_at?: string | null
  /** When its old home had the record back. */
  revoked_at?: string | null
}
