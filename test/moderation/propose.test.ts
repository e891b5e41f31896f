import t from 'tap'
import { findGroup } from '../../server/group/queries.ts'
import { toGroup } from '../../server/group/row.ts'
import { newStamp } from '../../server/http/trap.ts'
import { purgeModeration } from '../../server/moderation/purge.ts'
import { cookieOf } from '../account/mails.ts'
import { eachEngine } from '../engines.ts'
import { now, openDb, openSqlite } from '../helper.ts'
import { people, signInAs } from '../people.ts'
import { linkTo, post, proposed } from './pages.ts'
import { mailsOf, openSite } from './site.ts'

const { address } = proposed

await eachEngine(t, 'a newcomer proposes, confirms, answers, is accepted', async (t, open) => {
  const db = await openDb(t, await open())
  const { app, send, decide, get, pass } = await openSite(t, db)
  t.match(await send('/new', proposed), { statusCode: 303, headers: { location: '/new?done=asked' } })
  t.same(await mailsOf(db, 'proposal-new'), [], 'nobody is asked to read what nobody confirmed')
  const [confirmation] = await mailsOf(db, 'proposal-confirm')
  t.match(confirmation, { address, locale: 'fr' })
  t.notMatch(confirmation!.model, /horale/, 'nobody’s words are carried to an address that is not proven')
  const link = await linkTo(db, address)
  t.match(await get(link), { statusCode: 200, body: /Envoyer ma proposition/ })
  const confirmed = await post(app, link)
  t.match(confirmed, { statusCode: 303, headers: { location: /^\/new\/[\w-]+\?done=sent$/ } })
  const cookie = cookieOf(confirmed)
  const own = String(confirmed.headers.location).replace('?done=sent', '')
  t.not((await post(app, link)).statusCode, 303, 'once')
  t.same(
    (await mailsOf(db, 'proposal-new')).map((mail) => mail.address),
    [people.operator.address, people.steward.address],
    'operators and stewards of its keyword, no others',
  )
  t.match((await get(own, cookie)).body, /Chorale du quai[\s\S]*nous sommes douze/)
  t.match((await get('/me', cookie)).body, own)

  const review = own.replace('/new', '/me/proposals')
  const operator = await signInAs(app, db, 'operator')
  const steward = await signInAs(app, db, 'steward')
  t.match((await get('/me', steward)).body, /1 proposition à relire/)
  t.match((await get('/me/proposals', steward)).body, review)
  const page = (await get(review, steward)).body
  t.match(page, /chœur[\s\S]*chorale\.example/)
  t.notMatch(page, address, 'the address is not for stewards')
  pass(60_000)
  t.match(await decide(review, { do: 'ask', revision: '1', question: 'Où ?' }, steward), { statusCode: 303, headers: { location: '/me/proposals' } })
  t.match(await mailsOf(db, 'proposal-asked'), [{ address, said: { answer: 'Où ?', link: own } }])
  const late = await decide(review, { do: 'decline', revision: '1', reason: 'Non.' }, operator)
  t.match(late, { statusCode: 409, body: /changé entre-temps/ }, 'of two who read, the second is told')
  t.match(late.body, 'Non.</textarea>')

  t.match((await get(own, cookie)).body, 'Où ?')
  pass(60_000)
  const answer = { ...proposed, revision: '2', message: 'Sur le quai.', shortName: 'jardin-de-la-rade' }
  t.match(await send(own, answer, cookie), { statusCode: 409, body: /«.jardin-de-la-rade.» est déjà pris/ })
  t.match(await send(own, { ...answer, shortName: 'quai' }, cookie), { statusCode: 303 })
  t.equal((await mailsOf(db, 'proposal-new')).length, 4)
  t.match(await send(own, { ...answer, shortName: 'quai' }, cookie), { statusCode: 409 }, 'a form left open does not overwrite')

  const accept = { do: 'accept', revision: '3', shortName: 'phare-citoyen' }
  t.match(await decide(review, accept, operator), { statusCode: 409, body: /déjà été donné[\s\S]*Sont libres/ })
  const both = await Promise.all([operator, steward].map((who) => decide(review, { ...accept, shortName: 'quai' }, who)))
  t.same(both.map(({ statusCode }) => statusCode).sort(), [303, 409])
  const row = (await findGroup(db, 'quai'))!
  t.match(toGroup(row), { name: 'Chorale du quai', region: 'FR-BRE', position: { precision: 'place' }, links: [{ service: 'home' }] })
  t.ok(row.claimed_at)
  t.equal((await mailsOf(db, 'proposal-accepted')).length, 1)
  t.match((await get(own, cookie)).body, `/id/${row.id}`)
  t.match((await get('/g/quai')).body, 'Chorale du quai')
  t.equal((await get('/g/quai/edit', cookie)).statusCode, 200, 'and animates it')
  t.notMatch((await get('/g/quai/history')).body, 'visitor.example')
})

