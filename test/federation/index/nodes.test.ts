import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { deleteGroup, editGroup, restoreGroup } from '../../../server/group/actions.ts'
import { findGroup } from '../../../server/group/queries.ts'
import { toGroup } from '../../../server/group/row.ts'
import { eachEngine } from '../../engines.ts'
import { now, openDb, publicUrl } from '../../helper.ts'
import { group } from '../../world.ts'
import { get, openIndex, post } from './index.ts'

type Node = { profile_url: string; status: string; last_updated: number; name?: string }

const seconds = Date.parse(now) / 1000
const profileOf = (name: string) => `${publicUrl}/g/${name}/murmurations.json`
const all = ['balise-1', 'balise-2', 'balise-3', 'grenier', 'jardin-de-la-rade', 'nadi-sama', 'nouveau-port', 'phare-citoyen']
const gone = ['epave', 'vieux-port']
const namesOf = (nodes: Node[]) => nodes.map(({ profile_url }) => profile_url.split('/')[4]!).sort()

async function find(app: FastifyInstance, query: string): Promise<string[]> {
  const { status, body } = await get(app, `/v2/nodes?${query}`)
  return status === 200 ? namesOf(body.data) : [String(status), ...body.errors.map((error: { title: string }) => error.title)]
}

eachEngine(t, 'the list of nodes', async (t, open) => {
  const db = await openDb(t, await open())
  const { app } = await openIndex(t, db)

  await t.test('own groups, the gone for a while, never copies', async (t) => {
    const { status, headers, body } = await get(app, '/v2/nodes')
    t.equal(status, 200)
    t.match(headers, { 'access-control-allow-origin': '*', etag: /./, 'content-type': /^application\/json/ })
    t.same(namesOf(body.data), [...all, ...gone].sort())
    t.same(body.meta, { number_of_results: 10, total_pages: 1 })
    t.same(
      body.data.find((node: Node) => node.profile_url === profileOf('jardin-de-la-rade')),
      {
        profile_url: profileOf('jardin-de-la-rade'),
        status: 'posted',
        last_updated: seconds,
        linked_schemas: ['organizations_schema-v1.0.0'],
        name: 'Jardin de la rade',
        primary_url: 'jardin.example',
        geolocation: { lat: 48.3904, lon: -4.4861 },
        locality: 'Brest',
        region: 'Bretagne',
        country: 'FR',
        tags: ['Jardin', 'Énergie'],
      },
    )
    t.same(
      body.data.find((node: Node) => node.profile_url === profileOf('epave')),
      { profile_url: profileOf('epave'), status: 'deleted', last_updated: seconds, linked_schemas: ['organizations_schema-v1.0.0'] },
    )
    const again = await app.inject({ url: '/v2/nodes', headers: { 'if-none-match': String(headers.etag) } })
    t.equal(again.statusCode, 304)
  })

  await t.test('every parameter', async (t) => {
    const questions: [string, string[]][] = [
      ['schema=organizations', [...all, ...gone].sort()],
      ['schema=organizations_schema-v1.0.0&status=posted', all],
      ['schema=people_schema', []],
      [`last_updated=${seconds}&status=posted`, all],
      [`last_updated=${seconds + 1}`, []],
      ['lat=48.4&lon=-4.5&range=5km', ['jardin-de-la-rade']],
      ['lat=48.4&lon=-4.5', ['jardin-de-la-rade']],
      ['lat=48.4&lon=-4.4&range=800m', []],
      ['lat=48.4&lon=-3&range=80mi', ['jardin-de-la-rade']],
      ['lat=48.4&lon=-3&range=80km', []],
      ['locality=brest', ['jardin-de-la-rade']],
      ['locality=bre', []],
      ['region=Bretagne', ['jardin-de-la-rade']],
      ['region=brittany', ['jardin-de-la-rade']],
      ['region=FR-BRE', ['jardin-de-la-rade']],
      ['region=Anjou', []],
      ['country=FR', ['jardin-de-la-rade']],
      ['country=fr', ['jardin-de-la-rade']],
      ['country=DE', []],
      ['status=posted', all],
      ['status=deleted', gone],
      ['status=validated', []],
      ['tags=%C3%A9nergie', ['jardin-de-la-rade', 'phare-citoyen']],
      ['tags=energie,jardin&tags_filter=and', ['jardin-de-la-rade']],
      ['tags=energie,jardin&tags_filter=or', ['grenier', 'jardin-de-la-rade', 'phare-citoyen']],
      ['tags=%D8%B9%D9%84%D9%85', ['nadi-sama']],
      ['tags=%D8%B9%D9%84%D9%85&tags_exact=true', []],
      ['tags=,', []],
      ['primary_url=https%3A%2F%2Fwww.jardin.example%2F', ['jardin-de-la-rade']],
      ['primary_url=jardin.example', ['jardin-de-la-rade']],
      ['primary_url=archipel.example/g/grenier', ['grenier']],
      ['primary_url=nobody.example', []],
      ['name=jardin', ['jardin-de-la-rade']],
      ['name=PHARE%20citoyens', ['phare-citoyen']],
      ['name=Brest', []],
      ['name=%20', []],
      ['expires=9999999999', []],
      ['name=jardin&country=FR&tags=energie&locality=brest', ['jardin-de-la-rade']],
      ['name=jardin&country=DE', []],
    ]
    for (const [query, names] of questions) t.same(await find(app, query), names, query)
  })

  await t.test('every error, as clients expect it', async (t) => {
    const errors: [string, string, string][] = [
      ['colour=red', 'Invalid Query Parameter', 'colour'],
      ['lang=fr', 'Invalid Query Parameter', 'lang'],
      ['last_updated=yesterday', 'Invalid Query Parameter', 'last_updated'],
      ['lat=91&lon=0', 'Invalid Query Parameter', 'lat'],
      ['lat=1', 'Invalid Query Parameter', 'lon'],
      ['lat=1&lon=1&range=far', 'Invalid Query Parameter', 'range'],
      ['tags=a&tags=b', 'Invalid Query Parameter', 'tags'],
      ['tags_filter=and', 'Invalid Query Parameter', 'tags'],
      ['status=lost', 'Invalid Query Parameter', 'status'],
      ['page=-1', 'Invalid Query Parameter', 'page'],
      ['page=21&page_size=500', 'Max Results Exceeded', 'page'],
      ['page=334', 'Max Results Exceeded', 'page'],
    ]
    for (const [query, title, parameter] of errors) {
      const { status, headers, body } = await get(app, `/v2/nodes?${query}`)
      t.equal(status, 400, query)
      t.match(body.errors, [{ status: 400, title, source: { parameter }, detail: /.{5}/ }], query)
      t.match(headers, { 'content-type': /^application\/json/, 'access-control-allow-origin': '*', 'cache-control': 'no-store', etag: undefined })
    }
    t.match((await get(app, '/v2/nodes?page=20&page_size=9000')).status, 200, 'the page size is cut to 500 first')
    t.match((await get(app, '/v2/nodes?%FF=1')).body.errors, [{ status: 400, title: /./ }])
  })

  await t.test('an address that is none', async (t) => {
    for (const [method, url, status] of [
      ['GET', '/v2/colours', 404],
      ['GET', '/v2/nodes/x/y?lang=en', 404],
      ['POST', '/v2/colours', 404],
      ['DELETE', '/v2/ping', 405],
    ] as const) {
      const answer = await app.inject({ method, url })
      t.equal(answer.statusCode, status, url)
      t.same(Object.keys(answer.json()), ['errors'], url)
      t.match(answer.json().errors, [{ status, title: /.{5}/, detail: /.{5}/ }], url)
      t.match(answer.headers, { 'content-type': /^application\/json/, 'access-control-allow-origin': '*', 'cache-control': 'no-store' }, url)
      t.equal(answer.headers.allow, status === 405 ? 'GET, HEAD, OPTIONS' : undefined)
    }
    t.match(await app.inject({ method: 'OPTIONS', url: '/v2/ping' }), { statusCode: 204, headers: { allow: 'GET, HEAD, OPTIONS' } })
    t.match((await app.inject('/v3/nodes')).headers['content-type'], /problem|html/, 'elsewhere as ever')
  })

  await t.test('pages lead on, and each node is on one of them', async (t) => {
    const seen: Node[] = []
    const { links } = (await get(app, '/v2/nodes?page_size=3')).body
    t.match(links, { first: /page=1&page_size=3$/, last: /page=4/, next: /page=2/, self: /page=1/, prev: undefined })
    for (let url = links.first; url; ) {
      t.ok(url.startsWith(`${publicUrl}/v2/nodes?`))
      const { body } = await get(app, url.slice(publicUrl.length))
      seen.push(...body.data)
      url = body.links.next
    }
    t.same(namesOf(seen), [...all, ...gone].sort())
    t.match((await get(app, '/v2/nodes?country=FR&page=9')).body, { data: [], links: { prev: /country=FR&page=8/, next: undefined } })
  })

  await t.test('a map of those that have a place', async (t) => {
    const { body } = await get(app, '/v2/get-nodes?page_size=10000')
    t.same(body.data, [[-4.4861, 48.3904, profileOf('jardin-de-la-rade')]])
    t.same(body.meta, { number_of_results: 1, total_pages: 1 })
    t.match(body.links.self, /\/v2\/get-nodes\?/)
    t.equal((await get(app, '/v2/get-nodes?page=2&page_size=10000')).status, 400)
  })

  await t.test('the state of one', async (t) => {
    const idOf = (url: string) => createHash('sha256').update(url).digest('hex')
    const state = (name: string) => get(app, `/v2/nodes/${idOf(profileOf(name))}`)
    const data = { node_id: idOf(profileOf('grenier')), profile_url: profileOf('grenier'), status: 'posted', last_updated: seconds }
    t.match(await state('grenier'), { status: 200, body: { data } })
    t.match((await state('epave')).body, { data: { status: 'deleted' } })
    t.match((await state('vieux-port')).body, { data: { status: 'deleted' } }, 'a former name')
    for (const id of [idOf(profileOf('venu-d-ailleurs')), idOf('x'), 'x', '%00']) t.match((await app.inject(`/v2/nodes/${id}`)).statusCode, 404, id)
    t.match((await get(app, `/v2/nodes/${idOf('x')}`)).body, { errors: [{ status: 404, title: 'Node Not Found' }] })
  })
})

