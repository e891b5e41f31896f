import t from 'tap'
import { createGroup } from '../../server/group/actions.ts'
import { build, now, openSqlite, publicUrl } from '../helper.ts'
import { fill, group } from '../world.ts'

// What was chosen goes along: to the next page, and into what each twin counts.
const countries =
  'AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM GA GB GD GE GH'.split(
    ' ',
  )
const by = { at: now, via: 'command' as const }
const db = await openSqlite(t)
await fill(db, 6)
for (const [at, country] of countries.entries()) {
  const position = at % 3 === 0 ? { lat: 10, lng: at / 10, precision: at % 2 ? ('country' as const) : ('place' as const) } : undefined
  await createGroup(db, group({ shortName: `chorale-${at}`, country, position, keywords: [{ slug: `k-${at}`, label: `K ${at}` }] }), by)
}
const app = await build(t, db)
const get = async (url: string) => (await app.inject(url)).json()

t.test('the next page speaks the language that was asked for', async (t) => {
  for (const path of ['/groups.json', '/e/balise.json', '/api/groups']) {
    const first = await get(`${path}?size=1&lang=en`)
    t.match(first.next, /&lang=en$/, path)
    const second = await get(first.next.slice(publicUrl.length))
    t.same(second.facets, first.facets, path)
    const french = await get(`${path}?size=1`)
    t.notMatch(french.next, 'lang', path)
    t.notSame(french.facets, first.facets, path)
  }
  t.match((await get('/e/balise.jsonld?size=1&lang=en'))['hydra:view']['hydra:next']['@id'], /&lang=en$/)
  const feed = (await app.inject('/groups.atom?size=1&lang=en')).body
  t.match(feed, /rel="next" [^>]*lang=en/)
  t.match(feed, /<feed [^>]*xml:lang="en"/)
})

t.test('numbers are written as they are read', async (t) => {
  for (const choice of ['near=0.0000001,-0.0000001&radius=20000', 'bbox=-0.0000001,-90,180,90', 'near=10.1234567,1&radius=20000']) {
    const { next, total } = await get(`/groups.json?${choice}&size=1`)
    t.ok(total > 1, choice)
    t.equal((await get(next.slice(publicUrl.length))).total, total, next)
  }
})

t.test('GeoJSON omits as many as JSON', async (t) => {
  for (const choice of ['near=10,1&radius=100', 'bbox=0,9,3,11', 'bbox=0,9,3,11&country=AD&country=AG&country=BD', 'near=10,1&q=chorale&size=2']) {
    const { total, omitted } = await get(`/groups.json?${choice}`)
    const map = await get(`/groups.geojson?${choice}`)
    t.ok(omitted > 0, choice)
    t.equal(map.omitted, omitted, choice)
    t.equal(map.features.length, choice.includes('size') ? 2 : total, choice)
  }
})

t.test('programs are told every choice, and people every country', async (t) => {
  const { facets } = await get('/groups.json?size=1')
  t.ok(countries.length > 60)
  for (const country of countries)
    t.ok(
      facets.country.some((one: { value: string }) => one.value === country),
      country,
    )
  t.ok(facets.keyword.length > 60)
  const page = (await app.inject('/groups')).body.replaceAll('&#x3D;', '=')
  for (const country of countries) t.match(page, `?country=${country}"`)
  const told = page.match(/href="\/groups\?keyword=/g)?.length ?? 0
  t.ok(told >= 60 && told < facets.keyword.length, `${told} keywords`)
})

t.test('what would give nothing is not offered; a language is one in any letters; words bear any bytes', async (t) => {
  for (const choice of ['country=ZZ', 'keyword=k-1&keyword=k-2', 'activity=preparing&type=support']) {
    const { facets } = await get(`/groups.json?${choice}`)
    for (const [name, values] of Object.entries(facets))
      t.ok(
        (values as { count: number }[]).every(({ count }) => count > 0),
        `${choice}: ${name}`,
      )
  }
  t.ok((await get('/groups.json?language=FR')).total > 0)
  t.same((await get('/groups.json?language=FR')).items, (await get('/groups.json?language=fr')).items)
  for (const url of ['/groups.json?q=%FF', '/groups?q=caf%E9', '/embed/list?my-q=%FF&controls=all'])
    t.equal((await app.inject(url)).statusCode, 200, url)
})

t.test('what was stored before there was a rule harms no page', async (t) => {
  await db
    .updateTable('group_record')
    .set({ languages: '["en-a"]', source: 'list', source_id: '7', source_url: 'javascript:alert(1)' })
    .where('short_name', '=', 'chorale-1')
    .execute()
  for (const url of ['/g/chorale-1', '/groups?q=chorale', '/embed/group/chorale-1']) t.equal((await app.inject(url)).statusCode, 200, url)
  const page = (await app.inject('/g/chorale-1')).body
  t.notMatch(page, 'href="javascript:')
  t.match(page, 'lang="und"')
})
