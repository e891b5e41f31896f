import t, { type Test } from 'tap'
import { buildApp } from '../../server/app.ts'
import { transaction } from '../../server/db/open.ts'
import { confirmGroup, createGroup, deleteGroup, editGroup, forgetDeleted, putGroups, restoreGroup } from '../../server/group/actions.ts'
import { mergeThree } from '../../server/group/edit-merge.ts'
import { findGroup, findRevision, findTombstone, listListings } from '../../server/group/queries.ts'
import { toGroup } from '../../server/group/row.ts'
import { lazyGazetteer } from '../../server/place/gazetteer.ts'
import { eachEngine } from '../engines.ts'
import { build, makeTestDeps, now, openDb, openSqlite } from '../helper.ts'
import { signInAs } from '../people.ts'
import { fill, group, rade } from '../world.ts'
import { formOf } from './edit-site.ts'

const path = '/g/jardin-de-la-rade/edit'
const by = { at: now, via: 'form' as const, author: 'Ana' }

// Read once: it is the same for all.
const gazetteer = lazyGazetteer()

async function site(t: Test) {
  const db = await openSqlite(t)
  await fill(db, 2)
  const app = await buildApp({ ...(await makeTestDeps(db)), gazetteer })
  t.teardown(() => app.close())
  const cookie = await signInAs(app, db, 'animator')
  const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded', 'accept-language': 'fr' }
  const send = (payload: string, url = path) => app.inject({ method: 'POST', url, headers, payload })
  return { db, app, cookie, send, row: async () => (await findGroup(db, 'jardin-de-la-rade'))! }
}

t.test('the page shows the record, and saving it unchanged writes nothing', async (t) => {
  const { app, cookie, send, row } = await site(t)
  const answer = await app.inject({ url: path, headers: { cookie } })
  t.equal(answer.statusCode, 200)
  t.equal(answer.headers['cache-control'], 'no-store')
  for (const text of ['Jardin de la rade', 'value="https://jardin.example/suivi"', 'La place', 'name="links.0.url"', 'français, breton'])
    t.match(answer.body, text)
  t.match(answer.body, /name="do" value="save"[\s\S]*name="do" value="links\.0\.up"/, 'Enter saves: its button comes first')
  t.match(await send(formOf(rade, 1)), { statusCode: 303, headers: { location: '/g/jardin-de-la-rade' } })
  t.equal((await row()).revision, 1)
})

t.test('what is saved', async (t) => {
  const { db, send, row } = await site(t)
  const changes = {
    summary: '  Un jardin, à tous. ',
    'links.9.service': 'home',
    'links.9.url': 'https://deux.example/',
    memberCount: '1 200',
    shortName: 'jardin-rade',
  }
  t.match(await send(formOf(rade, 1, changes)), { statusCode: 303, headers: { location: '/g/jardin-rade' } })
  const saved = (await findGroup(db, 'jardin-rade'))!
  t.match(toGroup(saved), { ...rade, summary: 'Un jardin, à tous.', memberCount: 1200, shortName: 'jardin-rade', links: Array })
  t.same(
    toGroup(saved).links?.map(({ url }) => url),
    ['https://jardin.example/', 'https://deux.example/', 'https://jardin.example/liste', 'https://jardin.example/suivi'],
  )
  t.match(saved, { claimed_at: now, revision: 2 })
  t.match(await findRevision(db, saved.id, 2), { via: 'form', author: 'Ana' })
  t.notOk(await row())
  t.match(
    await send(formOf({ ...rade, shortName: 'jardin-rade' }, 2)),
    { statusCode: 308, headers: { location: '/g/jardin-rade/edit' } },
    'under its former name too',
  )
})

t.test('errors bring the page back with what was typed, a summary and a sentence at each field', async (t) => {
  const { send, row } = await site(t)
  const typed = { name: '', summary: 'x'.repeat(201), 'links.1.url': 'javascript:alert(1)', 'links.1.label': '<b>"', parent: 'nobody-here' }
  const answer = await send(formOf(rade, 1, typed))
  t.equal(answer.statusCode, 400)
  t.match(answer.body, '<div class="faults" id="faults" role="alert" tabindex="-1" autofocus>')
  for (const id of ['name', 'summary', 'links.1.url']) {
    t.match(answer.body, `href="#${id}"`, id)
    t.match(answer.body, `id="${id}-wrong"`, id)
  }
  t.match(answer.body, 'value="javascript:alert(1)"')
  t.match(answer.body, 'value="&lt;b&gt;&quot;"')
  t.match(answer.body, 'Adresse, ligne 2')
  t.equal((await row()).revision, 1)
  const lost = await send(formOf(rade, 1, { parent: 'nobody-here' }))
  t.equal(lost.statusCode, 400)
  t.match(lost.body, 'id="parent-wrong"')
  const taken = await send(formOf(rade, 1, { shortName: 'phare-citoyen', summary: 'Gardé' }))
  t.equal(taken.statusCode, 409)
  t.match(taken.body, 'id="shortName-wrong"')
  t.match(taken.body, 'value="Gardé"')
  t.equal((await send(`${formOf(rade, 1)}&colour=red`)).statusCode, 400, 'a field that is none of the form’s')
})

