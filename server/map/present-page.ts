import type { Words } from '../group/view-list.ts'
import * as urls from '../urls.ts'
import type { Mark } from './clusters.ts'
import { lastZoom } from './find.ts'

/** What the script of a map needs, as data attributes. */
export interface MapBox {
  /** Of the marks; the page's own choices, a view and a zoom are added to it. */
  marksUrl: string
  /** West, south, east, north of all groups found, or `zoom/lat/lng` as the ecosystem wants it; empty when there is neither. */
  bounds: string
  view: string
  lastZoom: number
  tilesUrl?: string
  tilesAttribution: string
  /** What stands before the names of a reader's own choices in the address. */
  prefix: string
  wordsJson: string
}

export function toMapBox({
  path,
  bounds,
  view,
  words,
  config,
  prefix = '',
}: {
  path: string
  bounds: Mark['bounds'] | undefined
  view: { lat: number; lng: number; zoom: number } | undefined
  words: Words
  config: { tilesUrl?: string; tilesAttribution?: string }
  prefix?: string
}): MapBox {
  return {
    marksUrl: urls.twin(path, 'json'),
    bounds: bounds?.join(',') ?? '',
    view: view ? `${view.zoom}/${view.lat}/${view.lng}` : '',
    lastZoom: lastZoom(config),
    tilesUrl: config.tilesUrl,
    tilesAttribution: config.tilesAttribution ?? '',
    prefix,
    wordsJson: JSON.stringify(wordsOfScript(words)),
  }
}

/** What the script says by itself. */
function wordsOfScript({ t }: Words): Record<string, string> {
  return {
    zoomIn: t('map.zoomIn'),
    zoomOut: t('map.zoomOut'),
    close: t('map.close'),
    wheel: t('map.wheel'),
    fingers: t('map.fingers'),
    failed: t('map.failed'),
    empty: t('map.empty'),
    more: t('map.more'),
    see: t('card.see'),
    join: t('card.join'),
    site: t('card.site'),
    thematic: t('type.thematic'),
    territorial: t('type.territorial'),
    support: t('type.support'),
    exact: t('precision.exact'),
    place: t('precision.place'),
    region: t('precision.region'),
    country: t('precision.country'),
  }
}
