import type { FacetName } from '../catalogue/facet.ts'
import type { Cursor, Sort } from '../catalogue/page.ts'
import type { Choices } from '../catalogue/select.ts'
import { type AppError, badRequest } from '../errors.ts'
import type { GroupQuery } from '../schema-types.ts'
import { fold, toSlug } from '../text/fold.ts'
import type { Params } from '../urls.ts'
import { canonicalLanguage } from './rules.ts'

/** The choices of section "Query" after checking what a schema cannot say. */
export interface GroupSearch {
  q: string
  facets: Partial<Record<FacetName, string[]>>
  keywords: string[]
  wanted: boolean
  bbox?: Choices['bbox']
  near?: NonNullable<Choices['near']>
  sort: Sort
  size: number
  after?: Cursor
}

export const defaultSize = 24
const defaultRadius = 50

/** Reads a query that its schema has passed. Throws a 400 that names the parameter. */
export function readSearch(query: GroupQuery): GroupSearch {
  const q = (query.q ?? '').replaceAll('\0', ' ').trim()
  const { type, activity, country, region, server } = query
  const language = query.language?.map(canonicalLanguage)
  const facets = Object.fromEntries(
    Object.entries({ type, activity, country, region, language, server }).flatMap(([name, values]) =>
      values?.length ? [[name, [...new Set(values)]]] : [],
    ),
  )
  const near = readNear(query)
  const sort = query.sort ?? (q ? 'relevance' : 'name')
  if (sort === 'distance' && !near) throw wrong('sort', 'error.field.distanceWithoutNear')
  if (query.radius !== undefined && !near) throw wrong('radius', 'error.field.radiusWithoutNear')
  return {
    q,
    facets,
    keywords: [...new Set((query.keyword ?? []).map(readKeyword))],
    wanted: query.wanted === '1',
    bbox: readBox(query.bbox),
    near,
    sort: sort === 'relevance' && !q ? 'name' : sort,
    size: query.size ?? defaultSize,
    after: query.after === undefined ? undefined : readCursor(query.after, sort === 'relevance' && !q ? 'name' : sort),
  }
}

/** Says whether an address chooses anything: what search engines need not keep. */
export function isFiltered(query: GroupQuery): boolean {
  return Object.keys(query).some((name) => name !== 'lang')
}

/** The same choices as address parameters, in one order, defaults left out. `after` and `lang` are not choices. */
export function toParams(search: GroupSearch): Params {
  const params: Params = []
  if (search.q) params.push(['q', search.q])
  for (const name of ['type', 'activity'] as const) for (const value of search.facets[name] ?? []) params.push([name, value])
  for (const value of search.keywords) params.push(['keyword', value])
  for (const name of ['country', 'region', 'language', 'server'] as const) for (const value of search.facets[name] ?? []) params.push([name, value])
  if (search.wanted) params.push(['wanted', '1'])
  if (search.bbox) params.push(['bbox', search.bbox.join(',')])
  if (search.near) params.push(['near', `${search.near.lat},${search.near.lng}`])
  if (search.near && search.near.radius !== defaultRadius) params.push(['radius', String(search.near.radius)])
  if (search.sort !== (search.q ? 'relevance' : 'name')) params.push(['sort', search.sort])
  if (search.size !== defaultSize) params.push(['size', String(search.size)])
  return params
}

/** The parameters of one page of these choices: where it begins, and its language if one was asked for. */
export function pageParams(choices: Params, { after, lang }: { after?: string; lang?: string }): Params {
  const params = [...choices]
  if (after !== undefined) params.push(['after', after])
  if (lang !== undefined) params.push(['lang', lang])
  return params
}

export function writeCursor({ sort, value, key }: Cursor): string {
  return Buffer.from(JSON.stringify([sort, value, key])).toString('base64url')
}

export function readCursor(text: string, sort: Sort): Cursor {
  try {
    const [cursorSort, value, key] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[]
    if (cursorSort === sort && typeof value === 'number' && typeof key === 'string' && key.includes('\0')) return { sort, value, key }
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error
  }
  throw wrong('after', 'error.field.cursor')
}

function readKeyword(label: string): string {
  return toSlug(label) || fold(label)
}

function readNear({ near, radius }: GroupQuery): GroupSearch['near'] {
  if (near === undefined) return undefined
  const [lat, lng] = near.split(',').map(degrees) as [number, number]
  if (Math.abs(lat) > 90 || Math.abs(lng) > 180) throw wrong('near', 'error.field.near')
  return { lat, lng, radius: radius ?? defaultRadius }
}

function readBox(text: string | undefined): Choices['bbox'] {
  if (text === undefined) return undefined
  const [west, south, east, north] = text.split(',').map(degrees) as [number, number, number, number]
  if (Math.max(Math.abs(west), Math.abs(east)) > 180 || Math.max(Math.abs(south), Math.abs(north)) > 90 || south > north)
    throw wrong('bbox', 'error.field.bbox')
  return [west, south, east, north]
}

/** A tenth of a metre is enough; a smaller number would be written as 1e-7, which is no number of an address. */
function degrees(text: string): number {
  return Math.round(Number(text) * 1e6) / 1e6
}

function wrong(field: string, key: string): AppError {
  return badRequest([{ field, message: { key } }])
}
