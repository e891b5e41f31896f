import type { ErrorCode } from '../errors.ts'
import type { JsonSchema } from '../schema.ts'

export type Tag = 'api' | 'twins' | 'rules' | 'server'

/** What the routes do not say of themselves. Its sentence is `api.operation.<id>`. */
export interface Operation {
  /** The description's `operationId`. */
  id: string
  tag: Tag
  /** Of the answer, when it is not plain JSON. */
  type?: string
  /** Of the answer, when the route gives none to Fastify. */
  schema?: JsonSchema
  /** Parameters that ask for something else here than elsewhere: the ends of their sentences' keys. */
  words?: Record<string, string>
  /** For an address that only leads to another. */
  leads?: true
  /** True each time anew: it has no ETag. */
  unkept?: true
  /** Besides those that follow from what the route is asked with. */
  errors?: ErrorCode[]
  /** The schema of its errors, where they are not problems. */
  faults?: string
  /** What is sent, by media type; the route itself takes any object and checks it once it is in normal form. */
  body?: Record<string, JsonSchema>
}

const keySet: JsonSchema = {
  type: 'object',
  required: ['keys'],
  properties: { keys: { type: 'array', items: { type: 'object', required: ['kty', 'kid'] } } },
}
const status: JsonSchema = { type: 'object', required: ['status'], properties: { status: { const: 'ok' } } }
const point: JsonSchema = {
  type: 'object',
  required: ['type', 'coordinates'],
  properties: { type: { const: 'Point' }, coordinates: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 } },
}
const feature: JsonSchema = {
  type: 'object',
  required: ['type', 'id', 'geometry', 'properties'],
  properties: { type: { const: 'Feature' }, id: { type: 'string' }, geometry: point, properties: { type: 'object' } },
}
const features: JsonSchema = {
  type: 'object',
  required: ['type', 'features'],
  properties: {
    type: { const: 'FeatureCollection' },
    features: { type: 'array', items: feature },
    omitted: { type: 'integer', description: 'Groups left out because their position is not known.' },
  },
}
const linkedData: JsonSchema = { type: 'object', required: ['@context', '@id', '@type'] }
const graph: JsonSchema = { type: 'object', required: ['@context', '@graph'], properties: { '@graph': { type: 'array', items: { type: 'object' } } } }
const resourceLinks: JsonSchema = {
  type: 'object',
  required: ['links'],
  properties: {
    links: { type: 'array', items: { type: 'object', required: ['rel', 'href'], properties: { rel: { type: 'string' }, href: { type: 'string' } } } },
  },
}
const nodeInfo: JsonSchema = {
  type: 'object',
  required: ['version', 'software', 'protocols', 'services', 'openRegistrations', 'usage', 'metadata'],
  properties: { version: { const: '2.1' } },
}
const geo = { tag: 'twins', type: 'application/geo+json', schema: features } as const
const linked = { tag: 'twins', type: 'application/ld+json', schema: linkedData } as const

const group: JsonSchema = { $ref: '/schemas/group.json' }
// Of a merge patch every field may be missing, or null to take a fact away.
const patch: JsonSchema = { type: 'object', description: 'RFC 7396: the fields of Group that change; null takes a fact away.' }
const written: ErrorCode[] = ['unauthorised', 'forbidden', 'conflict', 'preconditionFailed', 'preconditionRequired', 'wrongType', 'tooLarge']

// The index is asked in the words of Murmurations, and answers in them.
const asIndex = { faults: '/schemas/murmurations-errors.json' }
const nodeWords = { country: 'nodeCountry', region: 'nodeRegion', name: 'nodeName', page: 'nodePage' }
const sent: ErrorCode[] = ['wrongType', 'tooLarge']
const submission = { 'application/json': { $ref: '/schemas/murmurations-submission.json' } }
const exportQuestion = { 'application/json': { $ref: '/schemas/murmurations-export.json#/definitions/exportQuestion' } }

