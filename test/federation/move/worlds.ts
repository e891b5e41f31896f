import type { Test } from 'tap'
import { pullDue } from '../../../server/federation/follow/pull.ts'
import { readDueEcosystems } from '../../../server/federation/network/remote.ts'
import type { EngineConfig } from '../../engines.ts'
import { create, follow, type Peer, rowOf, startPeers, startTime, type Time } from '../follow/servers.ts'
import { name, plant } from './servers.ts'

export const termsOf = (peer: Peer) => ({ publicUrl: peer.origin, now: peer.follow.clock() })

/** C follows A, knows its keys, has decided things about its copy; the group has a record at B too. */
export async function start(t: Test, open: () => Promise<EngineConfig>) {
  const time = startTime()
  const [a, b, c] = (await startPeers(t, open, ['a', 'b', 'c'], time)) as [Peer, Peer, Peer]
  const old = await plant(a, time)
  const ofA = await follow(c, a.origin)
  await pullDue(c.follow)
  await readDueEcosystems(c.follow)
  const copy = (await rowOf(c, name))!
  const neighbour = await create(c, time, { shortName: 'voisin' })
  await c.db
    .insertInto('ecosystem')
    .values({ ...ecosystem, created_at: copy.created_at, updated_at: copy.created_at } as never)
    .execute()
  await c.db.insertInto('ecosystem_listing').values({ keyword: 'energie', group_id: copy.id, state: 'accepted', at: copy.created_at }).execute()
  await decide(c, copy.id, neighbour.id)
  time.pass(1)
  return { time, a, b, c, old, ofA, copy, neighbour, fresh: await plant(b, time, { name: 'Jardin déménagé' }) }
}

const ecosystem = { keyword: 'energie', title: 'Énergie', policy: 'curated', revision: 1 }

async function decide(c: Peer, one: string, other: string): Promise<void> {
  const [one_id, other_id] = [one, other].sort() as [string, string]
  await c.db.insertInto('same_group').values({ one_id, other_id, verdict: 'different', decided_by: null, decided_at: 'x' }).execute()
}

export async function isCarried(t: Test, { c, neighbour }: { c: Peer; neighbour: { id: string } }, fresh: { id: string }): Promise<void> {
  const listings = await c.db.selectFrom('ecosystem_listing').selectAll().where('group_id', '=', fresh.id).execute()
  t.match(listings, [{ keyword: 'energie', state: 'accepted' }], 'where it was listed it still is')
  const [one_id, other_id] = [fresh.id, neighbour.id].sort() as [string, string]
  const verdicts = await c.db.selectFrom('same_group').selectAll().where('one_id', '=', one_id).where('other_id', '=', other_id).execute()
  t.match(verdicts, [{ verdict: 'different' }], 'what was decided of it still holds')
}

/** Everything that C keeps of this, to see that nothing changes. */
export async function stateOf(c: Peer) {
  const tables = ['group_record', 'change_log', 'tombstone', 'forwarding', 'ecosystem_listing', 'same_group', 'origin_key', 'counter'] as const
  return Promise.all(tables.map((table) => c.db.selectFrom(table).selectAll().execute()))
}

export function sorted(rows: { state: string; reason: string | null }[]) {
  return rows.map(({ state, reason }) => `${state} ${reason}`).sort()
}

/** A group that is to move to B. */
export async function startHome(
  t: Test,
  open: () => Promise<EngineConfig>,
): Promise<{ time: Time; a: Peer; b: Peer; c: Peer; fresh: { iri: string } }> {
  const time = startTime()
  const [a, b, c] = (await startPeers(t, open, ['a', 'b', 'c'], time)) as [Peer, Peer, Peer]
  return { time, a, b, c, fresh: await plant(b, time, { name: 'Jardin déménagé' }) }
}
