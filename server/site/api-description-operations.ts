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
const geo = { tag: 'twins', type: 'application/geo+json', schema: features } as const
const linked = { tag: 'twins', type: 'application/ld+json', schema: linkedData } as const

/** Every JSON route, by its address as it is registered, in the order of the description. */
export const operations: Record<string, Operation> = {
  '/api/groups': { id: 'listGroups', tag: 'api' },
  '/api/groups/:shortName': { id: 'getGroup', tag: 'api' },
  '/api/ecosystems': { id: 'listEcosystems', tag: 'api' },
  '/places.json': { id: 'listPlaces', tag: 'api', words: { q: 'placeName', country: 'placeCountry' } },
  '/groups.json': { id: 'listGroupsTwin', tag: 'twins' },
  '/groups.geojson': { id: 'listGroupsGeojson', ...geo },
  '/g/:shortName.json': { id: 'getGroupTwin', tag: 'twins' },
  '/g/:shortName.jsonld': { id: 'getGroupLinkedData', ...linked },
  '/ecosystems.json': { id: 'listEcosystemsTwin', tag: 'twins' },
  '/e/:keyword.json': { id: 'listEcosystemGroups', tag: 'twins' },
  '/e/:keyword.geojson': { id: 'listEcosystemGroupsGeojson', ...geo },
  '/e/:keyword.jsonld': { id: 'getEcosystemLinkedData', ...linked },
  '/map.json': { id: 'mapView', tag: 'twins' },
  '/e/:keyword/map.json': { id: 'mapViewOfEcosystem', tag: 'twins' },
  '/id/:id': { id: 'findById', tag: 'twins', leads: true },
  '/api/openapi.json': { id: 'getDescription', tag: 'rules', schema: { type: 'object', required: ['openapi', 'info', 'paths'] } },
  '/schemas/:name.json': { id: 'getSchema', tag: 'rules', type: 'application/schema+json', schema: { type: 'object', required: ['$schema', '$id'] } },
  '/healthz': { id: 'isAlive', tag: 'server', schema: status, unkept: true },
  '/readyz': { id: 'isReady', tag: 'server', schema: status, unkept: true, errors: ['unavailable'] },
}
