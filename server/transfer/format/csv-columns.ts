import { services } from '../../group/rules.ts'
import type { GroupRecord, Link, Partner, Role } from '../../schema-types.ts'
import { joinItems, splitItems } from './items.ts'

/**
 * A record as the cells of one row; an absent fact is an empty cell.
 * - A column is a key of the record, or a path to one: `position.lat`, `nextMeeting.at`, `banner.url`, `origin.server`.
 * - `languages`, `publicServices`, `welcome` are items; `keywords` are items, the labels: their slugs follow from them.
 * - `link:<service>`: items `url label`; an address holds no space, so the label begins after the first one.
 * - `roles`: items `role[ wanted][ since YYYY-MM-DD][: holder]`.
 * - `partners`: items `name[;url[;logo address;width;height;alt]]`, escaped like items themselves.
 * Items are joined by `|` (`joinItems`). `url` is for readers; what the server computes is not read back.
 */
export const columnNames = [
  ...['shortName', 'name', 'summary', 'type', 'activity', 'description', 'languages', 'keywords', 'country', 'region', 'place'],
  ...['position.lat', 'position.lng', 'position.precision', 'memberCount', 'memberCountAt', 'meets'],
  ...['nextMeeting.at', 'nextMeeting.url', 'nextMeeting.place'],
  ...services.map((service) => `link:${service}`),
  ...['publicServices', 'roles', 'welcome', 'partners', 'parent', 'licence'],
  ...['banner', 'logo'].flatMap((picture) => ['url', 'width', 'height', 'alt'].map((fact) => `${picture}.${fact}`)),
  ...['url', 'id', 'createdAt', 'updatedAt', 'checkedAt', 'revision'],
  ...['server', 'source', 'sourceId', 'sourceUrl', 'goneAt'].map((fact) => `origin.${fact}`),
]

export function toCells(record: GroupRecord): string[] {
  const links = new Map<string, string[]>()
  for (const { service, url, label } of record.links ?? [])
    links.set(service, [...(links.get(service) ?? []), label === undefined ? url : `${url} ${label}`])
  return columns.map(({ service, path, codec }) => {
    if (service) return joinItems(links.get(service) ?? [])
    const value = path.reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], record)
    return value === undefined ? '' : codec.write(value)
  })
}

/** What a row says, in the shape of a record but unchecked: a number that is none stays text. */
export function fromCells(cells: Map<string, string>): Record<string, unknown> {
  const record: Record<string, unknown> = {}
  const links: Link[] = []
  for (const { name, service, path, codec } of columns) {
    const text = cells.get(name)?.trim() ?? ''
    if (text === '') continue
    if (service) links.push(...splitItems(text).map((item) => readLink(service, item)))
    else set(record, path, codec.read(text))
  }
  if (links.length > 0) record.links = links
  for (const picture of ['banner', 'logo'] as const) if (isObject(record[picture])) record[picture].alt ??= ''
  return record
}

interface Codec {
  write: (value: unknown) => string
  read: (text: string) => unknown
}

const text: Codec = { write: String, read: (cell) => cell }
const number: Codec = { write: String, read: (cell) => (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(cell) ? Number(cell) : cell) }
const codecs: Record<string, Codec> = {
  languages: listOf(String, String),
  publicServices: listOf(String, String),
  welcome: listOf(String, String),
  keywords: listOf((keyword) => (keyword as { label: string }).label, String),
  roles: listOf((role) => writeRole(role as Role), readRole),
  partners: listOf((partner) => writePartner(partner as Partner), readPartner),
  ...Object.fromEntries(['lat', 'lng', 'memberCount', 'width', 'height', 'revision'].map((name) => [name, number])),
}
const columns = columnNames.map((name) => {
  const path = name.split('.')
  return { name, path, service: services.find((service) => name === `link:${service}`), codec: codecs[path.at(-1)!] ?? text }
})

function listOf(write: (item: unknown) => string, read: (item: string) => unknown): Codec {
  return { write: (list) => joinItems((list as unknown[]).map(write)), read: (cell) => splitItems(cell).map(read) }
}

function readLink(service: Link['service'], item: string): Link {
  const [url, ...label] = item.trim().split(' ')
  return { service, url: url!, ...(label.length > 0 ? { label: label.join(' ') } : {}) }
}

function writeRole({ role, wanted, since, holder }: Role): string {
  return `${role}${wanted ? ' wanted' : ''}${since ? ` since ${since}` : ''}${holder === undefined ? '' : `: ${holder}`}`
}

function readRole(item: string): unknown {
  const [, role, wanted, since, holder] = /^\s*([^\s:]+)( wanted)?(?: since ([^\s:]+))?\s*(?:: (.*))?$/s.exec(item) ?? []
  return role === undefined ? item : { role, holder, since, wanted: wanted !== undefined }
}

function writePartner({ name, url, logo }: Partner): string {
  if (!logo) return joinItems(url === undefined ? [name] : [name, url], ';')
  return joinItems([name, url ?? '', logo.url, String(logo.width), String(logo.height), logo.alt], ';')
}

function readPartner(item: string): unknown {
  const [name, url, logo, width = '', height = '', alt = ''] = splitItems(item, ';')
  return { name, url, ...(logo ? { logo: { url: logo, width: number.read(width), height: number.read(height), alt } } : {}) }
}

function set(record: Record<string, unknown>, path: string[], value: unknown): void {
  const [first, second] = path as [string, string?]
  if (second === undefined) record[first] = value
  else record[first] = { ...(isObject(record[first]) ? record[first] : {}), [second]: value }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
