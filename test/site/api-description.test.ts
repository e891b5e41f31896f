import { Validator } from '@seriousme/openapi-schema-validator'
import t from 'tap'
import project from '../../package.json' with { type: 'json' }
import type { ApiDescription } from '../../server/site/api-description.ts'
import { keyOf, operationOf, operations } from '../../server/site/api-description-operations.ts'
import { listOperations } from '../../server/site/api-description-paths.ts'
import { isJsonRoute, type Route } from '../../server/site/api-description-routes.ts'
import { openApiSchemas } from '../../server/site/api-description-schemas.ts'
import { build, openSqlite, publicUrl } from '../helper.ts'
import { tokenOf } from '../people.ts'
import { fill } from '../world.ts'

const app = await build(t, await openSqlite(t))
const answer = await app.inject('/api/openapi.json')
const description = answer.json() as ApiDescription
const told = Object.keys(description.paths)

t.test('an independent validator accepts the description', async (t) => {
  const { valid, errors } = await new Validator().validate(answer.json())
  t.ok(valid, JSON.stringify(errors))
  const broken = { ...answer.json(), paths: { '/x': { get: { responses: {}, parameters: [{ name: 'y' }] } } } }
  t.notOk((await new Validator().validate(broken)).valid)
})

t.test('what it says of itself', async (t) => {
  t.match(answer.headers, { 'content-type': 'application/json; charset=utf-8', 'access-control-allow-origin': '*', etag: /./ })
  t.match(description, {
    openapi: /^3\.1\./,
    info: { version: project.version, license: { identifier: project.license } },
    servers: [{ url: publicUrl }],
  })
  t.equal((await app.inject({ url: '/api/openapi.json', headers: { 'if-none-match': answer.headers.etag } })).statusCode, 304)
})

t.test('every JSON route is described, and nothing else', async (t) => {
  const routes = app.knownRoutes
  t.same(undescribed(routes), [])
  const described = routes.filter((route) => isJsonRoute(route) || (route.method !== 'HEAD' && operationOf(route)))
  t.same(told.sort(), [...new Set(described.map(({ url }) => url.replace(/:(\w+)/g, '{$1}')))].sort())
  t.same(
    Object.keys(operations).filter((key) => !routes.some(({ method, url }) => keyOf(method, url) === key)),
    [],
    'no words without a route',
  )
  t.same(undescribed([...routes, { method: 'POST', url: '/api/ecosystems', schema: {} }, { method: 'GET', url: '/new.geojson', schema: {} }]), [
    'POST /api/ecosystems',
    'GET /new.geojson',
  ])
})

