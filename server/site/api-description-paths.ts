import { type ErrorCode, statuses } from '../errors.ts'
import type { JsonSchema } from '../schema.ts'
import type { Translate } from '../text/translate.ts'
import { type Example, type ToldExamples, toAnswerExamples, toLocationExamples, toPathExamples, toSentExamples } from './api-description-examples.ts'
import type { Operation, Tag } from './api-description-operations.ts'
import type { Route } from './api-description-routes.ts'
import { schemaAt } from './api-description-schemas.ts'

export interface ApiOperation {
  operationId: string
  summary: string
  tags: [Tag]
  parameters: ApiParameter[]
  requestBody?: { required: true; content: Record<string, { schema: JsonSchema } & ToldExamples> }
  security?: Record<string, string[]>[]
  responses: Record<string, ApiResponse | { $ref: string }>
}

/** Nearly every path can be read; some can be written. */
export type ApiPaths = Record<string, Partial<Record<'get' | 'put' | 'patch' | 'delete' | 'post', ApiOperation>>>

export interface ApiParameter {
  name: string
  in: 'query' | 'path' | 'header'
  required: boolean
  description: string
  schema: JsonSchema
  examples?: ToldExamples['examples']
}

export interface ApiResponse {
  description: string
  headers?: Record<string, { description: string; schema: JsonSchema } & ToldExamples>
  content?: Record<string, { schema: JsonSchema } & ToldExamples>
}

/** What telling of a route needs: words, schemas in OpenAPI's terms, examples. */
export interface Teller {
  t: Translate
  convert: (schema: JsonSchema) => JsonSchema
  examples: Example[]
}

// What asking with a parameter in the path may come to, besides an answer.
const outcomes: Record<string, { moves?: true; errors: ErrorCode[] }> = {
  shortName: { moves: true, errors: ['notFound', 'gone'] },
  keyword: { moves: true, errors: ['notFound'] },
  id: { errors: ['notFound', 'gone'] },
  name: { errors: ['notFound'] },
  nodeId: { errors: ['notFound'] },
}

/** `/g/:shortName.json` as OpenAPI writes it. */
export function toPath(url: string): string {
  return url.replace(/:(\w+)/g, '{$1}')
}

export function toOperation(route: Route, operation: Operation, teller: Teller): ApiOperation {
  const { t, examples } = teller
  const names = pathNames(route.url)
  return {
    operationId: operation.id,
    summary: t(`api.operation.${operation.id}`),
    tags: [operation.tag],
    parameters: [
      ...names.map((name) => ({ ...toPathParameter(name, t), ...toPathExamples(examples, operation.id, toPath(route.url), name) })),
      ...toIfMatch(operation, t),
      ...toQueryParameters(route, operation, teller),
    ],
    ...toWriting(route, operation, teller),
    responses: {
      ...toSuccess(route, operation, teller),
      ...(operation.leads || operation.unkept || route.method !== 'GET' ? {} : { 304: { description: t('api.known') } }),
      ...(names.some((name) => outcomes[name]?.moves) ? { 308: leadsTo(t('api.moved'), toLocationExamples(examples, operation.id, 308)) } : {}),
      ...Object.fromEntries(errorsOf(route, operation).map((code) => [statuses[code], toError(code, operation, teller)])),
    },
  }
}

/** The error answers that several operations share. */
export function toResponses(paths: ApiPaths, teller: Teller): Record<string, ApiResponse> {
  return Object.fromEntries(errorCodes(paths).map((code) => [responseName(code), describeError(code, teller)]))
}

/** What may go wrong anywhere, by status. */
export function errorCodes(paths: ApiPaths): ErrorCode[] {
  const used = new Set(listOperations(paths).flatMap(({ operation }) => Object.keys(operation.responses).map(Number)))
  return (Object.keys(statuses) as ErrorCode[]).filter((code) => used.has(statuses[code]))
}

/** Every operation with its path and method, in order. */
export function listOperations(paths: ApiPaths): { path: string; method: string; operation: ApiOperation }[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
}

