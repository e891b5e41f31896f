import type { Deps } from '../deps.ts'
import { getKeyword } from '../ecosystem/find-keyword.ts'
import { toKeywordRecord } from '../ecosystem/present.ts'
import { findEcosystem } from '../ecosystem/queries.ts'
import { badRequest, notFound } from '../errors.ts'
import { findByAnyName } from '../group/current.ts'
import { trackers } from '../http/address.ts'
import { addressReaderFor, toFaults } from '../schema.ts'
import type { GroupQuery } from '../schema-types.ts'
import type { Locale } from '../text/translate.ts'
import * as urls from '../urls.ts'
import { pathOf, type Scope } from './generator-words.ts'
import { readWidgetQuery, type WidgetOptions } from './options.ts'

/** The page that an address means, as a widget would show it. */
export interface Target {
  scope: Scope
  kind: 'list' | 'map' | 'group'
  options: WidgetOptions
  /** Root-relative, 1200 × 630. */
  picture?: string
}

const mostOnPage = 50
const readQuery = addressReaderFor<GroupQuery>('/schemas/group-query.json')

/**
 * Reads the address of a list, map or group of this server; what a list has chosen is locked. Other spellings and former names are
 * followed. Throws a 400 when it is no address or its choices cannot be read, a 404 when there is nothing here to show.
 */
export async function findTarget(deps: Deps, address: string): Promise<Target> {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol)) throw badRequest([{ field: 'url', message: { key: 'error.field.pattern.web' } }])
  if (url.host !== new URL(deps.config.publicUrl).host) throw notFound({ key: 'oembed.elsewhere' })
  const shortName = /^\/g\/([^/]+)$/.exec(url.pathname)?.[1]
  if (shortName !== undefined) return groupTarget(deps, decode(shortName), langOf(url))
  const isMap = urls.isMap(url.pathname)
  const kind = isMap ? 'map' : 'list'
  const scope = await findScope(deps, urls.listOf(url.pathname))
  const options = readWidgetQuery(readChoices(url), kind)
  return { scope, kind, options, picture: scope.of === 'all' ? undefined : urls.sharePicture(pathOf(scope)) }
}

async function groupTarget(deps: Deps, shortName: string, lang: Locale | undefined): Promise<Target> {
  const row = await findByAnyName(deps.db, shortName)
  if (!row) throw notFound({ key: 'error.noGroup', values: { name: shortName.slice(0, 60) } })
  const scope: Scope = { of: 'group', name: row.short_name, title: row.name }
  return { scope, kind: 'group', options: readWidgetQuery({ lang }, 'group'), picture: urls.sharePicture(pathOf(scope)) }
}

async function findScope(deps: Deps, listPath: string): Promise<Scope> {
  if (listPath === urls.groups) return { of: 'all', title: '' }
  const asked = /^\/e\/([^/]+)$/.exec(listPath)?.[1]
  if (asked === undefined) throw notFound({ key: 'oembed.noPage' })
  const state = await deps.catalogue.current(deps.db)
  const name = getKeyword(state, decode(asked))
  const row = await findEcosystem(deps.db, name)
  return { of: 'keyword', name, title: row?.title ?? toKeywordRecord(name, state, '').title }
}

/** The choices in a list's address, as a widget's own. Where a reader had got to and came from is no choice. */
function readChoices({ searchParams }: URL): GroupQuery & { limit?: number } {
  const params = new URLSearchParams([...searchParams].filter(([name]) => !trackers.test(name) && name !== 'after'))
  const { value, errors } = readQuery(params)
  if (errors.length > 0) throw badRequest(toFaults(errors.map((error) => ({ ...error, field: error.field.split('/')[0] ?? '' }))))
  const { size, ...choices } = value
  return { ...choices, ...(size === undefined ? {} : { limit: Math.min(size, mostOnPage) }) }
}

function langOf({ searchParams }: URL): Locale | undefined {
  const lang = searchParams.get('lang')
  return lang === 'fr' || lang === 'en' ? lang : undefined
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw notFound({ key: 'oembed.noPage' })
  }
}
