import { originOf } from '../copies/rules.ts'
import { longestStatement } from '../move/statement.ts'

/** A member of a stream of changes: what happened to a record, when, and which version and keywords it has since. */
export interface Change {
  id: string
  /** The record. */
  iri: string
  kind: 'put' | 'delete'
  /** ISO time, as it was published. */
  at: string
  version?: string
  keywords?: string[]
  /** What the record's former home signed when it left, not checked yet. */
  forwarding?: string
}

/** One page of a stream: its members and the pages it leads to, each with the times it covers, from … until before …. */
export interface FeedPage {
  changes: Change[]
  links: { url: string; from?: string; before?: string }[]
}

type Node = Record<string, unknown>

/** A record has fewer; of more, none is believed: it is asked itself. */
const mostKeywords = 200

/**
 * Reads a page of a Linked Data Event Stream of ActivityStreams members, whichever way its JSON-LD abbreviates names; no context is ever loaded.
 * Nothing when it is something else.
 */
export function readFeedPage(json: unknown, url: string): FeedPage | undefined {
  const nodes = nodesOf(json)
  const byId = new Map(nodes.flatMap((node) => (idOf(node) ? [[idOf(node)!, node] as const] : [])))
  const members = nodes
    .flatMap((node) => list(node, 'member'))
    .map((member) => (isNode(member) && typeOf(member) ? member : byId.get(idOf(member) ?? '')))
  const relations = nodes.flatMap((node) => list(node, 'relation')).filter(isNode)
  const isFeed = members.length + relations.length > 0 || nodes.some((node) => /EventStream|Node|Collection/.test(typeOf(node) ?? ''))
  return isFeed ? { changes: [...new Set(members)].flatMap((member) => (member ? toChange(member) : [])), links: toLinks(relations, url) } : undefined
}

function nodesOf(json: unknown): Node[] {
  const tops = (Array.isArray(json) ? json : [json]).filter(isNode)
  const graphs = tops.flatMap((top) => list(top, 'graph')).filter(isNode)
  const all = [...tops, ...graphs]
  return [...all, ...all.flatMap((node) => list(node, 'view')).filter(isNode)]
}

function toChange(member: Node): Change[] {
  const [id, type] = [idOf(member), typeOf(member)]
  const [object] = [...list(member, 'isVersionOf'), ...list(member, 'object')]
  const iri = idOf(object)
  const at = timeOf(list(member, 'published')[0])
  if (!id || !iri || !originOf(iri) || !at || !/^(Create|Update|Delete)$/.test(type ?? '')) return []
  const inner = isNode(object) ? object : {}
  const version = textOf([...list(member, 'version'), ...list(inner, 'version')][0])?.slice(0, 200)
  const keywords = [...list(member, 'keywords'), ...list(inner, 'keywords')].flatMap((one) => textOf(one)?.slice(0, 100) ?? [])
  const forwarding = textOf(list(member, 'forwarding')[0])
  const facts = {
    ...(version && isKeepable(version) ? { version } : {}),
    ...(keywords.length > 0 && keywords.length <= mostKeywords ? { keywords } : {}),
    ...(forwarding && forwarding.length <= longestStatement ? { forwarding } : {}),
  }
  return [{ id, iri, kind: type === 'Delete' ? 'delete' : 'put', at, ...facts }]
}

/** Several relations to one page together say what it covers. */
function toLinks(relations: Node[], base: string): FeedPage['links'] {
  const links = new Map<string, FeedPage['links'][number]>()
  for (const relation of relations) {
    const url = URL.parse(idOf(list(relation, 'node')[0]) ?? '', base)?.href
    if (!url) continue
    const link = links.get(url) ?? { url }
    const value = timeOf(list(relation, 'value')[0])
    if (/GreaterThan/.test(typeOf(relation) ?? '')) link.from = value
    if (/LessThanRelation/.test(typeOf(relation) ?? '')) link.before = value
    links.set(url, link)
  }
  return [...links.values()]
}

/** Not every text of JSON can be kept in every database. */
function isKeepable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** As an ISO time; years that have not four digits are not in the order of their letters. */
function timeOf(value: unknown): string | undefined {
  const time = Date.parse(textOf(value) ?? '')
  const iso = Number.isNaN(time) ? '' : new Date(time).toISOString()
  return /^\d{4}-/.test(iso) ? iso : undefined
}

/** The values of a name, whatever its prefix. */
function list(node: Node, name: string): unknown[] {
  return Object.entries(node)
    .filter(([key]) => localName(key) === name)
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
}

function localName(key: string): string {
  return key.replace(/^@/, '').replace(/^.*[:#/]/, '')
}

function idOf(value: unknown): string | undefined {
  const id = isNode(value) ? (value['@id'] ?? value.id) : value
  return typeof id === 'string' && id.length <= 2000 ? id : undefined
}

function typeOf(node: Node): string | undefined {
  const [type] = [node['@type'] ?? node.type].flat()
  return typeof type === 'string' ? localName(type) : undefined
}

function textOf(value: unknown): string | undefined {
  const text = isNode(value) ? (value['@value'] ?? value['@id']) : value
  return typeof text === 'string' ? text : undefined
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
