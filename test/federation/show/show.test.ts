import t from 'tap'
import { markCopies } from '../../../server/federation/show/actions.ts'
import { eachEngine } from '../../engines.ts'
import { build, now, openDb } from '../../helper.ts'
import { signInAs } from '../../people.ts'
import { fill, group } from '../../world.ts'
import { addCopy, addSource } from '../copies.ts'

const iri = 'https://ailleurs.example/id/phare-du-bout'
const copy = group({
  shortName: 'phare-du-bout',
  name: 'Phare du bout',
  keywords: [{ slug: 'jardin', label: 'Jardin' }],
  links: [{ service: 'subscribe', url: 'https://phare.example/liste' }],
})

await eachEngine(t, 'a copy is listed like any group and says where it is kept', async (t, open) => {
  const db = await openDb(t, await open())
  await fill(db, 2)
  const id = await addCopy(db, await addSource(db, { id: 'ailleurs' }), copy)
  const app = await build(t, db)
  for (const url of ['/groups?q=phare+bout', '/e/jardin', '/embed/list/jardin']) {
    const { body } = await app.inject(url)
    t.match(body, 'Phare du bout', url)
    t.match(body, /Fiche tenue sur .*ailleurs\.example/, url)
  }
  const { body, headers } = await app.inject('/g/phare-du-bout')
  t.match(body, `<link rel="canonical" href="${iri}">`)
  t.match(headers.link, `<${iri}>; rel="canonical"`)
  t.match(body, `<a href="${iri}" rel="noopener">`, 'the way to the original')
  t.match(body, 'Elle ne se modifie que là-bas.')
  t.notMatch(body, '/g/phare-du-bout/edit')
  t.match((await app.inject('/g/phare-du-bout.json')).json(), { id, iri, origin: { server: 'https://ailleurs.example' } })
  t.match((await app.inject('/g/phare-du-bout.jsonld')).json()['@id'], iri)
  t.match((await app.inject('/groups.json?q=bout')).json().items, [{ iri }])
  t.notMatch((await app.inject('/sitemap.xml')).body, 'phare-du-bout')
  for (const url of ['/groups.ndjson', '/changes', '/v2/nodes'])
    t.notMatch((await app.inject(url)).body, /du-bout/, `${url} tells of our own groups alone`)
  t.equal((await app.inject('/g/phare-du-bout/murmurations.json')).statusCode, 404)
})

await eachEngine(t, 'a copy is read-only for everyone, and the refusal leads to its home', async (t, open) => {
  const db = await openDb(t, await open())
  await fill(db, 2)
  await addCopy(db, await addSource(db, { id: 'ailleurs' }), copy)
  const app = await build(t, db)
  const cookie = await signInAs(app, db, 'operator')
  const { statusCode, body } = await app.inject({ url: '/g/phare-du-bout/edit', headers: { cookie } })
  t.equal(statusCode, 403)
  t.match(body, `href="${iri}"`)
  t.match((await app.inject('/g/phare-du-bout/write')).body, `href="${iri}"`, 'letters go there too')
})

await eachEngine(t, 'what was not seen at home for a month says so, until it is seen again', async (t, open) => {
  const db = await openDb(t, await open())
  const dayBefore = (days: number) => new Date(Date.parse(now) - days * 24 * 3600_000).toISOString()
  const source = await addSource(db, { id: 'ailleurs', seen_at: dayBefore(31) })
  const other = await addSource(db, { id: 'autre', url: 'https://ailleurs.example/autre', seen_at: now })
  await addCopy(db, source, copy, { seen_at: dayBefore(40) })
  const both = group({ shortName: 'vu-ailleurs' })
  const group_id = await addCopy(db, source, both, { seen_at: dayBefore(40) })
  await db
    .insertInto('remote_item')
    .values({ ...(await db.selectFrom('remote_item').selectAll().where('group_id', '=', group_id).executeTakeFirstOrThrow()), source_id: other.id })
    .execute()
  const app = await build(t, db)
  const page = async (name: string) => (await app.inject(`/g/${name}`)).body
  const tag = async () => (await app.inject('/g/phare-du-bout.json')).headers.etag
  const before = await tag()
  t.equal(await markCopies(db, new Date(dayBefore(2))), 0, 'not before 30 days')
  t.equal(await markCopies(db, new Date(now)), 1)
  t.equal(await markCopies(db, new Date(now)), 0, 'once')
  t.match(await page('phare-du-bout'), 'Elle n’y a pas été vue depuis le 21 octobre 2026')
  t.match((await app.inject('/groups')).body, /class="card thematic unseen"[\s\S]*vue là-bas pour la dernière fois le 21 octobre/)
  t.notMatch(await page('vu-ailleurs'), 'pas été vue', 'another source saw it')
  t.not(await tag(), before, 'caches are told')
  await db.updateTable('followed_source').set({ seen_at: now }).execute()
  t.equal(await markCopies(db, new Date(now)), 1)
  t.notMatch(await page('phare-du-bout'), 'pas été vue')
  await db
    .updateTable('remote_item')
    .set({ missing_since: dayBefore(39) })
    .where('source_id', '=', 'ailleurs')
    .execute()
  t.equal(await markCopies(db, new Date(now)), 1, 'its home says that it is not there: when it was seen itself counts')
  t.match(await page('phare-du-bout'), 'vue depuis le 12 octobre 2026')
})
