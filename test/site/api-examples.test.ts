import { readFileSync, writeFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { Db } from '../../server/db/tables.ts'
import type { ApiDescription } from '../../server/site/api-description.ts'
import { type Example, readExamples, typeOf } from '../../server/site/api-description-examples.ts'
import { type ApiOperation, type ApiResponse, listOperations } from '../../server/site/api-description-paths.ts'
import { build, openSqlite, publicUrl } from '../helper.ts'
import { tokenOf } from '../people.ts'
import { fill } from '../world.ts'

// What differs at each start, as the examples write it.
const ids: Record<string, string> = {
  'jardin-de-la-rade': '01936f2a-7c00-7a3e-9d51-4b2f60c8e1a7',
  'phare-citoyen': '01936f2a-7c00-7b84-8c06-92d7f1b35e40',
}
const instance = '4f1c9a7e0d2b'

interface Site {
  db: Db
  app: FastifyInstance
  /** The identifiers that examples write, and those of this run. */
  told: Map<string, string>
}

const shared = await openSite(t)
const description: ApiDescription = (await shared.app.inject('/api/openapi.json')).json()
const operations = new Map(listOperations(description.paths).map(({ operation }) => [operation.operationId, operation]))
const validator = new Ajv2020({ strict: false, allErrors: true }).addSchema({ $id: 'api', components: description.components })
addFormats.default(validator, ['date', 'date-time'])
const examples = readExamples(publicUrl)
const askedTwice = new Set<string>()

t.test('every operation has an example, which the description tells', async (t) => {
  t.same([...new Set(examples.map(({ operation }) => operation))].sort(), [...operations.keys()].sort())
  for (const [id, operation] of operations) {
    const own = examples.filter(({ operation }) => operation === id)
    t.ok(
      own.some(({ status }) => status < 400),
      `${id} has one that goes well`,
    )
    const text = JSON.stringify(operation)
    for (const { name } of own) t.match(text, `"${name}":{"summary"`)
    if (operation.requestBody)
      t.ok(
        Object.values(operation.requestBody.content).some((content) => content.examples !== undefined),
        `what is sent to ${id}`,
      )
  }
})

for (const example of examples) {
  t.test(`${example.name} is answered as its example says`, async (t) => {
    const site = example.method ? await openSite(t) : shared
    const operation = operations.get(example.operation)!
    const { response, type, schema } = responseOf(example)
    const answer = await ask(site, example, operation)
    t.equal(answer.statusCode, example.status, answer.body.slice(0, 200))
    const { location } = answer.headers
    const told = { ...(location ? { location } : {}), ...(answer.body ? { body: bodyOf(answer.body, site) } : {}) }
    if (schema) {
      t.match(answer.headers['content-type'], type)
      t.same(wrongWith(schema, answer.json()), [], 'the answer is as described')
    }
    if (process.env.TAP_SNAPSHOT && t.passing() && !example.partial) return update(example, told)
    const expected = { ...(example.location ? { location: example.location } : {}), ...(example.body ? { body: example.body } : {}) }
    if (example.partial) t.match(told, expected)
    else t.same(told, expected)

    if (example.send !== undefined && example.status < 300) {
      const sent = operation.requestBody!.content[typeOf(example)]!
      t.same(wrongWith(sent.schema, example.send), [], 'what is sent is as described')
      t.same(sent.examples?.[example.name]?.value, example.send)
    }
    if (operation.responses[304] && example.status === 200) {
      const again = await site.app.inject({ url: realOf(example.request, site), headers: { 'if-none-match': String(answer.headers.etag) } })
      t.equal(again.statusCode, 304, 'and not sent again')
      askedTwice.add(example.operation)
    }
    if (location) t.same(response.headers?.Location?.examples?.[example.name]?.value ?? location, example.location)
    if (!schema) return
    t.same(wrongWith(schema, example.body), [], 'the example is as described')
    t.same(response.content?.[type]?.examples?.[example.name]?.value, example.body, 'the description tells it')
  })
}

t.test(
  'whatever promises not to be sent again was asked twice',
  { skip: process.env.TAP_SNAPSHOT ? 'examples are being taken over' : false },
  async (t) => {
    const promised = [...operations].filter(([, { responses }]) => 304 in responses).map(([id]) => id)
    t.same(
      promised.filter((id) => !askedTwice.has(id)),
      [],
    )
  },
)

t.test('an example that is not true, or not as described, would be noticed', async (t) => {
  const { schema } = responseOf({ operation: 'getGroup', status: 200 })
  const body = (await shared.app.inject('/api/groups/jardin-de-la-rade')).json()
  t.same(wrongWith(schema!, body), [])
  t.match(wrongWith(schema!, { ...body, colour: 'red' }), [/additional properties/])
  t.match(wrongWith(schema!, { ...body, type: 'club' }), [/allowed values/])
})

/** The cast of the tests in a database of its own. */
async function openSite(t: Test): Promise<Site> {
  const db = await openSqlite(t)
  const { deletedId } = await fill(db, 2)
  const rows = await db.selectFrom('group_record').select(['id', 'short_name']).orderBy('num').execute()
  const told = new Map([...rows, { id: deletedId, short_name: 'epave' }].map(({ id, short_name }, at) => [ids[short_name] ?? numbered(at), id]))
  return { db, app: await build(t, db), told }
}

function numbered(at: number): string {
  return `01936f2a-7c00-7000-8000-${String(at).padStart(12, '0')}`
}

/** Asks as the example does: what needs a token with that of an operator, what needs a version with that of now. */
async function ask(site: Site, { method = 'GET', ifMatch, send, ...example }: Example, { security, parameters }: ApiOperation) {
  const url = realOf(example.request, site)
  const token: Record<string, string> = security ? { authorization: await tokenOf(site.db, 'operator') } : {}
  const needsMatch = parameters.some(({ name }) => name === 'If-Match')
  const match = needsMatch ? { 'if-match': ifMatch ?? String((await site.app.inject({ url, headers: token })).headers.etag) } : {}
  const type = send === undefined ? {} : { 'content-type': typeOf(example as Example) }
  const payload = send === undefined ? {} : { payload: JSON.stringify(send) }
  return site.app.inject({ method: method as 'GET', url, headers: { ...token, ...match, ...type }, ...payload })
}

/** An address with the identifiers of this run in place of the examples'. */
function realOf(request: string, { told }: Site): string {
  return [...told].reduce((text, [mine, id]) => text.replaceAll(mine, id), request)
}

/** What was answered, the other way round; identifiers made just now are numbered. */
function bodyOf(text: string, { told }: Site): unknown {
  let plain = [...told].reduce((all, [mine, id]) => all.replaceAll(id, mine), text)
  const fresh = [...new Set(plain.match(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g))].filter(
    (id) => !told.has(id) && !id.startsWith('01936f2a'),
  )
  for (const [at, id] of fresh.entries()) plain = plain.replaceAll(id, numbered(100 + at))
  const body = JSON.parse(plain)
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

/** With TAP_SNAPSHOT=1 the examples take over what is answered, if it is as described. */
function update({ name }: Example, told: object): void {
  const file = new URL(`../../schemas/examples/${name}.json`, import.meta.url)
  const { location: _, body: __, ...question } = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, `${JSON.stringify({ ...question, ...told }, null, 2)}\n`)
}
