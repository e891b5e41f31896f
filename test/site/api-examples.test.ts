import { readFileSync, writeFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import t from 'tap'
import { findGroup } from '../../server/group/queries.ts'
import type { ApiDescription } from '../../server/site/api-description.ts'
import { type Example, readExamples } from '../../server/site/api-description-examples.ts'
import type { ApiResponse } from '../../server/site/api-description-paths.ts'
import { build, openSqlite, publicUrl } from '../helper.ts'
import { fill } from '../world.ts'

// What differs at each start, as the examples write it.
const ids = {
  'jardin-de-la-rade': '01936f2a-7c00-7a3e-9d51-4b2f60c8e1a7',
  'phare-citoyen': '01936f2a-7c00-7b84-8c06-92d7f1b35e40',
}
const instance = '4f1c9a7e0d2b'

const db = await openSqlite(t)
await fill(db, 2)
const real = new Map(await Promise.all(Object.entries(ids).map(async ([name, id]) => [id, (await findGroup(db, name))!.id] as const)))
const app = await build(t, db)
const description: ApiDescription = (await app.inject('/api/openapi.json')).json()
const operations = new Map(Object.values(description.paths).flatMap(({ get }) => (get ? [[get.operationId, get] as const] : [])))
const validator = new Ajv2020({ strict: false, allErrors: true }).addSchema({ $id: 'api', components: description.components })
addFormats.default(validator, ['date', 'date-time'])

for (const example of readExamples(publicUrl)) {
  t.test(`${example.name} is answered as its example says`, async (t) => {
    const answer = await ask(example.request)
    t.equal(answer.statusCode, example.status)
    const told = { ...(answer.headers.location ? { location: answer.headers.location } : {}), ...(answer.body ? { body: bodyOf(answer.body) } : {}) }
    if (process.env.TAP_SNAPSHOT) update(example, told)
    else t.same(told, { ...(example.location ? { location: example.location } : {}), ...(example.body ? { body: example.body } : {}) })

    const { response, type, schema } = responseOf(example)
    if (operations.get(example.operation)!.responses[304] && example.status === 200) {
      const again = await ask(example.request, { 'if-none-match': String(answer.headers.etag) })
      t.equal(again.statusCode, 304, 'and not sent again')
    }
    if (!schema) return
    t.match(answer.headers['content-type'], type)
    t.same(wrongWith(schema, answer.json()), [], 'the answer is as described')
    t.same(wrongWith(schema, example.body), [], 'the example is as described')
    t.same(response.content?.[type]?.examples?.[example.name]?.value, example.body, 'the description tells it')
  })
}

t.test('an example that is not true, or not as described, would be noticed', async (t) => {
  const { schema } = responseOf({ operation: 'getGroup', status: 200 })
  const body = (await ask('/api/groups/jardin-de-la-rade')).json()
  t.same(wrongWith(schema!, body), [])
  t.match(wrongWith(schema!, { ...body, colour: 'red' }), [/additional properties/])
  t.match(wrongWith(schema!, { ...body, type: 'club' }), [/allowed values/])
})

async function ask(request: string, headers: Record<string, string> = {}) {
  const url = [...real].reduce((text, [told, id]) => text.replaceAll(told, id), request)
  return app.inject({ url, headers })
}

/** What was answered, with the examples' identifiers in place of those of this run. */
function bodyOf(text: string): unknown {
  const body = JSON.parse([...real].reduce((told, [id, mine]) => told.replaceAll(mine, id), text))
  return 'instance' in body ? { ...body, instance } : body
}

function responseOf({ operation, status }: Pick<Example, 'operation' | 'status'>) {
  const told = operations.get(operation)?.responses[status]
  if (!told) throw new Error(`The description does not tell of ${operation} with ${status}.`)
  const response = '$ref' in told ? description.components.responses[told.$ref.split('/').at(-1)!]! : (told as ApiResponse)
  const [type = '', content] = Object.entries(response.content ?? {})[0] ?? []
  return { response, type, schema: content?.schema }
}

function wrongWith(schema: object, value: unknown): string[] {
  const json = JSON.stringify(schema).replaceAll('"#/components', '"api#/components')
  const check = validator.compile(JSON.parse(json))
  return check(JSON.parse(JSON.stringify(value ?? null))) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** With TAP_SNAPSHOT=1 the examples take over what is answered. */
function update({ name }: Example, told: object): void {
  const file = new URL(`../../schemas/examples/${name}.json`, import.meta.url)
  const { operation, request, status } = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, `${JSON.stringify({ operation, request, status, ...told }, null, 2)}\n`)
}
