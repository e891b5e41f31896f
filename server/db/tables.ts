import type { Generated, Kysely, Transaction } from 'kysely'

/** Lists and objects are kept as JSON text, times as ISO-8601 UTC text, booleans as 0 or 1. */
export interface Tables {
  counter: { name: 'change' | 'ecosystem' | 'num' | 'pairs'; value: number }
  group_record: GroupRow
  short_name: { name: string; group_id: string; created_at: string }
  group_revision: { group_id: string; revision: number; at: string; via: Via; author: string | null; record: string }
  change_log: ChangeRow
  /** `kept`: JSON of `KeptGroup`, for as long as there is a way back. */
  tombstone: { group_id: string; num: number; short_name: string; deleted_at: string; change_seq: number; kept: string | null }
  /** Every term of the search, and the number that stands for it. */
  word: { id: Generated<number>; term: string }
  /** The terms of one group; db/search.ts writes and reads them. */
  group_words: { num: number; words: Uint8Array }
  import_item: { source: string; source_id: string; group_id: string; record: string; imported_at: string; gone_at: string | null }
  /** When each source was last read whole. */
  import_source: { source: string; seen_at: string }
  ecosystem: EcosystemRow
  ecosystem_listing: { keyword: string; group_id: string; state: 'asked' | 'accepted' | 'declined' | 'unlisted'; at: string }
  person: PersonRow
  /** `subject` is a group's id (animator) or an ecosystem's keyword (steward, helper). */
  membership: { person_id: string; role: 'animator' | 'steward' | 'helper'; subject: string; created_at: string }
  mailed_link: MailedLinkRow
  session: SessionRow
  access_token: { hash: string; id: string; person_id: string; name: string; created_at: string; used_at: string | null }
  /** What is counted to be limited; `key` is a keyed hash of an address or a network. */
  attempt: { kind: string; key: string; at: string }
  mail: MailRow
  job: { name: string; due_at: string; claimed_until: string | null; ran_at: string | null; outcome: string | null }
  proposal: ProposalRow
  suggestion: SuggestionRow
  letter: LetterRow
  followed_source: FollowedSourceRow
  remote_item: RemoteItemRow
  remote_ecosystem: RemoteEcosystemRow
  forwarding: ForwardingRow
  /** `jwk`: JSON, public; `kid` is its thumbprint. */
  origin_key: { origin: string; kid: string; jwk: string; seen_at: string }
  /** Two records that somebody said to be, or not to be, one group; the smaller id first. */
  same_group: { one_id: string; other_id: string; verdict: 'same' | 'different'; decided_by: string | null; decided_at: string }
  /** Records found to be alike, whatever was decided; the smaller id first, the surest pair at place 0. The counter `pairs` is the change they were found at. */
  likely_pair: { one_id: string; other_id: string; why: 'named' | 'home' | 'site' | 'near'; place: number }
  /** `id` is the hash of the picture's content; `widths` a JSON list, in pixels; `unused_since` when no record was seen to show it. */
  picture: { id: string; kind: 'banner' | 'logo'; width: number; height: number; widths: string; created_at: string; unused_since: string | null }
}

/** A deleted group, as its way back needs it. */
export interface KeptGroup {
  row: GroupRow
  listings: Tables['ecosystem_listing'][]
}

/** Where a revision came from. */
export type Via = 'form' | 'api' | 'import' | 'command' | 'demo'

export interface GroupRow {
  /** Internal number: the key of the search index and of the catalogue. Never shown. */
  num: number
  id: string
  short_name: string
  name: string
  summary: string
  type: 'thematic' | 'territorial' | 'support'
  activity: 'preparing' | 'active' | 'archived' | null
  /** The folded name: the order of lists, the same on both engines. */
  sort_key: string
  languages: string | null
  keywords: string | null
  country: string | null
  region: string | null
  place: string | null
  lat: number | null
  lng: number | null
  precision: 'exact' | 'place' | 'region' | 'country' | null
  member_count: number | null
  member_count_at: string | null
  /** 1 if a role is wanted. */
  wanted: number
  meets: string | null
  next_meeting: string | null
  banner: string | null
  logo: string | null
  partners: string | null
  links: string | null
  public_services: string | null
  roles: string | null
  welcome: string | null
  parent: string | null
  licence: string | null
  description: string | null
  origin_server: string | null
  source: string | null
  source_id: string | null
  /** Of an import the page it came from, of a copy its identity at home. */
  source_url: string | null
  /** Since when an import is no longer in its source, or when a copy was last seen at home, if that is long ago. */
  gone_at: string | null
  claimed_at: string | null
  created_at: string
  updated_at: string
  checked_at: string | null
  revision: number
  change_seq: number
}

