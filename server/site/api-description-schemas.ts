import { type JsonSchema, schemas } from '../schema.ts'

type Named = Record<string, JsonSchema>

/**
 * Our draft-07 schemas as OpenAPI 3.1 wants them. `convert` gives a schema whose references point into `components`, which grows
 * by what it needs: files and definitions that are objects or choices get a name there, small rules are written out.
 */
export function openApiSchemas(): { convert: (schema: JsonSchema) => JsonSchema; components: Named } {
  const components: Named = {}

  function convert(schema: JsonSchema): JsonSchema {
    if (typeof schema.$ref === 'string') return follow(schema.$ref)
    const { $schema, $id, definitions, dependencies, properties, ...rest } = schema
    return {
      ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, convertInner(value)])),
      ...(properties ? { properties: convertEach(properties as Named) } : {}),
      ...(dependencies ? { dependentRequired: dependencies } : {}),
    }
  }

  function convertInner(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(convertInner)
    return value && typeof value === 'object' ? convert(value as JsonSchema) : value
  }

  function convertEach(properties: Named): Named {
    return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, convert(schema)]))
  }

  function follow(ref: string): JsonSchema {
    const schema = schemaAt(ref)
    const name = nameOf(ref, schema)
    if (!name) return convert(schema)
    if (!components[name]) {
      // Taken before it is filled: a schema may come back to itself.
      components[name] = {}
      components[name] = convert(schema)
    }
    return { $ref: `#/components/schemas/${name}` }
  }

  return { convert, components }
}

/** What a full reference such as `/schemas/group.json#/definitions/link` points at. Throws when nothing is there. */
export function schemaAt(ref: string): JsonSchema {
  const [id = '', pointer = ''] = ref.split('#')
  const steps = pointer.split('/').slice(1)
  const found = steps.reduce<JsonSchema | undefined>((inner, step) => inner?.[step] as JsonSchema | undefined, schemas.get(id))
  if (!found) throw new Error(`${ref} is referred to, but is not there.`)
  return found
}

function nameOf(ref: string, schema: JsonSchema): string | undefined {
  const [, pointer = ''] = ref.split('#')
  if (pointer === '') return schema.title as string
  const definition = /^\/definitions\/(\w+)$/.exec(pointer)?.[1]
  return definition && (schema.type === 'object' || schema.enum) ? definition.charAt(0).toUpperCase() + definition.slice(1) : undefined
}
