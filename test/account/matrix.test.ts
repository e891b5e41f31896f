import fastify from 'fastify'
import t, { type Test } from 'tap'
import { type Right, registerGuard } from '../../server/account/guard.ts'
import { toPerson } from '../../server/account/people.ts'
import { findPersonByAddress } from '../../server/account/queries.ts'
import { mayReview, maySeeInside } from '../../server/account/rights.ts'
import { buildApp } from '../../server/app.ts'
import type { Db } from '../../server/db/tables.ts'
import { makeTestDeps, openSqlite, publicUrl } from '../helper.ts'
import { people, signInAs, tokenOf, type Who } from '../people.ts'
import { fill } from '../world.ts'

type Asker = Who | 'visitor'

const askers: Asker[] = ['visitor', 'stranger', 'animator', 'otherAnimator', 'steward', 'otherSteward', 'helper', 'operator']

/** Section 7 of the contract, about the group jardin-de-la-rade, which the ecosystem energie lists. */
const table: Record<Right, Asker[]> = {
  // Propose a group, suggest a correction, write to a group's animators, sign in.
  anyone: askers,
  'signed-in': askers.filter((one) => one !== 'visitor'),
  // Edit, archive, delete the record; ask for an ecosystem or leave it; see co-animators' addresses.
  edit: ['animator', 'operator'],
  // Accept, decline, unlist; edit the ecosystem's page, charter, helpers.
  keep: ['steward', 'operator'],
  review: ['steward', 'otherSteward', 'operator'],
  operate: ['operator'],
}

const named: Record<string, string> = { shortName: 'jardin-de-la-rade', keyword: 'energie' }

/** The site, which answers 299 in place of whatever it would do for somebody who may ask it. */
async function openGuarded(t: Test, db: Db) {
  const app = await buildApp(await makeTestDeps(db))
  t.teardown(() => app.close())
  app.addHook('preValidation', async (_request, reply) => reply.code(299).send('may'))
  await app.ready()
  return app
}

async function headersOf(db: Db, app: Awaited<ReturnType<typeof buildApp>>): Promise<Map<string, Record<string, string>>> {
  const headers = new Map<string, Record<string, string>>([['visitor', {}]])
  for (const who of Object.keys(people) as Who[]) {
    headers.set(who, { cookie: await signInAs(app, db, who) })
    headers.set(`${who}'s program`, { authorization: await tokenOf(db, who) })
  }
  return headers
}

function ask(app: Awaited<ReturnType<typeof buildApp>>, method: string, url: string, headers: Record<string, string>) {
  const body = method === 'GET' || method === 'HEAD' ? {} : { payload: url.startsWith('/api/') ? '{}' : 'a=b' }
  const type = url.startsWith('/api/') ? 'application/json' : 'application/x-www-form-urlencoded'
  return app.inject({
    method: method as 'GET',
    url,
    ...body,
    headers: { origin: publicUrl, ...('payload' in body ? { 'content-type': type } : {}), ...headers },
  })
}

t.test('each route that asks for a right: who may, who must not', async (t) => {
  const db = await openSqlite(t)
  await fill(db, 2)
  const app = await openGuarded(t, db)
  const headers = await headersOf(db, app)
  for (const { method, url: pattern, right } of app.guardedRoutes) {
    const may = table[right]
    if (!t.ok(may, `${right} has a row in the table`)) continue
    const url = pattern.replace(/:(\w+)/g, (_, name) => named[name] ?? 'x')
    const outcomes = await Promise.all(
      askers.map(async (who) => {
        const answer = await ask(app, method, url, headers.get(who)!)
        return [who, answer.statusCode === 299 ? 'may' : 'must not', answer] as const
      }),
    )
    t.same(
      outcomes.filter(([, outcome]) => outcome === 'may').map(([who]) => who),
      may,
      `${method} ${pattern} (${right})`,
    )
    for (const [who, outcome, { statusCode, headers: said }] of outcomes.filter(([, one]) => one !== 'may')) {
      const isApi = pattern.startsWith('/api/')
      const expected = who !== 'visitor' ? [403] : isApi ? [401] : [303, 403]
      t.ok(expected.includes(statusCode), `${outcome}: ${statusCode} ${method} ${pattern} ${who}`)
      if (statusCode === 303) t.match(said.location, /^\/sign-in\?back=%2F/)
      t.equal(said['cache-control'], 'no-store')
      if (isApi) t.match(said['content-type'], 'problem+json')
    }
    if (!pattern.startsWith('/api/')) continue
    for (const who of Object.keys(people) as Who[])
      t.equal(
        (await ask(app, method, url, headers.get(`${who}'s program`)!)).statusCode,
        may.includes(who) ? 299 : 403,
        `${who}'s program: ${method} ${pattern}`,
      )
  }
})

