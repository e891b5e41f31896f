import { Validator } from '@seriousme/openapi-schema-validator'
import t from 'tap'
import project from '../../package.json' with { type: 'json' }
import type { ApiDescription } from '../../server/site/api-description.ts'
import { keyOf, operationOf, operations } from '../../server/site/api-description-operations.ts'
import { isJsonRoute, type Route } from '../../server/site/api-description-routes.ts'
import { openApiSchemas } from '../../server/site/api-description-schemas.ts'
import { build, openSqlite, publicUrl } from '../helper.ts'

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
  const all = Object.entries(description.paths).flatMap(([path, { get }]) => (get ? [{ path, get }] : []))
  t.equal(new Set(all.map(({ get }) => get.operationId)).size, all.length)
  for (const { path, get } of all) {
    const names = get.parameters.filter((one) => one.in === 'path').map(({ name }) => name)
    t.same(
      names,
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
      path,
    )
    const statuses = Object.keys(get.responses)
    for (const status of ['429', '500', ...(names.length > 0 ? ['404'] : []), ...(get.parameters.some((one) => one.in === 'query') ? ['400'] : [])])
      t.ok(statuses.includes(status), `${path} may answer ${status}`)
  }
  const { parameters, responses } = description.paths['/api/groups']!.get!
  t.match(
    parameters.find(({ name }) => name === 'type'),
    { in: 'query', required: false, schema: { type: 'array', items: { enum: [/./, /./, /./] } } },
  )
  t.match(
    parameters.find(({ name }) => name === 'size'),
    { schema: { type: 'integer', minimum: 1, maximum: 100 }, description: /./ },
  )
  t.match(responses[200], { content: { 'application/json': { schema: { $ref: '#/components/schemas/GroupList' } } } })
})

t.test('an answer that is the same as before is not sent again, wherever it is promised', async (t) => {
  for (const [path, { get }] of Object.entries(description.paths)) {
    if (!get || !('304' in get.responses) || path.includes('{')) continue
    const { etag } = (await app.inject(path)).headers
    t.equal((await app.inject({ url: path, headers: { 'if-none-match': String(etag) } })).statusCode, 304, path)
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
