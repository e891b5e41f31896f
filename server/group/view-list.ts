import type { Formats } from '../text/format.ts'
import type { Locale, Translate } from '../text/translate.ts'
import * as urls from '../urls.ts'
import type { GroupListResult } from './list.ts'
import { type ReaderContext, toCard } from './present.ts'
import { type AnyFacet, choicesOf, chosenValues, facetOrder, labelOf, mostChoices } from './present-list.ts'
import { defaultSize, type GroupSearch, toParams } from './query.ts'
import type { FacetPanel, GroupListView } from './view-model.ts'

export interface Words {
  t: Translate
  format: Formats
  locale: Locale
}

const shownChoices: Record<AnyFacet, number> = { type: 3, activity: 4, keyword: 10, country: 8, region: 8, language: 8, server: 8 }

const radii = [10, 25, 50, 100, 250]

const listTwins = [
  { extension: 'json', type: 'application/json', title: 'JSON' },
  { extension: 'geojson', type: 'application/geo+json', title: 'GeoJSON' },
  { extension: 'csv', type: 'text/csv', title: 'CSV' },
  { extension: 'atom', type: 'application/atom+xml', title: 'Atom' },
] as const

/** The list part of a page: every choice is a plain address. `path` is the page, such as `/groups`. */
export function toListView(result: GroupListResult, words: Words, context: ReaderContext, path: string): GroupListView {
  const { search, selection, next, rows } = result
  const to = (changed: Partial<GroupSearch>) => urls.withParams(path, toParams({ ...search, ...changed }))
  const chips = chipsOf(result, words, to)
  const everything = toParams({
    ...search,
    q: '',
    facets: {},
    keywords: [],
    wanted: false,
    bbox: undefined,
    near: undefined,
    sort: search.q ? 'name' : search.sort,
  })
  return {
    action: path,
    q: search.q,
    total: selection.slots.length,
    first: !search.after,
    cards: rows.map((row) => toCard(row, context)),
    panels: facetOrder.map((name) => panelOf(result, name, words, to, mostChoices.onPages(name))).filter(({ choices }) => choices.length > 0),
    chips,
    clearUrl: chips.length > 1 ? urls.withParams(path, everything) : undefined,
    sorts: sortsOf(search, words, to),
    hidden: toParams({ ...search, q: '', sort: search.sort === 'relevance' ? 'name' : search.sort }).map(([name, value]) => ({ name, value })),
    wanted: { chosen: search.wanted, url: to({ wanted: !search.wanted }), count: selection.wanted },
    archived: archivedOf(result, to),
    omitted: (search.near || search.bbox) && selection.omitted > 0 ? selection.omitted : undefined,
    nextUrl: next && urls.withParams(path, [...toParams(search), ['after', next]]),
    twins: listTwins.map(({ extension, ...twin }) => ({ ...twin, url: urls.withParams(urls.twin(urls.listOf(path), extension), toParams(search)) })),
    asMap: {
      chosen: urls.isMap(path),
      mapUrl: urls.withParams(urls.mapOf(path), toParams(search)),
      listUrl: urls.withParams(urls.listOf(path), toParams(search)),
    },
    embedUrl: embedUrlOf(search, path),
    near: nearOf(search, words, path, to),
    locale: words.locale,
  }
}

type To = (changed: Partial<GroupSearch>) => string

/** A facet's choices; `to` writes the address of a list with other choices. */
export function panelOf(result: GroupListResult, name: AnyFacet, words: Words, to: To, most: number): FacetPanel {
  const chosen = chosenValues(result.search, name)
  const choices = choicesOf(result, name, words, most).map(({ value, label, count }) => {
    const isChosen = chosen.includes(value)
    const values = isChosen ? chosen.filter((one) => one !== value) : [...chosen.filter((one) => one !== 'any'), value]
    return { name, value, label, count, chosen: isChosen, url: to(withValues(result.search, name, values)) }
  })
  const sorted = [...choices.filter((choice) => choice.chosen), ...choices.filter((choice) => !choice.chosen)]
  const shown = name === 'type' || name === 'activity' ? choices : sorted
  return { name, choices: shown.slice(0, shownChoices[name]), more: shown.slice(shownChoices[name]), open: chosen.length > 0 }
}

function withValues(search: GroupSearch, name: AnyFacet, values: string[]): Partial<GroupSearch> {
  return name === 'keyword' ? { keywords: values } : { facets: { ...search.facets, [name]: values } }
}

/** What was chosen, each with the address of a list without it. */
export function chipsOf(result: GroupListResult, words: Words, to: To): GroupListView['chips'] {
  const { search } = result
  const chips: GroupListView['chips'] = []
  if (search.q)
    chips.push({
      name: words.t('search.words'),
      label: search.q.length > 60 ? `${search.q.slice(0, 60)}…` : search.q,
      url: to({ q: '', sort: search.sort === 'relevance' ? 'name' : search.sort }),
    })
  for (const name of facetOrder) {
    for (const value of chosenValues(search, name)) {
      const values = chosenValues(search, name).filter((one) => one !== value)
      const known = result.selection.counts[name].find((one) => one.value === value)
      chips.push({ name: words.t(`facet.${name}`), label: known?.label ?? labelOf(name, value, words), url: to(withValues(search, name, values)) })
    }
  }
  if (search.wanted) chips.push({ name: words.t('facet.wanted'), label: words.t('facet.wantedChoice'), url: to({ wanted: false }) })
  if (search.near)
    chips.push({
      name: words.t('facet.near'),
      label: words.t('facet.nearChoice', { distance: words.format.distance(search.near.radius) }),
      url: to({ near: undefined, sort: search.sort === 'distance' ? 'name' : search.sort }),
    })
  if (search.bbox) chips.push({ name: words.t('facet.bbox'), label: words.t('facet.bboxChoice'), url: to({ bbox: undefined }) })
  return chips
}

function sortsOf(search: GroupSearch, { t }: Words, to: To): GroupListView['sorts'] {
  const offered = [
    ...(search.q ? ['relevance' as const] : []),
    'name' as const,
    'updated' as const,
    'members' as const,
    ...(search.near ? ['distance' as const] : []),
  ]
  return offered.map((value) => ({ value, label: t(`sort.${value}`), url: to({ sort: value }), chosen: search.sort === value }))
}

/** Radii to choose from once there is a place, and the list that a place typed comes back to. */
function nearOf(search: GroupSearch, { format }: Words, path: string, to: To): GroupListView['near'] {
  const { near } = search
  const sort = search.sort === 'distance' ? 'name' : search.sort
  return {
    action: urls.near,
    suggestions: urls.places,
    back: urls.withParams(path, toParams({ ...search, near: undefined, sort })),
    radii: near
      ? radii.map((radius) => ({
          value: radius,
          label: format.distance(radius),
          url: to({ near: { ...near, radius } }),
          chosen: near.radius === radius,
        }))
      : [],
  }
}

/** Where a widget of the same list, or map, is made; how many it shows at once is chosen there. */
function embedUrlOf(search: GroupSearch, path: string): string {
  const kind: urls.Params = urls.isMap(path) ? [['kind', 'map']] : []
  return urls.withParams(urls.widgetsOf(path), [...kind, ...toParams({ ...search, size: defaultSize })])
}

/** By default archived groups are left out: say how many, and where they are. */
function archivedOf({ search, selection }: GroupListResult, to: To): GroupListView['archived'] {
  const count = selection.counts.activity.find(({ value }) => value === 'archived')?.count ?? 0
  if (search.facets.activity?.length || count === 0) return undefined
  return { count, url: to({ facets: { ...search.facets, activity: ['archived'] } }) }
}
