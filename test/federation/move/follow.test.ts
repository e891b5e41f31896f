import t from 'tap'
import { saveSource, tidyCopies } from '../../../server/federation/follow/actions.ts'
import { settleMoves } from '../../../server/federation/move/actions.ts'
import { confirmGroup, restoreGroup } from '../../../server/group/actions.ts'
import { eachEngine } from '../../engines.ts'
import { by, follow, itemsOf, pull, rowOf, shown } from '../follow/servers.ts'
import { arrive, ask, forwardings, leave, name, plant, statementOf } from './servers.ts'
import { isCarried, sorted, start, startHome, stateOf, termsOf } from './worlds.ts'

await eachEngine(t, 'told by the old server: the copy goes, its address says where to, and what was decided follows', async (t, open) => {
  const { time, a, b, c, old, ofA, copy, neighbour, fresh } = await start(t, open)
  await leave(a, fresh)
  t.match(await pull(c, ofA), { outcome: 'ok', counts: { gone: 1 } })
  t.same(await shown(c), ['voisin'])
  const page = `${b.origin}/g/${name}`
  t.match(await ask(c, `/g/${name}`), { status: 410, body: new RegExp(`moved to another server[\\s\\S]*href="${page}"`) })
  const said = await ask(c, `/id/${copy.id}`, { accept: 'application/json' })
  t.match(JSON.parse(said.body), { status: 410, movedTo: fresh.iri, forwarding: await statementOf(a, old) })

  await arrive(b, old)
  const ofB = await follow(c, b.origin)
  await pull(c, ofB)
  const here = (await rowOf(c, `${name}-b`))!
  t.match(here, { origin_server: b.origin, name: 'Jardin déménagé' })
  t.match(await ask(c, `/g/${name}`), { status: 308, location: `/g/${name}-b` }, 'the old name leads to the new copy')
  t.match(await ask(c, `/g/${name}.json`), { status: 308, location: `/g/${name}-b.json` })
  t.match(await ask(c, `/id/${copy.id}`, { accept: 'application/json' }), { status: 308, location: `/g/${name}-b.json` })
  await isCarried(t, { c, neighbour }, here)

  time.pass(1)
  await pull(c, ofB)
  const before = await stateOf(c)
  await c.db.updateTable('followed_source').set({ cursor: null, etag: null }).execute()
  for (const source of [ofB, ofA]) await pull(c, source)
  await settleMoves(c.db, time.now())
  t.same(await stateOf(c), before, 'a replay changes nothing')
})

await eachEngine(t, 'the old server is dead for ever: the new one’s record carries its word', async (t, open) => {
  const { a, b, c, old, ofA, copy, neighbour, fresh } = await start(t, open)
  await leave(a, fresh)
  await arrive(b, old)
  a.isDown = true
  await pull(c, ofA)
  t.same(await shown(c), [`${name}: Jardin de la rade`, 'voisin'], 'an outage deletes nothing')
  await pull(c, await follow(c, b.origin))
  t.same(await shown(c), [`${name}-b: Jardin déménagé`, 'voisin'])
  t.match(sorted(await itemsOf(c)), ['gone moved', 'published null'])
  t.match(await ask(c, `/g/${name}`), { status: 308, location: `/g/${name}-b` })
  await isCarried(t, { c, neighbour }, (await rowOf(c, `${name}-b`))!)
  t.match(await forwardings(c), [{ kind: 'heard', from_iri: old.iri, copy_id: copy.id }])
  await tidyCopies(c.db, termsOf(c))
  t.same(await shown(c), [`${name}-b: Jardin déménagé`, 'voisin'], 'it stays gone')
})