t.test('rows without JavaScript: the page comes back with the row changed and the focus on it', async (t) => {
  const { send, row } = await site(t)
  const typing = { name: '', 'links.0.url': 'not yet' }
  const added = await send(formOf(rade, 1, { ...typing, do: 'links.add' }))
  t.equal(added.statusCode, 200)
  t.match(added.body, /id="links\.3\.service"[^>]* autofocus/)
  t.match(added.body, 'value="not yet"')
  t.notMatch(added.body, 'class="faults"', 'nothing is wrong while it is written')
  const moved = await send(formOf(rade, 1, { do: 'links.1.up' }))
  t.ok(moved.body.indexOf('id="links.1.url"') < moved.body.indexOf('id="links.0.url"'))
  t.match(moved.body, /id="links\.1\.down"[^>]* autofocus/)
  const gone = await send(formOf(rade, 1, { do: 'welcome.0.remove' }))
  t.notMatch(gone.body, 'Dites bonjour.')
  const tool = await send(formOf(rade, 1, { do: 'tool.energie.0' }))
  t.match(tool.body, 'value="https://place.example/"')
  t.match(
    (await send(formOf(rade, 1, { do: 'preview', name: 'Autre nom', description: '<script>alert(1)</script> **gras**' }))).body,
    /id="preview">[\s\S]*Autre nom[\s\S]*&lt;script&gt;[\s\S]*<strong>gras/,
  )
  t.match((await send(formOf(rade, 1, { do: 'regions', country: 'SN' }))).body, /<option value="SN-DK">/)
  t.equal((await row()).revision, 1)
})

t.test('the preview alone: where what is typed is wrong, what is there', async (t) => {
  const { send } = await site(t)
  const answer = await send(formOf(rade, 1, { summary: 'Tout neuf', name: '' }), `${path}/preview`)
  t.equal(answer.statusCode, 200)
  t.match(answer.body, 'Tout neuf')
  t.match(answer.body, 'Jardin de la rade')
  t.notMatch(answer.body, '<html')
})

t.test('two at once: what one of them changed is kept, what both changed is chosen', async (t) => {
  const { db, send, row } = await site(t)
  await editGroup(db, await row(), { ...rade, summary: 'Autre résumé', memberCount: 50 }, { ...by, author: 'Otto' })
  t.match(await send(formOf(rade, 1, { name: 'Jardin de la grande rade' })), { statusCode: 303 }, 'different fields')
  t.match(toGroup(await row()), { name: 'Jardin de la grande rade', summary: 'Autre résumé', memberCount: 50 })

  const answer = await send(formOf(rade, 1, { summary: 'Mon résumé', place: 'Le Conquet', do: 'save' }))
  t.equal(answer.statusCode, 409)
  for (const text of ['Mon résumé', 'Autre résumé', 'name="choice.summary"', 'name="revision" value="3"', 'name="place" value="Le Conquet"'])
    t.match(answer.body, text)
  t.notMatch(answer.body, 'choice.memberCount')
  const hidden = new URLSearchParams(
    [...answer.body.matchAll(/<input type="hidden" name="(?!back)([^"]*)" value="([^"]*)">/g)].map(([, name, value]) => [name!, plain(value!)]),
  )
  hidden.set('choice.summary', 'theirs')
  const back = await send(`${hidden}&do=back`)
  t.match(back.body, 'value="Autre résumé"')
  t.match(await send(`${hidden}&do=save`), { statusCode: 303 })
  t.match(toGroup(await row()), { name: 'Jardin de la grande rade', summary: 'Autre résumé', place: 'Le Conquet', memberCount: 50 })

  await editGroup(db, await row(), { ...toGroup(await row()), summary: 'Encore un autre' }, by)
  hidden.set('choice.summary', 'mine')
  t.equal((await send(`${hidden}&do=save`)).statusCode, 409, 'a third in between: asked again')
})

