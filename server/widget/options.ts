import { AppError } from '../errors.ts'
import { type GroupSearch, readCursor, readSearch, toParams } from '../group/query.ts'
import type { GroupQuery, WidgetQuery } from '../schema-types.ts'
import type { Params } from '../urls.ts'

/** Lists of groups, of one keyword or all; one group; the groups beside one. */
export type WidgetKind = 'list' | 'cards' | 'map' | 'count' | 'group' | 'neighbours'

export interface WidgetOptions {
  /** What the site chose: nothing in the widget can undo it. */
  locked: GroupSearch
  /** What a visitor chose within it, in the order shown. */
  mine: GroupSearch
  controls: 'none' | 'search' | 'facets' | 'all'
  /** Groups on a page; the kind's own number unless said. */
  limit?: number
  /** Short name of a group left out. */
  except?: string
  lang: 'fr' | 'en' | 'auto'
  theme: 'auto' | 'light' | 'dark'
  /** `rrggbb`, in small letters. */
  accent?: string
  /** Instead of the usual one; empty for none. */
  heading?: string
}

/** Kinds that show a list, whole or of one keyword; the others are of one group. */
export const listKinds = ['list', 'cards', 'map', 'count'] as const

/** Options that a widget of one group understands, besides which it has no choices. */
export const groupOptions = { group: ['lang', 'theme', 'accent', 'heading'], neighbours: ['limit', 'lang', 'theme', 'accent', 'heading'] } as const

/** What a frame measures, in pixels, where the script that fits it is not there. */
export const frameHeights: Readonly<Record<WidgetKind, number>> = { list: 640, cards: 720, map: 620, count: 96, group: 420, neighbours: 420 }

/** Groups on a page unless said. */
export const defaultLimits: Readonly<Record<WidgetKind, number>> = { list: 20, cards: 12, map: 10, count: 1, group: 1, neighbours: 8 }

const choices = ['q', 'type', 'activity', 'keyword', 'country', 'region', 'language', 'server', 'wanted', 'bbox', 'near', 'radius'] as const

/** Reads a query that its schema has passed. Throws a 400 that names the parameter. */
export function readWidgetQuery(query: WidgetQuery, kind: WidgetKind): WidgetOptions {
  const { controls = 'search', limit, except, lang = 'auto', theme = 'auto', heading } = query
  const locked = readSearch(pick(query, ''))
  const mine = readMine(query)
  const sort = query.sort ? locked.sort : locked.q || mine.q ? 'relevance' : mine.near ? 'distance' : 'name'
  const after = query.after === undefined ? undefined : readCursor(query.after, sort)
  return {
    locked,
    mine: { ...mine, sort, size: limit ?? defaultLimits[kind], after },
    controls,
    limit,
    except,
    lang,
    theme,
    accent: query.accent?.toLowerCase(),
    heading: heading?.trim(),
  }
}

/** The address parameters of a widget as its site wants it, in one order, defaults left out. */
export function toWidgetParams({ locked, controls, limit, except, lang, theme, accent, heading }: WidgetOptions): Params {
  const params = toParams(locked)
  if (controls !== 'search') params.push(['controls', controls])
  if (limit !== undefined) params.push(['limit', String(limit)])
  if (except) params.push(['except', except])
  if (lang !== 'auto') params.push(['lang', lang])
  if (theme !== 'auto') params.push(['theme', theme])
  if (accent) params.push(['accent', accent])
  if (heading !== undefined) params.push(['heading', heading])
  return params
}

/** A visitor's choices as address parameters. */
export function toMyParams(mine: GroupSearch): Params {
  return toParams(mine)
    .filter(([name]) => name !== 'sort' && name !== 'size')
    .map(([name, value]) => [`my-${name}`, value])
}

function readMine(query: WidgetQuery): GroupSearch {
  try {
    return readSearch(pick(query, 'my-'))
  } catch (error) {
    if (!(error instanceof AppError) || !error.errors) throw error
    throw new AppError(error.code, { errors: error.errors.map((fault) => ({ ...fault, field: `my-${fault.field}` })) })
  }
}

/** The choices behind a prefix, under their plain names; order is the site's alone. */
function pick(query: WidgetQuery, prefix: '' | 'my-'): GroupQuery {
  const found = choices.map((name) => [name, query[`${prefix}${name}`]])
  return { ...Object.fromEntries(found.filter(([, value]) => value !== undefined)), ...(prefix === '' && query.sort ? { sort: query.sort } : {}) }
}
