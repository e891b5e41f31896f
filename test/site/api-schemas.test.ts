import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import t from 'tap'
import { schemas } from '../../server/schema.ts'
import { build, openSqlite, publicUrl } from '../helper.ts'
import { rade } from '../world.ts'

const app = await build(t, await openSqlite(t))
const paths = [...schemas.keys()]

t.test('each schema is served at the address that is its $id', async (t) => {
  for (const path of paths) {
    const { statusCode, headers, body } = await app.inject(path)
    t.equal(statusCode, 200, path)
    t.equal(JSON.parse(body).$id, publicUrl + path)
    t.match(headers, { 'content-type': 'application/schema+json; charset=utf-8', 'access-control-allow-origin': '*', etag: /./ })
    t.equal((await app.inject({ url: path, headers: { 'if-none-match': String(headers.etag) } })).statusCode, 304)
  }
})

t.test('every $ref leads to a schema that says it is there', async (t) => {
  for (const path of paths) {
    for (const [, ref = ''] of (await app.inject(path)).body.matchAll(/"\$ref": "([^"]+)"/g)) {
      const [address = '', pointer = ''] = ref.split('#')
      t.ok(address.startsWith(`${publicUrl}/schemas/`), ref)
      const found = (await app.inject(address.slice(publicUrl.length))).json()
      t.equal(found.$id, address)
      t.ok(
        pointer
          .split('/')
          .slice(1)
          .reduce<Record<string, never> | undefined>((inner, step) => inner?.[step], found),
        `${ref} is in it`,
      )
    }
  }
})

t.test('a program that knows nothing but an address can check a record', async (t) => {
  const ajv = new Ajv({ strict: false, loadSchema: async (address) => (await app.inject(address.slice(publicUrl.length))).json() })
  addFormats.default(ajv, ['date', 'date-time'])
  const check = await ajv.compileAsync({ $ref: `${publicUrl}/schemas/group.json` })
  t.ok(check(rade))
  t.notOk(check({ ...rade, type: 'club' }))
})

t.test('what is not a schema is a problem', async (t) => {
  for (const path of ['/schemas/nothing.json', '/schemas/group', '/schemas/', '/schemas/..%2Fpackage.json', '/schemas/__proto__.json']) {
    const { statusCode, headers } = await app.inject(path)
    t.match({ statusCode, headers }, { statusCode: 404, headers: { 'content-type': /^application\/problem\+json/ } }, path)
  }
})
