import t from 'tap'
import { tidyCopies } from '../../../server/federation/follow/actions.ts'
import { pullDue } from '../../../server/federation/follow/pull.ts'
import { eachEngine } from '../../engines.ts'
import { create, edit, follow, type Peer, pull, remove, rowOf, shown, sourceOf, startPeers, startTime } from './servers.ts'

/** What a backup of the groups holds. */
const tables = ['group_record', 'short_name', 'group_revision', 'change_log', 'tombstone', 'counter', 'group_words'] as const

const termsOf = (peer: Peer) => ({ publicUrl: peer.origin, now: peer.follow.clock() })

await eachEngine(t, 'peer down for a day, and for ever', async (t, open) => {
  const time = startTime()
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time)) as [Peer, Peer]
  await create(a, time, { shortName: 'alpha' })
  const source = await follow(b, a.origin)
  await pullDue(b.follow)
  a.isDown = true
  const dues: number[] = []
  for (let visit = 0; visit < 6; visit++) {
    time.pass(1 + visit)
    t.match(await pullDue(b.follow), [{ outcome: 'bad-answer' }])
    const { due_at, fails } = await sourceOf(b, source)
    t.equal(fails, visit + 1)
    dues.push((Date.parse(due_at) - time.now().getTime()) / 3600_000)
  }
  t.same(dues, [2, 4, 8, 16, 24, 24], 'asked less and less, a day at most')
  t.same(await shown(b), ['alpha'], 'an outage deletes nothing')
  a.isDown = false
  time.pass(1)
  await edit(a, time, 'alpha', { name: 'Alpha bis' })
  await pullDue(b.follow)
  t.match(await sourceOf(b, source), { fails: 0, outcome: 'ok' })
  t.same(await shown(b), ['alpha: Alpha bis'])

  a.isDown = true
  time.pass(179)
  await tidyCopies(b.db, termsOf(b))
  t.same(await shown(b), ['alpha: Alpha bis'])
  const { id } = (await rowOf(b, 'alpha'))!
  time.pass(2)
  await tidyCopies(b.db, termsOf(b))
  t.same(await shown(b), [], 'unseen for 180 days, it leaves the lists')
  a.isDown = false
  await pullDue(b.follow)
  await tidyCopies(b.db, termsOf(b))
  t.same(await shown(b), ['alpha: Alpha bis'], 'and returns by itself')
  t.equal((await rowOf(b, 'alpha'))!.id, id)
})

await eachEngine(t, 'restored backup: what came after it is asked for, and deleted by nobody', async (t, open) => {
  const time = startTime()
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time)) as [Peer, Peer]
  await create(a, time, { shortName: 'alpha' })
  const source = await follow(b, a.origin)
  await pull(b, source)
  const kept = await Promise.all(tables.map((table) => a.db.selectFrom(table).selectAll().execute()))
  time.pass(1)
  await create(a, time, { shortName: 'lost' })
  await edit(a, time, 'alpha', { name: 'Alpha bis' })
  await pull(b, source)
  t.same(await shown(b), ['alpha: Alpha bis', 'lost'])

  for (const [at, table] of tables.entries()) {
    await a.db.deleteFrom(table).execute()
    if (kept[at]!.length > 0)
      await a.db
        .insertInto(table)
        .values(kept[at] as never)
        .execute()
  }
  time.pass(1)
  await create(a, time, { shortName: 'gamma' })
  t.match(await pull(b, source), { outcome: 'ok', counts: { added: 1, changed: 1, gone: 0 } })
  t.same(await shown(b), ['alpha', 'gamma', 'lost'])
  for (const days of [0, 1, 2.5, 3.5]) {
    t.same(await shown(b), ['alpha', 'gamma', 'lost'])
    time.pass(days)
    await pull(b, source)
  }
  t.same(await shown(b), ['alpha', 'gamma'], 'three times over seven days its home said that it is not there')
})

await eachEngine(t, 'cursor lost, after a record dated in the future', async (t, open) => {
  const time = startTime()
  const ahead = startTime()
  ahead.pass(400)
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time)) as [Peer, Peer]
  await create(a, ahead, { shortName: 'alpha' })
  const source = await follow(b, a.origin)
  await pull(b, source)
  t.equal((await rowOf(b, 'alpha'))!.updated_at, time.now().toISOString(), 'nothing is from the future')
  await create(a, time, { shortName: 'beta' })
  await pull(b, source)
  t.same(await shown(b), ['alpha', 'beta'], 'what is dated tomorrow hides nothing')
  const changes = await b.db.selectFrom('change_log').selectAll().execute()
  await b.db.updateTable('followed_source').set({ cursor: null, etag: null }).execute()
  t.match(await pull(b, source), { outcome: 'ok', counts: { added: 0, gone: 0 } })
  t.same(await b.db.selectFrom('change_log').selectAll().execute(), changes, 'a replay changes nothing')
})

await eachEngine(t, 'clock skew: B a year fast, C a year slow', async (t, open) => {
  const time = startTime()
  const [fast, slow] = [startTime(), startTime()]
  fast.pass(365)
  slow.pass(-365)
  const [a, b, c] = (await startPeers(t, open, ['a', 'b', 'c'], time, [], { b: fast, c: slow })) as [Peer, Peer, Peer]
  const all = [
    [a, time],
    [b, fast],
    [c, slow],
  ] as const
  for (const [peer] of all) for (const [other] of all) if (peer !== other) await follow(peer, other.origin)
  const round = async () => {
    for (const [peer, clock] of all) {
      clock.pass(1)
      await pullDue(peer.follow)
      await tidyCopies(peer.db, termsOf(peer))
    }
  }
  for (const [peer, clock] of all) await create(peer, clock, { shortName: `from-${peer.origin[7]}` })
  await round()
  for (const [peer, clock] of all) {
    t.same(await shown(peer), ['from-a', 'from-b', 'from-c'])
    const rows = await peer.db.selectFrom('group_record').select('updated_at').execute()
    t.ok(
      rows.every(({ updated_at }) => updated_at <= clock.now().toISOString()),
      'nothing is from the future',
    )
  }
  for (const [peer, clock] of all) await edit(peer, clock, `from-${peer.origin[7]}`, { name: `${peer.origin[7]} bis` })
  await round()
  for (const [peer] of all) t.same(await shown(peer), ['from-a: a bis', 'from-b: b bis', 'from-c: c bis'])
  for (const [peer, clock] of all) await remove(peer, clock, `from-${peer.origin[7]}`)
  await round()
  for (const [peer] of all) t.same(await shown(peer), [])
})
