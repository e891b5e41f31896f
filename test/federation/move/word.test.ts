import t, { type Test } from 'tap'
import type { Db } from '../../../server/db/tables.ts'
import { decideItems } from '../../../server/federation/follow/actions.ts'
import { look, startRun } from '../../../server/federation/follow/look.ts'
import type { Step } from '../../../server/federation/follow/steps.ts'
import { saveHeard, settleMoves, takeBack } from '../../../server/federation/move/actions.ts'
import { mostKeys, signingKey } from '../../../server/federation/move/key.ts'
import { rememberKeys } from '../../../server/federation/move/keys.ts'
import { longestStatement, readClaim } from '../../../server/federation/move/statement.ts'
import { openSpool } from '../../../server/transfer/spool.ts'
import { type EngineConfig, eachEngine } from '../../engines.ts'
import { followHome, type Here, homeAt, itemOf, openHere, put, standing, termsOf, visit } from '../follow/keeping.ts'
import { carry, keyOf, keysOf, say } from './elsewhere.ts'

const listed = async ({ db }: Here) => (await db.selectFrom('ecosystem_listing').select('group_id').execute()).map((row) => row.group_id)
const forwardings = ({ db }: Here) => db.selectFrom('forwarding').selectAll().orderBy('from_iri').execute()
const copyOf = async (here: Here, source: { id: string }, iri: string) => (await itemOf(here, source, iri)).group_id!

async function listCopy({ db }: Here, group_id: string): Promise<void> {
  const ecosystem = { keyword: 'energie', title: 'Énergie', policy: 'curated', revision: 1, created_at: 'x', updated_at: 'x' }
  await db
    .insertInto('ecosystem')
    .values(ecosystem as never)
    .execute()
  await db.insertInto('ecosystem_listing').values({ keyword: 'energie', group_id, state: 'accepted', at: 'x' }).execute()
}

/** We follow a server that says that its record moved to another's, which keeps one; a directory lists both. */
async function start(t: Test, open: () => Promise<EngineConfig>) {
  const here = await openHere(t, open)
  const [e, v] = [homeAt(here, 'https://e.example'), homeAt(here, 'https://v.example')]
  const key = await keyOf(here, e)
  const [old, teller, fresh] = [put(here, e, 'old'), put(here, e, 'teller'), put(here, v, 'fresh')]
  here.pages.set('https://d.example/list.json', [old, fresh])
  const [ofE, ofV] = [await followHome(here, e), await followHome(here, v)]
  await visit(here, ofE, ofV)
  const follow = () => followHome(here, v, { kind: 'directory', url: 'https://d.example/list.json' })
  const tell = async (statements: unknown[]) => {
    put(here, e, 'teller')
    carry(e, teller, statements)
    return visit(here, ofE)
  }
  return { here, e, v, key, old, fresh, ofE, ofV, follow, tell }
}

await eachEngine(t, 'one server alone sets nobody else’s records aside', async (t, open) => {
  const { here, v, key, old, fresh, ofE, ofV, follow, tell } = await start(t, open)
  const ofD = await follow()
  await visit(here, ofD)
  for (const source of [ofE, ofD]) await decideItems(here.db, source.id, [old], 'dismiss', termsOf(here))
  const statement = await say(here, key, old, fresh)
  await tell([statement])
  t.match(await forwardings(here), [{ from_iri: old, dismissed: 1 }])
  t.match(await itemOf(here, ofE, old), { state: 'gone', reason: 'moved' }, 'of its own record it may say so')
  const states = async () => [(await itemOf(here, ofV, fresh)).state, (await itemOf(here, ofD, fresh)).state]
  t.same(await states(), ['published', 'published'])

  for (const wrong of [[await say(here, key, `${old}-2`, fresh)], [await say(here, key, old, `${fresh}-2`)], ['x'], [{ a: 1 }]]) {
    put(here, v, 'fresh')
    carry(v, fresh, wrong)
    await visit(here, ofV)
    t.same(await states(), ['published', 'published'], 'the other one says something else')
  }
  put(here, v, 'fresh')
  carry(v, fresh, [statement])
  await visit(here, ofV)
  t.same(await states(), ['dismissed', 'dismissed'], 'both say so: it stays set aside for those who set it aside')
  t.same(await standing(here), ['teller'])
  await decideItems(here.db, ofD.id, [fresh], 'publish', termsOf(here))
  await visit(here, ofV, ofE)
  t.same(await states(), ['dismissed', 'published'], 'people may think again')
  t.same(await standing(here), ['fresh', 'teller'])
})

