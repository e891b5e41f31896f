import { isDeepStrictEqual } from 'node:util'
import type { GroupRow } from '../db/tables.ts'
import type { Fault } from '../errors.ts'
import type { Put } from '../group/actions.ts'
import { isPublic } from '../group/present.ts'
import { toGroup } from '../group/row.ts'
import { services } from '../group/rules.ts'
import type { Group, Link } from '../schema-types.ts'
import type { Draft, Facts } from './check-draft.ts'
import { checkRecord } from './check-record.ts'
import type { Match } from './match.ts'

/** What an import does with one record. */
export type Plan =
  | { kind: 'add'; group: Group; stamp: Put['stamp'] }
  | { kind: 'change'; group: Group; stamp: Put['stamp']; row: GroupRow }
  | { kind: 'same'; row: GroupRow }
  /** Left as it is here, and why. */
  | { kind: 'keep'; shortName: string; why: Reason }
  | { kind: 'refuse'; faults: Fault[] }

export type Reason = 'deleted' | 'claimed' | 'newer' | 'copy' | 'origin'

/**
 * Decides by the rules of ownership. A record without an id or a home that says what is said here already is no news. A record kept here follows the file unless it is claimed or was changed here after the file was made
 * (its revision is higher); a copy follows its own server's later revisions alone; the origin of a record never changes.
 */
export function planRecord(draft: Draft, { row, namesake, owner, deleted }: Match): Plan {
  if (draft.faults.length > 0) return { kind: 'refuse', faults: draft.faults }
  const before = row && toGroup(row)
  const { group, faults } = checkRecord(before ? completed(draft, before) : draft.group)
  if (faults.length > 0) return { kind: 'refuse', faults }
  if (deleted && !row) return { kind: 'keep', shortName: group.shortName, why: 'deleted' }
  if (!row && namesake && draft.facts.id === undefined && isDeepStrictEqual(group, toGroup(namesake))) return { kind: 'same', row: namesake }
  if (owner !== undefined && owner !== (row?.id ?? draft.facts.id)) return { kind: 'refuse', faults: [taken(group.shortName)] }
  if (!row) return { kind: 'add', group, stamp: stampOf(draft.facts) }
  const isLater = (draft.facts.revision ?? 0) > row.revision
  if (!isLater && isDeepStrictEqual(group, before) && (draft.facts.checkedAt ?? row.checked_at) === row.checked_at) return { kind: 'same', row }
  const why = reasonToKeep(row, draft.facts, isLater)
  if (why) return { kind: 'keep', shortName: row.short_name, why }
  return { kind: 'change', row, group, stamp: isLater ? laterStamp(draft.facts) : checkedStamp(draft.facts) }
}

/** What the file says, and what it says nothing about: columns it lacks, and links for insiders, which public exports leave out. */
function completed({ group, columns }: Draft, before: Group): Record<string, unknown> {
  const tops = columns && new Set([...columns].map((name) => name.split('.')[0]!))
  const unsaid = Object.entries(before).filter(([name]) => name !== 'links' && tops && !tops.has(name))
  const given = Array.isArray(group.links) ? (group.links as Link[]) : []
  const isUnsaid = (service: Link['service']) =>
    columns?.has(`link:${service}`) === false || !(isPublic(service, before.publicServices) || given.some((link) => link?.service === service))
  const silent = new Set(services.filter(isUnsaid))
  const links = [...given, ...(before.links ?? []).filter((link) => silent.has(link.service))]
  return { ...Object.fromEntries(unsaid), ...group, ...(group.links === undefined || Array.isArray(group.links) ? { links } : {}) }
}

function reasonToKeep(row: GroupRow, { origin, revision }: Facts, isLater: boolean): Reason | undefined {
  if (row.origin_server) {
    if (!origin || !('server' in origin) || origin.server !== row.origin_server) return 'copy'
    return isLater ? undefined : 'copy'
  }
  if (origin && !('source' in origin && origin.source === row.source && origin.sourceId === row.source_id)) return 'origin'
  if (row.claimed_at) return 'claimed'
  return revision !== undefined && revision < row.revision ? 'newer' : undefined
}

function taken(shortName: string): Fault {
  return { field: 'shortName', message: { key: 'error.shortNameTaken', values: { shortName } } }
}

/** A new record keeps what it was given elsewhere. */
function stampOf({ id, createdAt, claimedAt, origin, ...facts }: Facts): Put['stamp'] {
  return defined({
    id,
    created_at: createdAt,
    claimed_at: claimedAt,
    origin_server: origin && 'server' in origin ? origin.server : undefined,
    source: origin && 'source' in origin ? origin.source : undefined,
    source_id: origin && 'source' in origin ? origin.sourceId : undefined,
    ...laterStamp({ ...facts, origin }),
  })
}

function laterStamp({ updatedAt, checkedAt, revision, origin }: Facts): Put['stamp'] {
  const place = origin && 'source' in origin ? { source_url: origin.sourceUrl ?? null, gone_at: origin.goneAt ?? null } : {}
  return { ...defined({ updated_at: updatedAt, checked_at: checkedAt, revision }), ...place }
}

function checkedStamp({ checkedAt }: Facts): Put['stamp'] {
  return defined({ checked_at: checkedAt })
}

function defined<T extends object>(facts: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> }
}