await eachEngine(t, 'what may be here already is shown before it is sent', async (t, open) => {
  const db = await openDb(t, await open())
  const { app, send } = await openSite(t, db)
  const cookie = await signInAs(app, db, 'stranger')
  const like: Record<string, string>[] = [
    { name: 'Le Jardin de la rade' },
    { 'links.0.url': 'http://www.jardin.example/index.html' },
    { name: 'Jardim da rade', 'position.lat': '48.3905', 'position.lng': '-4.4861', 'position.precision': 'exact' },
  ]
  for (const fields of like) {
    const { statusCode, body } = await send('/new', { ...proposed, ...fields }, cookie)
    t.equal(statusCode, 409, JSON.stringify(fields))
    t.match(body, /<a href="\/g\/jardin-de-la-rade" target="_blank"/)
    t.match(body, /<input type="checkbox" id="sure"/)
  }
  t.same(await db.selectFrom('proposal').select('id').execute(), [])
  t.equal((await send('/new', { ...proposed, ...like[0], sure: '1' }, cookie)).statusCode, 303)
  t.equal((await send('/new', { ...proposed, name: 'Tout autre chose', shortName: 'autre' }, cookie)).statusCode, 303)
})

await eachEngine(t, 'what waits is counted for whoever may decide on it, however many others wait', async (t, open) => {
  const db = await openDb(t, await open())
  const { app, get } = await openSite(t, db)
  const plain = { name: 'Un groupe', summary: 'Il attend.', type: 'thematic', shortName: 'un-groupe' }
  const add = (at: number, record: object) => ({
    ...{ id: `p${String(at).padStart(4, '0')}`, person_id: null, record: JSON.stringify({ ...plain, ...record }), state: 'waiting' as const },
    ...{ message: null, answer: null, group_id: null, created_at: now, updated_at: now, decided_by: null, revision: 1 },
  })
  const keywords = (slug: string) => ({ keywords: [{ slug, label: slug }] })
  const others = Array.from({ length: 501 }, (_, at) => add(at, { ...keywords('balise'), description: '"slug":"energie"' }))
  const own = [add(600, { name: 'À elle', ...keywords('energie') }), add(601, keywords('energie-libre'))]
  for (let at = 0; at < 503; at += 100)
    await db
      .insertInto('proposal')
      .values([...others, ...own].slice(at, at + 100))
      .execute()
  const steward = await signInAs(app, db, 'steward')
  t.match((await get('/me', steward)).body, /1 proposition à relire/)
  t.match((await get('/me/proposals', steward)).body, /À elle/)
  t.equal((await get('/me/proposals', steward)).body.split('/me/proposals/p').length - 1, 1)
  t.match((await get('/me', await signInAs(app, db, 'otherSteward'))).body, /501 propositions à relire/)
  t.match((await get('/me', await signInAs(app, db, 'operator'))).body, /503 propositions à relire/)
  t.notMatch((await get('/me', await signInAs(app, db, 'stranger'))).body, /à relire/)
})

