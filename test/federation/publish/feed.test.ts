import t from 'tap'
import { transaction } from '../../../server/db/open.ts'
import type { Db } from '../../../server/db/tables.ts'
import { indexParts, pageAfter, pageBounds, rootParts } from '../../../server/federation/publish/rules.ts'
import { confirmGroup, deleteGroup, editGroup, putGroups, restoreGroup } from '../../../server/group/actions.ts'
import { findGroup, insertChanges, takeNumbers } from '../../../server/group/queries.ts'
import { toGroup } from '../../../server/group/row.ts'
import type { Group } from '../../../server/schema-types.ts'
import { eachEngine } from '../../engines.ts'
import { build, now, openDb, openSqlite, publicUrl } from '../../helper.ts'
import { crowd, phare, rade } from '../../world.ts'
import { expand, follow, read } from './feed.ts'

const by = { at: now, via: 'command' } as const
const closed = 'public, max-age=31536000, immutable'

function put(db: Db, groups: Group[], stamp: { origin_server?: string } = {}, at = now) {
  return transaction(db, (tx) =>
    putGroups(
      tx,
      groups.map((group) => ({ group, stamp })),
      { ...by, at },
    ),
  )
}

await eachEngine(t, 'the feed tells each change of our own records once, thin, in order', async (t, open) => {
  const db = await openDb(t, await open())
  const app = await build(t, db)
  t.match(await read(app, '/changes'), { node: { id: `${publicUrl}/changes`, relation: undefined }, headers: { 'cache-control': 'no-cache' } })
  t.same((await read(app, '/changes?page=1')).stream!.member, [])

  const [garden, light] = await put(db, [rade, phare])
  await put(db, crowd(3), { origin_server: 'https://ailleurs.example' })
  await put(
    db,
    crowd(1).map((group) => ({ ...group, shortName: 'avant' })),
    {},
    '2020-01-01T00:00:00.000Z',
  )
  await editGroup(db, light!, { ...toGroup(light!), keywords: [{ slug: 'phare', label: 'Phare' }] }, by)
  await deleteGroup(db, garden!, by)
  const back = await restoreGroup(db, garden!.id, by)
  await confirmGroup(db, back, by)

  const members = await follow(app, '/changes')
  const iri = `${publicUrl}/id/${garden!.id}`
  t.match(members, [
    { id: `${publicUrl}/changes#1`, type: 'Create', published: now, isVersionOf: iri, object: iri, keywords: ['jardin', 'energie'] },
    { id: `${publicUrl}/changes#2`, type: 'Create', isVersionOf: `${publicUrl}/id/${light!.id}` },
    { id: `${publicUrl}/changes#6`, type: 'Create' },
    { id: `${publicUrl}/changes#7`, type: 'Update', keywords: ['energie', 'phare'] },
    { id: `${publicUrl}/changes#8`, type: 'Delete', keywords: ['jardin', 'energie'] },
    { id: `${publicUrl}/changes#9`, type: 'Create' },
    { id: `${publicUrl}/changes#10`, type: 'Update' },
  ])
  t.equal(members.length, 7, 'copies are not told')
  const times = members.map(({ published }) => published)
  t.same(times, [...new Set(times)].sort(), 'times rise, though a clock went back')
  t.equal(members[4]!.version, undefined)
  t.equal(members[5]!.version, members[0]!.version, 'the same content is the same version')
  t.not(members[6]!.version, members[5]!.version, 'checked again: followers show that')
  for (const word of ['Jardin de la rade', 'jardin.example', 'Brest']) t.notOk((await read(app, '/changes?page=1')).body.includes(word), word)

  const ofKeyword = await follow(app, '/changes?keyword=energie')
  t.same(
    ofKeyword.map(({ id }) => id.split('#')[1]),
    ['1', '2', '7', '8', '9', '10'],
    'what just left it is told too',
  )
  t.same(await follow(app, '/changes?keyword=personne'), [])
})

await eachEngine(t, 'a page that is closed stays as it is; what is open says when it changed', async (t, open) => {
  const db = await openDb(t, await open())
  const app = await build(t, db)
  await put(db, crowd(249))
  const before = await read(app, '/changes?page=1')
  t.equal(before.node.immutable, undefined)
  t.equal(before.headers['cache-control'], 'no-cache')
  const ask = async (url: string, etag: unknown) => (await app.inject({ url, headers: { 'if-none-match': String(etag) } })).statusCode
  const root = await read(app, '/changes')
  t.equal(await ask('/changes', root.headers.etag), 304)
  await put(db, [phare], { origin_server: 'https://ailleurs.example' })
  t.equal(await ask('/changes', root.headers.etag), 304, 'a copy changes nothing')

  const page = await read(app, '/changes?page=1')
  t.equal(page.node.immutable, true)
  t.match(page.headers, { 'cache-control': closed, 'content-type': 'application/ld+json; charset=utf-8', 'access-control-allow-origin': '*' })
  t.same((await read(app, '/changes?page=2')).stream!.member, [], 'the next page is there already')
  t.equal((await app.inject('/changes?page=3')).statusCode, 404)
  t.equal((await app.inject('/changes?index=1')).statusCode, 404)

  const row = (await findGroup(db, 'balise-1'))!
  await deleteGroup(db, row, by)
  await put(db, [rade])
  t.equal(await ask('/changes', root.headers.etag), 200)
  const same = await read(app, '/changes?page=1')
  t.equal(same.body, page.body)
  t.equal(same.headers.etag, page.headers.etag)
  t.equal(await ask('/changes?page=1', page.headers.etag), 304)
  t.equal((await follow(app, '/changes')).length, 251, 'every member is within the bounds of its page')
})

