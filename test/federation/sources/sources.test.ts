import t, { type Test } from 'tap'
import { buildApp } from '../../../server/app.ts'
import type { Db } from '../../../server/db/tables.ts'
import { findGroup } from '../../../server/group/queries.ts'
import type { Outbound } from '../../../server/net/outbound.ts'
import { eachEngine } from '../../engines.ts'
import { build, makeTestDeps, now, openDb, openSqlite, publicUrl } from '../../helper.ts'
import { signInAs, type Who } from '../../people.ts'
import { fill, group } from '../../world.ts'
import { addCopy, addItem, addSource } from '../copies.ts'

async function open(t: Test, db: Db, who: Who) {
  await fill(db, 2)
  const app = await build(t, db)
  const cookie = await signInAs(app, db, who)
  const get = (url: string) => app.inject({ url, headers: { cookie } })
  const post = (url: string, fields: Record<string, string>) =>
    app.inject({
      method: 'POST',
      url,
      payload: new URLSearchParams(fields).toString(),
      headers: { cookie, origin: publicUrl, 'content-type': 'application/x-www-form-urlencoded' },
    })
  return { app, get, post }
}

await eachEngine(t, 'records wait on the page of their source until somebody decides', async (t, engine) => {
  const db = await openDb(t, await engine())
  const { app, get, post } = await open(t, db, 'operator')
  const source = await addSource(db, { id: 's1', paused: 'deletions' })
  const fresh = await addItem(db, source, group({ shortName: 'venu-d-ailleurs', name: 'Venu <b>d’ailleurs' }))
  await addItem(db, source, group({ shortName: 'deux', name: 'Deux' }))
  await addItem(db, source, group({ shortName: 'trois', name: 'Trois' }), { state: 'refused', reason: 'summary: missing', record: null })
  t.match((await get('/me')).body, '2 fiches venues d’ailleurs attendent votre avis')
  t.match((await get('/me')).body, '1 source est en pause')
  const list = (await get('/me/sources')).body
  t.match(list, 'ailleurs.example')
  t.match(list, 'beaucoup de fiches disparaîtraient')
  const { body } = await get('/me/sources/s1')
  t.match(body, 'Venu &lt;b&gt;d’ailleurs')
  t.match((await get('/me/sources/s1?state=refused')).body, '<code>summary: missing</code>')
  t.equal((await app.inject('/g/venu-d-ailleurs')).statusCode, 404, 'not shown yet')
  const answer = await post('/me/sources/s1', { do: 'publish', iri: fresh.iri, state: 'new' })
  t.equal(answer.headers.location, '/me/sources/s1?state=new&done=publish')
  t.match((await app.inject('/g/venu-d-ailleurs')).body, `<link rel="canonical" href="${fresh.iri}">`)
  await post('/me/sources/s1', { do: 'dismiss-all', state: 'new' })
  t.equal((await app.inject('/g/deux')).statusCode, 404)
  t.match((await get('/me/sources/s1?state=new')).body, 'Rien de nouveau.')
  await post('/me/sources/s1', { do: 'resume' })
  t.notMatch((await get('/me/sources')).body, 'disparaîtraient')
  await post('/me/sources/s1', { do: 'block' })
  t.equal((await app.inject('/g/venu-d-ailleurs')).statusCode, 410, 'a blocked source’s copies vanish at once')
  await post('/me/sources/s1', { do: 'unblock' })
  t.equal((await app.inject('/g/venu-d-ailleurs')).statusCode, 200)
  t.match((await get('/me/sources/s1/remove')).body, '1 fiche disparaîtra d’ici.')
  t.equal((await post('/me/sources/s1/remove', {})).headers.location, '/me/sources?done=removed')
  t.equal((await app.inject('/g/venu-d-ailleurs')).statusCode, 410)
})

await eachEngine(t, 'a change is shown word by word beside the copy', async (t, engine) => {
  const db = await openDb(t, await engine())
  const { get, post } = await open(t, db, 'operator')
  const source = await addSource(db, { id: 's1' })
  const said = { shortName: 'mare', name: 'La mare', summary: 'Une mare aux canards.' }
  const iri = 'https://ailleurs.example/id/mare'
  const record = JSON.stringify({ iri, ...group({ ...said, summary: 'Une mare aux cygnes.' }) })
  await addCopy(db, source, group(said), { state: 'changed', record })
  const { body } = await get('/me/sources/s1')
  t.match(body, /<del>.*canards<\/del>/)
  t.match(body, /<ins>.*cygnes<\/ins>/)
  await post('/me/sources/s1', { do: 'publish', iri, state: 'changed' })
  t.equal((await findGroup(db, 'mare'))?.summary, 'Une mare aux cygnes.')
})

