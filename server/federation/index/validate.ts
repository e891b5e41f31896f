import { validatorFor } from '../../schema.ts'
import { toWrong, type Wrong } from './refusal.ts'

// The two schemas that we know, in our own words.
const everyProfile = { name: 'default-v2.1.0', check: validatorFor('/schemas/murmurations-default.json') }
const known: (typeof everyProfile)[] = [
  everyProfile,
  { name: 'organizations_schema-v1.0.0', check: validatorFor('/schemas/murmurations-organization.json') },
]

/** What is wrong with a profile: by the rules of every profile and of each schema that it says it follows. Nothing when all is well. */
export function checkProfile(profile: unknown, now: Date): Wrong[] {
  if (typeof profile !== 'object' || profile === null || Array.isArray(profile)) return [{ title: 'JSON Error', detail: { key: 'index.object' } }]
  const { linked_schemas: linked, expires } = profile as { linked_schemas?: unknown; expires?: unknown }
  const names = Array.isArray(linked) ? linked.filter((name): name is string => typeof name === 'string').slice(0, 100) : []
  const unknown = names.filter((name) => !known.some((one) => one.name === name))
  const wrong = [everyProfile, ...known.filter(({ name }) => names.includes(name))].flatMap(({ check }) =>
    check(profile).map((error) => toWrong(error, { pointer: `/${error.field}` })),
  )
  return [
    ...unknown.slice(0, 10).map((name) => ({ ...unknownSchema(name.slice(0, 120)) })),
    ...[...new Map(wrong.map((one) => [one.source?.pointer, one])).values()],
    ...badNames(profile),
    ...(typeof expires === 'number' && expires * 1000 <= now.getTime() ? [expired] : []),
  ]
}

const expired: Wrong = { title: 'Invalid Amount', detail: { key: 'index.expired' }, source: { pointer: '/expires' } }

function unknownSchema(name: string): Wrong {
  return {
    title: 'Error loading schema',
    detail: { key: 'index.unknownSchema', values: { name } },
    source: { pointer: '/linked_schemas' },
    status: 404,
  }
}

/** `@context`, capitals, names of one letter: no field of a profile is called so. */
function badNames(profile: object): Wrong[] {
  const bad = Object.keys(profile).filter((name) => !/^[a-z][a-z0-9_]{0,97}[a-z0-9]$/.test(name))
  return bad.slice(0, 10).map((name) => ({
    title: 'Pattern Mismatch',
    detail: { key: 'index.fieldName', values: { name: name.slice(0, 60) } },
    source: { pointer: `/${name.slice(0, 100)}` },
  }))
}