t.test('three versions of a record', async (t) => {
  const base = group({ shortName: 'x', place: 'A', memberCount: 1, welcome: ['a'] })
  const { memberCount, ...mine } = { ...base, place: 'B', summary: 'Same' }
  const theirs = { ...base, place: 'C', summary: 'Same', welcome: ['a', 'b'] }
  t.same(mergeThree(base, mine, theirs), { group: { ...mine, welcome: ['a', 'b'] }, conflicts: ['place'] })
  t.same(mergeThree(base, mine, { ...base, memberCount: 2 }).conflicts, ['memberCount'], 'one took away what the other changed')
  t.same(mergeThree({}, base, base).conflicts, [])
})

t.test('a place that changes brings where it is', async (t) => {
  const { send, row } = await site(t)
  t.equal((await send(formOf(rade, 1, { place: 'Dakar', country: '', region: '' }))).statusCode, 303)
  t.match(await row(), { place: 'Dakar', country: 'SN', region: 'SN-DK', precision: 'place' })
  const { lat } = await row()
  t.ok(Math.abs(lat! - 14.7) < 0.2)
  t.equal((await send(formOf(toGroup(await row()), 2, { place: 'Le lieu que nul ne connaît' }))).statusCode, 303)
  t.equal((await row()).lat, lat, 'a name nobody knows moves nothing')
})

t.test('still true: the date alone, of the words that were seen', async (t) => {
  const { send, row } = await site(t)
  const { updated_at } = await row()
  t.match(await send('revision=7', `${path}/checked`), { statusCode: 303, headers: { location: path } })
  t.equal((await row()).checked_at, null)
  t.match(await send('revision=1', `${path}/checked`), { statusCode: 303, headers: { location: '/g/jardin-de-la-rade' } })
  t.match(await row(), { checked_at: now, updated_at, revision: 2 })
})

