import t from 'tap'
import { decideItems } from '../../../server/federation/follow/actions.ts'
import { settleMoves } from '../../../server/federation/move/actions.ts'
import { signingKey } from '../../../server/federation/move/key.ts'
import { rememberKeys } from '../../../server/federation/move/keys.ts'
import { signClaim } from '../../../server/federation/move/statement.ts'
import { restoreGroup } from '../../../server/group/actions.ts'
import { eachEngine } from '../../engines.ts'
import { by, edit, follow, itemsOf, pull, rowOf, shown } from '../follow/servers.ts'
import { arrive, ask, forwardings, leave, name } from './servers.ts'
import { sorted, start, termsOf } from './worlds.ts'

await eachEngine(t, 'only the old home’s own word counts', async (t, open) => {
  const { time, a, b, c, old, fresh } = await start(t, open)
  const ofB = await follow(c, b.origin)
  await pull(c, ofB)
  const claim = { iss: a.origin, sub: old.iri, to: fresh.iri, url: `${b.origin}/g/${name}`, at: time.now().toISOString() }
  const ofThief = await signingKey({ secret: 'the secret of somebody else' })
  const ofA = await signingKey(a.deps.config)
  const own = await c.db.selectFrom('group_record').select('id').where('short_name', '=', 'voisin').executeTakeFirstOrThrow()
  const keysOf = async () => (await c.db.selectFrom('origin_key').selectAll().execute()).map(({ origin, kid }) => `${origin} ${kid}`)
  const known = await keysOf()
  a.isDown = true
  const tell = async (why: string, moved: object) => {
    time.pass(1)
    const { change_seq } = await edit(b, time, name, { summary: why })
    await b.db
      .updateTable('change_log')
      .set({ moved: JSON.stringify({ formerly: old.iri, ...moved }) })
      .where('seq', '=', change_seq)
      .execute()
    t.match(await pull(c, ofB), { outcome: 'ok' }, why)
    t.match((await shown(c)).length, 3, why)
    t.same(await forwardings(c), [], why)
  }
  await tell('no signature', {})
  await tell('nonsense', { forwarding: 'x.y.z' })
  await tell('wrong type', { forwarding: { a: [1] } })
  await tell('huge', { forwarding: 'x'.repeat(100_000) })
  await tell('signed by another key', { forwarding: await signClaim(ofThief, claim) })
  const disguised = { ...ofThief, public: ofA.public }
  await tell('signed by another key that calls itself the right one', { forwarding: await signClaim(disguised, claim) })
  await tell('of a record that is kept here', { forwarding: await signClaim(ofThief, { ...claim, iss: c.origin, sub: `${c.origin}/id/${own.id}` }) })
  const third = { ...claim, to: 'https://third.example/id/1', url: 'https://third.example/g/x' }
  await tell('to a third server, told by neither', { forwarding: await signClaim(ofA, third) })
  t.same(await keysOf(), known)

  a.isDown = false
  await tell('its home still has it', { forwarding: await signClaim(ofA, claim) })
  await rememberKeys(c.follow, a.origin)
  t.same(await keysOf(), known, 'keys are remembered once')
  a.isDown = true
  time.pass(1)
  const { change_seq } = await edit(b, time, name, { summary: 'the same, and it is not there' })
  const moved = JSON.stringify({ formerly: old.iri, forwarding: await signClaim(ofA, claim) })
  await b.db.updateTable('change_log').set({ moved }).where('seq', '=', change_seq).execute()
  await pull(c, ofB)
  t.equal((await shown(c)).length, 2, 'the right one is believed')
})

await eachEngine(t, 'a secret that was changed in between; a server whose keys nobody knew', async (t, open) => {
  const { a, b, c, old, ofA, fresh } = await start(t, open)
  await leave(a, fresh)
  a.deps.config.secret = 'another secret, since somebody saw the first'
  await c.db.deleteFrom('origin_key').execute()
  await pull(c, ofA)
  t.match(await forwardings(c), [{ from_iri: old.iri }], 'the key of then is asked for')
  t.match(await ask(c, `/g/${name}`), { status: 410, body: /moved to another server/ })
  await arrive(b, old)
  await pull(c, await follow(c, b.origin))
  t.match(await ask(c, `/g/${name}`), { status: 308 })
})

await eachEngine(t, 'what people set aside stays aside for them, and says nothing to others', async (t, open) => {
  const { a, b, c, old, ofA, fresh } = await start(t, open)
  await decideItems(c.db, ofA.id, [old.iri], 'dismiss', termsOf(c))
  await leave(a, fresh)
  await arrive(b, old)
  await pull(c, ofA)
  const ofB = await follow(c, b.origin)
  await pull(c, ofB)
  t.same(await shown(c), ['voisin'])
  t.same(sorted(await itemsOf(c)), ['dismissed null', 'gone deleted'])
  await decideItems(c.db, ofB.id, [fresh.iri], 'publish', termsOf(c))
  await settleMoves(c.db, c.follow.clock())
  t.equal((await shown(c)).length, 2, 'people may think again')
})

await eachEngine(t, 'taken back at home: the copy returns, and an old statement does not end it again', async (t, open) => {
  const { time, a, b, c, old, ofA, copy, fresh } = await start(t, open)
  await leave(a, fresh)
  await arrive(b, old)
  const ofB = await follow(c, b.origin)
  await pull(c, ofA)
  await pull(c, ofB)
  t.same(await shown(c), [`${name}-b: Jardin déménagé`, 'voisin'])
  time.pass(1)
  await restoreGroup(a.db, old.id, by(time))
  await pull(c, ofA)
  const both = [`${name}: Jardin de la rade`, `${name}-b: Jardin déménagé`, 'voisin']
  t.same(await shown(c), both)
  t.equal((await rowOf(c, name))!.id, copy.id)
  time.pass(1)
  await edit(b, time, name, { summary: 'Encore.' })
  await c.db.updateTable('followed_source').set({ cursor: null, etag: null }).execute()
  for (const source of [ofB, ofA]) await pull(c, source)
  t.same(await shown(c), both, 'replays change nothing')

  time.pass(1)
  await leave(a, fresh)
  await pull(c, ofA)
  t.same(await shown(c), both.slice(1), 'it may leave again')
})
