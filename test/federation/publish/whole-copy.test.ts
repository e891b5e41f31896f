import t from 'tap'
import { transaction } from '../../../server/db/open.ts'
import type { Db } from '../../../server/db/tables.ts'
import { editGroup, putGroups } from '../../../server/group/actions.ts'
import { findGroup } from '../../../server/group/queries.ts'
import { toGroup } from '../../../server/group/row.ts'
import { validatorFor } from '../../../server/schema.ts'
import type { Group } from '../../../server/schema-types.ts'
import { eachEngine } from '../../engines.ts'
import { build, now, openDb, publicUrl } from '../../helper.ts'
import { attic, crowd, fill, phare, rade } from '../../world.ts'
import { follow } from './feed.ts'

const by = { at: now, via: 'command' } as const

function put(db: Db, groups: Group[], stamp: { origin_server?: string } = {}) {
  return transaction(db, (tx) =>
    putGroups(
      tx,
      groups.map((group) => ({ group, stamp })),
      by,
    ),
  )
}

function linesOf(body: string): { shortName: string }[] {
  return body
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

await eachEngine(t, 'all of our own records at once, as everybody sees them', async (t, open) => {
  const db = await openDb(t, await open())
  const app = await build(t, db)
  await put(db, [rade, phare, attic])
  await put(db, crowd(450).slice(0, 250), { origin_server: 'https://ailleurs.example' })
  await put(db, crowd(450).slice(250))

  const answer = await app.inject('/groups.ndjson')
  t.match(answer.headers, {
    'content-type': 'application/x-ndjson; charset=utf-8',
    'access-control-allow-origin': '*',
    'change-number': '453',
    link: `<${publicUrl}/changes?page=2>; rel="next"; type="application/ld+json"`,
  })
  const records = linesOf(answer.body)
  t.equal(records.length, 203)
  const check = validatorFor('/schemas/group-record.json')
  t.same(
    records.flatMap((record) => check(record)),
    [],
  )
  t.same(records[0], (await app.inject('/g/jardin-de-la-rade.json')).json(), 'a line is the record')
  t.notOk(answer.body.includes('https://jardin.example/suivi'), 'links for insiders are left out')
  t.ok(answer.body.includes('https://phare.example/suivi-public'), 'unless the group shows them')

  const ofKeyword = await app.inject('/groups.ndjson?keyword=jardin')
  t.same(
    linesOf(ofKeyword.body).map(({ shortName }) => shortName),
    ['jardin-de-la-rade', 'grenier'],
  )
  t.match(ofKeyword.headers.link, '/changes?keyword=jardin&page=1>')
  t.equal((await app.inject('/groups.ndjson?keyword=personne')).body, '')
  t.equal((await app.inject('/groups.ndjson?q=x')).statusCode, 400)
  const head = await app.inject({ method: 'HEAD', url: '/groups.ndjson' })
  t.match(head, { statusCode: 200, body: '' })
  t.equal(head.headers['change-number'], '453')
})

await eachEngine(t, 'it is not sent again while nothing of ours changed, and the feed goes on from there', async (t, open) => {
  const db = await openDb(t, await open())
  const app = await build(t, db)
  await fill(db, 3)
  const { headers } = await app.inject('/groups.ndjson')
  const ask = async () => (await app.inject({ url: '/groups.ndjson', headers: { 'if-none-match': String(headers.etag) } })).statusCode
  t.equal(await ask(), 304)
  await put(db, [{ ...rade, shortName: 'copie' }], { origin_server: 'https://ailleurs.example' })
  t.equal(await ask(), 304)
  const row = (await findGroup(db, 'balise-1'))!
  await editGroup(db, row, { ...toGroup(row), name: 'Autrement' }, by)
  t.equal(await ask(), 200)

  const next = /<(.*?)>/.exec(String(headers.link))![1]!
  const later = (await follow(app, next)).filter(({ id }) => Number(id.split('#')[1]) > Number(headers['change-number']))
  t.match(later, [{ type: 'Update', isVersionOf: `${publicUrl}/id/${row.id}` }])
  t.equal(later.length, 1)
})