/** What comes back when all is well. */
function toSuccess(route: Route, operation: Operation, teller: Teller): ApiOperation['responses'] {
  if (operation.leads) return { 303: leadsTo(teller.t('api.leads'), toLocationExamples(teller.examples, operation.id, 303)) }
  const [status = '204', schema] = Object.entries(route.schema.response ?? {})[0] ?? []
  if (route.method === 'DELETE') return { 204: { description: teller.t('api.deleted') } }
  return schema ? { [status]: toAnswer(route, operation, teller, Number(status)) } : { 200: toAnswer(route, operation, teller) }
}

function toWriting(
  { method }: Route,
  { id, body, errors = [] }: Operation,
  { convert, examples }: Teller,
): Pick<ApiOperation, 'requestBody' | 'security'> {
  if (method === 'GET') return {}
  const content = Object.entries(body ?? {}).map(([type, schema]) => [type, { schema: convert(schema), ...toSentExamples(examples, id, type) }])
  const security = errors.includes('unauthorised') ? { security: [{ token: [] }] } : {}
  return { ...security, ...(body ? { requestBody: { required: true, content: Object.fromEntries(content) } } : {}) }
}

function toIfMatch({ errors = [] }: Operation, t: Translate): ApiParameter[] {
  if (!errors.includes('preconditionRequired')) return []
  return [{ name: 'If-Match', in: 'header', required: true, description: t('api.ifMatch'), schema: { type: 'string' } }]
}

function pathNames(url: string): string[] {
  return [...url.matchAll(/:(\w+)/g)].map(([, name]) => name!)
}

function toPathParameter(name: string, t: Translate): ApiParameter {
  return { name, in: 'path', required: true, description: t(`api.path.${name}`), schema: { type: 'string' } }
}

function toQueryParameters({ schema: { querystring } }: Route, { words = {} }: Operation, { t, convert }: Teller): ApiParameter[] {
  if (!querystring) return []
  const { properties = {}, required = [] } = (typeof querystring.$ref === 'string' ? schemaAt(querystring.$ref) : querystring) as {
    properties?: Record<string, JsonSchema>
    required?: string[]
  }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    description: t(`api.parameter.${words[name] ?? name}`),
    schema: convert(schema),
  }))
}

function toAnswer(route: Route, operation: Operation, { t, convert, examples }: Teller, status = 200): ApiResponse {
  const type = operation.type ?? 'application/json'
  const schema = convert(operation.schema ?? route.schema.response?.[status] ?? {})
  return {
    description: t('api.answer'),
    ...(operation.unkept ? {} : { headers: { ETag: { description: t('api.etag'), schema: { type: 'string' } } } }),
    content: { [type]: { schema, ...toAnswerExamples(examples, operation.id, status) } },
  }
}

/** What may go wrong follows from what is asked: parameters, names in the path, and the server itself. */
function errorsOf({ url, schema }: Route, { errors = [] }: Operation): ErrorCode[] {
  const named = pathNames(url).flatMap((name) => outcomes[name]?.errors ?? [])
  return [...(schema.querystring ? ['badRequest' as const] : []), ...named, 'tooMany', 'broken', ...errors]
}

/** One with an example of its own is written out, the others are shared. */
function toError(code: ErrorCode, operation: Operation, teller: Teller): ApiResponse | { $ref: string } {
  const own = teller.examples.some((example) => example.operation === operation.id && example.status === statuses[code])
  return own || operation.faults ? describeError(code, teller, operation) : { $ref: `#/components/responses/${responseName(code)}` }
}

function describeError(code: ErrorCode, { t, convert, examples }: Teller, operation?: Operation): ApiResponse {
  const schema = convert({ $ref: operation?.faults ?? '/schemas/problem.json' })
  return {
    description: t(`error.${code}.title`),
    ...(code === 'tooMany' ? { headers: { 'Retry-After': { description: t('api.retryAfter'), schema: { type: 'integer' } } } } : {}),
    content: {
      [operation?.faults ? 'application/json' : 'application/problem+json']: {
        schema,
        ...(operation ? toAnswerExamples(examples, operation.id, statuses[code]) : {}),
      },
    },
  }
}

function leadsTo(description: string, examples: ToldExamples): ApiResponse {
  return { description, headers: { Location: { description, schema: { type: 'string' }, ...examples } } }
}

function responseName(code: ErrorCode): string {
  return code.charAt(0).toUpperCase() + code.slice(1)
}
