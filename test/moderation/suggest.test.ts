import t from 'tap'
import type { Db } from '../../server/db/tables.ts'
import { createGroup, editGroup } from '../../server/group/actions.ts'
import { findGroup } from '../../server/group/queries.ts'
import { toGroup } from '../../server/group/row.ts'
import { purgeModeration } from '../../server/moderation/purge.ts'
import { eachEngine } from '../engines.ts'
import { now, openDb, openSqlite } from '../helper.ts'
import { people, signInAs } from '../people.ts'
import { group } from '../world.ts'
import { linkTo, post, shown } from './pages.ts'
import { mailsOf, openSite } from './site.ts'

const path = '/g/jardin-de-la-rade'
const address = 'max@visitor.example'

function suggestions(db: Db) {
  return db.selectFrom('suggestion').selectAll().orderBy('created_at').orderBy('id').execute()
}

async function rade(db: Db) {
  return (await findGroup(db, 'jardin-de-la-rade'))!
}

await eachEngine(t, 'a visitor corrects, an animator takes it field by field', async (t, open) => {
  const db = await openDb(t, await open())
  const { app, send, decide, get, pass } = await openSite(t, db)
  const form = (await get(`${path}/suggest`)).body
  t.match(form, 'https://jardin.example/liste')
  t.notMatch(form, 'jardin.example/suivi', 'links for insiders are not shown')
  const fields = {
    ...{ ...shown, kind: 'correction', message: 'Ils ont déménagé.', address },
    ...{
      summary: 'Un jardin partagé face au port.',
      activity: 'preparing',
      place: 'Nantes',
      region: '',
      'links.0.url': 'https://jardin.example/neuf',
    },
  }
  t.match(await send(`${path}/suggest`, fields), { statusCode: 303, headers: { location: `${path}/suggest?done=asked` } })
  t.same(await mailsOf(db, 'suggestion-new'), [])
  const [confirmation] = await mailsOf(db, 'suggestion-confirm')
  t.notMatch(confirmation!.model, /déménagé|port/)
  const link = await linkTo(db, address)
  t.match(await post(app, link), { statusCode: 303, headers: { location: `${path}/suggest?done=sent` } })
  t.not((await post(app, link)).statusCode, 303, 'once')
  t.match(await mailsOf(db, 'suggestion-new'), [{ address: people.animator.address, said: { link: `${path}/suggestions` } }])

  const cookie = await signInAs(app, db, 'animator')
  t.match((await get('/me', cookie)).body, '1 remarque sur Jardin de la rade')
  const page = (await get(`${path}/suggestions`, cookie)).body
  t.match(page, /<del>.*mer.*<\/del>/)
  t.match(page, /<ins>.*port.*<\/ins>/)
  t.match(page, 'Ils ont déménagé.')
  t.notMatch(page, address)
  t.notMatch(page, /Description<\/dt>/, 'line ends are no change')
  const id = /name="id" value="([^"]+)"/.exec(page)![1]!
  const take = async (field: string) =>
    decide(`${path}/suggestions`, { id, do: 'accept', field, revision: String((await rade(db)).revision) }, cookie)
  pass(60_000)
  t.equal((await take('summary')).statusCode, 303)
  t.match(toGroup(await rade(db)), { summary: 'Un jardin partagé face au port.', activity: 'active', place: 'Brest' })
  t.equal((await take('links')).statusCode, 303)
  t.same(
    toGroup(await rade(db)).links?.map(({ url }) => url),
    ['https://jardin.example/neuf', 'https://jardin.example/liste', 'https://jardin.example/suivi'],
    'what the visitor did not see is still there',
  )
  t.equal((await take('place')).statusCode, 303)
  t.match(toGroup(await rade(db)), { place: 'Nantes', region: 'FR-PDL', position: { lat: 47.2173, precision: 'place' } })
  t.equal((await take('summary')).statusCode, 409, 'a second click')
  t.same(await mailsOf(db, 'suggestion-decided'), [])

  const current = await rade(db)
  await editGroup(db, current, { ...toGroup(current), activity: 'archived' }, { at: now, via: 'form' })
  t.match((await get(`${path}/suggestions`, cookie)).body, 'a changé depuis la remarque')
  const stale = await decide(`${path}/suggestions`, { id, do: 'accept', field: 'activity', revision: String(current.revision) }, cookie)
  t.match(stale, { statusCode: 409, body: /rien n’a été fait/ })
  t.equal(toGroup(await rade(db)).activity, 'archived')
  t.equal((await take('activity')).statusCode, 303)
  t.equal(toGroup(await rade(db)).activity, 'preparing')
  t.match(await mailsOf(db, 'suggestion-decided'), [{ address, locale: 'fr', said: { kept: true } }])
  t.match(await suggestions(db), [{ state: 'accepted', address: null }], 'the address is forgotten')
  t.match((await get(`${path}/suggestions`, cookie)).body, 'Aucune remarque')
  t.notMatch((await get(`${path}/history`)).body, 'visitor.example')
})

