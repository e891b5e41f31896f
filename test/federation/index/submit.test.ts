import { createHash } from 'node:crypto'
import t from 'tap'
import { perNetwork } from '../../../server/federation/index/actions.ts'
import { eachEngine } from '../../engines.ts'
import { now, openDb, publicUrl } from '../../helper.ts'
import { get, openIndex, post } from './index.ts'

const profileUrl = 'https://jardin.example/profil.json'
const idOf = (url: string) => createHash('sha256').update(url).digest('hex')

eachEngine(t, 'a profile that wants to be listed', async (t, open) => {
  const db = await openDb(t, await open())
  const { app, clock } = await openIndex(t, db, 0)
  const sources = () => db.selectFrom('followed_source').selectAll().orderBy('url').execute()
  const submit = (body: unknown, remoteAddress = '203.0.113.5') => post(app, '/v2/nodes', body, { remoteAddress })
  const state = () => get(app, `/v2/nodes/${idOf(profileUrl)}`)

  await t.test('waits for a visit and for a person', async (t) => {
    const { status, body, headers } = await submit({ profile_url: profileUrl, more: 'is ignored' })
    t.equal(status, 200)
    t.same(body, { data: { node_id: idOf(profileUrl) } })
    t.match(headers, { 'cache-control': 'no-store' })
    t.match(await sources(), [
      { kind: 'murmurations-profile', url: profileUrl, origin: 'https://jardin.example', trust: 'review', keyword: null, due_at: now },
    ])
    t.match((await state()).body, { data: { node_id: idOf(profileUrl), profile_url: profileUrl, status: 'received' } })
    t.same((await get(app, '/v2/nodes?name=jardin')).body.data.length, 1, 'only our own')
  })

  await t.test('is read again when it is said again', async (t) => {
    await db.updateTable('followed_source').set({ due_at: '2027-01-01T00:00:00.000Z' }).execute()
    clock.now = new Date(Date.parse(now) + 60_000)
    t.equal((await submit({ profile_url: profileUrl })).status, 200)
    t.match(await sources(), [{ due_at: clock.now.toISOString() }])
    t.equal((await sources()).length, 1)
  })

  await t.test('tells what became of it', async (t) => {
    const [source] = await sources()
    const item = { source_id: source!.id, iri: profileUrl, group_id: null, version: null, record: null, missing_count: 0, missing_since: null }
    const times = { first_seen_at: now, changed_at: now, seen_at: now }
    await db
      .insertInto('remote_item')
      .values({ ...item, ...times, state: 'new', reason: null })
      .execute()
    for (const [kept, told] of [
      ['new', 'validated'],
      ['changed', 'validated'],
      ['dismissed', 'validated'],
      ['published', 'posted'],
      ['gone', 'deleted'],
    ] as const) {
      await db.updateTable('remote_item').set({ state: kept }).execute()
      t.match((await state()).body, { data: { status: told, last_updated: Date.parse(now) / 1000 } }, kept)
    }
    await db.updateTable('remote_item').set({ state: 'refused', reason: 'name: required' }).execute()
    t.match(await state(), {
      status: 400,
      body: { errors: [{ title: 'Invalid Profile', detail: /name: required/ }], meta: { node_id: idOf(profileUrl), profile_url: profileUrl } },
    })
  })

  await t.test('is refused with reasons', async (t) => {
    const wrong: [unknown, string][] = [
      [{}, 'Missing Required Property'],
      [{ profile_url: '' }, 'Missing Required Property'],
      [{ profile_url: 7 }, 'Invalid Type'],
      [{ profile_url: `https://jardin.example/${'x'.repeat(2000)}` }, 'Invalid Length'],
      ...[
        'jardin.example',
        'ftp://jardin.example/',
        'https://jardin/',
        'http://127.0.0.1/',
        'http://[::1]/',
        'http://2130706433/',
        'http://localhost/',
        'https://a:b@jardin.example/',
        'https://jardin.example:22/',
        'http://x.local/',
      ].map((profile_url): [unknown, string] => [{ profile_url }, 'Invalid Profile URL']),
      ['{', 'JSON Error'],
      ['[]', 'JSON Error'],
    ]
    for (const [body, title] of wrong)
      t.match(await submit(body, '127.0.0.1'), { status: 400, body: { errors: [{ status: 400, title }] } }, JSON.stringify(body).slice(0, 80))
    t.equal((await sources()).length, 1)
  })

  await t.test('ours are known; a blocked server stays out', async (t) => {
    t.equal((await submit({ profile_url: `${publicUrl}/g/grenier/murmurations.json` })).status, 200)
    t.equal((await sources()).length, 1)
    await db.updateTable('followed_source').set({ trust: 'blocked' }).execute()
    t.match(await submit({ profile_url: 'https://jardin.example/autre.json' }), {
      status: 403,
      body: { errors: [{ status: 403, title: 'Not Accepted' }] },
    })
    t.equal((await state()).status, 404, 'nothing is told of what is blocked')
  })

  await t.test('a network may ask so often, and no more', async (t) => {
    const answers = []
    for (let at = 0; at <= perNetwork.max; at++) answers.push(await submit({ profile_url: `https://site-${at}.example/` }, '198.51.100.9'))
    t.same(new Set(answers.slice(0, -1).map(({ status }) => status)), new Set([200]))
    t.match(answers.at(-1), { status: 429, headers: { 'retry-after': '3600' }, body: { errors: [{ status: 429, title: /./, detail: /600/ }] } })
    t.equal((await submit({ profile_url: 'https://autre.example/' }, '198.51.100.10')).status, 200)
    t.equal((await sources()).length, 1 + perNetwork.max + 1)
  })
})
