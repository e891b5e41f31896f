import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { deleteMembership } from '../../server/account/queries.ts'
import { buildApp } from '../../server/app.ts'
import { purgeLetters } from '../../server/contact/purge.ts'
import { transaction } from '../../server/db/open.ts'
import type { Db, MailRow } from '../../server/db/tables.ts'
import { createGroup, editGroup } from '../../server/group/actions.ts'
import { findGroup } from '../../server/group/queries.ts'
import { toGroup } from '../../server/group/row.ts'
import { newStamp } from '../../server/http/trap.ts'
import { eachEngine } from '../engines.ts'
import { makeTestDeps, now, openDb, openSqlite, publicUrl } from '../helper.ts'
import { addPerson, people, signInAs } from '../people.ts'
import { fill, group } from '../world.ts'

const path = '/g/jardin-de-la-rade/write'
const letter = { name: 'Zoé', address: 'zoe@visitor.example', text: 'Bonjour,\r\nje passe samedi.', role: '' }

/** The site with its cast, and a form that has been open for as long as the clock says. */
async function openSite(t: Test, db: Db, ip = '192.0.2.7') {
  await fill(db, 3)
  await addPerson(db, 'animator')
  const deps = await makeTestDeps(db)
  let time = Date.parse(now)
  const clock = () => new Date(time)
  const app = await buildApp({ ...deps, clock })
  t.teardown(() => app.close())
  const pass = (ms: number) => {
    time += ms
  }
  const stamp = newStamp({ ...deps, clock })
  pass(10_000)
  const send = (fields: Record<string, string>, more: { cookie?: string; url?: string; ip?: string; accept?: string } = {}) =>
    post(app, more.url ?? path, { stamp: newStampNow(), ...fields }, { ip, ...more })
  const newStampNow = () => newStamp({ ...deps, clock: () => new Date(time - 10_000) })
  return { app, deps, pass, clock, stamp, send }
}

function post(app: FastifyInstance, url: string, fields: Record<string, string>, { cookie = '', ip = '192.0.2.7', accept = 'fr' }) {
  const headers = { origin: publicUrl, 'content-type': 'application/x-www-form-urlencoded', 'accept-language': accept, ...(cookie ? { cookie } : {}) }
  return app.inject({ method: 'POST', url, remoteAddress: ip, payload: new URLSearchParams(fields).toString(), headers })
}

/** Ids of one moment are in no order: ask for a view where there are several. */
async function mailsOf(db: Db, view?: string): Promise<(MailRow & { said: Record<string, string> })[]> {
  const rows = await db.selectFrom('mail').selectAll().orderBy('created_at').orderBy('id').execute()
  return rows.filter((row) => !view || row.view === view).map((row) => ({ ...row, said: JSON.parse(row.model) }))
}

function lettersOf(db: Db) {
  return db.selectFrom('letter').selectAll().execute()
}