await eachEngine(t, 'a hundred thousand changes are found by way of indexes', async (t, open) => {
  const db = await openDb(t, await open())
  const app = await build(t, db)
  const many = 100_300
  await transaction(db, async (tx) => {
    const first = await takeNumbers(tx, 'change', many)
    const facts = { at: now, kind: 'update' as const, version: 'v'.repeat(22), keywords: '|balise|' }
    await insertChanges(
      tx,
      Array.from({ length: many }, (_, at) => ({ ...facts, seq: first + at, group_id: `g-${at % 40_000}`, local: at % 2 })),
    )
  })
  const root = await read(app, '/changes')
  t.same([...new Set(root.node.relation!.map(({ node }) => node.replace(/.*\?/, '')))], ['index=1', 'index=2', 'page=401', 'page=402'])
  const index = await read(app, '/changes?index=2')
  t.equal(new Set(index.node.relation!.map(({ node }) => node)).size, 200)
  t.match({ ...index.node, ...index.headers }, { immutable: true, 'cache-control': closed })
  t.equal((await app.inject('/changes?index=3')).statusCode, 404)

  const urls = ['/changes', '/changes?page=200', '/changes?page=402', '/changes?keyword=balise', '/changes?keyword=balise&page=50']
  for (const url of urls) {
    const started = performance.now()
    for (let at = 0; at < 10; at++) await read(app, url)
    t.comment(`${url}: ${((performance.now() - started) / 10).toFixed(1)} ms`)
  }
  t.equal((await read(app, '/changes?keyword=balise&page=50')).stream!.member!.length, 500)
  const found = await follow(app, '/changes?index=1')
  t.equal(new Set(found.map(({ id }) => id)).size, 25_000)
})

await eachEngine(t, 'what is asked for wrongly is named', async (t, open) => {
  const app = await build(t, await openDb(t, await open()))
  for (const query of ['page=0', 'page=x', 'page=1&page=2', 'keyword=Énergie', 'keyword=%25', 'since=1'])
    t.equal((await app.inject(`/changes?${query}`)).statusCode, 400, query)
  t.equal((await app.inject({ method: 'HEAD', url: '/changes' })).statusCode, 200)
})

t.test('any reader of JSON-LD understands it without fetching anything', async (t) => {
  const db = await openSqlite(t)
  const app = await build(t, db)
  await put(db, [rade, ...crowd(250)])
  const expanded = async (url: string) => expand<Record<string, unknown>>(JSON.parse((await read(app, url)).body))
  const [stream, root] = await expanded('/changes')
  const ldes = 'https://w3id.org/ldes#'
  const tree = 'https://w3id.org/tree#'
  const as = 'https://www.w3.org/ns/activitystreams#'
  t.match(stream, {
    '@type': [`${ldes}EventStream`],
    [`${ldes}timestampPath`]: [{ '@id': `${as}published` }],
    [`${ldes}versionOfPath`]: [{ '@id': 'http://purl.org/dc/terms/isVersionOf' }],
    [`${ldes}versionDeleteObject`]: [{ '@id': `${as}Delete` }],
    [`${ldes}pollingInterval`]: [{ '@value': 3600 }],
    [`${tree}view`]: [{ '@id': `${publicUrl}/changes` }],
  })
  t.match(root, {
    '@type': [`${tree}Node`],
    [`${ldes}retentionPolicy`]: [{ [`${ldes}versionDeleteDuration`]: [{ '@value': 'P1Y' }] }],
    [`${tree}relation`]: [
      {
        '@type': [`${tree}GreaterThanOrEqualToRelation`],
        [`${tree}path`]: [{ '@id': `${as}published` }],
        [`${tree}value`]: [{ '@type': 'http://www.w3.org/2001/XMLSchema#dateTime', '@value': now }],
        [`${tree}node`]: [{ '@id': `${publicUrl}/changes?page=1` }],
      },
      { '@type': [`${tree}LessThanRelation`] },
      { '@type': [`${tree}GreaterThanOrEqualToRelation`] },
    ],
  })
  const [page] = await expanded('/changes?page=1')
  const [member] = page![`${tree}member`] as Record<string, unknown>[]
  t.match(member, {
    '@id': `${publicUrl}/changes#1`,
    '@type': [`${as}Create`],
    [`${as}published`]: [{ '@value': now }],
    'http://purl.org/dc/terms/isVersionOf': [{ '@id': /\/id\// }],
    'https://schema.org/keywords': [{ '@value': 'jardin' }, { '@value': 'energie' }],
  })
})

t.test('the parts of the feed', async (t) => {
  const names = (parts: { kind: string; number: number }[]) => parts.map(({ kind, number }) => `${kind} ${number}`)
  t.same(rootParts(0, 250), [])
  t.same(rootParts(250, 250), [{ kind: 'page', number: 1, first: 1 }])
  t.same(rootParts(251, 250), [
    { kind: 'page', number: 1, first: 1, next: 251 },
    { kind: 'page', number: 2, first: 251 },
  ])
  t.equal(rootParts(50_000, 250).length, 200)
  t.same(names(rootParts(50_001, 250)), ['index 1', 'page 201'])
  t.same(indexParts(1, 50_000, 250), [])
  t.equal(indexParts(1, 50_001, 250).at(-1)!.next, 50_001)
  t.same(pageBounds(1, 250, 250), { from: 1, to: 250, closed: true })
  t.same(pageBounds(2, 250, 250), { from: 251, to: 500, closed: false })
  t.equal(pageBounds(3, 250, 250), undefined)
  t.same([pageAfter(0, 250), pageAfter(249, 250), pageAfter(250, 250)], [1, 1, 2])
})
