import t, { type Test } from 'tap'
import { hashOf } from '../../server/account/secret.ts'
import { buildApp } from '../../server/app.ts'
import type { Db } from '../../server/db/tables.ts'
import { eachEngine } from '../engines.ts'
import { makeTestDeps, now, openDb, openSqlite } from '../helper.ts'
import { addPerson, people, signInAs } from '../people.ts'
import { cookieOf, linkTo, mailsTo, post } from './mails.ts'

const address = 'camille@people.example'

/** The site with a clock to turn: `wait` in minutes. */
async function open(t: Test, given?: Db, settings = {}) {
  const db = given ?? (await openSqlite(t))
  let time = Date.parse(now)
  const deps = { ...(await makeTestDeps(db, settings)), clock: () => new Date(time) }
  const app = await buildApp(deps)
  t.teardown(() => app.close())
  const wait = (minutes: number) => {
    time += minutes * 60_000
  }
  const ask = async (back?: string) => {
    time += 1
    t.equal((await post(app, '/sign-in', { address, ...(back ? { back } : {}) })).statusCode, 200)
    return linkTo(db, address)
  }
  return { app, db, deps, wait, ask }
}

eachEngine(t, 'from the form to one’s own page, and out again', async (t, openEngine) => {
  const { app, db, ask } = await open(t, await openDb(t, await openEngine()))
  const link = await ask('/groups?q=a')
  t.match(link, /^\/sign-in\/[\w-]{43}$/)
  for (const method of ['GET', 'HEAD', 'GET'] as const) {
    const page = await app.inject({ method, url: link })
    t.match(page, { statusCode: 200, headers: { 'referrer-policy': 'same-origin', 'cache-control': 'no-store' } })
    t.equal(page.headers['set-cookie'], undefined, 'looking at it uses nothing up')
    if (method === 'GET') t.match(page.body, /camille@people\.example[\s\S]*action="\/sign-in\//)
  }
  const clicked = await post(app, link, {}, { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' })
  t.match(clicked, { statusCode: 303, headers: { location: '/groups?q=a' } })
  t.match(clicked.headers['set-cookie'], /^session=[\w-]{43}; Path=\/; Max-Age=5184000; SameSite=Lax; HttpOnly$/)
  const cookie = cookieOf(clicked)
  const me = await app.inject({ url: '/me', headers: { cookie } })
  t.match(me, { statusCode: 200, headers: { 'cache-control': 'no-store', etag: undefined } })
  t.match(me.body, /camille@people\.example[\s\S]*Firefox · Linux/)
  t.match((await app.inject({ url: '/sign-in?back=/groups', headers: { cookie } })).headers.location, '/groups')
  const kept = await db.selectFrom('session').select('hash').execute()
  t.same(kept, [{ hash: hashOf(cookie.split('=')[1]!) }], 'only a hash is kept')
  const out = await post(app, '/sign-out', {}, { cookie })
  t.match(out, { statusCode: 303, headers: { location: '/', 'set-cookie': /^session=; Path=\/; Max-Age=0/ } })
  t.equal((await app.inject({ url: '/me', headers: { cookie } })).statusCode, 303, 'the session is gone, not only the cookie')
})

eachEngine(t, 'a link works once, of two clicks at once too', async (t, openEngine) => {
  const { app, db, ask } = await open(t, await openDb(t, await openEngine()))
  const link = await ask()
  const clicks = await Promise.all([post(app, link), post(app, link), post(app, link)])
  t.same(clicks.map(({ statusCode }) => statusCode).sort(), [303, 410, 410])
  t.equal((await db.selectFrom('session').selectAll().execute()).length, 1)
  t.equal((await db.selectFrom('person').selectAll().execute()).length, 1)
  const again = await app.inject(link)
  t.match(again, { statusCode: 410, headers: { 'cache-control': 'no-store' } })
  t.match(again.body, /déjà servi[\s\S]*action="\/sign-in"/)
  const cookie = cookieOf(clicks.find(({ statusCode }) => statusCode === 303)!)
  t.match(await post(app, link, {}, { cookie }), { statusCode: 303, headers: { location: '/me' } }, 'a second click by the same person is no mishap')
})

t.test('a link is good for a quarter of an hour', async (t) => {
  const { app, ask, wait } = await open(t)
  const [first, second] = [await ask(), await ask()]
  wait(14.9)
  t.equal((await post(app, first)).statusCode, 303)
  wait(0.1)
  t.match(await app.inject(second), { statusCode: 410, body: /trop ancien/ })
  t.equal((await post(app, second)).statusCode, 410)
  for (const url of ['/sign-in/x', `/sign-in/${'x'.repeat(43)}`, `/sign-in/${'x'.repeat(3000)}`, '/sign-in/%F0%9F%90%9F']) {
    t.match(await app.inject(url), { statusCode: 404, body: /pas connu/ }, url)
    t.equal((await post(app, url)).statusCode, 404)
  }
})

t.test('the answer never tells whether an address is known', async (t) => {
  const { app, db } = await open(t)
  await addPerson(db, 'animator')
  const answers = await Promise.all(
    [people.animator.address, 'nobody@people.example'].map(async (one) => {
      const { statusCode, body, headers } = await post(app, '/sign-in', { address: one })
      const [mail] = await mailsTo(db, one)
      return { statusCode, body: body.replaceAll(one, ''), type: headers['content-type'], mail: { ...mail, model: Object.keys(mail!.model) } }
    }),
  )
  t.same(answers[0], answers[1])
  t.equal((await db.selectFrom('person').selectAll().execute()).length, 1, 'and asking makes nobody')
})

t.test('it leads to no other site', async (t) => {
  const { app, ask } = await open(t)
  for (const back of ['https://evil.example/', '//evil.example', '/\\evil.example', '/\t/evil.example', 'javascript:alert(1)']) {
    const form = await app.inject(`/sign-in?back=${encodeURIComponent(back)}`)
    t.match(form.body, 'name="back" value="/me"', back)
  }
  t.match((await post(app, await ask('//evil.example/me'))).headers.location, '/me')
})

t.test('addresses: what cannot be one comes back, what is one is kept one way', async (t) => {
  const { app, db } = await open(t)
  const wrong = [
    '',
    ' ',
    'x',
    '@',
    'a@b',
    'a@b.c d',
    `${'a'.repeat(65)}@b.example`,
    `a@${'b.'.repeat(130)}example`,
    'a@b.example\r\nBcc: c@d.example',
    'a..b@c.example',
    'a@b.example,c@d.example',
    'A <a@b.example>',
    '"><script>@b.example',
    `${'x'.repeat(300)}@b.example`,
  ]
  for (const one of wrong) {
    const answer = await post(app, '/sign-in', { address: one })
    t.match(answer, { statusCode: 400, headers: { 'content-type': /html/ } }, one)
    t.match(answer.body, /<div class="faults" id="faults" role="alert" tabindex="-1" autofocus>[\s\S]*aria-invalid="true"/)
    t.notMatch(answer.body, '<script>@')
  }
  t.equal((await db.selectFrom('mail').selectAll().execute()).length, 0)
  const right = {
    ' Camille@People.Example ': address,
    'camille+groupes@people.example': 'camille+groupes@people.example',
    'élise@müller.example': 'élise@xn--mller-kva.example',
    "o'neil@x.example": "o'neil@x.example",
    'Kelvin@x.example': 'kelvin@x.example',
  }
  for (const [typed, kept] of Object.entries(right)) {
    t.equal((await post(app, '/sign-in', { address: typed })).statusCode, 200, typed)
    t.equal((await mailsTo(db, kept)).length, 1, kept)
  }
})

eachEngine(t, 'asking is limited by address and by network, across restarts', async (t, openEngine) => {
  const db = await openDb(t, await openEngine())
  const { app, wait } = await open(t, db)
  const burst = await Promise.all(Array.from({ length: 12 }, () => post(app, '/sign-in', { address })))
  t.equal(burst.filter(({ statusCode }) => statusCode === 200).length, 5)
  t.equal((await mailsTo(db, address)).length, 5)
  const { app: restarted } = await open(t, db)
  t.match(await post(restarted, '/sign-in', { address }), { statusCode: 429, headers: { 'retry-after': /^3600$/ } })
  t.equal((await post(restarted, '/sign-in', { address: 'another@people.example' })).statusCode, 200)
  wait(61)
  t.equal((await post(app, '/sign-in', { address })).statusCode, 200)
  const neighbours = await Promise.all(
    Array.from({ length: 60 }, (_, at) =>
      post(app, '/sign-in', { address: `n${at}@people.example` }, { 'x-forwarded-for': `2001:db8:0:1::${at + 1}` }),
    ),
  )
  const passed = neighbours.filter(({ statusCode }) => statusCode === 200).length
  t.equal(passed, 40)
  const kept = await db.selectFrom('attempt').selectAll().execute()
  t.notMatch(JSON.stringify(kept), /people|2001|camille/, 'no address and no network is kept')
  t.ok(kept.length < 150)
})

t.test('a session: planted, forged, oversized, prolonged, ended', async (t) => {
  const { app, db, ask, wait } = await open(t)
  const planted = `session=${'p'.repeat(43)}`
  const cookie = cookieOf(await post(app, await ask(), {}, { cookie: planted }))
  t.not(cookie, planted)
  t.equal((await app.inject({ url: '/me', headers: { cookie: planted } })).statusCode, 303, 'a planted secret becomes no session')
  const next = cookieOf(await post(app, await ask(), {}, { cookie }))
  t.not(next, cookie, 'signing in makes a new one')
  t.equal((await app.inject({ url: '/me', headers: { cookie } })).statusCode, 303, 'and ends the one before')
  for (const bad of [
    'session=',
    'session=x',
    `session=${'x'.repeat(10_000)}`,
    `session=${next.slice(8, -1)}x`,
    `session="${next.slice(8)}"`,
    'session=%00',
  ])
    t.equal((await app.inject({ url: '/me', headers: { cookie: bad } })).statusCode, 303, bad.slice(0, 40))
  wait(60)
  t.equal((await app.inject({ url: '/me', headers: { cookie: next } })).headers['set-cookie'], undefined, 'not renewed each time')
  wait(24 * 60)
  t.match((await app.inject({ url: '/me', headers: { cookie: next } })).headers['set-cookie'], `${next}; Path=/; Max-Age=5184000`)
  wait(59 * 24 * 60)
  t.equal((await app.inject({ url: '/me', headers: { cookie: next } })).statusCode, 200, 'it slides')
  wait(61 * 24 * 60)
  t.equal((await app.inject({ url: '/me', headers: { cookie: next } })).statusCode, 303, 'and ends')
  t.equal((await db.selectFrom('session').selectAll().execute()).length, 1)
})

t.test('under https the cookie is secure, and no other host can set it', async (t) => {
  const { app, db, ask } = await open(t, undefined, { publicUrl: 'https://archipel.example' })
  const headers = { origin: 'https://archipel.example' }
  await post(app, '/sign-in', { address }, headers)
  const clicked = await post(app, await linkTo(db, address), {}, headers)
  t.match(clicked.headers['set-cookie'], /^__Host-session=[\w-]{43}; Path=\/; Max-Age=5184000; SameSite=Lax; HttpOnly; Secure$/)
  void ask
})

t.test('another site cannot make a browser sign in or out', async (t) => {
  const { app, db, ask } = await open(t)
  const link = await ask()
  const cookie = await signInAs(app, db, 'stranger')
  for (const url of ['/sign-in', link, '/sign-out', '/me/delete']) {
    const answer = await post(app, url, { address, sure: 'yes' }, { cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })
    t.equal(answer.statusCode, 403, url)
  }
  t.equal((await app.inject({ url: '/me', headers: { cookie } })).statusCode, 200)
})

t.test('what is public does not know who looks at it', async (t) => {
  const { app, db } = await open(t)
  const cookie = await signInAs(app, db, 'operator')
  for (const url of ['/groups.json', '/api/groups', '/static/app.css', '/healthz', '/groups.atom']) {
    const [known, unknown] = [await app.inject({ url, headers: { cookie } }), await app.inject(url)]
    t.equal(known.body, unknown.body, url)
    t.same(known.headers['cache-control'], unknown.headers['cache-control'], url)
  }
  const home = await app.inject({ url: '/groups', headers: { cookie } })
  t.match(home, { headers: { 'cache-control': 'no-store' }, body: /href="\/me"/ })
  const seen = await app.inject('/groups')
  t.match(
    (await app.inject({ url: '/groups', headers: { cookie, 'if-none-match': String(seen.headers.etag) } })).statusCode,
    200,
    'the page of a visitor is another',
  )
})

t.test('what was typed is given back when the session ended meanwhile', async (t) => {
  const { app } = await open(t)
  const answer = await post(app, '/me', { name: 'Camille "D" <b>', locale: 'fr' })
  t.match(answer, { statusCode: 403, headers: { 'cache-control': 'no-store' } })
  t.match(answer.body, /action="\/me"[\s\S]*name="name" value="Camille &quot;D&quot; &lt;b&gt;"/)
  t.match(await app.inject('/me/data'), { statusCode: 303, headers: { location: '/sign-in?back=%2Fme%2Fdata' } })
})