t.test('each operation has a name, words, parameters and errors', async (t) => {
  const all = listOperations(description.paths)
  t.equal(new Set(all.map(({ operation }) => operation.operationId)).size, all.length)
  for (const { path, method, operation } of all) {
    const name = `${method} ${path}`
    const own = [...path.matchAll(/\{(\w+)\}/g)].map(([, part]) => part)
    const asked = (place: string) => operation.parameters.filter((one) => one.in === place).map((one) => one.name)
    t.same(asked('path'), own, name)
    t.match(operation.summary, /^[A-ZÀ-Ü][^{]/, name)
    const promised = Object.keys(operation.responses)
    const may = (...statuses: string[]) =>
      t.same(
        statuses.filter((status) => !promised.includes(status)),
        [],
        `${name} may answer ${statuses}`,
      )
    may('429', '500')
    if (own.length > 0) may('404')
    if (asked('query').length > 0 || operation.requestBody) may('400')
    if (operation.requestBody) may('413', '415')
    if (operation.security) may('401', '403')
    if (asked('header').includes('If-Match')) may('412', '428')
    if (method === 'GET') t.notOk(operation.requestBody || operation.security, name)
    else t.notOk(promised.includes('304'), `${name} is done each time`)
    t.equal(promised.filter((status) => /^20|303/.test(status)).length, 1, `${name} goes well in one way`)
  }
  const { parameters, responses } = description.paths['/api/groups']!.get!
  t.match(
    parameters.find(({ name }) => name === 'type'),
    { in: 'query', required: false, schema: { type: 'array', items: { $ref: '#/components/schemas/Type' } } },
  )
  t.match(description.components.schemas.Type, { enum: ['thematic', 'territorial', 'support'] })
  t.match(
    parameters.find(({ name }) => name === 'size'),
    { schema: { type: 'integer', minimum: 1, maximum: 100 }, description: /./ },
  )
  t.match(responses[200], { content: { 'application/json': { schema: { $ref: '#/components/schemas/GroupList' } } } })
})

t.test('an answer that is the same as before is not sent again, wherever it is promised', async (t) => {
  // Those about one group or ecosystem are asked in api-examples.test.ts.
  for (const { path, operation } of listOperations(description.paths)) {
    if (!('304' in operation.responses) || path.includes('{') || operation.parameters.some(({ required }) => required)) continue
    const { etag } = (await app.inject(path)).headers
    t.match(etag, /^W\/"/, path)
    t.equal((await app.inject({ url: path, headers: { 'if-none-match': String(etag) } })).statusCode, 304, path)
  }
})

t.test('what writes refuses as it is told to', async (t) => {
  const db = await openSqlite(t)
  await fill(db, 1)
  const app = await build(t, db)
  const authorization = await tokenOf(db, 'operator')
  const writing = listOperations(description.paths).filter(({ method }) => method !== 'GET')
  t.same(writing.map(({ operation }) => operation.operationId).sort(), [
    ...['changeGroup', 'createGroup', 'deleteGroup', 'exportNodes', 'replaceGroup', 'submitNode', 'validateProfile'],
  ])
  for (const { path, method, operation } of writing) {
    const url = path.replace('{shortName}', 'phare-citoyen')
    const ask = async (headers: Record<string, string>, payload?: string) => {
      const answer = await app.inject({ method: method as 'POST', url, headers, ...(payload === undefined ? {} : { payload }) })
      t.ok(String(answer.statusCode) in operation.responses, `${method} ${path} tells of ${answer.statusCode}`)
      return answer.statusCode
    }
    const token: Record<string, string> = operation.security ? { authorization } : {}
    const match = operation.parameters.some(({ name }) => name === 'If-Match')
    const json = { 'content-type': 'application/json' }
    const version: Record<string, string> = match ? { 'if-match': 'W/"1+"' } : {}
    if (operation.security) t.equal(await ask({ ...json, ...version }, '{}'), 401, `${method} ${path} without a token`)
    if (operation.security) t.equal(await ask({ ...json, ...version, authorization: 'Bearer none' }, '{}'), 401)
    if (match) t.equal(await ask({ ...token, ...json }, '{}'), 428, `${method} ${path} without a version`)
    if (match) t.equal(await ask({ ...token, ...json, 'if-match': 'W/"0-"' }, '{}'), 412, `${method} ${path} from another version`)
    if (operation.requestBody) t.equal(await ask({ ...token, ...version, 'content-type': 'image/png' }, 'x'), 415)
    if (operation.requestBody) t.equal(await ask({ ...token, ...version, ...json }, '{'), 400)
    if (operation.requestBody) t.equal(await ask({ ...token, ...version, ...json }, JSON.stringify('x'.repeat(3_000_000))), 413)
  }
})

t.test('schemas are converted, and every reference leads somewhere', async (t) => {
  const { convert, components } = openApiSchemas()
  t.same(convert({ $ref: '/schemas/group.json' }), { $ref: '#/components/schemas/Group' })
  t.match(components.Group, { dependentRequired: { region: ['country'] }, properties: { links: { items: { $ref: '#/components/schemas/Link' } } } })
  t.notOk('dependencies' in components.Group! || 'definitions' in components.Group!)
  t.match(
    convert({ $ref: '/schemas/ecosystem.json' }) && components.Ecosystem!.properties,
    { title: { maxLength: 120 } },
    'a property may be called title',
  )
  t.throws(() => convert({ $ref: '/schemas/group.json#/definitions/nothing' }), { message: /is not there/ })
  for (const [, ref = ''] of answer.body.matchAll(/"\$ref": "([^"]+)"/g)) {
    const found = ref
      .slice(2)
      .split('/')
      .reduce<unknown>((inner, step) => (inner as Record<string, unknown>)?.[step], description)
    t.type(found, 'object', ref)
  }
})

function undescribed(routes: readonly Route[]): string[] {
  return routes.filter((route) => isJsonRoute(route) && !operationOf(route)).map(({ method, url }) => `${method} ${url}`)
}
