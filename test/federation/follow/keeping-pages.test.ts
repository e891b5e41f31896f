import t from 'tap'
import { build, openSqlite, publicUrl } from '../../helper.ts'
import { signInAs, type Who } from '../../people.ts'
import { fill } from '../../world.ts'
import { addSource } from '../copies.ts'

t.test('what operators block, a steward sees and leaves alone', async (t) => {
  const db = await openSqlite(t)
  await fill(db, 2)
  const app = await build(t, db)
  const ask = async (who: Who) => {
    const headers = { cookie: await signInAs(app, db, who), origin: publicUrl, 'content-type': 'application/x-www-form-urlencoded' }
    return (url: string, fields?: Record<string, string>) =>
      fields ? app.inject({ method: 'POST', url, payload: new URLSearchParams(fields).toString(), headers }) : app.inject({ url, headers })
  }
  const [steward, operator] = [await ask('steward'), await ask('operator')]
  await addSource(db, { id: 's1', keyword: 'energie' })
  const here = '/e/energie/sources/s1'
  t.match((await steward(here)).body, 'value="block"')
  await operator('/me/sources/s1', { do: 'block' })
  const page = (await steward(here)).body
  t.match(page, 'Les opérateur·rices de ce serveur la bloquent')
  t.notMatch(page, 'value="unblock"')
  t.match((await operator('/me/sources/s1')).body, 'value="unblock"')
  t.equal((await steward(here, { do: 'unblock' })).statusCode, 403)
  t.equal((await steward(`${here}/remove`, {})).statusCode, 403)
  await steward(here, { do: 'save', keywords: 'energie', mapping: '', quota: '5', every: '60', trust: 'automatic' })
  const saved = await db.selectFrom('followed_source').selectAll().executeTakeFirstOrThrow()
  t.match(saved, { trust: 'blocked', blocked_by: 'operators', quota: 5 })
  const refused = await steward('/e/energie/sources', { url: 'https://ailleurs.example/e/energie', do: 'save' })
  t.equal(refused.statusCode, 400)
  t.match(refused.body, 'ailleurs.example est bloqué ici')

  await operator('/me/sources/s1', { do: 'unblock' })
  const terms = { do: 'save', keywords: 'energie', quota: '5', every: '60', trust: 'review' }
  const wrong = await steward(here, { ...terms, mapping: 'watts = Énergie\nvelo = Jardin' })
  t.equal(wrong.statusCode, 400)
  t.match(wrong.body, 'le seul mot-clé de votre écosystème')
  t.equal((await steward(here, { ...terms, mapping: 'watts = Énergie' })).statusCode, 303)
  t.equal((await operator('/me/sources/s1', { ...terms, mapping: 'velo = Jardin' })).statusCode, 303)
})
