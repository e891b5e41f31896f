import t, { type Test } from 'tap'
import { buildApp } from '../../server/app.ts'
import type { Db } from '../../server/db/tables.ts'
import { eachEngine } from '../engines.ts'
import { build, makeTestDeps, now, openDb, openSqlite } from '../helper.ts'
import { proposed, shown, stampAt } from '../moderation/pages.ts'
import { mailsOf, openSite } from '../moderation/site.ts'
import { people, signInAs, tokenOf } from '../people.ts'
import { fill } from '../world.ts'
import { cookieOf, linkTo, mailsTo, post } from './mails.ts'

async function open(t: Test, given?: Awaited<ReturnType<typeof openDb>>) {
  const db = given ?? (await openSqlite(t))
  await fill(db, 2)
  const app = await build(t, db)
  return { app, db }
}

t.test('one’s groups, roles and nothing of others', async (t) => {
  const { app, db } = await open(t)
  const cookie = await signInAs(app, db, 'animator')
  const { body } = await app.inject({ url: '/me', headers: { cookie, 'accept-language': 'en' } })
  t.match(body, /Jardin de la rade<\/bdi><\/a><\/strong>\s*<span class="soft">Never checked/)
  t.match(body, 'href="/g/jardin-de-la-rade/edit"')
  t.notMatch(body, /Phare citoyen|operators/)
  const steward = await app.inject({ url: '/me', headers: { cookie: await signInAs(app, db, 'steward') } })
  t.match(steward.body, /href="\/e\/energie"[^\n]*Énergies d’ici[^\n]*Gardien·ne/)
  const operator = await app.inject({ url: '/me', headers: { cookie: await signInAs(app, db, 'operator') } })
  t.match(operator.body, /id="operators"[\s\S]*operator@people\.example/)
})

t.test('the name to show, and the language of mails', async (t) => {
  const { app, db } = await open(t)
  const cookie = await signInAs(app, db, 'stranger')
  t.match(await post(app, '/me', { name: '  Inès <b>  ', locale: 'en' }, { cookie }), { statusCode: 303, headers: { location: '/me?done=profile' } })
  t.match((await app.inject({ url: '/me?done=profile', headers: { cookie } })).body, /role="status"[\s\S]*value="Inès &lt;b&gt;"/)
  t.match(await db.selectFrom('person').select(['name', 'locale']).executeTakeFirst(), { name: 'Inès <b>', locale: 'en' })
  for (const name of ['x'.repeat(81), 'a\r\nBcc: b@c.example', 'moi ines@people.example', 'a\u2028b']) {
    const answer = await post(app, '/me', { name, locale: 'fr' }, { cookie })
    t.match(answer, { statusCode: 400, body: /class="faults"[\s\S]*aria-invalid="true"/ }, encodeURIComponent(name))
  }
  t.equal((await post(app, '/me', { name: 'x', locale: 'de' }, { cookie })).statusCode, 400)
  t.equal((await post(app, '/me', { name: '', locale: 'fr' }, { cookie })).statusCode, 303)
  t.match(await db.selectFrom('person').select('name').executeTakeFirst(), { name: null })
})

