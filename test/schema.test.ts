import { Ajv } from 'ajv'
import fastify from 'fastify'
import t from 'tap'
import { explain, type FieldError, schemas, toFaults, useSchemas, validatorFor } from '../server/schema.ts'
import { loadTranslations, translator } from '../server/text/translate.ts'

const translations = loadTranslations(`${import.meta.dirname}/../views/locale`)
const en = translator(translations, 'en')
const fr = translator(translations, 'fr')
const group = { name: 'Anim-fr', summary: 'Animateurs', type: 'support', shortName: 'anim-fr' }
const check = validatorFor('/schemas/group.json')

function wrong(more: object): [string, string][] {
  return check({ ...group, ...more }).map(({ field, keyword }) => [field, keyword])
}

t.test('a good group is good, and its absent facts are absent', async (t) => {
  t.same(check(group), [])
  t.same(wrong({ languages: ['fr', 'pt-BR'], position: { lat: 1.5, lng: 2, precision: 'exact' }, region: 'FR-BRE', country: 'FR' }), [])
})

t.test('one error a field, the one that helps', async (t) => {
  t.same(wrong({ name: '' }), [['name', 'minLength']])
  t.same(wrong({ name: 3 }), [['name', 'type']])
  t.same(wrong({ name: 'a\nb' }), [['name', 'pattern']])
  t.match(explain(check({ ...group, name: 'x'.repeat(300) }), en), [{ field: 'name', message: '120 characters at most.' }])
  t.same(wrong({ shortName: 'about' }), [['shortName', 'not']])
  t.same(wrong({ shortName: 'À--' }), [['shortName', 'pattern']])
  t.same(
    wrong({
      links: [
        { service: 'home', url: 'https://x.org' },
        { service: 'home', url: 'javascript:x' },
      ],
    }),
    [['links/1/url', 'pattern']],
  )
  t.same(wrong({ nmae: 1 }), [['nmae', 'additionalProperties']])
  t.same(wrong({ 'a/b~c': 1 }), [['a/b~c', 'additionalProperties']])
  t.same(wrong({ region: 'FR-BRE' }), [['country', 'dependencies']])
  t.same(wrong({ memberCount: '12' }), [['memberCount', 'type']])
  t.same(wrong({ nextMeeting: { at: '2026-13-45T00:00:00Z' } }), [['nextMeeting/at', 'format']])
  t.same(wrong({ languages: ['fr', 'fr'] }), [['languages', 'uniqueItems']])
  t.same(
    check({}).map(({ field }) => field),
    ['name', 'summary', 'type', 'shortName'],
  )
  t.same(
    check(null).map(({ field, keyword }) => [field, keyword]),
    [['', 'type']],
  )
})

t.test('unknown and missing properties are named in the sentence', async (t) => {
  t.equal(explain(check({ ...group, nmae: 1 }), en)[0]?.message, '“nmae” is not known here: remove it or correct it.')
  t.equal(explain(check({ ...group, nmae: 1 }), fr)[0]?.message, '«\u00a0nmae\u00a0» n’est pas connu ici\u202f: enlevez-le ou corrigez-le.')
  const { name, ...nameless } = group
  t.equal(explain(check(nameless), en)[0]?.message, '“name” is needed.')
})

t.test('a flood of errors is cut, and long names too', async (t) => {
  const flood = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, 1]))
  t.equal(check({ ...group, ...flood }).length, 50)
  const [error] = explain(check({ ...group, ['x'.repeat(10_000)]: 1 }), en)
  t.ok(error && error.field.length <= 200 && error.message.length < 200)
})

t.test('whatever a schema can refuse has a sentence in both languages', async (t) => {
  const keywords =
    'additionalProperties required minLength maxLength minItems maxItems minimum maximum exclusiveMinimum exclusiveMaximum uniqueItems enum dependencies not const oneOf'
  const errors = keywords.split(' ').map((keyword) => made(keyword, 'x', { limit: 3, allowedValues: ['a'], property: 'b' }))
  const types = 'string number integer boolean object array null string,null'.split(' ').map((type) => made('type', 'x', { type }))
  const rules = [...schemas.values()].flatMap((schema) => patternRules(schema))
  t.ok(rules.includes('slug') && rules.includes('bbox'))
  const patterns = [...rules, 'unheard-of'].map((rule) => made('pattern', rule))
  const formats = ['date', 'date-time', 'uri'].map((format) => made('format', 'x', { format }))
  const all = [...errors, ...types, ...patterns, ...formats, made('not', 'shortName')]
  for (const say of [en, fr]) t.equal(explain(all, say).filter(({ message }) => message.length > 4).length, all.length)
  for (const rule of rules) t.equal(toFaults([made('pattern', rule)])[0]?.message.key, `error.field.pattern.${rule}`)
})

t.test('every schema is one by the rules of JSON Schema', async (t) => {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false })
  t.ok(schemas.size > 20)
  for (const [id, schema] of schemas) t.ok(ajv.validateSchema(schema), `${id}: ${ajv.errorsText()}`)
  t.notOk(ajv.validateSchema({ type: 'text' }))
})

t.test('Fastify serialises answers by the schemas', async (t) => {
  const app = fastify()
  t.teardown(() => app.close())
  useSchemas(app)
  const list = {
    total: 1,
    items: [{ ...record, secret: 'a@x.org' }],
    facets: { type: [{ value: 'a', label: 'b', count: 1 }], activity: [], keyword: [], country: [], region: [], language: [], server: [] },
    next: null,
  }
  app.get('/list', { schema: { response: { 200: { $ref: '/schemas/group-list.json' } } } }, async () => list)
  const answer = await app.inject('/list')
  t.equal(answer.statusCode, 200)
  t.notMatch(answer.body, 'a@x.org')
  t.same(validatorFor('/schemas/group-list.json')(answer.json()), [])
  t.same(answer.json().items[0], record)
})

const record = {
  ...group,
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  iri: 'https://x.org/id/1',
  url: 'https://x.org/g/anim-fr',
  keywords: [{ slug: 'coop', label: 'Coop' }],
  position: { lat: 1.5, lng: 2, precision: 'place' },
  links: [{ service: 'home', url: 'https://x.org' }],
  ecosystems: [],
  origin: { source: 'oci', sourceId: '1' },
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  revision: 1,
}

function made(keyword: string, rule: string, params: Record<string, unknown> = {}): FieldError {
  return { field: 'f', keyword, rule, params }
}

/** The names under which patterns stand in a schema: a definition's or a property's. */
function patternRules(schema: unknown, name = ''): string[] {
  if (!schema || typeof schema !== 'object') return []
  const own = typeof (schema as { pattern?: unknown }).pattern === 'string' ? [name] : []
  return [...own, ...Object.entries(schema).flatMap(([key, inner]) => patternRules(inner, key))]
}