t.test('a copy from another server is read-only for everybody', async (t) => {
  const db = await openSqlite(t)
  await fill(db, 2)
  await db.updateTable('group_record').set({ origin_server: 'https://elsewhere.example' }).where('short_name', '=', named.shortName!).execute()
  const app = await openGuarded(t, db)
  const headers = await headersOf(db, app)
  const routes = app.guardedRoutes.filter(({ right, url }) => right === 'edit' && url.includes(':shortName'))
  t.ok(routes.length > 2)
  for (const { method, url } of routes)
    for (const [who, sent] of headers)
      t.not(
        (
          await ask(
            app,
            method,
            url.replace(/:(\w+)/g, (_, name) => named[name] ?? 'x'),
            sent,
          )
        ).statusCode,
        299,
        `${who}: ${method} ${url}`,
      )
  const { body } = await app.inject({ url: `/g/${named.shortName}/edit`, headers: { ...headers.get('operator'), accept: 'text/html' } })
  t.match(body, 'href="https://elsewhere.example/id/', 'the way to where it is kept')
})

/** Shown to everybody, though only some may send what is on it. */
const readByAll = ['/g/:shortName/history/:revision']

t.test('what is guarded to write is guarded to read', async (t) => {
  const app = await openGuarded(t, await openSqlite(t))
  const rightOf = (method: string, url: string) => app.guardedRoutes.find((one) => one.method === method && one.url === url)?.right ?? 'anyone'
  for (const { method, url, right } of app.guardedRoutes) {
    if (['GET', 'HEAD'].includes(method) || url.startsWith('/api/') || !app.hasRoute({ method: 'GET', url })) continue
    t.equal(rightOf('GET', url), readByAll.includes(url) ? 'anyone' : right, url)
  }
  for (const { method, url } of app.knownRoutes)
    if (/^\/me(\/|$)/.test(url)) t.not(rightOf(method === 'HEAD' ? 'GET' : method, url), 'anyone', `${method} ${url}`)
})

t.test('a route that writes and does not say who may stops the start', async (t) => {
  const app = fastify()
  registerGuard(app, await makeTestDeps(await openSqlite(t)))
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const)
    t.throws(() => app.route({ method, url: '/x', handler: async () => 'x' }), /does not say who may use it/, method)
  t.doesNotThrow(() => app.get('/x', async () => 'x'))
})

t.test('links for insiders, and addresses: who sees them', async (t) => {
  const db = await openSqlite(t)
  await fill(db, 2)
  const app = await buildApp(await makeTestDeps(db))
  t.teardown(() => app.close())
  const headers = await headersOf(db, app)
  const insiders: Asker[] = ['animator', 'steward', 'helper', 'operator']
  const { id } = await db.selectFrom('group_record').select('id').where('short_name', '=', named.shortName!).executeTakeFirstOrThrow()
  for (const who of askers) {
    const { body } = await app.inject({ url: '/g/jardin-de-la-rade', headers: headers.get(who)! })
    t.equal(body.includes('https://jardin.example/suivi'), insiders.includes(who), `${who} sees the tracking link`)
    const row = who === 'visitor' ? undefined : await findPersonByAddress(db, people[who].address)
    const person = row && (await toPerson(db, row))
    t.equal(maySeeInside(person, { id, origin_server: null }, ['energie']), insiders.includes(who), `${who} sees links for insiders`)
    t.equal(mayReview(person, ['energie', 'jardin']), ['steward', 'operator'].includes(who), `${who} answers a proposal for energie`)
    for (const page of ['/', '/groups', '/e/energie', '/g/jardin-de-la-rade'])
      t.notMatch((await app.inject({ url: page, headers: headers.get(who)! })).body, /@people\.example/, `${who} reads no address on ${page}`)
  }
  for (const [who, sent] of headers)
    for (const url of ['/g/jardin-de-la-rade.json', '/g/jardin-de-la-rade.jsonld', '/groups.csv', '/groups.json?q=rade'])
      t.notMatch((await app.inject({ url, headers: sent })).body, 'jardin.example/suivi', `${who}: ${url}`)
  // Should programs of insiders read them through the API: they alone, and nothing on the way may keep it.
  for (const [who, sent] of headers) {
    const { body, headers: said } = await app.inject({ url: '/api/groups/jardin-de-la-rade', headers: sent })
    if (!body.includes('jardin.example/suivi')) continue
    t.ok(
      insiders.some((one) => who === `${one}'s program`),
      `${who}: the API`,
    )
    t.match(said, { 'cache-control': /private/, vary: /Authorization/ })
  }
})