await eachEngine(t, 'one server alone lists its group nowhere else', async (t, open) => {
  const { here, v, key, old, fresh, ofE, ofV, tell } = await start(t, open)
  const [copy, other] = [await copyOf(here, ofE, old), await copyOf(here, ofV, fresh)]
  await listCopy(here, copy)
  const statement = await say(here, key, old, fresh)
  await tell([statement])
  t.same(await standing(here), ['fresh', 'teller'])
  t.same(await listed(here), [copy])
  put(here, v, 'fresh')
  carry(v, fresh, [statement])
  await visit(here, ofV)
  t.same((await listed(here)).sort(), [copy, other].sort())
})

await eachEngine(t, 'many keys that nobody has are asked for once', async (t, open) => {
  const { here, e, key, old, fresh, ofE, tell } = await start(t, open)
  here.pages.set(keysOf(e), { keys: [] })
  for (let at = 0; at < 4; at++) put(here, e, `more-${at}`)
  const names = [...e.records.keys()]
  for (const [at, iri] of names.entries())
    carry(e, iri, await Promise.all(Array.from({ length: 10 }, (_, n) => say(here, key, `${old}-${at}-${n}`, fresh, `kid-${at}-${n}`))))
  here.asked.length = 0
  await tell(await Promise.all([1, 2, 3].map((n) => say(here, key, old, fresh, `kid-${n}`))))
  t.equal(here.asked.filter((url) => url === keysOf(e)).length, 1)
  t.same(await forwardings(here), [])

  here.pages.set(keysOf(e), { keys: [key.public] })
  await visit(here, ofE)
  await tell([await say(here, key, old, fresh, 'nobody’s'), await say(here, key, old, fresh)])
  t.match(await forwardings(here), [{ from_iri: old }], 'the right one is found behind those')
})

await eachEngine(t, 'time for moves has an end, and what was seen is written', async (t, open) => {
  const { here, v, key, old, fresh, ofV } = await start(t, open)
  const { outbound } = here.follow
  const slowly: typeof outbound.stream = (url, request, read) => {
    if (url.startsWith(`${old}-`)) here.time.pass(1 / 24 / 60)
    return outbound.stream(url, request, read)
  }
  here.follow.outbound = { ...outbound, stream: slowly, fetch: (url, request = {}) => slowly(url, request, readAll) as never }
  put(here, v, 'fresh')
  put(here, v, 'late')
  carry(v, fresh, await Promise.all([1, 2, 3, 4, 5].map((n) => say(here, key, `${old}-${n}`, fresh))))
  t.match(await visit(here, ofV), { outcome: 'ok', counts: { added: 1 } })
  t.equal(here.asked.filter((url) => url.startsWith(`${old}-`)).length, 2)
  t.same(await standing(here), ['fresh', 'late', 'old', 'teller'])
})

async function readAll(body: AsyncIterable<Buffer>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(body))
}

await eachEngine(t, 'what is too long is not even held', async (t, open) => {
  const { here, e, ofE } = await start(t, open)
  const heardOf = async (statements: string[], facts: object = {}) => {
    here.time.pass(1)
    const iri = put(here, e, 'teller')
    carry(e, iri, statements)
    Object.assign(e.records.get(iri)!, facts)
    const spool = await openSpool<Step>()
    t.teardown(() => spool.remove())
    const run = await startRun(here.follow, ofE, here.time.now(), spool)
    await look(run)
    return [...run.heard.forwardings]
  }
  const longest = 'x'.repeat(longestStatement)
  t.same(await heardOf([longest, `${longest}x`]), [longest])
  t.same(await heardOf(['x'], { later: 'x'.repeat(200_000) }), ['x'])
  t.same(await heardOf(['x'], { later: 'x'.repeat(300_000) }), [], 'nor what a record says that is too long itself')
})

await eachEngine(t, 'so many keys of a server are kept, the first', async (t, open) => {
  const { here, e, key } = await start(t, open)
  const kids = async () => (await here.db.selectFrom('origin_key').select('kid').where('origin', '=', e.origin).execute()).map(({ kid }) => kid)
  await rememberKeys(here.follow, e.origin)
  for (const round of [1, 2]) {
    const keys = await Promise.all(Array.from({ length: mostKeys }, async (_, n) => (await signingKey({ secret: `${round} ${n}` })).public))
    here.pages.set(keysOf(e), { keys })
    await rememberKeys(here.follow, e.origin)
    const kept = await kids()
    t.equal(kept.length, mostKeys)
    t.ok(kept.includes(key.public.kid))
  }
})

