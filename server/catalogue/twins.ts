import { getDomain, getHostname } from 'tldts'
import type { GroupRow } from '../db/tables.ts'
import { normaliseAddress } from '../text/home-address.ts'

/** A record that somebody said to be of the same group as another, as far as their rank depends on it. */
export type TwinRow = Pick<
  GroupRow,
  'num' | 'id' | 'short_name' | 'name' | 'origin_server' | 'source' | 'source_url' | 'claimed_at' | 'checked_at' | 'links'
>

/** The records that are of one group, the one that is shown first. */
export interface Twins {
  /** By group number: all records of its group, itself among them, in the order of their rank. */
  of: Map<number, TwinRow[]>
  /** By group number, 1 for those that another one stands for in lists; undefined when there are none. */
  hidden?: Uint8Array
}

/** Brings together what was said to be the same, two by two. A record that is no longer here is in nobody's way. */
export function arrangeTwins(pairs: { one_id: string; other_id: string }[], rows: TwinRow[]): Twins {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const groups = new Map<string, Set<TwinRow>>()
  for (const { one_id, other_id } of pairs) {
    const [one, other] = [byId.get(one_id), byId.get(other_id)]
    if (!one || !other) continue
    const together = new Set([...(groups.get(one_id) ?? [one]), ...(groups.get(other_id) ?? [other])])
    for (const { id } of together) groups.set(id, together)
  }
  const of = new Map<number, TwinRow[]>()
  for (const together of new Set(groups.values())) {
    const ranked = [...together].sort(
      (a, b) => rankOf(b) - rankOf(a) || Number(a.origin_server !== null) - Number(b.origin_server !== null) || a.num - b.num,
    )
    for (const { num } of ranked) of.set(num, ranked)
  }
  return of.size === 0 ? { of } : { of, hidden: maskOf(of) }
}

/** Which record speaks best for its group: kept at its own host (3), claimed by the group (2), curated where it is kept (1), imported there (0). */
export function rankOf(row: Pick<TwinRow, 'origin_server' | 'source' | 'source_url' | 'claimed_at' | 'checked_at' | 'links'>): 0 | 1 | 2 | 3 {
  if (row.origin_server && isOwnHost(row.source_url ?? row.origin_server, row.links)) return 3
  if (row.claimed_at !== null || row.checked_at !== null) return 2
  return row.source === null ? 1 : 0
}

/** Whether a record is kept where its group is at home: below its home address, or on its own domain. Hosts that many share are nobody's. */
function isOwnHost(iri: string, links: string | null): boolean {
  const homes = ((links ? JSON.parse(links) : []) as { service: string; url: string }[]).filter(({ service }) => service === 'home')
  const kept = normaliseAddress(iri)
  const domain = getDomain(iri, shared)
  return homes.some(({ url }) => {
    const home = normaliseAddress(url)
    if (!home || !kept || !getHostname(url)) return false
    const isWhole = !home.includes('/')
    return isWhole ? domain !== null && domain === getDomain(url, shared) : kept === home || kept.startsWith(`${home}/`)
  })
}

// The public suffix list knows many hosts whose subdomains are of different people.
const shared = { allowPrivateDomains: true }

function maskOf(of: Map<number, TwinRow[]>): Uint8Array {
  const mask = new Uint8Array(Math.max(...of.keys()) + 1)
  for (const [num, [first]] of of) if (first!.num !== num) mask[num] = 1
  return mask
}
