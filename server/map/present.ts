import { precisions } from '../catalogue/snapshot.ts'
import { joinOf, languageOf, placeOf } from '../group/present.ts'
import type { GroupSearch } from '../group/query.ts'
import type { Words } from '../group/view-list.ts'
import type { Link, MapGroup, MapMark, MapView } from '../schema-types.ts'
import type { Translate } from '../text/translate.ts'
import * as urls from '../urls.ts'
import type { Area } from './areas.ts'
import type { Mark } from './clusters.ts'
import type { MapResult } from './find.ts'
import type { MapRow } from './queries.ts'

/** Writes the address of the list of the same groups, with some choices changed. */
type To = (changed: Partial<GroupSearch>) => string

/** The marks of a view, their names in the reader's language. */
export function toMapView(result: MapResult, given: Words, to: To): MapView {
  const { total, unplaced, bounds } = result
  const words = { ...given, t: remembering(given.t) }
  return {
    total,
    unplaced,
    ...(unplaced > 0 ? { note: words.t('map.unplaced', { count: unplaced }) } : {}),
    bounds: bounds ?? null,
    marks: [...result.marks.map((mark) => toMark(mark, result, words, to)), ...result.areas.map((area) => toAreaMark(area, result, words, to))].sort(
      (a, b) => a.lng - b.lng || b.lat - a.lat,
    ),
  }
}

/** Many marks of a view have the same name. */
function remembering(t: Translate): Translate {
  const said = new Map<string, string>()
  return (key, values) => {
    const what = JSON.stringify([key, values])
    const text = said.get(what) ?? t(key, values)
    said.set(what, text)
    return text
  }
}

function toMark(mark: Mark, result: MapResult, words: Words, to: To): MapMark {
  const { kind, count } = mark
  const groups = groupsOf(mark, result, words)
  const label = kind === 'group' && groups[0] ? nameOf(groups[0], words) : clusterName(mark, result, words)
  return {
    kind,
    ...point(mark),
    count,
    label,
    ...(kind === 'cluster' ? { bounds: mark.bounds } : groups.length > 0 ? { groups } : {}),
    ...(kind === 'spot' && count > groups.length ? { url: to({ bbox: mark.bounds }) } : {}),
  }
}

function toAreaMark(mark: Area, result: MapResult, words: Words, to: To): MapMark {
  const { kind, count, places, area } = mark
  const { t, format } = words
  if (kind === 'areas') return { kind, ...point(mark), count, label: t('map.areas', { count, places }), bounds: mark.bounds }
  const code = result.state.snapshot[`${kind}Names`].values[area]!
  const groups = groupsOf(mark, result, words)
  const facets = { ...result.search.facets, [kind]: [code] }
  return {
    kind,
    ...point(mark),
    count,
    label: t(`map.somewhere.${kind}`, { count, place: format[kind](code) }),
    ...(groups.length > 0 ? { groups } : {}),
    ...(count > groups.length ? { url: to({ facets }) } : {}),
  }
}

/** « 12 groupes vers Dakar »; seen from afar, by country. */
function clusterName(mark: Mark, { state, view, places }: MapResult, { t, format }: Words): string {
  const { kind, count, mixed, slot } = mark
  const row = places.get(state.snapshot.num[slot]!)
  const place = row && (row.place ?? (row.region ? format.region(row.region) : undefined))
  if (place && kind === 'spot' && !view.last) return t('map.spot', { count, place })
  if (place) return t('map.near', { count, place })
  const code = state.snapshot.countryNames.values[mark.country]
  if (!code) return t('map.some', { count })
  return t(mixed ? 'map.around' : 'map.within', { count, place: format.country(code) })
}

function nameOf({ name, type, place }: MapGroup, { t }: Words): string {
  return [name, t('share.group', { type: t(`type.${type}`) }), place].filter(Boolean).join(', ')
}

/** Of one group all that its popup shows, of several what a list of names needs. */
function groupsOf({ kind, slots }: Mark | Area, { state: { snapshot }, rows }: MapResult, { format }: Words): MapGroup[] {
  return slots.flatMap((slot) => {
    const row = rows.get(snapshot.num[slot]!)
    if (!row) return []
    const name = toName(row, precisions[snapshot.precision[slot]!] as MapGroup['precision'])
    return [kind === 'group' ? { ...name, ...toFacts(row, format) } : name]
  })
}

function toName(row: MapRow, precision: MapGroup['precision']): MapGroup {
  const { lang, dir } = languageOf(row.languages ? (JSON.parse(row.languages) as string[]) : undefined)
  return { shortName: row.short_name, name: row.name, type: row.type, precision, lang, dir, url: urls.group(row.short_name) }
}

function toFacts(row: MapRow, format: Words['format']): Pick<MapGroup, 'summary' | 'place' | 'join'> {
  const join = joinOf({ links: JSON.parse(row.links ?? '[]') as Link[] })
  const place = placeOf({ place: row.place ?? undefined, country: row.country ?? undefined, region: row.region ?? undefined }, format)
  return { summary: row.summary, ...(place ? { place } : {}), ...(join ? { join } : {}) }
}

/** Five decimals are a metre. */
function point({ lat, lng }: { lat: number; lng: number }): { lat: number; lng: number } {
  const round = (degrees: number) => Math.round(degrees * 1e5) / 1e5
  return { lat: round(lat), lng: round(lng) }
}