await eachEngine(t, 'a record that is back at a home whose list of changes nobody reads', async (t, open) => {
  const { here, e, v, key, old, fresh, ofE, ofV, follow } = await start(t, open)
  const ofD = await follow()
  await visit(here, ofD)
  await here.db.deleteFrom('followed_source').where('id', '=', ofE.id).execute()
  await followHome(here, e, { url: 'https://e.example/other' })
  const statement = await say(here, key, old, fresh)
  const record = e.records.get(old)!
  put(here, v, 'fresh')
  carry(v, fresh, [statement])
  await visit(here, ofV)
  t.same(await forwardings(here), [], 'it is still at home')
  here.homes.set(e.origin, { ...e, records: new Map() })
  put(here, v, 'fresh')
  carry(v, fresh, [statement])
  await visit(here, ofV)
  t.match(await itemOf(here, ofD, old), { state: 'gone', reason: 'moved' })
  here.homes.set(e.origin, { ...e, records: new Map([[old, record]]) })
  here.time.pass(1)
  await visit(here, ofD)
  t.match(await itemOf(here, ofD, old), { state: 'published' })
  await visit(here, ofD, ofV, ofD)
  t.match(await itemOf(here, ofD, old), { state: 'published' }, 'it stays')
})

await eachEngine(t, 'what arrived and went back may move again', async (t, open) => {
  const { here, key, old, fresh, tell } = await start(t, open)
  const first = await say(here, key, old, fresh)
  const proven = { claim: readClaim(first, here.time.now())!, statement: first, key: key.public }
  await saveHeard(here.db, proven, here.time.now())
  const arrived = { kind: 'arrived', own_id: 'ours' } as const
  await here.db.updateTable('forwarding').set(arrived).execute()
  here.time.pass(1)
  await tell([await say(here, key, old, fresh)])
  t.match(await forwardings(here), [{ ...arrived, statement: first }], 'what is here is ours to say')
  await here.db.updateTable('forwarding').set({ revoked_at: here.time.now().toISOString() }).execute()
  await tell([first])
  t.match(await forwardings(here), [arrived], 'an old statement says nothing new')
  here.time.pass(1)
  const again = await say(here, key, old, fresh)
  await tell([again])
  t.match(await forwardings(here), [{ kind: 'heard', own_id: null, revoked_at: null, statement: again }])
})

/** The database, in which something else happens right before each transaction. */
function before(db: Db, meanwhile: () => Promise<unknown>): Db {
  const execute = async (body: never) => {
    await meanwhile()
    return db.withoutPlugins().transaction().execute(body)
  }
  const get = (target: Db, key: keyof Db) => {
    if (key === 'withoutPlugins') return () => ({ transaction: () => ({ execute }) })
    const value = target[key] as unknown
    return typeof value === 'function' ? value.bind(target) : value
  }
  return new Proxy(db, { get: get as never })
}

await eachEngine(t, 'what came back between reading and writing is not ended', async (t, open) => {
  const { here, key, old, fresh, ofE } = await start(t, open)
  const statement = await say(here, key, old, fresh)
  await saveHeard(here.db, { claim: readClaim(statement, here.time.now())!, statement, key: key.public }, here.time.now())
  const back = () => takeBack(here.db, [{ iri: old, at: here.time.now().toISOString() }], here.time.now())
  await settleMoves(before(here.db, back), here.time.now())
  t.match(await itemOf(here, ofE, old), { state: 'published' })
  t.match(await standing(here), ['fresh', 'old', 'teller'])
})

await eachEngine(t, 'nor is what was decided of it carried over', async (t, open) => {
  const { here, key, old, fresh, ofE, ofV, tell } = await start(t, open)
  const copy = await copyOf(here, ofE, old)
  await listCopy(here, copy)
  const statement = await say(here, key, old, fresh)
  await tell([statement])
  const record = JSON.stringify({ formerly: [{ iri: old, forwarding: statement }] })
  await here.db.updateTable('remote_item').set({ record }).where('iri', '=', fresh).execute()
  const back = () => takeBack(here.db, [{ iri: old, at: here.time.now().toISOString() }], here.time.now())
  await settleMoves(before(here.db, back), here.time.now())
  t.same(await listed(here), [copy])
  await here.db.updateTable('forwarding').set({ revoked_at: null }).execute()
  const silent = () => here.db.updateTable('remote_item').set({ record: '{}' }).where('iri', '=', fresh).execute()
  await settleMoves(before(here.db, silent), here.time.now())
  t.same(await listed(here), [copy], 'nor when the new one no longer names it')
  await here.db.updateTable('remote_item').set({ record }).where('iri', '=', fresh).execute()
  await settleMoves(here.db, here.time.now())
  t.same((await listed(here)).sort(), [copy, await copyOf(here, ofV, fresh)].sort())
})