await eachEngine(t, 'what is saved while a visitor writes is neither taken back nor passed over', async (t, open) => {
  const db = await openDb(t, await open())
  const { app, send, decide, get } = await openSite(t, db)
  const seen = await rade(db)
  const form = (await get(`${path}/suggest`)).body
  t.match(form, `<input type="hidden" name="revision" value="${seen.revision}">`)
  await editGroup(db, seen, { ...toGroup(seen), summary: 'Un jardin neuf.', place: 'Quimper' }, { at: now, via: 'form' })
  const stranger = await signInAs(app, db, 'stranger')
  const typed = { ...shown, kind: 'correction', revision: String(seen.revision), description: 'Ouvert le dimanche.', place: 'Nantes' }
  const again = await send(`${path}/suggest`, { ...typed, do: 'links.add' }, stranger)
  t.match(again.body, `<input type="hidden" name="revision" value="${seen.revision}">`, 'a form that comes back is still about what was seen')
  t.equal((await send(`${path}/suggest`, typed, stranger)).statusCode, 303)
  t.match(await suggestions(db), [{ group_revision: seen.revision }])
  t.same(
    JSON.parse((await suggestions(db))[0]!.changes!),
    { description: 'Ouvert le dimanche.', place: 'Nantes' },
    'what the visitor changed, and no more',
  )
  const cookie = await signInAs(app, db, 'animator')
  const page = (await get(`${path}/suggestions`, cookie)).body
  t.equal(page.split('a changé depuis la remarque').length - 1, 1, 'the place, not the description')
  const id = /name="id" value="([^"]+)"/.exec(page)![1]!
  const take = { id, do: 'accept', field: 'description', revision: String(seen.revision + 1) }
  t.equal((await decide(`${path}/suggestions`, take, cookie)).statusCode, 303)
  t.match(toGroup(await rade(db)), { summary: 'Un jardin neuf.', description: 'Ouvert le dimanche.' })

  for (const revision of ['99', 'x', '3000000000']) {
    const message = `Version «${revision}»`
    t.equal((await send(`${path}/suggest`, { ...shown, kind: 'correction', revision, message }, stranger)).statusCode, 303, message)
    const kept = (await suggestions(db)).find((one) => one.message === message)
    t.equal(kept?.group_revision, seen.revision + 2, 'a version that nobody knows is the one of today')
  }
})

t.test('a word to the visitor survives what stands against it; only taking asks for the version', async (t) => {
  const db = await openSqlite(t)
  const { app, send, decide, get } = await openSite(t, db)
  const stranger = await signInAs(app, db, 'stranger')
  for (const message of ['Un', 'Deux']) await send(`${path}/suggest`, { ...shown, kind: 'dead', message }, stranger)
  const [one, two] = await suggestions(db)
  const cookie = await signInAs(app, db, 'animator')
  const word = 'é<b>'.repeat(600)
  const long = await decide(`${path}/suggestions`, { id: one!.id, do: 'decline', word }, cookie)
  t.equal(long.statusCode, 400)
  t.match(long.body, `id="word-${one!.id}-fault"`)
  const areas = [...long.body.matchAll(/<textarea id="([^"]+)"[^>]*>\n?([^<]*)<\/textarea>/g)].map(([, id, value]) => [id, value])
  t.same(areas, [
    [`word-${one!.id}`, word.replaceAll('<', '&lt;').replaceAll('>', '&gt;')],
    [`word-${two!.id}`, ''],
  ])
  const row = await rade(db)
  await editGroup(db, row, { ...toGroup(row), summary: 'Autre.' }, { at: now, via: 'form' })
  t.equal((await decide(`${path}/suggestions`, { id: one!.id, do: 'decline', word: 'Non.' }, cookie)).statusCode, 303, 'declining writes no record')
  t.equal((await decide(`${path}/suggestions`, { id: two!.id, do: 'accept', field: 'summary' }, cookie)).statusCode, 409, 'taking does')
  const late = await decide(`${path}/suggestions`, { id: one!.id, do: 'decline', word: 'Vraiment <b>.' }, cookie)
  t.match(late, { statusCode: 409, body: /rien n’a été fait/ })
  t.match(late.body, /<textarea id="unsent"[^>]* readonly>\nVraiment &lt;b&gt;\.<\/textarea>/, 'of what somebody else decided')
  t.notMatch((await get(`${path}/suggestions`, cookie)).body, 'unsent')
})

