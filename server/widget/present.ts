import type { GroupListResult } from '../group/list.ts'
import { type ReaderContext, toCard } from '../group/present.ts'
import { facetOrder, mostChoices } from '../group/present-list.ts'
import { type GroupSearch, toParams } from '../group/query.ts'
import { chipsOf, panelOf, type Words } from '../group/view-list.ts'
import type { FacetPanel } from '../group/view-model.ts'
import * as urls from '../urls.ts'
import { toMyParams, toWidgetParams, type WidgetKind, type WidgetOptions } from './options.ts'
import type { WidgetList } from './view-model.ts'

/** Addresses of a widget that keep what its site chose, with other choices of a visitor's. */
export type To = (changed: Partial<GroupSearch>) => string

export function linksWithin(path: string, options: WidgetOptions): To {
  return (changed) => urls.withParams(path, paramsWithin(options, changed))
}

/** The list part of a widget. `result` was searched within the bounds of the same options. */
export function toWidgetList(result: GroupListResult, options: WidgetOptions, words: Words, context: ReaderContext, kind: WidgetKind): WidgetList {
  const { selection, rows, next } = result
  const { controls, mine } = options
  const path = urls.embed(kind, result.scope)
  const to = linksWithin(path, options)
  const canChoose = controls === 'facets' || controls === 'all'
  const chips = chipsOf(result, words, to)
  const total = selection.slots.length
  return {
    action: path,
    q: mine.q,
    total,
    cards: rows.map((row) => toCard(row, context)),
    panels: canChoose ? facetOrder.flatMap((name) => telling(panelOf(result, name, words, to, mostChoices.inWidgets), total)) : [],
    banners: kind === 'cards',
    canSearch: controls === 'search' || controls === 'all',
    canChoose,
    chips,
    clearUrl: chips.length > 1 ? urls.withParams(path, toWidgetParams(options)) : undefined,
    hidden: paramsWithin(options, { q: '' }).map(([name, value]) => ({ name, value })),
    wanted: { chosen: mine.wanted, url: to({ wanted: !mine.wanted }), count: options.locked.wanted ? 0 : selection.wanted },
    firstUrl: mine.after ? to({}) : undefined,
    nextUrl: next && urls.withParams(path, [...paramsWithin(options), ['after', next]]),
    areaUrl: kind === 'map' && canChoose ? to({}) : undefined,
  }
}

/** The page of the site that shows what a widget may show: the same groups, but for one left out. */
export function sitePage(kind: WidgetKind, { locked }: WidgetOptions, keyword: string | undefined): string {
  const list = keyword === undefined ? urls.groups : urls.ecosystem(keyword)
  return urls.withParams(kind === 'map' ? urls.mapOf(list) : list, toParams(locked))
}

function paramsWithin(options: WidgetOptions, changed: Partial<GroupSearch> = {}): urls.Params {
  return [...toWidgetParams(options), ...toMyParams({ ...options.mine, ...changed })]
}

/** A facet without the choices that change nothing, such as the site's own; nothing when none is left. */
function telling(panel: FacetPanel, total: number): FacetPanel[] {
  const choices = panel.choices.filter(({ count, chosen }) => chosen || count < total || (panel.name !== 'keyword' && panel.choices.length > 1))
  return choices.length > 0 ? [{ ...panel, choices }] : []
}