await eachEngine(t, 'a visitor writes, confirms, is answered', async (t, open) => {
  const db = await openDb(t, await open())
  const { app, send, pass } = await openSite(t, db)
  const second = await addPerson(db, 'stranger')
  const rade = (await findGroup(db, 'jardin-de-la-rade'))!
  await db.insertInto('membership').values({ person_id: second, role: 'animator', subject: rade.id, created_at: now }).execute()

  t.match(await send({ ...letter, role: 'facilitator' }), { statusCode: 303, headers: { location: `${path}?done=asked` } })
  const [confirmation, ...none] = await mailsOf(db)
  t.same(none, [])
  t.match(confirmation, { address: 'zoe@visitor.example', view: 'letter-confirm', locale: 'fr' })
  t.notMatch(confirmation!.model, /samedi|Zoé/, 'nobody’s words are carried to an address that is not proven')
  const link = confirmation!.said.link!
  t.match(await app.inject(link), { statusCode: 200, body: /Envoyer mon message/ })
  t.equal((await mailsOf(db)).length, 1, 'looking is not confirming')
  t.match(await post(app, link, {}, {}), { statusCode: 303, headers: { location: `${path}?done=sent` } })
  t.not((await post(app, link, {}, {})).statusCode, 303, 'once')

  const sent = await mailsOf(db, 'letter')
  t.same(sent.map(({ address }) => address).sort(), [people.animator.address, people.stranger.address])
  for (const mail of sent) {
    t.match(mail, { view: 'letter', reply_to: null, said: { name: 'Zoé', role: 'facilitator', text: 'Bonjour,\nje passe samedi.' } })
    t.notMatch(mail.model, 'zoe@')
  }
  const page = sent[0]!.said.link!
  const cookie = await signInAs(app, db, 'animator')
  const before = await app.inject({ url: page, headers: { cookie } })
  t.match(before, { statusCode: 200, headers: { 'cache-control': 'no-store' } })
  t.match(before.body, 'Bonjour,<br>je passe samedi.')
  t.notMatch(before.body, 'zoe@')
  t.match((await app.inject({ url: '/me', headers: { cookie } })).body, `href="${page}"`, 'on one’s own page, too')

  pass(60_000)
  t.match(await post(app, page, { text: 'À samedi' }, { cookie }), { statusCode: 303, headers: { location: page } })
  const [answer] = await mailsOf(db, 'letter-answer')
  t.match(answer, {
    address: 'zoe@visitor.example',
    view: 'letter-answer',
    reply_to: people.animator.address,
    said: { text: 'À samedi', animator: 'Ana' },
  })
  t.match((await app.inject({ url: page, headers: { cookie } })).body, 'mailto:zoe@visitor.example')
  const other = await signInAs(app, db, 'stranger')
  const theirs = (await app.inject({ url: page, headers: { cookie: other } })).body
  t.match(theirs, /Ana a répondu/)
  t.notMatch(theirs, 'zoe@', 'only who answered knows the address')
  const late = await post(app, page, { text: 'Moi <b>aussi' }, { cookie: other })
  t.match(late, { statusCode: 409, body: /Une autre personne a répondu entre-temps[\s\S]*Ana a répondu/ })
  t.match(late.body, /<textarea id="unsent"[^>]* readonly>\nMoi &lt;b&gt;aussi<\/textarea>/, 'what was written is not lost')
  t.notMatch(late.body, 'zoe@')
  t.equal((await mailsOf(db)).length, 4)
  for (const mail of await mailsOf(db)) t.notMatch(mail.model, /people\.example/, 'no address inside a mail')
})

await eachEngine(t, 'of two who answer at once, one does', async (t, open) => {
  const db = await openDb(t, await open())
  const { app, send } = await openSite(t, db)
  const cookie = await signInAs(app, db, 'animator')
  const operator = await signInAs(app, db, 'operator')
  t.match(await send(letter, { cookie: await signInAs(app, db, 'stranger') }), { headers: { location: `${path}?done=sent` } })
  const page = (await mailsOf(db, 'letter'))[0]!.said.link!
  const answers = await Promise.all([cookie, operator].map((one) => post(app, page, { text: 'Oui' }, { cookie: one })))
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [303, 409])
  t.equal((await mailsOf(db, 'letter-answer')).length, 1)
})

t.test('somebody signed in needs no link; the address is theirs, whatever the form says', async (t) => {
  const db = await openSqlite(t)
  const { app, send } = await openSite(t, db)
  const cookie = await signInAs(app, db, 'stranger')
  const form = (await app.inject({ url: path, headers: { cookie } })).body
  t.match(form, people.stranger.address)
  t.match(form, 'value="Inès"')
  t.notMatch(form, 'name="address"')
  t.match(await send({ ...letter, address: 'victim@elsewhere.example' }, { cookie }), { headers: { location: `${path}?done=sent` } })
  t.match(await lettersOf(db), [{ address: people.stranger.address, state: 'sent' }])
  t.match(await mailsOf(db), [{ view: 'letter' }])
})

