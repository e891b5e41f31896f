import { readdirSync, readFileSync } from 'node:fs'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import fastJson, { type Schema } from 'fast-json-stringify'
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify'
import type { Fault, Message } from './errors.ts'
import { once } from './once.ts'
import { toFields } from './text/fields.ts'
import type { Translate } from './text/translate.ts'

export type JsonSchema = { $id?: string; [keyword: string]: unknown }

/** What a value breaks: `field` is its path (`links/2/url`), `rule` the definition or property whose keyword is broken. */
export interface FieldError {
  field: string
  keyword: string
  rule: string
  params: Record<string, unknown>
}

const folder = new URL('../schemas/', import.meta.url)
// What a reader is told of, when several rules of one field are broken: the first of these.
const order = ['additionalProperties', 'required', 'type', 'enum', 'const', 'minLength', 'maxLength', 'format', 'pattern', 'not']
const patterns = new Set(
  'uuid line markdown shortName slug language country region web address pictureAddress sourceName licence headerColour accentColour accent bbox near after range schemaName'.split(
    ' ',
  ),
)
const limits = new Set('minLength maxLength minItems maxItems minimum maximum exclusiveMinimum exclusiveMaximum uniqueItems dependencies'.split(' '))
const types = new Set('string number integer boolean object array'.split(' '))
const formats = new Set(['date', 'date-time'])
// No schema here allows as many.
const longestList = 2000

/** Every schema of schemas/, by `$id`, with each `$ref` spelled out to a full `$id`. */
export const schemas: ReadonlyMap<string, JsonSchema> = loadSchemas()

// Bodies and files say their types; in an address everything is text, and one value may stand for a list.
const strictAjv = once(() => makeAjv({}))
const addressAjv = once(() => makeAjv({ coerceTypes: 'array' }))

/** The check of a schema, by its `$id` and perhaps a pointer: gives what is wrong, nothing when all is well. */
export function validatorFor(id: string): (value: unknown) => FieldError[] {
  const validator = once(() => strictAjv().getSchema(id) ?? strictAjv().compile({ $ref: id }))
  return (value) => {
    if (hasLongList(value)) return [{ field: '', keyword: 'maxItems', rule: '', params: { limit: longestList } }]
    const validate = validator()
    return validate(value) ? [] : toFieldErrors(validate.errors ?? [])
  }
}

/** Ajv compares every two items of a list that must not repeat itself, even of one that is too long: a million of them would take hours. */
function hasLongList(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value) && value.length > longestList) return true
  return Object.values(value).some(hasLongList)
}

/** The same for an address: reads its parameters as Fastify does, numbers and lists out of text. */
export function addressReaderFor<T>(id: string): (params: URLSearchParams) => { value: T; errors: FieldError[] } {
  const validator = once(() => addressAjv().getSchema(id) ?? addressAjv().compile({ $ref: id }))
  return (params) => {
    const validate = validator()
    const value: unknown = toFields(params)
    return { errors: validate(value) ? [] : toFieldErrors(validate.errors ?? []), value: value as T }
  }
}

/** Ajv's errors as ours: one a field, the most telling one, fifty at most. */
export function toFieldErrors(errors: readonly ErrorObject[]): FieldError[] {
  const found = new Map<string, FieldError>()
  for (const error of errors.map(toFieldError)) {
    const known = found.get(error.field)
    if (!known || weight(error) < weight(known)) found.set(error.field, error)
    if (found.size === 50) break
  }
  return [...found.values()]
}

/** The same as sentences yet to be said. */
export function toFaults(errors: readonly FieldError[]): Fault[] {
  return errors.map((error) => ({ field: error.field, message: toMessage(error) }))
}

/** The same in the reader's language. */
export function explain(errors: readonly FieldError[], t: Translate): { field: string; message: string }[] {
  return toFaults(errors).map(({ field, message }) => ({ field, message: t(message.key, message.values) }))
}

