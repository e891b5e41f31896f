// Groups and what they are gathered in.
import type { Generated } from 'kysely'

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
