import type { Catalogue, CatalogueState } from '../catalogue/catalogue.ts'
import { pageOf } from '../catalogue/page.ts'
import { type Choices, type Selection, select } from '../catalogue/select.ts'
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

/** One page of the groups that match, with the counts of every facet. `scope` is the keyword of the ecosystem looked at. */
export async function listGroups({ db, catalogue }: { db: Db; catalogue: Catalogue }, search: GroupSearch, scope?: string): Promise<GroupListResult> {
  const state = await catalogue.current(db)
  const selection = select(state.snapshot, await toChoices(db, state, search, scope))
  const page = pageOf(state.snapshot, selection, search)
  const rows = await listGroupsByNum(
    db,
    page.slots.map((slot) => state.snapshot.num[slot]!),
  )
  return { search, scope, selection, rows, next: page.next && writeCursor(page.next), state }
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
