import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Test } from 'tap'
import { buildApp } from '../../../server/app.ts'
import type { Db, FollowedSourceRow, GroupRow, RemoteItemRow } from '../../../server/db/tables.ts'
import type { Deps } from '../../../server/deps.ts'
import type { SourceSettings } from '../../../server/federation/follow/actions.ts'
import { addSource } from '../../../server/federation/follow/add-source.ts'
import { pullSource } from '../../../server/federation/follow/pull.ts'
import { findSourceByUrl } from '../../../server/federation/follow/queries.ts'
import type { FollowDeps, PullReport } from '../../../server/federation/follow/report.ts'
import { createGroup, deleteGroup, editGroup } from '../../../server/group/actions.ts'
import { toGroup } from '../../../server/group/row.ts'
import type { Limits } from '../../../server/net/outbound.ts'
import type { Group } from '../../../server/schema-types.ts'
import type { EngineConfig } from '../../engines.ts'
import { makeTestDeps, now, openDb, openSqlite } from '../../helper.ts'
import { makeOutbound, serve } from '../../net/servers.ts'
import { group } from '../../world.ts'

/** A time that tests move. */
export interface Time {
  now: () => Date
  pass: (days: number) => void
}

export function startTime(): Time {
  let at = Date.parse(now)
  return { now: () => new Date(at), pass: (days) => (at += days * 24 * 3600_000) }
}

/** What listens on loopback under a name; it can be made to fall silent, and tells what it was asked. */
export interface Listener {
  origin: string
  port: number
  asked: string[]
  isDown: boolean
  answer: RequestListener
}

export async function listen(t: Test, name: string, answer?: RequestListener): Promise<Listener> {
  const listener: Listener = { origin: '', port: 0, asked: [], isDown: false, answer: answer ?? ((_, response) => void response.end()) }
  listener.port = await serve(t, (request: IncomingMessage, response: ServerResponse) => {
    listener.asked.push(request.url!)
    if (listener.isDown) request.socket.destroy()
    else listener.answer(request, response)
  })
  listener.origin = `http://${name}.example:${listener.port}`
  return listener
}

/** A whole server of ours: it is asked over loopback, and may ask these ports. */
export interface Peer extends Listener {
  db: Db
  deps: Deps
  follow: FollowDeps
}

export async function startPeer(t: Test, listener: Listener, db: Db, ports: number[], time: Time, limits: Partial<Limits> = {}): Promise<Peer> {
  const made = await makeTestDeps(db, { publicUrl: listener.origin })
  const outbound = makeOutbound(t, ports, { clock: time.now, limits, publicUrl: listener.origin })
  const deps: Deps = { ...made, clock: time.now, outbound }
  const app = await buildApp(deps)
  t.teardown(() => app.close())
  await app.ready()
  const peer = { db, deps, follow: { ...deps, ...ways(t, time) } }
  return Object.assign(listener, peer, { answer: app.routing as RequestListener })
}

/** Servers that can reach each other, with empty databases; `clocks` of those that have one of their own. */
export async function startPeers(
  t: Test,
  open: () => Promise<EngineConfig>,
  names: string[],
  time: Time,
  more: Listener[] = [],
  clocks: Record<string, Time> = {},
): Promise<Peer[]> {
  const listeners = await Promise.all(names.map((name) => listen(t, name)))
  const ports = [...listeners, ...more].map(({ port }) => port)
  const peers: Peer[] = []
  for (const [at, listener] of listeners.entries())
    peers.push(await startPeer(t, listener, await openDb(t, await open()), ports, clocks[names[at]!] ?? time))
  return peers
}

/** What follows others, without the pages. */
export type Follower = Pick<Peer, 'db' | 'follow'>

/** One that may ask this listener; on SQLite unless said. */
export async function startFollower(
  t: Test,
  { port }: Listener,
  time: Time,
  { open }: { open?: () => Promise<EngineConfig> } = {},
): Promise<Follower> {
  const db = open ? await openDb(t, await open()) : await openSqlite(t)
  const publicUrl = 'http://here.example'
  const outbound = makeOutbound(t, [port], { clock: time.now, publicUrl })
  return { db, follow: { db, outbound, config: { publicUrl }, ...ways(t, time) } }
}

/** The same, less patient. */
export function hurried(t: Test, { db, follow }: Follower, { port }: Listener, limits: Partial<Limits>): Follower {
  const outbound = makeOutbound(t, [port], { clock: follow.clock, limits, publicUrl: follow.config.publicUrl })
  return { db, follow: { ...follow, outbound } }
}

/** What a visit needs besides; what goes wrong is told in the test's report. */
function ways(t: Test, time: Time): Pick<FollowDeps, 'clock' | 'random' | 'warn'> {
  const warn = (facts: object, text: string) => t.comment(text, String((facts as { err?: Error }).err?.stack))
  return { clock: time.now, random: () => 0.5, warn }
}

export function follow(peer: Follower, address: string, settings: SourceSettings = {}): Promise<FollowedSourceRow> {
  return addSource(peer.follow, address, { trust: 'automatic', ...settings })
}

/** Visits a source now, whether or not it is due. */
export async function pull(peer: Follower, source: FollowedSourceRow, options = {}): Promise<PullReport> {
  return (await pullSource(peer.follow, source, options))!
}

export function by(time: Time) {
  return { at: time.now().toISOString(), via: 'command' as const }
}

export function create(peer: Follower, time: Time, facts: Partial<Group> & { shortName: string }): Promise<GroupRow> {
  return createGroup(peer.db, group(facts), by(time))
}

export async function edit(peer: Follower, time: Time, shortName: string, facts: Partial<Group>): Promise<GroupRow> {
  const row = await rowOf(peer, shortName)
  return editGroup(peer.db, row!, { ...toGroup(row!), ...facts }, by(time))
}

export async function remove(peer: Follower, time: Time, shortName: string): Promise<void> {
  await deleteGroup(peer.db, (await rowOf(peer, shortName))!, by(time))
}

export function rowOf(peer: Follower, shortName: string): Promise<GroupRow | undefined> {
  return peer.db.selectFrom('group_record').selectAll().where('short_name', '=', shortName).executeTakeFirst()
}

/** `short name: name`, the names in order. */
export async function shown(peer: Follower): Promise<string[]> {
  const rows = await peer.db.selectFrom('group_record').select(['short_name', 'name']).orderBy('short_name').execute()
  return rows.map(({ short_name, name }) => (short_name === name ? name : `${short_name}: ${name}`))
}

export function itemsOf(peer: Follower): Promise<RemoteItemRow[]> {
  return peer.db.selectFrom('remote_item').selectAll().orderBy('iri').execute()
}

export async function sourceOf(peer: Follower, { url }: { url: string }): Promise<FollowedSourceRow> {
  return (await findSourceByUrl(peer.db, url))!
}