t.test('a steward keeps the sources of their ecosystem and no other', async (t) => {
  const db = await openSqlite(t)
  const { get, post } = await open(t, db, 'steward')
  await addSource(db, { id: 'mine', keyword: 'energie' })
  await addSource(db, { id: 'all', url: 'https://ailleurs.example/tout' })
  await addSource(db, { id: 'theirs', keyword: 'balise', url: 'https://ailleurs.example/balise' })
  const { body } = await get('/e/energie/sources')
  t.match(body, '/e/energie/sources/mine')
  t.notMatch(body, 'sources/all')
  for (const id of ['all', 'theirs']) {
    t.equal((await get(`/e/energie/sources/${id}`)).statusCode, 404)
    for (const path of ['', '/remove']) t.equal((await post(`/e/energie/sources/${id}${path}`, path ? {} : { do: 'block' })).statusCode, 404)
  }
  t.equal((await get('/me/sources/mine')).statusCode, 403)
  await post('/e/energie/sources/mine', { do: 'save', keywords: '', mapping: '', quota: '10', every: '60', trust: 'automatic' })
  const saved = await db.selectFrom('followed_source').selectAll().where('id', '=', 'mine').executeTakeFirstOrThrow()
  t.match(saved, { keywords: '["energie"]', quota: 10, trust: 'automatic' }, 'never more than the ecosystem')
})

t.test('terms are read, and what is wrong is said', async (t) => {
  const db = await openSqlite(t)
  const { get, post } = await open(t, db, 'operator')
  await addSource(db, { id: 's1', trust: 'blocked' })
  const wrong = await post('/me/sources/s1', { do: 'save', mapping: 'Jardins', quota: 'beaucoup' })
  t.equal(wrong.statusCode, 400)
  t.match(wrong.body, /href="#mapping"[\s\S]*href="#quota"/)
  t.match(wrong.body, '>Jardins</textarea>', 'what was typed is still there')
  await post('/me/sources/s1', {
    do: 'save',
    mapping: 'Jardins = Jardin',
    keywords: 'Énergie, jardins',
    quota: '5',
    every: '1440',
    trust: 'automatic',
  })
  const saved = await db.selectFrom('followed_source').selectAll().where('id', '=', 's1').executeTakeFirstOrThrow()
  t.match(
    saved,
    { mapping: '{"jardins":"Jardin"}', keywords: '["energie","jardins"]', quota: 5, every: 1440, trust: 'blocked' },
    'blocked stays blocked',
  )
  t.match((await get('/me/sources/s1')).body, 'jardins &#x3D; Jardin')
  for (const url of ['', 'http://127.0.0.1/', publicUrl, 'ftp://x.example/']) {
    const answer = await post('/me/sources', { url, trust: 'review', keywords: '', mapping: '', every: '60', quota: '20000', do: 'save' })
    t.equal(answer.statusCode, 400, url)
    t.match(answer.body, 'href="#url"')
  }
  t.equal((await post('/me/sources/s1', { do: 'pull' })).statusCode, 303)
  t.equal((await db.selectFrom('followed_source').select('due_at').executeTakeFirstOrThrow()).due_at, now)
})

t.test('a source is followed by its address, and visited later', async (t) => {
  const db = await openSqlite(t)
  await fill(db, 2)
  const url = 'https://ailleurs.example/flux'
  const answer = { url, status: 200, headers: {}, contentType: 'application/ld+json' }
  const asked: string[] = []
  const outbound = {
    fetch: async (address: string) => ({ name: 'http-error' as const, ...answer, url: address, status: 404 }),
    stream: async (address: string, _request: object, read: (body: AsyncIterable<Buffer>, head: object) => unknown) => {
      asked.push(address)
      const body = (async function* () {
        yield Buffer.from('{"@context":"https://w3id.org/ldes#","@type":"EventStream"}')
      })()
      return { name: 'ok' as const, ...answer, body: await read(body, answer) }
    },
    close: async () => {},
  } as unknown as Outbound
  const app = await buildApp({ ...(await makeTestDeps(db)), outbound })
  t.teardown(() => app.close())
  const cookie = await signInAs(app, db, 'steward')
  const { statusCode, headers } = await app.inject({
    method: 'POST',
    url: '/e/energie/sources',
    payload: new URLSearchParams({ url, trust: 'review', keywords: '', mapping: '', every: '360', quota: '50', do: 'save' }).toString(),
    headers: { cookie, origin: publicUrl, 'content-type': 'application/x-www-form-urlencoded' },
  })
  t.equal(statusCode, 303)
  t.match(headers.location, /^\/e\/energie\/sources\/[0-9a-f-]{36}$/)
  t.equal(asked.length, 1, 'asked what it is, and nothing more')
  const row = await db.selectFrom('followed_source').selectAll().executeTakeFirstOrThrow()
  t.match(row, { kind: 'changes', keyword: 'energie', keywords: '["energie"]', every: 360, quota: 50, trust: 'review', due_at: now, seen_at: null })
  t.match((await app.inject({ url: headers.location, headers: { cookie } })).body, 'N’a pas encore répondu')
})
