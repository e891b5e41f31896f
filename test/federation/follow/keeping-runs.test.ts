import { sql } from 'kysely'
import t from 'tap'
import { isPostgres } from '../../../server/db/dialect.ts'
import { transaction } from '../../../server/db/open.ts'
import type { Db, FollowedSourceRow } from '../../../server/db/tables.ts'
import { listItems, listWithdrawn, lockSources, saveItems } from '../../../server/federation/copies/queries.ts'
import { claimSource, decideItems, resumeSource, saveSource, tidyCopies } from '../../../server/federation/follow/actions.ts'
import { listDoubtful } from '../../../server/federation/follow/queries.ts'
import { reasonToPause } from '../../../server/federation/follow/rules.ts'
import { eachEngine } from '../../engines.ts'
import { now } from '../../helper.ts'
import { drop, followHome, type Here, homeAt, itemOf, openHere, put, sourceNow, standing, termsOf, visit, word } from './keeping.ts'

const named = (count: number, name: string) => Array.from({ length: count }, (_, at) => `${name}-${String(at).padStart(3, '0')}`)

/** Everything at once, without a person. */
async function fillFrom(here: Here, source: FollowedSourceRow): Promise<void> {
  await here.db.updateTable('followed_source').set({ cursor: null }).where('id', '=', source.id).execute()
  t.match(await visit(here, source), { outcome: 'ok', paused: undefined })
}

await eachEngine(t, 'every lost record is asked for in its turn, beside those that cannot be had', async (t, open) => {
  const here = await openHere(t, open)
  const a = homeAt(here, 'https://a.example')
  const source = await followHome(here, a, { keywords: ['energie'] })
  const lost = named(60, 'lost').map((id) => put(here, a, id, { keywords: [word('energie')] }))
  const broken = named(10, 'broken').map((id) => put(here, a, id, { keywords: [word('energie')] }))
  await fillFrom(here, source)
  const since = here.time.now().toISOString()
  for (const iri of broken) here.pages.set(iri, 500)
  await here.db.updateTable('remote_item').set({ reason: 'failed: http-500', check_at: since }).where('iri', 'in', broken).execute()
  for (const iri of lost) drop(here, a, iri, { quietly: true })
  await here.db.updateTable('remote_item').set({ missing_since: since, check_at: since }).where('iri', 'in', lost).execute()
  t.equal((await listDoubtful(here.db, source.id, since, 65)).length, 65)
  const asked = new Map<string, number>()
  for (let visits = 0; visits < 18; visits++) {
    here.asked.length = 0
    const report = await visit(here, source)
    if (report?.paused) await resumeSource(here.db, source.id, here.time.now())
    for (const iri of here.asked) asked.set(iri, (asked.get(iri) ?? 0) + 1)
    here.time.pass(0.45)
  }
  const items = await listItems(here.db, source.id, lost)
  t.equal([...items.values()].filter(({ state }) => state === 'gone').length, 60, 'none is forgotten')
  t.ok(
    broken.every((iri) => (asked.get(iri) ?? 0) >= 4),
    'nor are the others',
  )
  for (const iri of broken) here.pages.delete(iri)
  for (let visits = 0; visits < 2; visits++) await visit(here, source)
  t.match(await itemOf(here, source, broken[9]!), { state: 'published', reason: null, check_at: null })
})

await eachEngine(t, 'one visit to a host at a time, however many would begin at once', async (t, open) => {
  const here = await openHere(t, open)
  const a = homeAt(here, 'https://a.example')
  const sources = [await followHome(here, a)]
  for (const keyword of ['energie', 'jardin', 'velo', 'eau']) sources.push(await followHome(here, a, { keyword, keywords: [keyword] }))
  const until = '2026-11-21T13:00:00.000Z'
  for (let round = 0; round < 10; round++) {
    const claims = await Promise.all(sources.map((source) => claimSource(here.db, source, now, until)))
    t.equal(claims.filter(Boolean).length, 1)
    await here.db.updateTable('followed_source').set({ claimed_until: null }).execute()
  }
})

