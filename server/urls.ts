/** Every address of the site is written here. Root-relative; `absolute` puts the server's own address before it. */

export type Params = [name: string, value: string][]

export const home = '/'
export const groups = '/groups'
export const map = '/map'
export const near = '/near'
export const places = '/places.json'
export const ecosystems = '/ecosystems'
export const about = '/about'
export const privacy = '/privacy'
export const preferences = '/preferences'
export const openSearch = '/opensearch.xml'
export const robots = '/robots.txt'
export const sitemap = '/sitemap.xml'
export const api = '/api'
export const apiGroups = '/api/groups'
export const apiEcosystems = '/api/ecosystems'
export const apiDescription = '/api/openapi.json'

export function group(shortName: string): string {
  return `/g/${encodeURIComponent(shortName)}`
}

export function groupBanner(shortName: string): string {
  return `${group(shortName)}/banner.svg`
}

export function groupPrint(shortName: string): string {
  return `${group(shortName)}/print`
}

/** The picture shown where the page of a group or an ecosystem is shared. */
export function sharePicture(path: string): string {
  return `${path}/share.png`
}

export function apiGroup(shortName: string): string {
  return `${apiGroups}/${encodeURIComponent(shortName)}`
}

export function ecosystem(keyword: string): string {
  return `/e/${encodeURIComponent(keyword)}`
}

/** A map as a picture: of all groups, of an ecosystem's, of a group's place. */
export const mapPicture = '/map.svg'

export function ecosystemMapPicture(keyword: string): string {
  return `${ecosystem(keyword)}/map.svg`
}

export function groupMap(shortName: string): string {
  return `${group(shortName)}/map.svg`
}

/** The map of a list: `/groups` → `/map`, `/e/energie` → `/e/energie/map`. A map's is itself. */
export function mapOf(path: string): string {
  if (!path.startsWith('/e/')) return map
  return isMap(path) ? path : `${path}/map`
}

/** The list that a map shows: the other way round. */
export function listOf(path: string): string {
  return path === map ? groups : path.replace(/^(\/e\/[^/]+)\/map$/, '$1')
}

export function isMap(path: string): boolean {
  return listOf(path) !== path
}

export function identity(id: string): string {
  return `/id/${id}`
}

/** A part of a sitemap too long for one file, counted from 1. */
export function sitemapPart(part: number): string {
  return `/sitemap/${part}.xml`
}

/** A JSON Schema, by its `$id`'s last part without the ending. */
export function schema(name: string): string {
  return `/schemas/${name}.json`
}

/** The machine twin of a page: `/groups` → `/groups.json`. */
export function twin(path: string, extension: 'json' | 'geojson' | 'csv' | 'atom' | 'jsonld'): string {
  return `${path}.${extension}`
}

export function withParams(path: string, params: Params): string {
  const query = new URLSearchParams(params).toString().replaceAll('%2C', ',')
  return query ? `${path}?${query}` : path
}

export function absolute(publicUrl: string, path: string): string {
  return `${publicUrl}${path}`
}
