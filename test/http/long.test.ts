import t from 'tap'
import { build, openSqlite } from '../helper.ts'

t.test('a form with more fields than any has, and a list longer than any, are refused before they are looked at', async (t) => {
  const app = await build(t, await openSqlite(t))
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const payload = Array.from({ length: 100_000 }, (_, at) => `n${at}`).join('&')
  const sent = await app.inject({ method: 'POST', url: '/sign-in', headers: form, payload })
  t.equal(sent.statusCode, 413)
  const list = await app.inject({ method: 'POST', url: '/v2/validate', payload: { linked_schemas: Array.from({ length: 100_000 }, (_, at) => at) } })
  t.equal(list.statusCode, 400)
})
