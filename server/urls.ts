import type { WidgetKind } from './widget/options.ts'

/** Every address of the site is written here. Root-relative; `absolute` puts the server's own address before it. */

export type Params = [name: string, value: string][]

export const home = '/'
export const groups = '/groups'
export const map = '/map'
export const near = '/near'
export const places = '/places.json'
export const ecosystems = '/ecosystems'
export const network = '/network'
export const about = '/about'
export const privacy = '/privacy'
export const preferences = '/preferences'
export const signIn = '/sign-in'
export const signOut = '/sign-out'
export const me = '/me'
export const meAddress = '/me/address'
export const meSessions = '/me/sessions'
export const meTokens = '/me/tokens'
export const meTokenRevoke = '/me/tokens/revoke'
export const meData = '/me/data'
export const meDelete = '/me/delete'
export const openSearch = '/opensearch.xml'
export const robots = '/robots.txt'
export const sitemap = '/sitemap.xml'
export const api = '/api'
export const apiGroups = '/api/groups'
export const apiKeywords = '/api/keywords'
export const apiEcosystems = '/api/ecosystems'
export const apiDescription = '/api/openapi.json'
export const changes = '/changes'
export const wholeCopy = '/groups.ndjson'
export const dataset = '/dataset.jsonld'
export const nodeInfoLinks = '/.well-known/nodeinfo'
export const nodeInfo = '/nodeinfo/2.1'
export const webFinger = '/.well-known/webfinger'
export const keySet = '/.well-known/jwks.json'
export const wellKnownVoid = '/.well-known/void'

export function group(shortName: string): string {
  return `/g/${encodeURIComponent(shortName)}`
}

export function groupBanner(shortName: string): string {
  return `${group(shortName)}/banner.svg`
}

/** Where a group's banner and logo are chosen; with `kind`, where one of them is sent, and `remove` where it is taken away. */
export function groupPictures(shortName: string, kind?: 'banner' | 'logo', remove?: 'remove'): string {
  return [`${group(shortName)}/pictures`, kind, remove].filter(Boolean).join('/')
}

/** A picture kept here, by its name below DATA_DIR/uploads. */
export function upload(name: string): string {
  return `/uploads/${name}`
}

/** What changed in a record; with `revision`, that one beside today's. */
export function groupHistory(shortName: string, revision?: number): string {
  return `${group(shortName)}/history${revision === undefined ? '' : `/${revision}`}`
}

/** The form of a record; `part` is what else is asked of it. */
export function groupEdit(shortName: string, part?: 'preview' | 'checked'): string {
  return `${group(shortName)}/edit${part ? `/${part}` : ''}`
}

export function groupDelete(shortName: string): string {
  return `${group(shortName)}/delete`
}

export function groupRestore(shortName: string): string {
  return `${group(shortName)}/restore`
}

/** Where a group says that another server keeps it from now on, and what it reads once that is done. */
export function groupMove(shortName: string, part?: 'done'): string {
  return `${group(shortName)}/move${part ? `/${part}` : ''}`
}

/** Where a group that came from another server says from where; `from` is its record's address there. */
export function groupArrival(shortName: string, from?: string): string {
  return arrivalOf(group(shortName), from)
}

/** The same of a group's page on a server like this one. */
export function arrivalOf(page: string, from?: string): string {
  return withParams(`${page}/arrival`, from ? [['from', from]] : [])
}

export function groupPrint(shortName: string): string {
  return `${group(shortName)}/print`
}

/** The form to sign in, which leads back to a page of this site. */
export function signInTo(back: string): string {
  return withParams(signIn, [['back', back]])
}

/** What a mailed link opens: a page that asks for a click. */
export function mailedLink(secret: string): string {
  return `${signIn}/${secret}`
}

/** Who animates a group; `remove` takes one of them out. */
export function groupAnimators(shortName: string, remove?: 'remove'): string {
  return `${group(shortName)}/animators${remove ? '/remove' : ''}`
}

/** Where a visitor writes to a group's animators, perhaps to offer to take a role. */
export function groupWrite(shortName: string, role?: string): string {
  return withParams(`${group(shortName)}/write`, role ? [['role', role]] : [])
}

