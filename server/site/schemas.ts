import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { isKnown } from '../http/cache.ts'
import { langOnly } from '../http/lang-only.ts'
import { type JsonSchema, schemas } from '../schema.ts'
import * as urls from '../urls.ts'

/** Serves each schema at the address that is its `$id`. */
export function registerSchemas(app: FastifyInstance, { config }: Pick<Deps, 'config'>): void {
  const texts = new Map(schemaNames().map((name) => [name, JSON.stringify(servedSchema(name, config.publicUrl), null, 2)]))

  app.get<{ Params: { name: string } }>('/schemas/:name.json', { schema: { querystring: langOnly } }, async (request, reply) => {
    const text = texts.get(request.params.name)
    if (text === undefined) throw notFound()
    if (isKnown(request, reply, { of: [text] })) return reply.code(304).send()
    return reply.type('application/schema+json; charset=utf-8').send(text)
  })
}

/** What can stand for `{name}` in `/schemas/{name}.json`. */
export function schemaNames(): string[] {
  return [...schemas.keys()].map((id) => /(\w[\w-]*)\.json$/.exec(id)![1]!)
}

/** A schema with its `$id` and every `$ref` made absolute, so that a program which has only this file finds the others. */
export function servedSchema(name: string, publicUrl: string): JsonSchema {
  const isAddress = (key: string, value: unknown) => (key === '$id' || key === '$ref') && typeof value === 'string'
  const spell = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(spell)
    if (!value || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, isAddress(key, inner) ? urls.absolute(publicUrl, inner) : spell(inner)]),
    )
  }
  return spell(schemas.get(urls.schema(name))) as JsonSchema
}