await eachEngine(t, 'the new record was there before the statement', async (t, open) => {
  const { time, a, b, c, old, neighbour, fresh } = await start(t, open)
  const ofB = await follow(c, b.origin)
  await pull(c, ofB)
  t.same(await shown(c), [`${name}: Jardin de la rade`, `${name}-b: Jardin déménagé`, 'voisin'])
  const here = (await rowOf(c, `${name}-b`))!
  await leave(a, fresh)
  await arrive(b, old)
  a.isDown = true
  time.pass(1)
  // What comes after it in the feed hides nothing.
  await confirmGroup(b.db, (await rowOf(b, name))!, by(time))
  await pull(c, ofB)
  t.same(await shown(c), [`${name}-b: Jardin déménagé`, 'voisin'])
  t.match(await ask(c, `/g/${name}`), { status: 308, location: `/g/${name}-b` })
  await isCarried(t, { c, neighbour }, here)
})

await eachEngine(t, 'the new record was there, and nothing else of it changes when it arrives', async (t, open) => {
  const { a, b, c, old, ofA, neighbour, fresh } = await start(t, open)
  const ofB = await follow(c, b.origin)
  await pull(c, ofB)
  const here = (await rowOf(c, `${name}-b`))!
  await leave(a, fresh)
  await pull(c, ofA)
  t.match(await ask(c, `/g/${name}`), { status: 308, location: `/g/${name}-b` }, 'its old home’s word is enough for the address')
  t.same(await c.db.selectFrom('ecosystem_listing').selectAll().where('group_id', '=', here.id).execute(), [], 'and for nothing else')
  await arrive(b, old)
  await pull(c, ofB)
  await isCarried(t, { c, neighbour }, here)
})

await eachEngine(t, 'nobody follows the new server, or it is blocked', async (t, open) => {
  const { a, b, c, ofA, fresh } = await start(t, open)
  const ofB = await follow(c, b.origin)
  await pull(c, ofB)
  await leave(a, fresh)
  await pull(c, ofA)
  t.match(await ask(c, `/g/${name}`), { status: 308, location: `/g/${name}-b` })
  await saveSource(c.db, ofB.id, { trust: 'blocked' }, termsOf(c))
  const said = await ask(c, `/g/${name}`)
  t.equal(said.status, 410)
  t.notMatch(said.body, new URL(b.origin).host, 'a blocked server is not named')
  t.notMatch((await ask(c, `/g/${name}.json`)).body, 'forwarding')
  await c.db.deleteFrom('followed_source').where('id', '=', ofB.id).execute()
  t.match(await ask(c, `/g/${name}`), { status: 410, body: new RegExp(`href="${b.origin}/g/${name}"`) }, 'not followed, it is named')
})

await eachEngine(t, 'a group that came back to where it is read from is not taken for one that left', async (t, open) => {
  const { time, b, c, fresh } = await startHome(t, open)
  const ofB = await follow(c, b.origin)
  const own = await plant(c, time)
  await leave(c, fresh)
  await arrive(b, own)
  t.match(await ask(c, `/g/${name}`), { status: 308, location: `${b.origin}/g/${name}` })
  await pull(c, ofB)
  t.same(await shown(c), [`${name}-b: Jardin déménagé`])
  t.match(await ask(c, `/g/${name}`), { status: 308, location: `${b.origin}/g/${name}` }, 'it is read at its home, not in our copy')
  time.pass(1)
  await restoreGroup(c.db, own.id, by(time))
  await c.db.updateTable('followed_source').set({ cursor: null, etag: null }).execute()
  await pull(c, ofB)
  t.same(await shown(c), [`${name}: Jardin de la rade`, `${name}-b: Jardin déménagé`], 'a record of ours is nobody’s to move')
  t.same(await forwardings(c), [])
})

await eachEngine(t, 'the new home followed the old one: its copy gives way to its own record', async (t, open) => {
  const { time, b, fresh, a } = await startHome(t, open)
  const old = await plant(a, time)
  await pull(b, await follow(b, a.origin))
  const copy = (await rowOf(b, `${name}-a`))!
  await leave(a, fresh)
  await arrive(b, old)
  t.same(await shown(b), [`${name}: Jardin déménagé`])
  t.match(await ask(b, `/g/${name}-a`), { status: 308, location: `/g/${name}` })
  t.match(await ask(b, `/id/${copy.id}`), { status: 308, location: `/g/${name}` })
})
