import type { FacetName } from '../catalogue/facet.ts'
import { here } from '../catalogue/snapshot.ts'
import type { GroupList } from '../schema-types.ts'
import type { Formats } from '../text/format.ts'
import type { Translate } from '../text/translate.ts'
import * as urls from '../urls.ts'
import type { GroupListResult } from './list.ts'
import { type PresentContext, toRecord } from './present.ts'
import { type GroupSearch, pageParams, toParams } from './query.ts'

export type AnyFacet = FacetName | 'keyword'

export interface Choice {
  value: string
  label: string
  count: number
}

/** No list without a limit: a facet offers its most frequent choices, and those chosen. The world has more countries and languages than that. */
export const mostChoices = { inWidgets: 60, onPages: (name: AnyFacet) => (name === 'country' || name === 'language' ? 250 : 60), told: 1000 }

/** The JSON twin of a list. The next page is at `path`, in the language that the reader asked for, if they did. */
export function toGroupList(
  result: GroupListResult,
  words: { t: Translate; format: Formats },
  context: PresentContext,
  { path, lang }: { path: string; lang?: string },
): GroupList {
  const { selection, rows, next, search } = result
  const { server, ...facets } = Object.fromEntries(
    facetOrder.map((name) => [name, choicesOf(result, name, words, mostChoices.told).filter(({ count }) => count > 0)]),
  ) as Record<AnyFacet, Choice[]>
  return {
    total: selection.slots.length,
    ...(search.near || search.bbox ? { omitted: selection.omitted } : {}),
    items: rows.map((row) => toRecord(row, context)),
    facets: { ...facets, ...(server.length > 0 ? { server } : {}) },
    next: next === undefined ? null : urls.absolute(context.publicUrl, urls.withParams(path, pageParams(toParams(search), { after: next, lang }))),
  }
}

export const facetOrder: AnyFacet[] = ['type', 'activity', 'keyword', 'country', 'region', 'language', 'server']

/** What a facet offers, labels in the reader's language. A choice that would give nothing is left out, one that is chosen never. */
export function choicesOf(result: GroupListResult, name: AnyFacet, { t, format }: { t: Translate; format: Formats }, most: number): Choice[] {
  const chosen = chosenValues(result.search, name)
  const counted = result.selection.counts[name].filter(({ value }) => name !== 'keyword' || value !== result.scope)
  const offered = counted.filter(({ value }, at) => at < most || chosen.includes(value))
  const missing = chosen
    .filter((value) => value !== 'any' && !counted.some((one) => one.value === value))
    .map((value) => ({ value, count: 0, label: undefined }))
  return [...offered, ...missing].map(({ value, label, count }) => ({ value, label: label ?? labelOf(name, value, { t, format }), count }))
}

export function chosenValues({ facets, keywords }: GroupSearch, name: AnyFacet): string[] {
  return name === 'keyword' ? keywords : (facets[name] ?? [])
}

export function labelOf(name: AnyFacet, value: string, { t, format }: { t: Translate; format: Formats }): string {
  if (name === 'type') return t(`type.${value}`)
  if (name === 'activity') return t(`activity.${value}`)
  if (name === 'country') return format.country(value)
  if (name === 'region') return format.region(value)
  if (name === 'language') return format.language(value)
  if (name === 'server' && value === here) return t('facet.here')
  return value
}