t.test('what is wrong comes back with what was typed', async (t) => {
  const db = await openSqlite(t)
  const { send } = await openSite(t, db)
  const cases: [Record<string, string>, RegExp][] = [
    [{ ...letter, name: '' }, /id="name-fault"/],
    [{ ...letter, name: 'me@evil.example' }, /id="name-fault"/],
    [{ ...letter, name: 'x'.repeat(81) }, /id="name-fault"/],
    [{ ...letter, name: 'a\r\nBcc: b' }, /id="name-fault"/],
    [{ ...letter, address: 'zoe@' }, /id="address-fault"/],
    [{ ...letter, address: 'a@b.example\r\nBcc: c@d.example' }, /id="address-fault"/],
    [{ ...letter, text: ' \r\n ' }, /id="text-fault"/],
    [{ ...letter, text: 'é'.repeat(2001) }, /2.001 caractères/],
    [{ ...letter, stamp: '' }, /Relisez/],
    [{ ...letter, stamp: '1795262400000.AAAAAAAAAAAAAAAAAAAAAA' }, /Relisez/],
  ]
  for (const [fields, said] of cases) {
    const { statusCode, body, headers } = await send(fields)
    const what = JSON.stringify(fields).slice(0, 80)
    t.equal(statusCode, 400, what)
    t.equal(headers['cache-control'], 'no-store')
    t.match(body, said, what)
    t.match(body, /<div class="faults" id="faults" role="alert" tabindex="-1" autofocus>/)
    if (fields.text === letter.text) t.match(body, 'je passe samedi.</textarea>')
    if (fields.address === letter.address) t.match(body, 'value="zoe@visitor.example"')
  }
  const { body } = await send({ ...letter, name: '', text: '</textarea><script>alert(1)</script>', address: '"><script>' })
  t.notMatch(body, /<script>|textarea><script/)
  t.equal((await send({ ...letter, text: 'é'.repeat(2000) })).statusCode, 303, 'the limit itself is fine')
  t.equal((await send({ ...letter, more: 'x' })).statusCode, 400)
  t.equal((await send({ ...letter, role: 'king' })).statusCode, 303)
  t.match((await lettersOf(db)).at(-1), { role: null }, 'only what the group looks for can be offered')
})

t.test('programs are let down gently, floods are stopped, nothing typed is lost', async (t) => {
  const db = await openSqlite(t)
  const { app, send, stamp, pass } = await openSite(t, db)
  t.match(await send({ ...letter, website: 'https://spam.example' }), { statusCode: 303, headers: { location: `${path}?done=asked` } })
  t.same(await lettersOf(db), [], 'and nothing is kept')
  const fresh = /name="stamp" value="([^"]+)"/.exec((await app.inject(path)).body)![1]!
  t.match((await send({ ...letter, stamp: fresh })).body, /Relisez/, 'too quick for a person')
  const wrong = (await send({ ...letter, name: '', stamp })).body
  t.match(wrong, `name="stamp" value="${stamp}"`, 'who waited once waits no more')
  t.equal((await send({ ...letter, stamp })).statusCode, 303)
  for (let at = 0; at < 4; at++) t.equal((await send(letter)).statusCode, 303)
  const sixth = await send(letter)
  t.match(sixth, { statusCode: 429, headers: { 'retry-after': /^\d+$/ } }, 'five a day and address')
  t.match(sixth.body, 'je passe samedi.</textarea>')
  for (let at = 0; at < 4; at++) t.equal((await send({ ...letter, address: `a${at}@visitor.example` })).statusCode, 303)
  t.equal((await send({ ...letter, address: 'b@visitor.example' })).statusCode, 429, 'ten an hour and network')
  t.equal((await send({ ...letter, address: 'b@visitor.example' }, { ip: '198.51.100.2' })).statusCode, 303)
  pass(25 * 3600_000)
  t.equal((await send({ ...letter, stamp })).statusCode, 400, 'a form of yesterday')
  t.equal((await send(letter)).statusCode, 303)
  t.equal((await lettersOf(db)).length, 11)
})

t.test('nobody to read it, or a copy: no form, and a way on', async (t) => {
  const db = await openSqlite(t)
  const { app, send } = await openSite(t, db)
  const lonely = await app.inject('/g/phare-citoyen/write')
  t.match(lonely.body, /Personne n’anime encore/)
  t.notMatch(lonely.body, '<textarea')
  t.match(lonely.body, 'https://phare.example/suivi-public')
  t.notMatch(lonely.body, 'phare.example/cuisine', 'what is for insiders stays inside')
  t.match(await send(letter, { url: '/g/phare-citoyen/write' }), { statusCode: 200, body: /Personne n’anime encore/ })
  const { id } = await createGroup(db, group({ shortName: 'copie' }), { at: now, via: 'command' })
  await db.updateTable('group_record').set({ origin_server: 'https://ailleurs.example' }).where('short_name', '=', 'copie').execute()
  const copy = await app.inject('/g/copie/write')
  t.match(copy.body, `href="https://ailleurs.example/id/${id}"`)
  t.notMatch(copy.body, '<textarea')
  await send(letter, { url: '/g/copie/write' })
  t.same(await lettersOf(db), [])
  t.notMatch((await app.inject('/g/copie')).body, '/g/copie/write')
  const page = (await app.inject('/g/jardin-de-la-rade')).body
  t.match(page, 'href="/g/jardin-de-la-rade/write"')
  t.match(page.replaceAll('&#x3D;', '='), 'href="/g/jardin-de-la-rade/write?role=facilitator"')
  t.match((await app.inject('/g/jardin-de-la-rade/write?role=facilitator')).body, 'value="facilitator" checked')
  t.match(await app.inject('/g/vieux-port/write?role=news'), { statusCode: 308, headers: { location: '/g/nouveau-port/write?role=news' } })
  for (const [url, status] of [
    ['/g/epave/write', 410],
    ['/g/nowhere/write', 404],
    [`${path}?done=x`, 400],
  ] as const)
    t.equal((await app.inject(url)).statusCode, status, url)
})