eachEngine(t, 'another address is theirs once its mailbox has clicked', async (t, openEngine) => {
  const { app, db } = await open(t, await openDb(t, await openEngine()))
  const cookie = await signInAs(app, db, 'stranger')
  const address = 'nouvelle@people.example'
  const held = async () => (await db.selectFrom('person').select('address').execute()).map((one) => one.address)
  t.match(await post(app, '/me/address', { address: 'x' }, { cookie }), { statusCode: 400, body: 'aria-invalid="true"' })
  t.equal((await post(app, '/me/address', { address: ` ${address.toUpperCase()}` }, { cookie })).statusCode, 303)
  t.same(await held(), [people.stranger.address], 'not before')
  await tokenOf(db, 'stranger')
  const link = await linkTo(db, address)
  t.match((await app.inject(link)).body, /nouvelle@people\.example/)
  const clicked = await post(app, link, {}, { cookie })
  t.match(clicked, { statusCode: 303, headers: { location: '/me', 'set-cookie': /^session=./ } })
  t.match(await app.inject({ url: '/me', headers: { cookie } }), { statusCode: 303 }, 'who held the account before holds it no longer')
  t.same(await db.selectFrom('access_token').select('id').execute(), [], 'nor do their programs')
  const fresh = String(clicked.headers['set-cookie']).split(';')[0]!
  t.same(await held(), [address])
  t.match(await mailsTo(db, people.stranger.address), [{ view: 'address-changed', model: { link: /^\/sign-in\// } }], 'the old one is told')
  await signInAs(app, db, 'animator')
  await post(app, '/me/address', { address: people.animator.address }, { cookie: fresh })
  const taken = await linkTo(db, people.animator.address)
  t.equal((await post(app, taken, {}, { cookie: fresh })).statusCode, 409, 'nobody takes another’s')
  t.same((await held()).sort(), [people.animator.address, address].sort())
})

eachEngine(t, 'a mistyped address hands nothing over', async (t, openEngine) => {
  const { app, db } = await open(t, await openDb(t, await openEngine()))
  const cookie = await signInAs(app, db, 'stranger')
  const typo = 'ines@poeple.example'
  await post(app, '/me/address', { address: typo }, { cookie })
  const link = await linkTo(db, typo)
  for (const theirs of ['', await signInAs(app, db, 'animator')]) {
    const page = await app.inject({ url: link, headers: { cookie: theirs } })
    t.match(page, { statusCode: 200, body: /avec l’adresse que ce compte a maintenant/ })
    t.notMatch(page.body, /stranger@people|action="\/sign-in\//)
    const clicked = await post(app, link, {}, { cookie: theirs })
    t.match(clicked, { statusCode: 403, headers: { 'set-cookie': undefined }, body: /avec l’adresse que ce compte a maintenant/ })
  }
  t.same(await addressOf(db, 'Inès'), people.stranger.address)
  t.equal((await post(app, link, {}, { cookie })).statusCode, 303, 'their own browser may still use it')
  t.same(await addressOf(db, 'Inès'), typo)
})

eachEngine(t, 'whoever opens the link elsewhere signs in there, and comes back to it', async (t, openEngine) => {
  const db = await openDb(t, await openEngine())
  const { app, decide, get, pass } = await openSite(t, db)
  await decide('/me/address', { address: 'neuve@people.example' }, await signInAs(app, db, 'stranger'))
  const link = await linkTo(db, 'neuve@people.example')
  for (const other of ['', await signInAs(app, db, 'animator')]) {
    const page = (await get(link, other)).body
    t.match(page, /<form [^>]*action="\/sign-in">/)
    const back = /name="back" value="([^"]*)"/.exec(page)?.[1] ?? ''
    pass(1000)
    t.equal((await decide('/sign-in', { address: people.stranger.address, back }, other)).statusCode, 200)
    const clicked = await decide(await linkTo(db, people.stranger.address), {}, other)
    t.match(clicked, { statusCode: 303, headers: { location: link } })
    t.match((await get(link, cookieOf(clicked))).body, `action="${link}"`)
  }
})

eachEngine(t, 'from the former address, a change is undone for seven days', async (t, openEngine) => {
  const db = await openDb(t, await openEngine())
  await fill(db, 2)
  let time = Date.parse(now)
  const app = await buildApp({ ...(await makeTestDeps(db)), clock: () => new Date(time) })
  t.teardown(() => app.close())
  const old = people.stranger.address
  const change = async (address: string, cookie: string) => {
    time += 1000
    await post(app, '/me/address', { address }, { cookie })
    return cookieOf(await post(app, await linkTo(db, address), {}, { cookie }))
  }
  const thief = await change('thief@evil.example', await signInAs(app, db, 'stranger'))
  const undo = await linkTo(db, old)
  const second = await change('second@evil.example', thief)
  const undoSecond = await linkTo(db, 'thief@evil.example')
  t.match((await app.inject(undo)).body, /stranger@people\.example/)
  time += 6.9 * 24 * 3600_000
  // The first thing that most would do: it gives them an empty account under that address.
  await post(app, '/sign-in', { address: old })
  t.equal((await post(app, await linkTo(db, old))).statusCode, 303)
  t.equal((await db.selectFrom('person').select('id').where('address', '=', old).execute()).length, 1)
  const undone = await post(app, undo)
  t.match(undone, { statusCode: 303, headers: { location: '/me' } })
  t.equal(await addressOf(db, 'Inès'), old)
  t.match((await app.inject({ url: '/me', headers: { cookie: cookieOf(undone) } })).body, old)
  t.equal((await app.inject({ url: '/me', headers: { cookie: second } })).statusCode, 303, 'who took it is out')
  t.equal((await post(app, undoSecond)).statusCode, 404, 'and has no way back')
  await change('third@people.example', cookieOf(undone))
  const late = await linkTo(db, old)
  time += 7.1 * 24 * 3600_000
  t.equal((await post(app, late)).statusCode, 410)
})

eachEngine(t, 'sessions are listed and ended one by one, or all others', async (t, openEngine) => {
  const { app, db } = await open(t, await openDb(t, await openEngine()))
  const [first, second, third] = [await signInAs(app, db, 'stranger'), await signInAs(app, db, 'stranger'), await signInAs(app, db, 'stranger')]
  const other = await signInAs(app, db, 'animator')
  const page = (await app.inject({ url: '/me', headers: { cookie: first } })).body
  const ids = [...page.matchAll(/name="end" value="([^"]+)"/g)].map(([, id]) => id!)
  t.equal(ids.length, 2, 'this one is marked, not ended')
  await post(app, '/me/sessions', { end: ids[0]! }, { cookie: other })
  const status = async (cookie: string) => (await app.inject({ url: '/me', headers: { cookie } })).statusCode
  t.same([await status(second!), await status(third!)], [200, 200], 'nobody ends another’s')
  await post(app, '/me/sessions', { end: ids[0]! }, { cookie: first })
  t.same([await status(second!), await status(third!)].sort(), [200, 303])
  await post(app, '/me/sessions', { others: '1' }, { cookie: first })
  t.same([await status(first), await status(second!), await status(third!), await status(other)], [200, 303, 303, 200])
})

eachEngine(t, 'tokens: shown once, kept as hashes, for the API alone, revoked', async (t, openEngine) => {
  const { app, db } = await open(t, await openDb(t, await openEngine()))
  const cookie = await signInAs(app, db, 'stranger')
  const made = await post(app, '/me/tokens', { token: 'Mon <script>' }, { cookie })
  t.match(made, { statusCode: 201, headers: { 'cache-control': 'no-store' } })
  const token = /value="(arch_[\w-]{43})"/.exec(made.body)![1]!
  t.notMatch(JSON.stringify(await db.selectFrom('access_token').selectAll().execute()), token.slice(5))
  const me = async () => (await app.inject({ url: '/me', headers: { cookie } })).body
  t.notMatch(await me(), token)
  t.match(await me(), /Mon &lt;script&gt;[\s\S]*jamais utilisé/)
  const authorization = `Bearer ${token}`
  t.equal((await app.inject({ url: '/api/groups', headers: { authorization } })).statusCode, 200)
  t.match(await me(), /utilisé le 21 novembre 2026/)
  t.equal((await app.inject({ url: '/me', headers: { authorization } })).statusCode, 303, 'a token opens no page')
  for (const bad of ['Bearer ', 'Bearer x', `Bearer ${token.slice(5)}`, `Bearer ${token}x`, `Bearer arch_${'x'.repeat(43)}`]) {
    const refused = await app.inject({ url: '/api/groups', headers: { authorization: bad } })
    t.match(refused, { statusCode: 401, headers: { 'www-authenticate': 'Bearer', 'content-type': /problem\+json/ } }, bad)
  }
  for (const wrong of ['', 'x'.repeat(90)])
    t.match(await post(app, '/me/tokens', { token: wrong }, { cookie }), { statusCode: 400, body: 'id="token-fault"' })
  const id = /name="id" value="([^"]+)"/.exec(await me())![1]!
  await post(app, '/me/tokens/revoke', { id }, { cookie: await signInAs(app, db, 'animator') })
  t.equal((await app.inject({ url: '/api/groups', headers: { authorization } })).statusCode, 200, 'nobody revokes another’s')
  await post(app, '/me/tokens/revoke', { id }, { cookie })
  t.equal((await app.inject({ url: '/api/groups', headers: { authorization } })).statusCode, 401)
  for (let at = 0; at < 20; at++) await post(app, '/me/tokens', { token: `n${at}` }, { cookie })
  t.equal((await post(app, '/me/tokens', { token: 'one too many' }, { cookie })).statusCode, 400)
})

eachEngine(t, 'one’s data can be taken along, and one’s account deleted', async (t, openEngine) => {
  const { app, db } = await open(t, await openDb(t, await openEngine()))
  const cookie = await signInAs(app, db, 'animator')
  const authorization = await tokenOf(db, 'animator')
  await post(app, '/sign-in', { address: people.animator.address })
  const data = await app.inject({ url: '/me/data', headers: { cookie } })
  t.match(data.headers, { 'content-disposition': 'attachment; filename="archipel-2026-11-21.json"', 'cache-control': 'no-store' })
  t.match(data.json(), {
    person: { address: people.animator.address, name: 'Ana' },
    roles: [{ role: 'animator', of: 'jardin-de-la-rade' }],
    tokens: [{ name: 'test' }],
  })
  t.notMatch(data.body, /hash/)
  t.match((await app.inject({ url: '/me/delete', headers: { cookie } })).body, /plus personne[\s\S]*Jardin de la rade/)
  t.equal((await post(app, '/me/delete', {}, { cookie })).statusCode, 400, 'not by accident')
  const left = await post(app, '/me/delete', { sure: 'yes' }, { cookie })
  t.match(left, { statusCode: 200, headers: { 'set-cookie': /session=;/, 'cache-control': 'no-store' }, body: /href="\/sign-in/ })
  t.equal((await app.inject({ url: '/me', headers: { cookie } })).statusCode, 303)
  t.equal((await app.inject({ url: '/api/groups', headers: { authorization } })).statusCode, 401)
  for (const table of ['person', 'membership', 'session', 'access_token', 'mailed_link'] as const)
    t.same(await db.selectFrom(table).selectAll().execute(), [], table)
  t.equal((await app.inject('/g/jardin-de-la-rade')).statusCode, 200, 'the record stays')
})

eachEngine(t, 'what other rooms keep of somebody is given, and goes with the account', async (t, openEngine) => {
  const { app, db } = await open(t, await openDb(t, await openEngine()))
  const { address } = people.stranger
  for (const who of ['animator', 'stranger'] as const) {
    const cookie = await signInAs(app, db, who)
    const send = (url: string, fields: Record<string, string>) => post(app, url, { stamp: stampAt(10), ...fields }, { cookie })
    const group = '/g/jardin-de-la-rade'
    t.equal((await send(`${group}/suggest`, { ...shown, kind: 'dead', message: `Un mot de ${who}` })).statusCode, 303)
    t.equal((await send(`${group}/write`, { name: 'Moi', text: `Bonjour de ${who}` })).statusCode, 303)
    t.equal((await send('/new', { ...proposed, shortName: `de-${who}`, message: `Voici ${who}`, sure: '1' })).statusCode, 303)
  }
  const cookie = await signInAs(app, db, 'stranger')
  await post(app, '/me/address', { address: 'neuve@people.example' }, { cookie })
  await post(app, '/sign-in', { address })
  const animator = await signInAs(app, db, 'animator')
  const letter = (await db.selectFrom('letter').selectAll().where('address', '=', people.animator.address).executeTakeFirstOrThrow()).id
  await post(app, `/g/jardin-de-la-rade/letters/${letter}`, { text: 'Je me réponds' }, { cookie: animator })
  await db.updateTable('mail').set({ reply_to: address }).where('view', '=', 'letter-answer').execute()

  const data = (await app.inject({ url: '/me/data', headers: { cookie } })).json()
  t.match(data, {
    proposals: [{ record: { shortName: 'de-stranger' }, message: 'Voici stranger', state: 'waiting' }],
    suggestions: [{ message: 'Un mot de stranger', state: 'open' }],
    letters: [{ text: 'Bonjour de stranger', state: 'sent' }],
    mails: [{ about: 'sign-in' }],
  })
  for (const list of ['proposals', 'suggestions', 'letters', 'mails']) t.equal(data[list].length, 1, list)

  t.equal((await post(app, '/me/delete', { sure: 'yes' }, { cookie })).statusCode, 200)
  for (const table of ['person', 'suggestion', 'letter', 'mail', 'mailed_link', 'proposal'] as const)
    t.notMatch(JSON.stringify(await db.selectFrom(table).selectAll().execute()), /stranger@|neuve@/, table)
  t.same((await db.selectFrom('suggestion').select('address').execute()).map((one) => one.address).sort(), [people.animator.address, null].sort())
  t.equal((await db.selectFrom('letter').selectAll().execute()).length, 1, 'those of others stay')
  const page = (await app.inject({ url: '/g/jardin-de-la-rade/suggestions', headers: { cookie: animator } })).body
  t.match(page, 'Un mot de stranger', 'what was suggested can still be decided on')
})

eachEngine(t, 'what was written under an address follows the account to another, and back', async (t, openEngine) => {
  const db = await openDb(t, await openEngine())
  const { app, send, decide, get, pass } = await openSite(t, db)
  const { address } = people.stranger
  const group = '/g/jardin-de-la-rade'
  const write = async (from: string, cookie = '') => {
    t.equal((await send(`${group}/suggest`, { ...shown, kind: 'dead', message: `Un mot ${from}`, address }, cookie)).statusCode, 303)
    t.equal((await send(`${group}/write`, { name: 'Moi', text: `Bonjour ${from}`, address }, cookie)).statusCode, 303)
  }
  const writings = async (cookie: string) => {
    const { suggestions, letters } = (await get('/me/data', cookie)).json()
    return [...suggestions.map((one: { message: string }) => one.message), ...letters.map((one: { text: string }) => one.text)].sort()
  }
  const change = async (to: string, cookie: string) => {
    pass(1000)
    await decide('/me/address', { address: to }, cookie)
    return cookieOf(await decide(await linkTo(db, to), {}, cookie))
  }
  await write('d’Ana', await signInAs(app, db, 'animator'))
  const first = await signInAs(app, db, 'stranger')
  await write('d’Inès', first)
  const moved = await change('neuve@people.example', first)
  const undo = await linkTo(db, address)
  const theirs = ['Bonjour d’Inès', 'Un mot d’Inès']
  t.same(await writings(moved), theirs)
  await write('de personne')
  t.same(await writings(moved), theirs, 'not what comes later from the former address')
  const further = await change('encore@people.example', moved)
  await write('d’ailleurs', further)
  const back = cookieOf(await decide(undo, {}, ''))
  const all = [...theirs, 'Bonjour d’ailleurs', 'Un mot d’ailleurs']
  t.same(await writings(back), [...all, 'Bonjour de personne', 'Un mot de personne'].sort(), 'and what waits to be confirmed by this address')
  const last = await change('derniere@people.example', back)
  t.same(await writings(last), all.sort(), 'which nobody confirmed, and stays')
  t.equal((await decide('/me/delete', { sure: 'yes' }, last)).statusCode, 200)
  for (const table of ['letter', 'suggestion'] as const) {
    const rows = await db.selectFrom(table).select('address').where('state', '!=', 'unconfirmed').where('address', 'is not', null).execute()
    t.same(rows, [{ address: people.animator.address }], table)
  }
})

eachEngine(t, 'what was proposed from the former address meanwhile is the account’s that comes back', async (t, openEngine) => {
  const db = await openDb(t, await openEngine())
  const { app, send, decide, get, pass } = await openSite(t, db)
  const cookie = await signInAs(app, db, 'stranger')
  await decide('/me/address', { address: 'thief@evil.example' }, cookie)
  await decide(await linkTo(db, 'thief@evil.example'), {}, cookie)
  const undo = await linkTo(db, people.stranger.address)
  pass(1000)
  await decide('/sign-in', { address: people.stranger.address }, '')
  const meanwhile = cookieOf(await decide(await linkTo(db, people.stranger.address), {}, ''))
  const { location } = (await send('/new', { ...proposed, sure: '1' }, meanwhile)).headers
  const proposal = String(location).replace(/\?.*$/, '')
  const back = cookieOf(await decide(undo, {}, ''))
  t.match((await get('/me/data', back)).json(), { person: { name: 'Inès' }, proposals: [{ state: 'waiting' }] })
  t.equal((await get(proposal, back)).statusCode, 200)
  const operator = await signInAs(app, db, 'operator')
  const accepted = await decide(proposal.replace('/new', '/me/proposals'), { do: 'accept', revision: '1', shortName: proposed.shortName }, operator)
  t.equal(accepted.statusCode, 303)
  t.same(
    (await mailsOf(db, 'proposal-accepted')).map((mail) => mail.address),
    [people.stranger.address],
  )
  t.equal((await get(`/g/${proposed.shortName}/animators`, back)).statusCode, 200)
})

/** Of whoever shows this name. */
async function addressOf(db: Db, name: string): Promise<string> {
  return (await db.selectFrom('person').select('address').where('name', '=', name).executeTakeFirstOrThrow()).address
}