t.test('joining a curated ecosystem by its charter, and leaving', async (t) => {
  const db = await openSqlite(t)
  await fill(db, 2)
  const app = await build(t, db)
  const cookie = await signInAs(app, db, 'operator')
  const send = (payload: string) =>
    app.inject({ method: 'POST', url: '/g/balise-1/edit', headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' }, payload })
  const row = (await findGroup(db, 'balise-1'))!
  const asked = await send(formOf(toGroup(row), 1, { keywords: 'balise, Énergie' }))
  t.equal(asked.statusCode, 400)
  t.match(asked.body, 'Tout est partagé.')
  t.equal((await send(formOf(toGroup(row), 1, { keywords: 'balise, Énergie', 'charter.energie.0': '1' }))).statusCode, 400, 'every condition')
  t.equal((await send(formOf(toGroup(row), 1, { keywords: 'balise, Énergie', 'charter.energie.0': '1', 'charter.energie.1': '1' }))).statusCode, 303)
  t.match(await listListings(db, row.id), [{ keyword: 'energie', state: 'asked' }])
  const now2 = (await findGroup(db, 'balise-1'))!
  t.match((await app.inject({ url: '/g/balise-1/edit', headers: { cookie } })).body, 'demande en attente')
  t.equal((await send(formOf(toGroup(now2), 2, { keywords: 'balise' }))).statusCode, 303)
  t.same(await listListings(db, row.id), [])
})

t.test('deleting asks for the short name, and there is a way back', async (t) => {
  const { app, cookie, send, row } = await site(t)
  const before = await row()
  t.match((await app.inject({ url: '/g/jardin-de-la-rade/delete', headers: { cookie } })).body, 'jardin-de-la-rade')
  t.match(await send('shortName=jardin', '/g/jardin-de-la-rade/delete'), { statusCode: 400, body: /id="shortName-wrong"/ })
  t.match(await send('shortName=jardin-de-la-rade', '/g/jardin-de-la-rade/delete'), {
    statusCode: 303,
    headers: { location: '/g/jardin-de-la-rade/restore' },
  })
  for (const url of ['/g/jardin-de-la-rade', '/g/jardin-de-la-rade.json', '/api/groups/jardin-de-la-rade', path, `/id/${before.id}`])
    t.equal((await app.inject({ url, headers: { cookie } })).statusCode, 410, url)
  t.notMatch((await app.inject('/groups.json')).body, '"shortName":"jardin-de-la-rade"')
  t.match((await app.inject({ url: '/me', headers: { cookie } })).body, '/g/jardin-de-la-rade/restore')
  for (const name of ['jardin-de-la-rade', 'Jardin-de-la-Rade'])
    t.match((await app.inject({ url: `/g/${name}/restore`, headers: { cookie } })).body, '21 décembre 2026', name)
  t.match(await send('', '/g/jardin-de-la-rade/restore'), { statusCode: 303, headers: { location: '/g/jardin-de-la-rade' } })
  t.match(await row(), { ...before, revision: 2, change_seq: /./ })
  t.match((await app.inject('/groups.json?q=rade')).json(), { items: [{ shortName: 'jardin-de-la-rade' }] })
  t.match(
    (await app.inject('/e/energie.json')).json().items.map((one: { shortName: string }) => one.shortName),
    ['jardin-de-la-rade'],
    'listed again where it was',
  )
})

t.test('who may not', async (t) => {
  const { db, app } = await site(t)
  await deleteGroup(db, (await findGroup(db, 'balise-1'))!, by)
  for (const who of ['stranger', 'otherAnimator'] as const) {
    const headers = { cookie: await signInAs(app, db, who) }
    for (const url of [path, '/g/jardin-de-la-rade/delete', '/g/balise-1/restore'])
      t.equal((await app.inject({ url, headers })).statusCode, 403, `${who} ${url}`)
    t.equal((await app.inject({ method: 'POST', url: '/g/balise-1/restore', headers })).statusCode, 403)
  }
  t.equal(
    (await app.inject({ method: 'POST', url: path, headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: formOf(rade, 1) }))
      .statusCode,
    403,
  )
})

await eachEngine(t, 'editing, confirming, deleting and restoring a record', async (t, open) => {
  const db = await openDb(t, await open())
  const [row] = await transaction(db, (tx) => putGroups(tx, [{ group: rade, stamp: { source: 's', source_id: '1' } }], { at: now, via: 'import' }))
  const edited = await editGroup(db, row!, { ...rade, name: 'Autre' }, by)
  t.match(edited, { claimed_at: now, source: 's', revision: 2 })
  await t.rejects(editGroup(db, row!, rade, by), { code: 'conflict' })
  await t.rejects(deleteGroup(db, row!, by), { code: 'conflict' }, 'not what somebody changed meanwhile')
  const checked = await confirmGroup(db, edited, { ...by, at: '2026-11-22T00:00:00.000Z' })
  t.match(checked, { checked_at: '2026-11-22T00:00:00.000Z', updated_at: now, revision: 3 })
  await deleteGroup(db, checked, by)
  t.notOk(await findGroup(db, rade.shortName))
  await t.rejects(createGroup(db, rade, by), { code: 'conflict' }, 'its name stays taken')
  await t.rejects(restoreGroup(db, row!.id, { ...by, at: '2026-12-22T12:00:00.001Z' }), { code: 'gone' }, 'after a month')
  const restored = await restoreGroup(db, row!.id, { ...by, at: '2026-12-21T11:00:00.000Z' })
  t.same(restored, { ...checked, revision: 4, change_seq: restored.change_seq })
  t.ok(restored.change_seq > checked.change_seq + 1)
  t.same(await findGroup(db, rade.shortName), restored)
  t.notOk(await findTombstone(db, row!.id))
  t.ok(await findRevision(db, row!.id, 1), 'with its history')
  await t.rejects(restoreGroup(db, row!.id, by), { code: 'gone' })

  await deleteGroup(db, restored, by)
  t.equal(await forgetDeleted(db, new Date('2026-12-21T11:59:59.000Z')), 0)
  t.equal(await forgetDeleted(db, new Date('2026-12-21T12:00:01.000Z')), 1)
  t.match(await findTombstone(db, row!.id), { kept: null, short_name: rade.shortName })
  t.notOk(await findRevision(db, row!.id, 1))
  t.equal(await forgetDeleted(db, new Date('2027-12-21T12:00:01.000Z')), 0)
})

t.test('the catalogue follows a deletion and a return, seen or not in between', async (t) => {
  const db = await openSqlite(t)
  await fill(db, 3)
  const { catalogue } = await makeTestDeps(db)
  const names = async (): Promise<string[]> => (await catalogue.current(db)).snapshot.key.map((key) => key.split('\0')[1]!).sort()
  const all = await names()
  for (const isSeen of [true, false]) {
    const row = (await findGroup(db, 'balise-2'))!
    await deleteGroup(db, row, by)
    if (isSeen)
      t.same(
        await names(),
        all.filter((name) => name !== 'balise-2'),
      )
    await restoreGroup(db, row.id, by)
    t.same(await names(), all)
  }
})

function plain(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&#x3D;', '=')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
