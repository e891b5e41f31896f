import t from 'tap'
import { saveListings } from '../../server/ecosystem/actions.ts'
import { createGroup } from '../../server/group/actions.ts'
import { findGroup } from '../../server/group/queries.ts'
import type { Group } from '../../server/schema-types.ts'
import { build, now, openSqlite } from '../helper.ts'
import { fill, group } from '../world.ts'

const db = await openSqlite(t)
await fill(db)
const app = await build(t, db)
const listed = async (url: string) => (await app.inject(url)).json().items.map(({ shortName }: { shortName: string }) => shortName)

t.test('another spelling leads to the keyword, with the choices made', async (t) => {
  const moves = {
    '/e/%C3%89nergie': '/e/energie',
    '/e/ENERGIE?q=mer&type=territorial': '/e/energie?q=mer&type=territorial',
    '/e/%C3%89nergie.json?size=3': '/e/energie.json?size=3',
    '/e/%20jardin%20': '/e/jardin',
    '/e/%D8%B9%D9%84%D9%85%20%D8%A7%D9%84%D9%81%D9%84%D9%83': `/e/${encodeURIComponent('علم-الفلك')}`,
  }
  for (const [from, to] of Object.entries(moves)) {
    t.match(await app.inject(from), { statusCode: 308, headers: { location: to } }, from)
    t.equal((await app.inject(to)).statusCode, 200, to)
  }
})

t.test('a keyword that nobody uses: not found, and those that look like it', async (t) => {
  const { statusCode, body } = await app.inject('/e/energies-vertes')
  t.equal(statusCode, 404)
  t.match(body, /Aucun groupe ne porte le mot-clé «\senergies-vertes\s»/)
  t.match(body, '<a href="/e/energie"><bdi>Énergie</bdi></a>')
  t.notMatch(body, '<a href="/e/balise">')
  const twin = await app.inject('/e/energies-vertes.json')
  t.equal(twin.headers['content-type'], 'application/problem+json; charset=utf-8')
  t.match(twin.json(), { status: 404, suggestions: [{ label: 'Énergie', url: '/e/energie' }] })
  for (const odd of ['%00', '%E2%98%83', '-', '..%2f..', '%3Cscript%3E', 'x'.repeat(3000)]) {
    const answer = await app.inject(`/e/${odd}`)
    t.match(answer.statusCode, /^4(04|14)$/, odd.slice(0, 20))
    t.notMatch(answer.body, '<script>')
  }
})

t.test('its figures: each country and language once, members where they are known', async (t) => {
  const own = await openSqlite(t)
  const facts: Partial<Group>[] = [
    { country: 'FR', languages: ['fr', 'br'], memberCount: 1200 },
    { country: 'FR', languages: ['fr-CA'], memberCount: 34 },
    { country: 'SN', languages: ['wo'] },
    { languages: undefined },
  ]
  const keywords = [{ label: 'Phare', slug: 'phare' }]
  for (const [at, some] of facts.entries())
    await createGroup(own, group({ shortName: `phare-${at}`, keywords, ...some }), { at: now, via: 'command' })
  const { body } = await (await build(t, own)).inject({ url: '/e/phare', headers: { 'accept-language': 'en' } })
  const told = [.../<ul class="numbers"[\s\S]*?<\/ul>/.exec(body)![0].matchAll(/<li>([^<]*)/g)].map(([, text]) => text)
  t.same(told, ['4 groups', '1,234 members', '2 countries', '4 languages'])
})

t.test('a curated ecosystem lists those it accepted, and no other', async (t) => {
  t.same(await listed('/e/energie.json?activity=any'), ['jardin-de-la-rade'])
  t.notMatch((await app.inject('/e/energie')).body, 'phare-citoyen')
  t.same(await listed('/groups.json?keyword=energie'), ['jardin-de-la-rade', 'phare-citoyen'], 'the keyword is carried all the same')
  const record = async (name: string) => (await app.inject(`/g/${name}.json`)).json().ecosystems
  t.match(await record('jardin-de-la-rade'), [{ keyword: 'energie', title: 'Énergies d’ici' }])
  t.same(await record('phare-citoyen'), [])
})

t.test('what it says follows what is decided', async (t) => {
  const db = await openSqlite(t)
  await fill(db)
  const app = await build(t, db)
  const [{ id: rade }, { id: phare }] = [(await findGroup(db, 'jardin-de-la-rade'))!, (await findGroup(db, 'phare-citoyen'))!]
  const total = async () => (await app.inject('/e/energie.json')).json().total
  t.equal(await total(), 1)
  await saveListings(db, [{ keyword: 'energie', group_id: phare, state: 'asked', at: now }])
  t.equal(await total(), 1, 'asking is not being accepted')
  await saveListings(db, [{ keyword: 'energie', group_id: phare, state: 'accepted', at: now }])
  t.equal(await total(), 2)
  for (const state of ['unlisted', 'declined'] as const)
    await saveListings(
      db,
      [rade, phare].map((group_id) => ({ keyword: 'energie', group_id, state, at: now })),
    )
  t.equal(await total(), 0)
  t.equal((await app.inject('/e/energie')).statusCode, 200, 'an ecosystem without groups has its page')
})

t.test('a registered ecosystem presents itself, in the words of its own', async (t) => {
  for (const lang of ['fr', 'en']) {
    const { body } = await app.inject(`/e/energie?lang=${lang}`)
    t.match(body, `<html lang="${lang}">`)
    for (const shown of [
      '<h1 lang="fr" dir="ltr">Énergies d’ici</h1>',
      '<strong>inventé</strong>',
      'Tout est partagé.',
      'href="/g/jardin-de-la-rade"',
    ])
      t.match(body, shown)
    t.match(body, 'ailleurs.example/e/energie')
    t.match(body, 'place.example')
  }
})

t.test('a keyword has a plain page, under the name most groups give it', async (t) => {
  const { body } = await app.inject('/e/balise')
  t.match(body, /<h1 [^>]*>[Bb]alise<\/h1>/)
  t.match(body, '30 groupes')
  t.notMatch(body, 'charte')
  const record = (await app.inject('/e/balise.json')).json()
  t.match(record, { total: 30, ecosystem: { keyword: 'balise', registered: false, groupCount: 30 } })
  t.notOk(
    record.facets.keyword.some(({ value }: { value: string }) => value === 'balise'),
    'its own keyword is no choice',
  )
})

t.test('search and choices stay within', async (t) => {
  t.same(await listed('/e/balise.json?q=001'), ['balise-1'])
  t.same(await listed('/e/balise.json?q=jardin'), [])
  const { body } = await app.inject('/e/balise?type=support&lang=en')
  const addresses = [...body.replaceAll('&#x3D;', '=').matchAll(/<a id="[^"]+" href="([^"]+)"/g)].map(([, url]) => url!)
  t.ok(addresses.length > 2)
  for (const url of addresses) t.match(url, /^\/e\/balise(\?|$)/)
})

t.test('all ecosystems and keywords', async (t) => {
  const { body } = await app.inject('/ecosystems?lang=en')
  t.match(body, 'href="/e/energie"')
  t.match(body, '<a href="/e/balise">')
  const list = (await app.inject('/ecosystems.json')).json()
  t.match(list, { total: 1, items: [{ keyword: 'energie', registered: true, groupCount: 1 }] })
  t.same(list.keywords.map(({ keyword }: { keyword: string }) => keyword).sort(), ['balise', 'jardin', 'علم-الفلك'])
  t.equal((await app.inject('/ecosystems?q=x')).statusCode, 400)
})