/** What a visitor wrote, for the group's animators. */
export function groupLetter(shortName: string, id: string): string {
  return `${group(shortName)}/letters/${id}`
}

/** Where anybody suggests a correction of a record, or reports what is wrong with it. */
export function groupSuggest(shortName: string): string {
  return `${group(shortName)}/suggest`
}

/** What was suggested, for those who keep the record. */
export function groupSuggestions(shortName: string): string {
  return `${group(shortName)}/suggestions`
}

/** Where a group is proposed; `part` is what the form asks for while it is filled in. */
export function newGroup(part?: 'preview' | 'short-name'): string {
  return `/new${part ? `/${part}` : ''}`
}

/** A proposal, for who made it. */
export function proposal(id: string): string {
  return `/new/${id}`
}

/** Proposals to review; with `id`, one of them. */
export function review(id?: string): string {
  return `/me/proposals${id ? `/${id}` : ''}`
}

/** The sources that operators follow, or those of an ecosystem; with `id`, one of them, and `remove` where it is taken away. */
export function sources(keyword?: string, id?: string, part?: 'remove'): string {
  return [keyword === undefined ? '/me/sources' : `${ecosystem(keyword)}/sources`, id, part].filter(Boolean).join('/')
}

/** Records that may be of one group, to be decided by people. */
export const duplicates = '/me/duplicates'

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

/** The script that other sites load to fit their frames to what is in them. */
export const embedScript = '/embed.js'

/** A widget, which other sites may frame: of all groups, of a keyword's, or of the group called `name`. */
export function embed(kind: WidgetKind, name?: string): string {
  return `/embed/${kind}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`
}

/** The widgets' styles with another colour, as `rrggbb`; `mark` tells its versions apart. */
export function embedStyles(accent: string, mark: string): string {
  return `/embed/styles/${accent}.css?v=${mark}`
}

/** Answers for a page what other sites need to show it. */
export const oembed = '/oembed'

/** The maker of widgets for a page: `/groups` → `/widgets`, `/e/energie` → `/e/energie/widgets`, `/g/rade` → `/g/rade/widgets`. */
export function widgetsOf(path: string): string {
  const list = listOf(path)
  return list === groups ? '/widgets' : `${list}/widgets`
}

/** The mails of the demo. */
export const outbox = '/outbox'

export function outboxMail(id: string): string {
  return `${outbox}/${id}`
}

/** The mails that could not be delivered, for operators. */
export const troubledMails = '/me/mail'

export function identity(id: string): string {
  return `/id/${id}`
}

/** The address of a record at the server that keeps it. What came in a file of another Archipel says the server alone. */
export function elsewhere({ id, origin_server, source_url }: { id: string; origin_server: string; source_url: string | null }): string {
  return source_url ?? absolute(origin_server, identity(id))
}

/** The feed of changes, of all groups or of a keyword's; with `part`, a page or an index of it. */
export function feed(keyword?: string, part?: { kind: 'page' | 'index'; number: number }): string {
  const params: Params = keyword === undefined ? [] : [['keyword', keyword]]
  return withParams(changes, part ? [...params, [part.kind, String(part.number)]] : params)
}

/** What names a change; it is told of on a page of the feed. */
export function change(seq: number): string {
  return `${changes}#${seq}`
}

/** The index that speaks Murmurations' protocol. */
export const index = '/v2'
export const indexPing = '/v2/ping'
export const indexNodes = '/v2/nodes'
export const indexMap = '/v2/get-nodes'
export const indexExport = '/v2/export'
export const indexValidate = '/v2/validate'

export function indexNode(id: string): string {
  return `${indexNodes}/${id}`
}

/** A group as a Murmurations profile. */
export function murmurationsProfile(shortName: string): string {
  return `${group(shortName)}/murmurations.json`
}

/** All groups at once for other servers, or those of a keyword. */
export function wholeCopyOf(keyword?: string): string {
  return withParams(wholeCopy, keyword === undefined ? [] : [['keyword', keyword]])
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

/** This path with the query of an address that was asked for. */
export function withQueryOf(asked: string, path: string): string {
  const at = asked.indexOf('?')
  return at < 0 || path.includes('?') ? path : path + asked.slice(at)
}

export function absolute(publicUrl: string, path: string): string {
  return `${publicUrl}${path}`
}
