import t from 'tap'
import { eachEngine } from '../engines.ts'
import { build, openDb } from '../helper.ts'
import { addPerson, people, signInAs } from '../people.ts'
import { fill } from '../world.ts'
import { cookieOf, linkTo, mailsTo, post } from './mails.ts'

const url = '/g/jardin-de-la-rade/animators'
const address = 'maryam@people.example'

eachEngine(t, 'an animator invites another, who accepts by a click', async (t, openEngine) => {
  const db = await openDb(t, await openEngine())
  await fill(db, 2)
  const app = await build(t, db)
  const cookie = await signInAs(app, db, 'animator')
  t.match(await post(app, url, { address: 'x' }, { cookie }), { statusCode: 400, body: /class="faults"[\s\S]*value="x"/ })
  t.match(await post(app, url, { address }, { cookie }), { statusCode: 303, headers: { location: `${url}?done=invited` } })
  t.match(await mailsTo(db, address), [{ view: 'animator', model: { group: 'Jardin de la rade', by: 'Ana', url: '/g/jardin-de-la-rade' } }])
  t.notMatch((await app.inject({ url, headers: { cookie } })).body, address, 'not before the click')
  const accepted = await post(app, await linkTo(db, address))
  t.match(accepted, { statusCode: 303, headers: { location: url } })
  const theirs = cookieOf(accepted)
  const list = (await app.inject({ url, headers: { cookie: theirs } })).body
  for (const one of [people.animator.address, address]) t.match(list, one)
  const { id } = await db.selectFrom('person').select('id').where('address', '=', people.animator.address).executeTakeFirstOrThrow()
  t.match((await post(app, `${url}/remove`, { id }, { cookie: theirs })).headers.location, `${url}?done=removed`)
  t.equal((await app.inject({ url, headers: { cookie } })).statusCode, 403, 'who is removed is out at once')
  const mine = await db.selectFrom('person').select('id').where('address', '=', address).executeTakeFirstOrThrow()
  const last = await post(app, `${url}/remove`, { id: mine.id }, { cookie: theirs })
  t.match(last, { statusCode: 409, body: /name="sure" value="yes"/ }, 'the last one is asked again')
  t.match((await post(app, `${url}/remove`, { id: mine.id, sure: 'yes' }, { cookie: theirs })).headers.location, '/me')
  t.equal((await db.selectFrom('membership').selectAll().execute()).length, 0)
})

eachEngine(t, 'an invitation holds as long as whoever sent it animates the group', async (t, openEngine) => {
  const db = await openDb(t, await openEngine())
  await fill(db, 2)
  const app = await build(t, db)
  const cookie = await signInAs(app, db, 'animator')
  await post(app, url, { address }, { cookie })
  await db.deleteFrom('membership').execute()
  const link = await linkTo(db, address)
  t.equal((await post(app, link)).statusCode, 403)
  t.equal((await db.selectFrom('person').selectAll().where('address', '=', address).execute()).length, 0)
  await addPerson(db, 'animator')
  t.equal((await post(app, link)).statusCode, 303, 'a refusal uses nothing up')
})

t.test('what is no group, and an operator who is not in it', async (t) => {
  const { openSqlite } = await import('../helper.ts')
  const db = await openSqlite(t)
  await fill(db, 2)
  const app = await build(t, db)
  const cookie = await signInAs(app, db, 'operator')
  t.equal((await app.inject({ url: '/g/nulle-part/animators', headers: { cookie } })).statusCode, 404)
  t.match((await app.inject({ url, headers: { cookie } })).body, /Personne ne tient/)
  t.equal((await post(app, url, { address: 'a@b.example\r\nBcc: c@d.example' }, { cookie })).statusCode, 400)
})