/** Every JSON route, by its address as it is registered, in the order of the description; those that write after their method. */
export const operations: Record<string, Operation> = {
  '/api/groups': { id: 'listGroups', tag: 'api' },
  '/api/groups/:shortName': { id: 'getGroup', tag: 'api' },
  'POST /api/groups': {
    id: 'createGroup',
    tag: 'api',
    body: { 'application/json': group },
    errors: ['unauthorised', 'forbidden', 'conflict', 'wrongType', 'tooLarge'],
  },
  'PUT /api/groups/:shortName': { id: 'replaceGroup', tag: 'api', body: { 'application/json': group }, errors: written },
  'PATCH /api/groups/:shortName': {
    id: 'changeGroup',
    tag: 'api',
    body: { 'application/merge-patch+json': patch, 'application/json': patch },
    errors: written,
  },
  'DELETE /api/groups/:shortName': {
    id: 'deleteGroup',
    tag: 'api',
    errors: ['unauthorised', 'forbidden', 'preconditionFailed', 'preconditionRequired'],
  },
  '/api/keywords': { id: 'listKeywords', tag: 'api', words: { q: 'keywordStart' } },
  '/api/ecosystems': { id: 'listEcosystems', tag: 'api' },
  '/places.json': { id: 'listPlaces', tag: 'api', words: { q: 'placeName', country: 'placeCountry' } },
  '/groups.json': { id: 'listGroupsTwin', tag: 'twins' },
  '/groups.geojson': { id: 'listGroupsGeojson', ...geo },
  '/g/:shortName.json': { id: 'getGroupTwin', tag: 'twins' },
  '/g/:shortName.jsonld': { id: 'getGroupLinkedData', ...linked },
  '/ecosystems.json': { id: 'listEcosystemsTwin', tag: 'twins' },
  '/network.json': { id: 'getNetwork', tag: 'twins' },
  '/e/:keyword.json': { id: 'listEcosystemGroups', tag: 'twins' },
  '/e/:keyword.geojson': { id: 'listEcosystemGroupsGeojson', ...geo },
  '/e/:keyword.jsonld': { id: 'getEcosystemLinkedData', ...linked },
  '/map.json': { id: 'mapView', tag: 'twins' },
  '/e/:keyword/map.json': { id: 'mapViewOfEcosystem', tag: 'twins' },
  '/oembed': { id: 'oembed', tag: 'twins', words: { format: 'oembedFormat' }, unkept: true, errors: ['notFound', 'notImplemented'] },
  '/g/:shortName/murmurations.json': { id: 'getMurmurationsProfile', tag: 'twins' },
  '/v2/nodes': { id: 'listNodes', tag: 'twins', words: nodeWords, ...asIndex },
  'POST /v2/nodes': { id: 'submitNode', tag: 'twins', unkept: true, ...asIndex, errors: ['badRequest', 'forbidden', ...sent], body: submission },
  '/v2/get-nodes': { id: 'listNodePositions', tag: 'twins', words: nodeWords, ...asIndex },
  'POST /v2/export': { id: 'exportNodes', tag: 'twins', unkept: true, ...asIndex, errors: ['badRequest', ...sent], body: exportQuestion },
  'POST /v2/validate': {
    id: 'validateProfile',
    tag: 'twins',
    unkept: true,
    ...asIndex,
    errors: ['badRequest', 'notFound', ...sent],
    body: { 'application/json': { type: 'object' } },
  },
  '/v2/nodes/:nodeId': { id: 'getNode', tag: 'twins', unkept: true, ...asIndex, errors: ['badRequest'] },
  '/id/:id': { id: 'findById', tag: 'twins', leads: true },
  '/changes': {
    id: 'listChanges',
    tag: 'twins',
    type: 'application/ld+json',
    schema: graph,
    words: { keyword: 'changesKeyword' },
    errors: ['notFound'],
  },
  '/dataset.jsonld': { id: 'getDataset', ...linked },
  '/api/openapi.json': { id: 'getDescription', tag: 'rules', schema: { type: 'object', required: ['openapi', 'info', 'paths'] } },
  '/schemas/:name.json': { id: 'getSchema', tag: 'rules', type: 'application/schema+json', schema: { type: 'object', required: ['$schema', '$id'] } },
  '/.well-known/nodeinfo': { id: 'findNodeInfo', tag: 'server', schema: resourceLinks },
  '/.well-known/jwks.json': { id: 'listKeys', tag: 'server', type: 'application/jwk-set+json', schema: keySet },
  '/nodeinfo/2.1': { id: 'getNodeInfo', tag: 'server', schema: nodeInfo },
  '/.well-known/webfinger': {
    id: 'findByAccount',
    tag: 'server',
    type: 'application/jrd+json',
    schema: resourceLinks,
    unkept: true,
    errors: ['notFound'],
  },
  '/healthz': { id: 'isAlive', tag: 'server', schema: status, unkept: true },
  '/readyz': { id: 'isReady', tag: 'server', schema: status, unkept: true, errors: ['unavailable'] },
}

/** The operation of a route, if it is one of the description's. */
export function operationOf({ method, url }: { method: string; url: string }): Operation | undefined {
  return operations[keyOf(method, url)]
}

export function keyOf(method: string, url: string): string {
  return method === 'GET' ? url : `${method} ${url}`
}
