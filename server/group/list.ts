import type { Catalogue, CatalogueState } from '../catalogue/catalogue.ts'
import { pageOf, wholeOrder } from '../catalogue/page.ts'
import { type Choices, matching, type Selection, select, selectUncounted } from '../catalogue/select.ts'
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

/** What a search cannot leave, whatever it asks for: a widget's own choices. */
export interface Bounds {
  search: GroupSearch
  /** Number of a group left out. */
  except?: number
  /** Facets are shown, so their choices must be counted. */
  counted?: boolean
}

interface Source {
  db: Db
  catalogue: Catalogue
}

/** One page of the groups that match, with the counts of every facet. `scope` is the keyword of the ecosystem looked at. */
export async function listGroups({ db, catalogue }: Source, search: GroupSearch, scope?: string, bounds?: Bounds): Promise<GroupListResult> {
  const state = await catalogue.current(db)
  const choices = await toChoices({ db, catalogue }, state, search, scope, bounds)
  const selection = bounds && !bounds.counted ? selectUncounted(state.snapshot, choices) : select(state.snapshot, choices)
  const page = pageOf(state.snapshot, selection, { ...search, near: search.near ?? bounds?.search.near })
  const rows = await listGroupsByNum(db, numsOf(state, page.slots))
  return { search, scope, selection, rows, next: page.next && writeCursor(page.next), state }
}

/** The numbers of all groups that match, in the order asked; no more than `size` when `paged`. `omitted` as in `Selection`. */
export async function orderGroups(
  { db, catalogue }: Source,
  search: GroupSearch,
  { scope, paged }: { scope?: string; paged: boolean },
): Promise<{ nums: ArrayLike<number>; omitted: number }> {
  const state = await catalogue.current(db)
  const selection = selectUncounted(state.snapshot, await toChoices({ db, catalogue }, state, search, scope))
  const { omitted } = selection
  if (paged) return { nums: numsOf(state, pageOf(state.snapshot, selection, search).slots), omitted }
  return { nums: wholeOrder(state.snapshot, selection, search).map((slot) => state.snapshot.num[slot]!), omitted }
}

/** All groups that match, as ascending slots of the state's snapshot. */
export async function matchGroups(
  { db, catalogue }: Source,
  search: GroupSearch,
  scope?: string,
  bounds?: Bounds,
): Promise<{ slots: Int32Array; state: CatalogueState }> {
  const state = await catalogue.current(db)
  return { slots: matching(state.snapshot, await toChoices({ db, catalogue }, state, search, scope, bounds)), state }
}

function numsOf({ snapshot }: CatalogueState, slots: number[]): number[] {
  return slots.map((slot) => snapshot.num[slot]!)
}

async function toChoices({ db, catalogue }: Source, state: CatalogueState, search: GroupSearch, scope?: string, bounds?: Bounds): Promise<Choices> {
  const { facets, keywords, wanted, bbox, near } = search
  const terms = questionTerms(search.q)
  const hits = search.q ? await catalogue.find(db, state, terms) : undefined
  const choices = { facets, keywords, wanted, bbox, near, hits, hidden: state.twins.hidden }
  if (!bounds) return { ...choices, scope: scope === undefined ? undefined : { keyword: scope, accepted: state.ecosystems.get(scope)?.accepted } }
  const outer = await toChoices({ db, catalogue }, state, bounds.search, scope)
  const all = matching(state.snapshot, outer)
  const within = bounds.except === undefined ? all : all.filter((slot) => state.snapshot.num[slot] !== bounds.except)
  // Inside the bounds nothing is left out by default; without words of its own the order is that of the bounds' words.
  const activity = facets.activity?.length ? facets.activity : ['any']
  return { ...choices, facets: { ...facets, activity }, hits: hits ?? outer.hits, within }
}
