import type { CatalogueState } from '../catalogue/catalogue.ts'
import { neighboursOf } from '../catalogue/neighbours.ts'
import type { Db, GroupRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { findByAnyName } from '../group/current.ts'
import type { Bounds } from '../group/list.ts'
import { listGroupsByNum } from '../group/queries.ts'
import type { WidgetOptions } from './options.ts'

/** What no visitor can leave. A group to leave out that is not there, or no longer, leaves nothing out. */
export async function findBounds({ db }: Pick<Deps, 'db'>, { locked, except, controls }: WidgetOptions): Promise<Bounds> {
  const counted = controls === 'facets' || controls === 'all'
  return { search: locked, counted, except: except === undefined ? undefined : (await findByAnyName(db, except))?.num }
}

/** The groups beside one, closest in subject first, then the other way of gathering, then in place; each once, `limit` at most. */
export async function findSisters(db: Db, { snapshot }: CatalogueState, row: GroupRow, limit: number): Promise<GroupRow[]> {
  const slot = snapshot.slotOf[row.num] ?? -1
  if (slot < 0) return []
  const { subject, across, place } = neighboursOf(snapshot, slot)
  const slots = new Set([...subject, ...across, ...place.map((one) => one.slot)])
  return listGroupsByNum(
    db,
    [...slots].slice(0, limit).map((other) => snapshot.num[other]!),
  )
}
