import type { Catalogue, CatalogueState } from '../catalogue/catalogue.ts'
import { pageOf, wholeOrder } from '../catalogue/page.ts'
import { type Choices, matching, type Selection, select } from '../catalogue/select.ts'
import { searchWords } from '../db/search.ts'
import type { Db, GroupRow } from '../db/tables.ts'
import { questionTerms } from '../text/words.ts'
import { listGroupsByNum } from './queries.ts'
import { type GroupSearch, writeCursor } from './query.ts'

export interface GroupListResult {
  search: GroupSearch
  scope?: string
  selection: Selection
  rows: GroupRow[]
  /** Cursor of the next page. */
  next?: string
  state: CatalogueState
}

interface Source {
  db: Db
  catalogue: Catalogue
}

/** One page of the groups that match, with the counts of every facet. `scope` is the keyword of the ecosystem looked at. */
export async function listGroups({ db, catalogue }: Source, search: GroupSearch, scope?: string): Promise<GroupListResult> {
  const state = await catalogue.current(db)
  const selection = select(state.snapshot, await toChoices(db, state, search, scope))
  const page = pageOf(state.snapshot, selection, search)
  const rows = await listGroupsByNum(db, numsOf(state, page.slots))
  return { search, scope, selection, rows, next: page.next && writeCursor(page.next), state }
}

/** The numbers of all groups that match, in the order asked; no more than `size` when `paged`. */
export async function orderGroups(
  { db, catalogue }: Source,
  search: GroupSearch,
  { scope, paged }: { scope?: string; paged: boolean },
): Promise<{ nums: number[]; state: CatalogueState }> {
  const state = await catalogue.current(db)
  const selection = select(state.snapshot, await toChoices(db, state, search, scope))
  const slots = paged ? pageOf(state.snapshot, selection, search).slots : wholeOrder(state.snapshot, selection, search)
  return { nums: numsOf(state, slots), state }
}

/** All groups that match, as ascending slots of the state's snapshot. */
export async function matchGroups(
  { db, catalogue }: Source,
  search: GroupSearch,
  scope?: string,
): Promise<{ slots: Int32Array; state: CatalogueState }> {
  const state = await catalogue.current(db)
  return { slots: matching(state.snapshot, await toChoices(db, state, search, scope)), state }
}

function numsOf({ snapshot }: CatalogueState, slots: Iterable<number>): number[] {
  return Array.from(slots, (slot) => snapshot.num[slot]!)
}

async function toChoices(db: Db, state: CatalogueState, search: GroupSearch, scope?: string): Promise<Choices> {
  const { facets, keywords, wanted, bbox, near } = search
  const terms = questionTerms(search.q)
  const hits = search.q ? (terms.length > 0 ? await searchWords(db, terms) : []) : undefined
  return {
    facets,
    keywords,
    wanted,
    bbox,
    near,
    hits,
    scope: scope === undefined ? undefined : { keyword: scope, accepted: state.ecosystems.get(scope)?.accepted },
  }
}