export interface EcosystemRow {
  keyword: string
  title: string
  summary: string | null
  presentation: string | null
  languages: string | null
  charter: string | null
  policy: 'open' | 'curated'
  kernel_group: string | null
  tools: string | null
  related: string | null
  header_colour: string | null
  accent_colour: string | null
  map_view: string | null
  created_at: string
  updated_at: string
  revision: number
}

export interface PersonRow {
  id: string
  /** In lower case. Never shown but to those whom section 7 of the contract names. */
  address: string
  /** The name they chose to show. */
  name: string | null
  locale: 'fr' | 'en'
  operator: number
  created_at: string
  seen_at: string | null
}

/** A link sent by mail: valid once, until it expires. */
export interface MailedLinkRow {
  hash: string
  purpose: string
  address: string
  /** JSON of what the click confirms. */
  payload: string | null
  created_at: string
  expires_at: string
  used_at: string | null
}

export interface SessionRow {
  hash: string
  /** What the list of one's sessions names it by. */
  id: string
  person_id: string
  /** The browser and system, in two words. */
  agent: string | null
  created_at: string
  seen_at: string
  expires_at: string
}

/** A mail to send: its view under views/mail/ and the JSON of its model, made into text when it leaves. */
export interface MailRow {
  id: string
  address: string
  locale: 'fr' | 'en'
  view: string
  model: string
  reply_to: string | null
  state: 'queued' | 'sent' | 'failed'
  attempts: number
  due_at: string
  claimed_until: string | null
  error: string | null
  created_at: string
  ended_at: string | null
}

export interface ProposalRow {
  id: string
  person_id: string | null
  /** JSON of the record as proposed. */
  record: string
  state: 'unconfirmed' | 'waiting' | 'asked' | 'accepted' | 'declined'
  /** To those who review. */
  message: string | null
  /** Their question or reason. */
  answer: string | null
  group_id: string | null
  created_at: string
  updated_at: string
  decided_by: string | null
  revision: number
}

export interface SuggestionRow {
  id: string
  group_id: string
  kind: 'correction' | 'dead' | 'duplicate' | 'not-a-group' | 'charter'
  /** Forgotten once decided. */
  address: string | null
  locale: 'fr' | 'en'
  message: string | null
  /** Short name of the group that this one is a duplicate of. */
  duplicate_of: string | null
  /** JSON of the fields as they should be, those not taken yet: a merge patch of the record. */
  changes: string | null
  /** JSON list of the fields that were taken. */
  taken: string | null
  /** The revision that the visitor saw. */
  group_revision: number
  state: 'unconfirmed' | 'open' | 'accepted' | 'declined'
  created_at: string
  decided_at: string | null
  decided_by: string | null
}

export interface LetterRow {
  id: string
  group_id: string
  address: string
  name: string
  locale: 'fr' | 'en'
  /** The wanted role that the writer offers to take. */
  role: string | null
  text: string
  state: 'unconfirmed' | 'sent' | 'answered'
  created_at: string
  answered_at: string | null
  answered_by: string | null
}

/**
 * One change of a record. The last four are for other servers: is it ours (1), which version, its keywords as `|one|two|`, and, when it left for
 * another server or came from one, the JSON of what the feed says of that.
 */
export interface ChangeRow {
  seq: number
  at: string
  kind: 'create' | 'update' | 'delete'
  group_id: string
  local: Generated<number>
  version: string | null
  keywords: string | null
  moved?: string | null
}

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

/** A connection pool or a transaction: queries take either as their first argument. */
export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>
