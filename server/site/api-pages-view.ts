import { type ErrorCode, problemType, statuses } from '../errors.ts'
import type { JsonSchema } from '../schema.ts'
import * as urls from '../urls.ts'
import type { ApiDescription } from './api-description.ts'
import { type Example, typeOf } from './api-description-examples.ts'
import type { Tag } from './api-description-operations.ts'
import { errorCodes, listOperations } from './api-description-paths.ts'
import { schemaNames } from './schemas.ts'

/** What the page about the API shows; its words are in the view. */
export interface ApiPage {
  descriptionUrl: string
  schemas: { name: string; url: string }[]
  tags: { name: Tag; operations: { id: string; path: string }[] }[]
  parameters: { name: string; values: string[]; repeats: boolean; range: { least: number; most: number } | undefined }[]
  formats: string[]
  errors: { code: ErrorCode; status: number; type: string }[]
  examples: { id: string; questions: { command: string; status: number; answer: string | undefined }[] }[]
}

/** The description in the order in which people read it. */
export function toApiPage({ paths, tags }: ApiDescription, examples: Example[], publicUrl: string): ApiPage {
  const operations = listOperations(paths).map(({ path, method, operation }) => ({
    path: method === 'GET' ? path : `${method} ${path}`,
    id: operation.operationId,
    tag: operation.tags[0],
  }))
  return {
    descriptionUrl: urls.apiDescription,
    schemas: schemaNames().map((name) => ({ name, url: urls.schema(name) })),
    tags: tags.map(({ name }) => ({ name, operations: operations.filter(({ tag }) => tag === name) })),
    parameters: paths[urls.apiGroups]!.get!.parameters.map(({ name, schema }) => ({ name, ...toChoices(schema) })),
    formats: ['json', 'geojson', 'csv', 'atom', 'jsonld'],
    errors: errorCodes(paths).map((code) => ({ code, status: statuses[code], type: problemType(code) })),
    examples: operations
      .filter(({ tag }) => tag === 'api')
      .map(({ id }) => ({ id, questions: questionsOf(id, examples, publicUrl) }))
      .filter(({ questions }) => questions.length > 0),
  }
}

function toChoices(schema: JsonSchema): Omit<ApiPage['parameters'][number], 'name'> {
  const one = (schema.items ?? schema) as JsonSchema
  const { minimum, maximum } = one as { minimum?: number; maximum?: number }
  return {
    values: (one.enum ?? []) as string[],
    repeats: schema.type === 'array',
    range: minimum === undefined || maximum === undefined ? undefined : { least: minimum, most: maximum },
  }
}

function questionsOf(id: string, examples: Example[], publicUrl: string): ApiPage['examples'][number]['questions'] {
  return examples
    .filter(({ operation, status, body }) => operation === id && (body !== undefined || status === 204))
    .sort((a, b) => a.status - b.status)
    .map((example) => ({
      command: commandOf(example, publicUrl),
      status: example.status,
      answer: example.body === undefined ? undefined : JSON.stringify(example.body, null, 2),
    }))
}

/** The request as it is typed in a terminal, with names in capitals for what the reader puts in. */
function commandOf(example: Example, publicUrl: string): string {
  const { method, request, ifMatch, send } = example
  const parts = method ? [`-X ${method}`, `-H ${quoted('Authorization: Bearer TOKEN')}`] : []
  if (method && method !== 'POST') parts.push(`-H ${quoted(`If-Match: ${ifMatch ?? 'ETAG'}`)}`)
  if (send !== undefined) parts.push(`-H ${quoted(`Content-Type: ${typeOf(example)}`)}`, `-d ${quoted(JSON.stringify(send))}`)
  return ['curl', ...parts, quoted(urls.absolute(publicUrl, request))].join(' ')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
