import type { Db, GroupRow } from '../db/tables.ts'
import { listNameOwners } from '../group/queries.ts'
import { toGroup } from '../group/row.ts'
import type { Draft } from './check-draft.ts'
import { homesOf } from './duplicates.ts'
import * as queries from './queries.ts'

/** What the directory knows of a record that a file brings. */
export interface Match {
  /** The group it is the record of. */
  row?: GroupRow
  /** Another group that bears its short name. */
  namesake?: GroupRow
  /** The id of the group that its short name belongs to, now or formerly. */
  owner?: string
  /** It was deleted here. */
  deleted: boolean
}

/** Finds the group of each draft: by id, else by origin and source id, else by short name with the same home address. */
export async function findMatches(db: Db, drafts: Pick<Draft, 'group' | 'facts'>[]): Promise<Match[]> {
  const ids = drafts.flatMap(({ facts }) => facts.id ?? [])
  const names = drafts.flatMap(({ group }) => (typeof group.shortName === 'string' ? group.shortName : []))
  const origins = drafts.flatMap(({ facts }) => (facts.origin && 'source' in facts.origin ? facts.origin : []))
  const byId = await queries.listGroupsById(db, ids)
  const bySource = await queries.listGroupsBySource(db, origins)
  const byName = await queries.listGroupsByName(db, names)
  const deleted = await queries.listDeleted(db, ids)
  const owners = await listNameOwners(db, names)
  return drafts.map(({ group, facts }) => {
    const { id, origin } = facts
    const name = typeof group.shortName === 'string' ? group.shortName : ''
    const row = (id && byId.get(id)) || (origin && 'source' in origin && bySource.get(`${origin.source}\0${origin.sourceId}`)) || undefined
    const namesake = byName.get(name)
    return {
      namesake,
      row: row ?? (namesake && haveSameHome(namesake, group) ? namesake : undefined),
      owner: owners.get(name),
      deleted: id !== undefined && deleted.has(id),
    }
  })
}

function haveSameHome(row: GroupRow, group: Record<string, unknown>): boolean {
  const homes = homesOf(toGroup(row).links)
  return (
    Array.isArray(group.links) &&
    homesOf(group.links.filter((link) => typeof link === 'object' && link !== null)).some((home) => homes.includes(home))
  )
}