t.test('what happens meanwhile: the group goes, or moves, or loses its animators', async (t) => {
  const db = await openSqlite(t)
  const { app, send } = await openSite(t, db)
  await send(letter)
  await send({ ...letter, address: 'second@visitor.example' })
  const [first, second] = (await mailsOf(db, 'letter-confirm')).map(({ said }) => said.link!)
  const rade = (await findGroup(db, 'jardin-de-la-rade'))!
  await editGroup(db, rade, { ...toGroup(rade), shortName: 'jardin-neuf' }, { at: now, via: 'command' })
  t.match(await post(app, first!, {}, {}), { headers: { location: '/g/jardin-neuf/write?done=sent' } })
  const page = (await mailsOf(db, 'letter'))[0]!.said.link!
  const cookie = await signInAs(app, db, 'operator')
  t.equal((await app.inject({ url: page, headers: { cookie } })).statusCode, 200)
  const ana = await addPerson(db, 'animator')
  await transaction(db, (tx) => deleteMembership(tx, { person_id: ana, role: 'animator', subject: rade.id }))
  t.equal((await post(app, second!, {}, {})).statusCode, 303, 'the letter waits for who comes next')
  const many = (await mailsOf(db)).length
  t.equal(many, 3)
})

t.test('only those who may edit the record read its letters', async (t) => {
  const db = await openSqlite(t)
  const { app, send } = await openSite(t, db)
  await send(letter, { cookie: await signInAs(app, db, 'stranger') })
  await send({ ...letter, address: 'unconfirmed@visitor.example' })
  const page = (await mailsOf(db, 'letter'))[0]!.said.link!
  for (const who of ['otherAnimator', 'stranger', 'steward', 'helper'] as const) {
    const cookie = await signInAs(app, db, who)
    t.equal((await app.inject({ url: page, headers: { cookie } })).statusCode, 403, who)
    t.equal((await post(app, page, { text: 'Oui' }, { cookie })).statusCode, 403, who)
  }
  t.equal((await app.inject(page)).statusCode, 303, 'sign in first')
  const cookie = await signInAs(app, db, 'otherAnimator')
  const id = page.split('/').at(-1)!
  t.equal((await app.inject({ url: `/g/phare-citoyen/letters/${id}`, headers: { cookie } })).statusCode, 404, 'not through another group')
  const waiting = (await lettersOf(db)).find(({ state }) => state === 'unconfirmed')!
  const ana = await signInAs(app, db, 'animator')
  t.equal((await app.inject({ url: page.replace(id, waiting.id), headers: { cookie: ana } })).statusCode, 404, 'not before it is confirmed')
  for (const text of ['', 'x'.repeat(2001)]) {
    const { statusCode, body } = await post(app, page, { text }, { cookie: ana })
    t.equal(statusCode, 400)
    t.match(body, 'id="text-fault"')
  }
})

await eachEngine(t, 'letters are forgotten in time', async (t, open) => {
  const db = await openDb(t, await open())
  const { app, send } = await openSite(t, db)
  await send(letter)
  await send(letter, { cookie: await signInAs(app, db, 'stranger') })
  const left = async (days: number) => {
    await purgeLetters(db, new Date(Date.parse(now) + days * 24 * 3600_000))
    return (await lettersOf(db)).map(({ state }) => state).sort()
  }
  t.same(await left(2), ['sent', 'unconfirmed'])
  t.same(await left(2.01), ['sent'])
  t.same(await left(90), ['sent'])
  t.same(await left(90.01), [])
})