t.test('who is too quick costs no search', async (t) => {
  const db = await openSqlite(t)
  const { app, send } = await openSite(t, db)
  const cookie = await signInAs(app, db, 'stranger')
  const like = { ...proposed, name: 'Le Jardin de la rade' }
  const quick = await send('/new', { ...like, stamp: '' }, cookie)
  t.match(quick, { statusCode: 400, body: /Relisez/ })
  t.notMatch(quick.body, 'id="sure"', 'nothing was looked for')
  t.equal((await send('/new', like, cookie)).statusCode, 409)
})

t.test('declined, with its reason; stewards decide on their keyword alone', async (t) => {
  const db = await openSqlite(t)
  const { app, send, decide, get } = await openSite(t, db)
  const cookie = await signInAs(app, db, 'stranger')
  const own = String((await send('/new', proposed, cookie)).headers.location).replace('?done=sent', '')
  const review = own.replace('/new', '/me/proposals')
  const other = await signInAs(app, db, 'otherSteward')
  t.equal((await get(review, other)).statusCode, 403)
  t.equal((await decide(review, { do: 'accept', revision: '1', shortName: 'quai' }, other)).statusCode, 403)
  t.notMatch((await get('/me/proposals', other)).body, review)
  t.match((await get('/me/proposals', other)).body, 'Rien n’attend')
  t.equal((await get(review, cookie)).statusCode, 403, 'nor does who proposed')
  t.equal((await get(own, other)).statusCode, 404)
  const steward = await signInAs(app, db, 'steward')
  t.match(await get(own, steward), { statusCode: 303, headers: { location: review } })
  t.equal((await decide(review, { do: 'decline', revision: '1', reason: '' }, steward)).statusCode, 400)
  t.equal((await decide(review, { do: 'decline', revision: '1', reason: 'Une seule personne.' }, steward)).statusCode, 303)
  t.match(await mailsOf(db, 'proposal-declined'), [{ address: people.stranger.address, said: { answer: 'Une seule personne.' } }])
  t.match((await get(own, cookie)).body, 'Une seule personne.')
  t.match((await get(review, steward)).body, 'Non retenue par Sam')
  t.equal((await decide(review, { do: 'accept', revision: '2', shortName: 'quai' }, steward)).statusCode, 409, 'what is decided is decided')
  t.match(await send(own, { ...proposed, revision: '2' }, cookie), { statusCode: 303, headers: { location: own } })
})

