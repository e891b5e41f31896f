import type { Kysely, Transaction } from 'kysely'

/** Lists and objects are kept as JSON text, times as ISO-8601 UTC text, booleans as 0 or 1. */
export interface Tables {
  counter: { name: 'change' | 'ecosystem' | 'num'; value: number }
  group_record: GroupRow
  short_name: { name: string; group_id: string; created_at: string }
  group_revision: { group_id: string; revision: number; at: string; via: Via; author: string | null; record: string }
  change_log: { seq: number; at: string; kind: 'create' | 'update' | 'delete'; group_id: string }
  tombstone: { group_id: string; num: number; short_name: string; deleted_at: string; change_seq: number }
  import_item: { source: string; source_id: string; group_id: string; record: string; imported_at: string; gone_at: string | null }
  /** When each source was last read whole. */
  import_source: { source: string; seen_at: string }
  ecosystem: EcosystemRow
  ecosystem_listing: { keyword: string; group_id: string; state: 'asked' | 'accepted' | 'declined' | 'unlisted'; at: string }
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
  source_url: string | null
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

/** A connection pool or a transaction: queries take either as their first argument. */
export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>