/**
 * Makes Fastify check bodies without coercion and addresses with it, and know every schema for its answers. Each is compiled
 * when its route is first asked for: all of them together would cost each start a third of a second.
 */
export function useSchemas(app: FastifyInstance): void {
  for (const schema of schemas.values()) app.addSchema(schema)
  app.setValidatorCompiler(makeValidatorCompiler())
  const known = Object.fromEntries(schemas) as object as Record<string, Schema>
  app.setSerializerCompiler(({ schema }) => {
    const serializer = once(() => fastJson(schema as Schema, { schema: known }))
    return (data) => serializer()(data)
  })
}

function makeValidatorCompiler(): FastifySchemaCompiler<JsonSchema> {
  // Fastify hands over a copy of the schema for each route.
  const compiled = new Map<string, ValidateFunction>()
  return ({ schema, httpPart }) => {
    const validator = once(() => {
      const key = `${httpPart === 'body'} ${JSON.stringify(schema)}`
      const validate = compiled.get(key) ?? (httpPart === 'body' ? strictAjv : addressAjv)().compile(schema)
      compiled.set(key, validate)
      return validate
    })
    return (value) => {
      const validate = validator()
      return validate(value) ? { value } : { error: validate.errors as unknown as Error }
    }
  }
}

function loadSchemas(): Map<string, JsonSchema> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return new Map(
    files.sort().map((name) => {
      const schema = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as JsonSchema
      const id = schema.$id ?? ''
      return [id, spellRefs(schema, id) as JsonSchema]
    }),
  )
}

/** Fastify's serializer does not resolve `#/definitions/…` against the schema that says it. */
function spellRefs(value: unknown, id: string): unknown {
  if (Array.isArray(value)) return value.map((item) => spellRefs(item, id))
  if (!value || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === '$ref' && String(inner).startsWith('#') ? `${id}${inner}` : spellRefs(inner, id)]),
  )
}

function makeAjv(options: { coerceTypes?: 'array' }): Ajv {
  // That the schemas themselves are well made is for the tests: to look at each start would take a while.
  const ajv = new Ajv({ validateSchema: false, allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true, ...options })
  addFormats.default(ajv, ['date', 'date-time'])
  for (const schema of schemas.values()) ajv.addSchema(schema)
  return ajv
}

function toFieldError({ instancePath, keyword, params, schemaPath }: ErrorObject): FieldError {
  const path = instancePath.split('/').slice(1).map(unescapePointer)
  const inner = params.missingProperty ?? params.additionalProperty
  const field = [...path, ...(inner === undefined ? [] : [String(inner)])].join('/')
  return { field: field.slice(0, 200), keyword, rule: schemaPath.split('/').at(-2) ?? '', params }
}

function unescapePointer(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}

function weight({ keyword, params }: FieldError): number {
  const place = order.indexOf(keyword)
  // Of two limits of one length, the reader needs the smaller.
  return (place < 0 ? order.length : place) * 1e7 + (keyword === 'maxLength' ? Number(params.limit) : 0)
}

function toMessage({ field, keyword, rule, params }: FieldError): Message {
  const name = (field.split('/').at(-1) ?? field).slice(0, 60)
  const limit = typeof params.limit === 'number' ? params.limit : undefined
  const values = { name, limit, other: String(params.property ?? ''), allowed: [params.allowedValues ?? []].flat().join(', ') }
  return { key: `error.field.${sentenceOf(keyword, rule, params)}`, values }
}

function sentenceOf(keyword: string, rule: string, params: Record<string, unknown>): string {
  if (keyword === 'additionalProperties') return 'unknown'
  if (keyword === 'required' || keyword === 'enum' || limits.has(keyword)) return keyword
  if (keyword === 'type' && types.has(String(params.type))) return `type.${params.type}`
  if (keyword === 'format' && formats.has(String(params.format))) return `format.${params.format}`
  if (keyword === 'pattern' && patterns.has(rule)) return `pattern.${rule}`
  if (keyword === 'not' && rule === 'shortName') return 'reserved'
  return 'other'
}