t.test('what is wrong comes back with what was typed; nothing in it is code', async (t) => {
  const db = await openSqlite(t)
  const { app, send, get, pass } = await openSite(t, db)
  const evil = '"><script>alert(1)</script>'
  const cases: [Record<string, string>, RegExp][] = [
    [{ name: '' }, /id="name-wrong"/],
    [{ name: 'x'.repeat(121) }, /id="name-wrong"/],
    [{ summary: 'a\nb'.repeat(100) }, /id="summary-wrong"/],
    [{ shortName: 'Très Joli' }, /id="shortName-wrong"/],
    [{ shortName: 'embed' }, /id="shortName-wrong"/],
    [{ type: 'club' }, /id="type-wrong"/],
    [{ 'links.0.url': 'javascript:alert(1)' }, /id="links\.0\.url-wrong"/],
    [{ address: 'a@b.example\r\nBcc: c@d.example' }, /id="address-fault"/],
    [{ address: '' }, /id="address-fault"/],
    [{ message: 'é'.repeat(2001) }, /id="message-fault"/],
    [{ stamp: '' }, /Relisez/],
    [{ stamp: newStamp({ config: { secret: 'another' }, clock: () => new Date(Date.parse(now) - 10_000) }) }, /Relisez/],
  ]
  for (const [fields, said] of cases) {
    const { statusCode, body, headers } = await send('/new', { ...proposed, ...fields })
    t.equal(statusCode, 400, JSON.stringify(fields).slice(0, 60))
    t.match(body, said, JSON.stringify(fields).slice(0, 60))
    t.match(body, '<div class="faults" id="faults" role="alert" tabindex="-1" autofocus>')
    t.equal(headers['cache-control'], 'no-store')
    if (!('message' in fields)) t.match(body, 'nous sommes douze.</textarea>')
  }
  const all = Object.fromEntries(Object.keys(proposed).map((name) => [name, evil]))
  const { body } = await send('/new', all)
  t.notMatch(body, /<script>alert|value=""><script/)
  t.match(body, '&lt;script&gt;alert(1)')
  t.equal((await send('/new', { ...proposed, description: 'x'.repeat(20_001) })).statusCode, 400, 'huge')
  t.equal((await send('/new', { ...proposed, unknown: '1' })).statusCode, 400)
  t.notMatch((await send('/new/preview', all)).body, '<script>alert')
  t.notMatch((await get(`/new/short-name?name=${encodeURIComponent(evil)}&short-name=${encodeURIComponent(evil)}`)).body, '<script>')
  const free = (await send('/new', { ...proposed, shortName: '' })).body
  t.match(free, /name="shortName"[^>]*value="chorale-du-quai"/, 'one that is free is written down')
  t.same(await db.selectFrom('proposal').select('id').execute(), [])

  const scripted = { ...proposed, name: 'Chœur <script>alert(1)</script>', description: '<img src=x onerror=alert(1)>' }
  const cookie = await signInAs(app, db, 'stranger')
  const own = String((await send('/new', scripted, cookie)).headers.location).replace('?done=sent', '')
  pass(1000)
  const operator = await signInAs(app, db, 'operator')
  for (const page of ['/me/proposals', own.replace('/new', '/me/proposals'), '/me'])
    t.notMatch((await get(page, operator)).body, /<script>alert|<img src=x/, page)
})

t.test('programs are let down gently, floods are stopped, what nobody confirmed is forgotten', async (t) => {
  const db = await openSqlite(t)
  const { app, send, pass } = await openSite(t, db)
  t.match(await send('/new', { ...proposed, website: 'https://spam.example' }), { headers: { location: '/new?done=asked' } })
  t.same(await db.selectFrom('proposal').select('id').execute(), [], 'and nothing is kept')
  for (let at = 0; at < 5; at++) t.equal((await send('/new', { ...proposed, shortName: `chorale-${at}` })).statusCode, 303)
  const sixth = await send('/new', proposed)
  t.match(sixth, { statusCode: 429, headers: { 'retry-after': /^\d+$/ } }, 'five a day and address')
  t.match(sixth.body, 'nous sommes douze.</textarea>')
  const link = await linkTo(db, address)
  pass(49 * 3600_000)
  await purgeModeration(db, new Date(Date.parse(now) + 49 * 3600_000))
  t.same(await db.selectFrom('proposal').select('id').execute(), [])
  t.not((await post(app, link)).statusCode, 303)
  t.same(await mailsOf(db, 'proposal-new'), [])
})

t.test('a short name while it is typed', async (t) => {
  const db = await openSqlite(t)
  const { get } = await openSite(t, db)
  const ask = async (query: string) => (await get(`/new/short-name?${query}`)).body
  t.match(await ask('name=Chœur du Quai'), /data-short-name="choeur-du-quai" data-state="free"/)
  t.match(await ask('name=Phare citoyen&country=FR'), /data-short-name="phare-citoyen-fr" data-state="free"/)
  t.match(await ask('name=Phare citoyen&short-name=phare-citoyen'), /data-state="taken"[\s\S]*<code>phare-citoyen-2/)
  t.match(await ask('name=Port&short-name=vieux-port'), /data-state="taken"/, 'former names too')
  t.match(await ask('name=Map'), /data-short-name="map-2"/, 'not a reserved one')
  t.match(await ask('name=نادي'), /data-state="empty"/)
  t.match(await ask(`name=${'long '.repeat(30)}`), /data-short-name="long-long-long-long-long-long-long-long"/)
})