await eachEngine(t, 'reports go to animators, or to operators where there are none', async (t, open) => {
  const db = await openDb(t, await open())
  const { app, send, decide, get } = await openSite(t, db)
  const cookie = await signInAs(app, db, 'stranger')
  const other = '/g/nadi-sama'
  const report = { kind: 'duplicate', duplicateOf: 'http://archipel.example/g/phare-citoyen', name: 'نادي السماء', summary: 'نرصد النجوم معا.' }
  t.match(await send(`${other}/suggest`, { ...report, message: 'La même.' }, cookie), { headers: { location: `${other}/suggest?done=sent` } })
  t.match(await mailsOf(db, 'suggestion-new'), [{ address: people.operator.address }])
  const operator = await signInAs(app, db, 'operator')
  t.match((await get('/me', operator)).body, `${other}/suggestions`)
  t.notMatch((await get('/me', await signInAs(app, db, 'animator'))).body, `${other}/suggestions`)
  const page = (await get(`${other}/suggestions`, operator)).body
  t.match(page, /href="\/g\/phare-citoyen">phare-citoyen</)
  const id = /name="id" value="([^"]+)"/.exec(page)![1]!
  const revision = '1'
  t.equal((await decide(`${other}/suggestions`, { id, do: 'handled', revision }, await signInAs(app, db, 'animator'))).statusCode, 403)
  t.equal(
    (await decide(`${path}/suggestions`, { id, do: 'handled', revision }, await signInAs(app, db, 'animator'))).statusCode,
    409,
    'not through another group',
  )
  t.equal((await decide(`${other}/suggestions`, { id, do: 'decline', revision, word: 'Deux groupes\r\nbien distincts.' }, operator)).statusCode, 303)
  t.match(await mailsOf(db, 'suggestion-decided'), [
    { address: people.stranger.address, said: { kept: false, word: 'Deux groupes\nbien distincts.' } },
  ])
  t.match(await suggestions(db), [{ state: 'declined', address: null, duplicate_of: 'phare-citoyen' }])
})

t.test('what is wrong comes back with what was typed; nothing in it is code', async (t) => {
  const db = await openSqlite(t)
  const { send, get } = await openSite(t, db)
  const fields = { ...shown, kind: 'correction', message: 'Un mot.', address }
  const cases: [Record<string, string>, RegExp][] = [
    [{ message: '' }, /id="message-fault"/],
    [{ kind: 'charter', message: '' }, /id="message-fault"/],
    [{ message: 'é'.repeat(2001) }, /id="message-fault"/],
    [{ kind: 'duplicate', duplicateOf: 'personne' }, /id="duplicateOf-fault"/],
    [{ kind: 'duplicate', duplicateOf: 'jardin-de-la-rade' }, /id="duplicateOf-fault"/],
    [{ address: 'a@b.example\r\nBcc: c@d.example' }, /id="address-fault"/],
    [{ summary: '' }, /id="summary-wrong"/],
    [{ 'links.0.url': 'javascript:alert(1)' }, /id="links\.0\.url-wrong"/],
    [{ stamp: '' }, /Relisez/],
  ]
  for (const [change, said] of cases) {
    const { statusCode, body } = await send(`${path}/suggest`, { ...fields, ...change })
    t.equal(statusCode, 400, JSON.stringify(change).slice(0, 60))
    t.match(body, said, JSON.stringify(change).slice(0, 60))
    if (!('message' in change)) t.match(body, 'Un mot.</textarea>')
  }
  const evil = '"></textarea><script>alert(1)</script>'
  const all = Object.fromEntries(Object.keys(fields).map((name) => [name, evil]))
  t.notMatch((await send(`${path}/suggest`, all)).body, '<script>alert')
  t.same(await suggestions(db), [])
  t.equal((await get('/g/epave/suggest')).statusCode, 410)
  t.match(await get('/g/vieux-port/suggest'), { statusCode: 308, headers: { location: '/g/nouveau-port/suggest' } })
})

t.test('floods are stopped; time forgets', async (t) => {
  const db = await openSqlite(t)
  const { app, send } = await openSite(t, db)
  const fields = { ...shown, kind: 'dead', address }
  t.match(await send(`${path}/suggest`, { ...fields, website: 'x' }), { headers: { location: `${path}/suggest?done=asked` } })
  t.same(await suggestions(db), [])
  for (let at = 0; at < 5; at++) t.equal((await send(`${path}/suggest`, fields)).statusCode, 303)
  t.equal((await send(`${path}/suggest`, fields)).statusCode, 429)
  await post(app, await linkTo(db, address))
  const later = (days: number) => new Date(Date.parse(now) + days * 24 * 3600_000)
  await purgeModeration(db, later(3))
  t.match(await suggestions(db), [{ state: 'open' }])
  t.equal((await suggestions(db)).length, 1)
  await purgeModeration(db, later(366))
  t.same(await suggestions(db), [])
})

t.test('a copy from another server: no form, the way to its home', async (t) => {
  const db = await openSqlite(t)
  const { app, send, get } = await openSite(t, db)
  const copy = await createGroup(db, group({ shortName: 'copie' }), { at: now, via: 'command' })
  await db.updateTable('group_record').set({ origin_server: 'https://ailleurs.example' }).where('id', '=', copy.id).execute()
  for (const answer of [await get('/g/copie/suggest'), await send('/g/copie/suggest', { kind: 'dead', address })]) {
    t.match(answer.body, `href="https://ailleurs.example/id/${copy.id}"`)
    t.notMatch(answer.body, '<textarea')
  }
  t.same(await suggestions(db), [])
  t.equal((await get('/g/copie/suggestions', await signInAs(app, db, 'operator'))).statusCode, 403)
})
