import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { compile } from 'json-schema-to-typescript'

type Json = Record<string, unknown>

const schemaDir = new URL('../schemas/', import.meta.url)
const target = new URL('../server/schema-types.ts', import.meta.url)
const banner = '// Generated from schemas/*.json by `npm run types`. Change the schemas, not this file.'

/** The text of server/schema-types.ts as the schemas want it: one exported type a schema and a named object. */
export async function schemaTypes(): Promise<string> {
  const files = loadSchemas()
  const named = namedSchemas(files)
  const definitions = Object.fromEntries([...named].map(([name, { id, schema }]) => [name, simplify(schema, id, files, named)]))
  const properties = Object.fromEntries(Object.keys(definitions).map((name) => [name, { $ref: `#/definitions/${name}` }]))
  const umbrella = { title: 'Schemas', type: 'object', additionalProperties: false, definitions, properties }
  const types = await compile(umbrella as Parameters<typeof compile>[0], 'Schemas', {
    bannerComment: banner,
    additionalProperties: false,
    format: false,
    ignoreMinAndMaxItems: true,
  })
  return `${types.replace(/export interface Schemas \{[\s\S]*?\n\}\n/, '').trim()}\n`
}

function loadSchemas(): Map<string, Json> {
  const names = readdirSync(schemaDir).filter((name) => name.endsWith('.json'))
  return new Map(names.sort().map((name) => [`/schemas/${name}`, JSON.parse(readFileSync(new URL(name, schemaDir), 'utf8')) as Json]))
}

/** What deserves a name of its own: each file, and each definition that is an object or a choice. */
function namedSchemas(files: Map<string, Json>): Map<string, { id: string; schema: Json }> {
  const named = new Map<string, { id: string; schema: Json }>()
  for (const [id, schema] of files) {
    if (schema.type === 'object') named.set(schema.title as string, { id: `${id}#`, schema })
    for (const [key, definition] of Object.entries((schema.definitions ?? {}) as Record<string, Json>)) {
      const name = key.charAt(0).toUpperCase() + key.slice(1)
      if (named.has(name)) throw new Error(`Two definitions are called ${name}.`)
      if (definition.type === 'object' || definition.enum) named.set(name, { id: `${id}#/definitions/${key}`, schema: definition })
    }
  }
  return named
}

/** Keeps what TypeScript can say; a reference to a named schema stays one, any other is written out. */
function simplify(schema: Json, base: string, files: Map<string, Json>, named: Map<string, { id: string }>): Json {
  if (typeof schema.$ref === 'string') return follow(schema.$ref, base, files, named)
  const { allOf, not, dependencies, definitions, $id, $schema, title, minItems, maxItems, ...rest } = schema
  if (isOnlyRequired(rest.anyOf)) delete rest.anyOf
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk)
    return value && typeof value === 'object' ? simplify(value as Json, base, files, named) : value
  }
  const properties = Object.entries((rest.properties ?? {}) as Json).map(([key, value]) => [key, walk(value)])
  return {
    ...rest,
    ...(rest.properties ? { properties: Object.fromEntries(properties) } : {}),
    ...(rest.items ? { items: walk(rest.items) } : {}),
    ...(rest.anyOf ? { anyOf: walk(rest.anyOf) } : {}),
  }
}

function follow(ref: string, base: string, files: Map<string, Json>, named: Map<string, { id: string }>): Json {
  const full = ref.startsWith('#') ? base.replace(/#.*/, ref) : ref.includes('#') ? ref : `${ref}#`
  const name = [...named].find(([, { id }]) => id === full)?.[0]
  if (name) return { $ref: `#/definitions/${name}` }
  const [id = '', pointer = ''] = full.split('#')
  const steps = pointer.split('/').slice(1)
  const schema = steps.reduce<Json | undefined>((inner, step) => inner?.[step] as Json | undefined, files.get(id))
  if (!schema) throw new Error(`${ref} is referred to in ${base}, but is not there.`)
  return simplify(schema, full, files, named)
}

function isOnlyRequired(branches: unknown): boolean {
  return Array.isArray(branches) && branches.every((branch) => Object.keys(branch as Json).join() === 'required')
}

if (import.meta.main) {
  const types = await schemaTypes()
  if (process.argv.includes('--write')) writeFileSync(target, types)
  else if (readFileSync(target, 'utf8') !== types) {
    console.error('server/schema-types.ts is not what schemas/ says: run `npm run types`.')
    process.exitCode = 1
  }
}