await eachEngine(t, 'a person and a visit at the same time: what was received is not lost', async (t, open) => {
  const here = await openHere(t, open)
  const a = homeAt(here, 'https://a.example')
  const alpha = put(here, a, 'alpha', { summary: 'One.' })
  const source = await followHome(here, a, { trust: 'review' })
  await visit(here, source)
  const item = await itemOf(here, source, alpha)
  const begun = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  const visiting = transaction(here.db, async (tx) => {
    await lockSources(tx, [source.id])
    await saveItems(tx, [{ ...item, version: 'v2', record: item.record!.replace('One.', 'Two.') }])
    begun.resolve()
    await end.promise
  })
  await begun.promise
  const deciding = decideItems(here.db, source.id, [alpha], 'publish', termsOf(here))
  await waitFor(here.db)
  end.resolve()
  await Promise.all([visiting, deciding])
  t.match(await itemOf(here, source, alpha), { state: 'published', version: 'v2', record: /Two\./ })
})

/** Until the other one waits: on PostgreSQL for a lock, which it says; SQLite has one connection, and nothing to ask. */
async function waitFor(db: Db): Promise<void> {
  if (!isPostgres(db)) return
  for (let tries = 0; tries < 2000; tries++) {
    const { rows } = await sql<{
      waits: string
    }>`select count(*) as waits from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(db)
    if (Number(rows[0]!.waits) > 0) return
  }
}

await eachEngine(t, 'who agrees to a rise agrees to that, and to no more', async (t, open) => {
  const here = await openHere(t, open)
  const a = homeAt(here, 'https://a.example')
  const source = await followHome(here, a)
  const first = named(20, 'first').map((id) => put(here, a, id))
  await fillFrom(here, source)
  for (const id of named(120, 'more')) put(here, a, id)
  t.match(await visit(here, source), { paused: 'rise' })
  t.same(JSON.parse((await sourceNow(here, source)).agreed!), { rise: 120 })
  t.equal(await visit(here, source), undefined)
  await resumeSource(here.db, source.id, here.time.now())
  a.status = 503
  t.match(await visit(here, source), { outcome: 'http-503' })
  a.status = undefined
  for (const iri of first) drop(here, a, iri)
  t.match(await visit(here, source), { paused: 'deletions', counts: { gone: 20 } }, 'the one is not the other')
  t.equal((await standing(here)).length, 20)
  await resumeSource(here.db, source.id, here.time.now())
  t.match(await visit(here, source), { outcome: 'ok', paused: undefined }, 'nor is what was agreed to lost by an outage')
  t.equal((await standing(here)).length, 120)
  t.equal((await sourceNow(here, source)).agreed, null)
})

t.test('what was agreed to is a number', async (t) => {
  const counts = { held: 1000, fresh: 0, changed: 0, gone: 300, usual: 10 }
  t.same(reasonToPause(counts, 2000), { reason: 'deletions', count: 300 })
  t.equal(reasonToPause(counts, 2000, { deletions: 290 }), undefined, 'a few more are the same news')
  t.same(reasonToPause({ ...counts, gone: 1000 }, 2000, { deletions: 300 }), { reason: 'deletions', count: 1000 })
  t.same(reasonToPause(counts, 2000, { rise: 1000 }), { reason: 'deletions', count: 300 })
  t.equal(reasonToPause({ ...counts, gone: 0 }, 900), undefined, 'more than the quota, but nothing new')
  t.same(reasonToPause({ ...counts, gone: 0, fresh: 1 }, 900), { reason: 'quota', count: 1001 })
})

await eachEngine(t, 'copies come back page by page; what is wanted no more is not tried again', async (t, open) => {
  const here = await openHere(t, open)
  const a = homeAt(here, 'https://a.example')
  const ids = named(430, 'many')
  for (const id of ids) put(here, a, id, { keywords: [word('energie')] })
  const source = await followHome(here, a)
  await fillFrom(here, source)
  await saveSource(here.db, source.id, { trust: 'blocked' }, termsOf(here))
  t.equal((await standing(here)).length, 0)
  await saveSource(here.db, source.id, { trust: 'automatic' }, termsOf(here))
  t.equal((await standing(here)).length, 430)
  await saveSource(here.db, source.id, { trust: 'blocked' }, termsOf(here))
  // The terms changed meanwhile, and no visit went well since.
  await here.db.updateTable('followed_source').set({ keywords: '["autre"]', trust: 'automatic' }).execute()
  await tidyCopies(here.db, termsOf(here))
  t.equal((await standing(here)).length, 0)
  t.match(await itemOf(here, source, `${a.origin}/id/${ids[429]}`), { state: 'gone', reason: 'left', record: null })
  const after = { source_id: '', iri: '' }
  t.same(await listWithdrawn(here.db, { cutoff: '2000', after, limit: 10 }), [])
})