eachEngine(t, 'a reader that walks the index hears of everything', async (t, open) => {
  const db = await openDb(t, await open())
  const { app, clock, deletedId } = await openIndex(t, db, 40)
  const walk = async (cursor?: unknown) => {
    const seen: Node[] = []
    for (let after = cursor; ; ) {
      const { status, body } = await post(app, '/v2/export', { page_size: 7, ...(after ? { search_after: after } : {}) })
      t.equal(status, 200)
      seen.push(...body.data)
      if (body.data.length === 0) return { seen, cursor: body.meta?.sort }
      const last = body.data.at(-1)
      t.same(body.meta.sort, [last.last_updated, last.profile_url])
      after = body.meta.sort
    }
  }
  const later = (hours: number) => new Date(Date.parse(now) + hours * 3600_000).toISOString()
  const change = async (name: string, at: string) => {
    const row = (await findGroup(db, name))!
    await editGroup(db, row, { ...toGroup(row), summary: `Changé à ${at}` }, { at, via: 'form' })
  }

  const first = await walk()
  const addresses = first.seen.map(({ profile_url }) => profile_url)
  t.equal(addresses.length, 45 + 2)
  t.equal(new Set(addresses).size, addresses.length, 'each once')
  t.notOk(addresses.includes(profileOf('venu-d-ailleurs')))
  t.same(addresses, [...addresses].sort(), 'within a second by address')
  t.same((await walk(first.cursor)).seen, [], 'nothing new')

  clock.now = new Date(later(1))
  await change('grenier', later(1))
  await deleteGroup(db, (await findGroup(db, 'balise-7'))!, { at: later(2), via: 'form' })
  clock.now = new Date(later(3))
  const second = await walk(first.cursor)
  t.same(
    second.seen.map(({ profile_url, status }) => [profile_url.split('/')[4], status]),
    [
      ['grenier', 'posted'],
      ['balise-7', 'deleted'],
    ],
  )
  const since = Date.parse(later(1)) / 1000
  t.same(await find(app, `last_updated=${since}`), ['balise-7', 'grenier'], 'the list tells the same')
  t.equal((await get(app, '/v2/nodes?page_size=1')).body.data[0].profile_url, profileOf('balise-7'), 'the last changed first')

  await restoreGroup(db, deletedId, { at: later(4), via: 'form' })
  t.same(namesOf((await walk(second.cursor)).seen), ['epave'])
  t.notOk((await find(app, 'status=deleted')).includes('epave'))

  clock.now = new Date(later(15 * 24))
  t.same(await find(app, 'status=deleted'), [], 'after 14 days nobody is told of it any more')
  t.equal((await walk()).seen.length, 45)

  t.same((await post(app, '/v2/export', { schema: 'people_schema' })).body, { data: [] })
  t.match((await post(app, '/v2/export', { search_after: ['a', 1] })).body, {
    errors: [{ title: 'Invalid Type', source: { pointer: '/search_after' } }],
  })
  t.match((await post(app, '/v2/export', { search_after: [1] })).body, { errors: [{ title: 'Not Enough Items' }] })
  t.match((await post(app, '/v2/export', { colour: 'red' })).body, { errors: [{ status: 400, source: { pointer: '/colour' } }] })
  for (const body of ['', '{', '[]', 'null', '7'])
    t.match((await post(app, '/v2/export', body)).body, { errors: [{ status: 400, title: 'JSON Error' }] })
})

eachEngine(t, 'a group that takes another name, and its former one again', async (t, open) => {
  const db = await openDb(t, await open())
  const { app } = await openIndex(t, db, 0)
  await find(app, '')
  const row = (await findGroup(db, 'grenier'))!
  await editGroup(db, row, { ...group({ shortName: 'grange' }) }, { at: now, via: 'form' })
  t.same(await find(app, 'status=posted'), ['grange', 'jardin-de-la-rade', 'nadi-sama', 'nouveau-port', 'phare-citoyen'])
  t.ok((await find(app, 'status=deleted')).includes('grenier'), 'the former address is gone')
  await editGroup(db, (await findGroup(db, 'grange'))!, { ...group({ shortName: 'grenier' }) }, { at: now, via: 'form' })
  t.ok((await find(app, 'status=posted')).includes('grenier'), 'and may come back')
  t.same(await find(app, 'status=deleted'), ['epave', 'grange', 'vieux-port'])
})
