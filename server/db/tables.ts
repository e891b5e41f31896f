import type { Generated, Kysely, Transaction } from 'kysely'
import type { FollowedSourceRow, ForwardingRow, RemoteEcosystemRow, RemoteItemRow } from './rows-federation.ts'
import type { ChangeRow, EcosystemRow, GroupRow, Via } from './rows-group.ts'
import type { LetterRow, MailedLinkRow, MailRow, PersonRow, ProposalRow, SessionRow, SuggestionRow } from './rows-people.ts'

export type * from './rows-federation.ts'
export type * from './rows-group.ts'
export type * from './rows-people.ts'

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

/** A connection pool or a transaction: queries take either as their first argument. */
export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>
