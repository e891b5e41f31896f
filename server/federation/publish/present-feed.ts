import * as urls from '../../urls.ts'
import type { Change } from './queries.ts'
import type { Part } from './rules.ts'

type Node = Record<string, unknown>

export interface FeedContext {
  publicUrl: string
  keyword?: string
}

/** How long followers wait between two looks, in seconds. */
const pollingInterval = 3600

const asId = (id: string) => ({ '@id': id, '@type': '@id' })
const as = (name: string) => `as:${name}`
const ldes = (name: string) => `ldes:${name}`
const tree = (name: string) => `tree:${name}`

/** Said in place: nobody has to fetch anything to understand. What is in closed pages depends on it: names may be added, none may change. */
const context = {
  as: 'https://www.w3.org/ns/activitystreams#',
  dcterms: 'http://purl.org/dc/terms/',
  ldes: 'https://w3id.org/ldes#',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  schema: 'https://schema.org/',
  tree: 'https://w3id.org/tree#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  id: '@id',
  type: '@type',
  ...Object.fromEntries(['Create', 'Update', 'Delete'].map((name) => [name, as(name)])),
  ...Object.fromEntries(['EventStream', 'RetentionPolicy', 'versionAmount', 'immutable', 'retentionPolicy'].map((name) => [name, ldes(name)])),
  ...Object.fromEntries(['Node', 'GreaterThanOrEqualToRelation', 'LessThanRelation', 'member', 'relation'].map((name) => [name, tree(name)])),
  ...Object.fromEntries(
    ['timestampPath', 'versionOfPath', 'versionDeletePath', 'versionCreateObject', 'versionUpdateObject', 'versionDeleteObject'].map((name) => [
      name,
      asId(ldes(name)),
    ]),
  ),
  pollingInterval: { '@id': ldes('pollingInterval'), '@type': 'xsd:integer' },
  versionDeleteDuration: { '@id': ldes('versionDeleteDuration'), '@type': 'xsd:duration' },
  view: asId(tree('view')),
  node: asId(tree('node')),
  path: asId(tree('path')),
  value: { '@id': tree('value'), '@type': 'xsd:dateTime' },
  published: { '@id': as('published'), '@type': 'xsd:dateTime' },
  object: asId(as('object')),
  isVersionOf: asId('dcterms:isVersionOf'),
  version: 'schema:version',
  keywords: 'schema:keywords',
  // Of a record that left for another server, or came from one.
  target: asId(as('target')),
  formerly: asId(as('origin')),
  forwarding: 'urn:archipel:forwarding',
}

/** Where a follower begins: what the stream is, and which parts it has. `times` are those of the parts' bounds. */
export function toFeedRoot(parts: Part[], times: Map<number, string>, about: FeedContext): Node {
  const root = urls.absolute(about.publicUrl, urls.feed(about.keyword))
  const stream = {
    id: streamId(about),
    type: 'EventStream',
    timestampPath: 'as:published',
    versionOfPath: 'dcterms:isVersionOf',
    versionDeletePath: 'rdf:type',
    versionCreateObject: 'as:Create',
    versionUpdateObject: 'as:Update',
    versionDeleteObject: 'as:Delete',
    pollingInterval,
    view: root,
  }
  // What is promised, not how much there is.
  const retentionPolicy = { type: 'RetentionPolicy', versionAmount: 1, versionDeleteDuration: 'P1Y' }
  return { '@context': context, '@graph': [stream, { id: root, type: 'Node', retentionPolicy, ...toRelations(parts, times, about) }] }
}

/** An index of pages, which never changes. */
export function toFeedIndex(index: number, parts: Part[], times: Map<number, string>, about: FeedContext): Node {
  const id = urls.absolute(about.publicUrl, urls.feed(about.keyword, { kind: 'index', number: index }))
  return { '@context': context, '@graph': [{ id, type: 'Node', immutable: true, ...toRelations(parts, times, about) }] }
}

/** A page of changes; once closed, it is the same for ever. */
export function toFeedPage(page: number, closed: boolean, changes: Change[], about: FeedContext): Node {
  const id = urls.absolute(about.publicUrl, urls.feed(about.keyword, { kind: 'page', number: page }))
  const member = changes.map((change) => toMember(change, about.publicUrl))
  const stream = { id: streamId(about), type: 'EventStream', member }
  return { '@context': context, '@graph': [stream, { id, type: 'Node', ...(closed ? { immutable: true } : {}) }] }
}

function streamId({ publicUrl, keyword }: FeedContext): string {
  return `${urls.absolute(publicUrl, urls.feed(keyword))}#stream`
}

function toRelations(parts: Part[], times: Map<number, string>, { publicUrl, keyword }: FeedContext): Node {
  const relation = parts.flatMap((part) => {
    const node = urls.absolute(publicUrl, urls.feed(keyword, part))
    const bound = (type: string, value: string | undefined) => (value === undefined ? [] : [{ type, path: 'as:published', value, node }])
    const until = part.next === undefined ? undefined : times.get(part.next)
    return [...bound('GreaterThanOrEqualToRelation', times.get(part.first)), ...bound('LessThanRelation', until)]
  })
  return relation.length > 0 ? { relation } : {}
}

const types = { create: 'Create', update: 'Update', delete: 'Delete' } as const

/** Nothing of what the record says: who wants it asks its address, and learns there that it is gone. */
function toMember({ seq, at, kind, group_id, version, keywords, moved }: Change, publicUrl: string): Node {
  const record = urls.absolute(publicUrl, urls.identity(group_id))
  return {
    id: urls.absolute(publicUrl, urls.change(seq)),
    type: types[kind],
    published: at,
    isVersionOf: record,
    object: record,
    ...(version === null ? {} : { version }),
    ...(keywords === null ? {} : { keywords: keywords.split('|').filter(Boolean) }),
    ...(moved ? JSON.parse(moved) : {}),
  }
}
