import type { CatalogueState } from '../catalogue/catalogue.ts'
import { lastLatitude } from '../catalogue/mercator.ts'
import type { Deps } from '../deps.ts'
import { badRequest } from '../errors.ts'
import { type Bounds, matchGroups } from '../group/list.ts'
import { listNamed, type NamedRow } from '../group/queries.ts'
import { type GroupSearch, readSearch } from '../group/query.ts'
import type { MapQuery } from '../schema-types.ts'
import { type Area, areas } from './areas.ts'
import { clusters, type Mark, mostListed, namedFrom } from './clusters.ts'
import { type Extent, extentOf } from './extent.ts'
import type { View } from './grid.ts'
import { listMapRows, type MapRow } from './queries.ts'

/** What is looked at: a view, or the one mark of it that is at this point. */
export interface Sight {
  view: View
  at?: { lat: number; lng: number }
}

export interface MapResult extends Extent {
  search: GroupSearch
  state: CatalogueState
  view: View
  total: number
  marks: Mark[]
  areas: Area[]
  /** By number, those that are told. */
  rows: Map<number, MapRow>
  /** By number, those whose place names a mark of several. */
  places: Map<number, NamedRow>
}

/** Our own base map says nothing more beyond; tiles may. */
const lastZooms = { own: 12, tiles: 18 }
const mostRows = 150
/** A list of fewer names would tell nothing: a popup asks for its own. */
const fewestListed = 3

export function lastZoom({ tilesUrl }: { tilesUrl?: string }): number {
  return tilesUrl ? lastZooms.tiles : lastZooms.own
}

/** Reads a query that its schema has passed. Throws a 400 that names the parameter. */
export function readMapQuery({ zoom, view, at, ...choices }: MapQuery, config: { tilesUrl?: string }): Sight & { search: GroupSearch } {
  return { search: readSearch(choices), ...readSight({ zoom, view, at }, config) }
}

/** What to show of the groups that match in a view. `scope` is the keyword of the ecosystem looked at. */
export async function findMapView(
  deps: Deps,
  { search, view, at }: Sight & { search: GroupSearch },
  scope?: string,
  bounds?: Bounds,
): Promise<MapResult> {
  const { slots, state } = await matchGroups(deps, search, scope, bounds)
  const all = clusters(state.snapshot, slots, view)
  const around = areas(state.snapshot, slots, view, all)
  const isAsked = (mark: Pick<Mark, 'lat' | 'lng'>) => !at || (Math.abs(mark.lat - at.lat) < 1e-5 && Math.abs(mark.lng - at.lng) < 1e-5)
  const shown = { marks: all.filter(isAsked), areas: around.filter(isAsked) }
  shorten([...shown.marks, ...shown.areas])
  const named = shown.marks.filter(({ kind }) => kind === 'spot' || (kind === 'cluster' && view.zoom >= namedFrom)).map(({ slot }) => slot)
  const told = [...shown.marks, ...shown.areas].flatMap((mark) => mark.slots)
  const numsOf = (some: number[]) => some.map((slot) => state.snapshot.num[slot]!)
  return {
    search,
    state,
    view,
    total: slots.length,
    ...extentOf(state.snapshot, slots),
    ...shown,
    rows: await listMapRows(deps.db, numsOf(told)),
    places: await listNamed(deps.db, numsOf(named)),
  }
}

/** Throws a 400 that names the parameter. */
export function readSight({ zoom, view, at }: Pick<MapQuery, 'zoom' | 'view' | 'at'>, config: { tilesUrl?: string }): Sight {
  const [lat, lng] = at?.split(',').map(Number) ?? []
  return { view: readView(view, zoom, config), at: lat === undefined || lng === undefined ? undefined : { lat, lng } }
}

/** Longitudes are brought back into the world; a view of more than the world is the world. Throws a 400 that names `view`. */
function readView(text: string | undefined, zoom = 2, config: { tilesUrl?: string } = {}): View {
  const last = lastZoom(config)
  const [west, south, east, north] = (text ?? '-180,-90,180,90').split(',').map(Number) as [number, number, number, number]
  if (Math.max(Math.abs(west), Math.abs(east)) > 1000 || Math.max(Math.abs(south), Math.abs(north)) > 90 || south > north)
    throw badRequest([{ field: 'view', message: { key: 'error.field.bbox' } }])
  const all = east - west >= 360
  const inLatitude = (lat: number) => Math.max(-lastLatitude, Math.min(lastLatitude, lat))
  return {
    west: all ? -180 : inWorld(west),
    east: all ? 180 : inWorld(east),
    south: inLatitude(south),
    north: inLatitude(north),
    zoom: Math.min(zoom, last),
    last: zoom >= last,
  }
}

function inWorld(lng: number): number {
  return lng >= -180 && lng <= 180 ? lng : ((((lng + 180) % 360) + 360) % 360) - 180
}

/** Every single group is told; what is left of the answer's length is shared among the lists, if there is enough of it. */
function shorten(marks: { slots: number[] }[]): void {
  const lists = marks.filter(({ slots }) => slots.length > 1)
  const each = Math.min(mostListed, Math.floor(mostRows / lists.length))
  for (const mark of lists) mark.slots.length = Math.min(mark.slots.length, each < fewestListed ? 0 : each)
}
