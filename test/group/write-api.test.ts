import t, { type Test } from 'tap'
import { confirmGroup, editGroup } from '../../server/group/actions.ts'
import { findGroup, findRevision } from '../../server/group/queries.ts'
import { toGroup } from '../../server/group/row.ts'
import { mergePatch } from '../../server/group/write-input.ts'
import type { GroupRecord } from '../../server/schema-types.ts'
import { eachEngine } from '../engines.ts'
import { build, now, openDb, openSqlite, publicUrl } from '../helper.ts'
import { signInAs, tokenOf } from '../people.ts'
import { fill, rade } from '../world.ts'

const url = '/api/groups/jardin-de-la-rade'
const by = { at: now, via: 'form' as const }
type Method = 'GET' | 'PUT' | 'PATCH' | 'DELETE' | 'POST'

async function site(t: Test, db = openSqlite(t)) {
  const database = await db
  await fill(database, 2)
  const app = await build(t, database)
  const authorization = await tokenOf(database, 'animator')
  const ask = (method: Method, payload?: unknown, headers: Record<string, string> = {}, path = url) =>
    app.inject({
      method,
      url: path,
      headers: { authorization, 'accept-language': 'en', ...(payload === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
    })
  return { db: database, app, ask, row: async () => (await findGroup(database, 'jardin-de-la-rade'))! }
}

await eachEngine(t, 'what is read can be sent back, changed', async (t, open) => {
  const { db, ask, row } = await site(t, openDb(t, await open()))
  const read = await ask('GET')
  t.match(read.headers, { etag: /^W\/"1\+/, vary: 'Authorization, accept-encoding', 'cache-control': 'private, no-cache' })
  t.match(read.body, 'jardin.example/suivi', 'with the links for insiders')
  const record = read.json() as GroupRecord
  const match = { 'if-match': String(read.headers.etag) }
  const same = await ask('PUT', record, match)
  t.equal(same.statusCode, 200)
  t.same(same.json(), record)
  t.equal((await row()).revision, 1, 'the same again is no change')

  const put = await ask('PUT', { ...record, summary: 'Par programme', keywords: ['Énergie', 'Mer'] }, match)
  t.match(put, { statusCode: 200, headers: { etag: /^W\/"2\+/ } })
  t.match(put.json(), { summary: 'Par programme', revision: 2, keywords: [{ slug: 'energie' }, { slug: 'mer', label: 'Mer' }] })
  t.match(await row(), { revision: 2, claimed_at: now })
  t.match(await findRevision(db, (await row()).id, 2), { via: 'api', author: 'Ana' })
  t.equal((await ask('PUT', record, match)).statusCode, 412, 'from the version before')

  const patched = await ask(
    'PATCH',
    { memberCount: null, memberCountAt: null, nextMeeting: { at: '2027-01-01T20:00:00+01:00' } },
    { 'if-match': String(put.headers.etag), 'content-type': 'application/merge-patch+json' },
  )
  t.equal(patched.statusCode, 200, patched.body)
  t.match(toGroup(await row()), { memberCount: undefined, nextMeeting: { at: '2027-01-01T19:00:00.000Z' }, summary: 'Par programme' })

  t.equal((await ask('DELETE', undefined, match)).statusCode, 412)
  t.match(await ask('DELETE', undefined, { 'if-match': String(patched.headers.etag) }), { statusCode: 204, body: '' })
  t.equal((await ask('GET')).statusCode, 410)
})

t.test('a change that says not, or wrongly, what it started from', async (t) => {
  const { app, db, ask, row } = await site(t)
  for (const method of ['PUT', 'PATCH', 'DELETE'] as const) {
    const payload = method === 'DELETE' ? undefined : rade
    t.match((await ask(method, payload)).json(), { status: 428, type: 'urn:problem-type:archipel:precondition-required' }, method)
    t.equal((await ask(method, payload, { 'if-match': '*' })).statusCode, 428, `${method} * overwrites unseen`)
    t.equal((await ask(method, payload, { 'if-match': '"11-x"' })).statusCode, 412, method)
  }
  const { etag } = (await app.inject('/g/jardin-de-la-rade.json')).headers
  await confirmGroup(db, await row(), by)
  t.equal((await ask('PATCH', { name: 'x' }, { 'if-match': String(etag) })).statusCode, 412)
  t.equal((await row()).name, rade.name)
})

t.test('who did not see the links for insiders does not take them away', async (t) => {
  const { app, ask, row } = await site(t)
  const read = await app.inject(url)
  t.notMatch(read.body, 'jardin.example/suivi')
  t.match(read.headers.etag, /^W\/"1-/)
  const record = read.json()
  t.equal((await ask('PUT', { ...record, links: [] }, { 'if-match': String(read.headers.etag) })).statusCode, 200)
  t.same(
    toGroup(await row()).links?.map(({ service }) => service),
    ['tracking'],
  )
  const whole = await ask('GET')
  const { links, ...rest } = whole.json()
  t.equal((await ask('PUT', rest, { 'if-match': String(whole.headers.etag) })).statusCode, 200)
  t.equal(toGroup(await row()).links, undefined, 'who saw them does')
})

t.test('what is wrong is named', async (t) => {
  const { ask, row } = await site(t)
  const read = await ask('GET')
  const match = { 'if-match': String(read.headers.etag) }
  const cases: [Method, unknown, string[]][] = [
    ['PATCH', { colour: 'red' }, ['colour']],
    ['PATCH', { checkedAt: now, name: '' }, ['checkedAt', 'name']],
    ['PATCH', { links: [{ service: 'home', url: 'javascript:alert(1)' }] }, ['links/0/url']],
    ['PATCH', { parent: 'nobody-here' }, ['parent']],
    ['PUT', { name: 'x' }, ['shortName', 'summary', 'type']],
  ]
  for (const [method, body, fields] of cases) {
    const answer = await ask(method, body, match)
    t.equal(answer.statusCode, 400, answer.body)
    t.match(answer.headers['content-type'], 'application/problem+json')
    t.same(
      answer
        .json()
        .errors.map(({ field }: { field: string }) => field)
        .sort(),
      fields,
    )
  }
  t.equal((await ask('PATCH', { shortName: 'phare-citoyen' }, match)).statusCode, 409)
  t.equal((await ask('PATCH', ['x'], match)).statusCode, 400)
  t.equal((await ask('PATCH', undefined, { ...match, 'content-type': 'text/csv' })).statusCode, 415)
  t.equal((await row()).revision, 1)
})

t.test('two programs at once: one of them is told', async (t) => {
  const { db, ask, row } = await site(t)
  const match = { 'if-match': String((await ask('GET')).headers.etag) }
  const answers = await Promise.all(['A', 'B', 'C'].map((name) => ask('PATCH', { name }, match)))
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [200, 412, 412])
  t.equal((await row()).revision, 2)
  await editGroup(db, await row(), rade, by)
})

t.test('only operators create, only who keeps a group writes it', async (t) => {
  const { app, db, ask } = await site(t)
  const fresh = { name: 'Neuf', summary: 'Tout neuf.', type: 'thematic', shortName: 'neuf' }
  t.equal((await ask('POST', fresh, {}, '/api/groups')).statusCode, 403)
  const operator = { authorization: await tokenOf(db, 'operator') }
  const created = await ask('POST', fresh, operator, '/api/groups')
  t.match(created, { statusCode: 201, headers: { location: '/api/groups/neuf', etag: /^W\/"1\+/ } })
  t.match(created.json(), { ...fresh, url: `${publicUrl}/g/neuf`, revision: 1 })
  t.equal((await ask('POST', fresh, operator, '/api/groups')).statusCode, 409)
  t.equal((await ask('POST', { name: 'x' }, operator, '/api/groups')).statusCode, 400)
  t.equal((await ask('PATCH', { name: 'x' }, { 'if-match': '"1-"' }, '/api/groups/phare-citoyen')).statusCode, 403)
  const signedOut = await app.inject({ method: 'PATCH', url, payload: { name: 'x' }, headers: { 'if-match': '"1-"' } })
  t.match(signedOut, { statusCode: 401, headers: { 'www-authenticate': 'Bearer' } })
  const cookie = await signInAs(app, db, 'animator')
  t.equal((await app.inject({ method: 'PATCH', url, payload: { name: 'Par la session' }, headers: { cookie, 'if-match': '"1-"' } })).statusCode, 200)
  const foreign = { cookie, 'if-match': '"2-"', 'sec-fetch-site': 'cross-site' }
  t.equal((await app.inject({ method: 'PATCH', url, payload: { name: 'x' }, headers: foreign })).statusCode, 403, 'not from elsewhere')
})

t.test('RFC 7396, its own examples', async (t) => {
  const cases: [unknown, unknown, unknown][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'foo' }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ]
  for (const [target, patch, expected] of cases) t.same(mergePatch(target, patch), expected)
})

t.test('keywords in use, as one types', async (t) => {
  const { app } = await site(t)
  t.same((await app.inject('/api/keywords?q=ÉNER')).json(), { items: [{ slug: 'energie', label: 'Énergie', count: 2 }] })
  t.same((await app.inject('/api/keywords?q=!')).json(), { items: [] })
  t.same((await app.inject('/api/keywords')).json(), { items: [] })
})
