import { setImmediate } from 'node:timers/promises'
import type { Test } from 'tap'
import type { Db, FollowedSourceRow, RemoteItemRow } from '../../../server/db/tables.ts'
import { insertSource, type NewSource } from '../../../server/federation/follow/actions.ts'
import { pullSource } from '../../../server/federation/follow/pull.ts'
import type { FollowDeps, PullReport } from '../../../server/federation/follow/report.ts'
import type { Outbound } from '../../../server/net/outbound.ts'
import type { Group } from '../../../server/schema-types.ts'
import type { EngineConfig } from '../../engines.ts'
import { openDb, publicUrl } from '../../helper.ts'
import { group } from '../../world.ts'
import { startTime, type Time } from './servers.ts'

/** A server of our kind as its followers see it, without a network. */
export interface Home {
  origin: string
  records: Map<string, object>
  members: { keywords: string[]; at: string; object: string; type: string }[]
  /** It answers nothing but this. */
  status?: number
}

/** This server, and the web around it. */
export interface Here {
  db: Db
  time: Time
  follow: FollowDeps
  /** Addresses, in their order. */
  asked: string[]
  homes: Map<string, Home>
  /** Other answers, by address. */
  pages: Map<string, unknown>
}

export async function openHere(t: Test, open: () => Promise<EngineConfig>): Promise<Here> {
  const here = { db: await openDb(t, await open()), time: startTime(), asked: [], homes: new Map(), pages: new Map() } as unknown as Here
  const warn = (facts: object, text: string) => t.comment(text, String((facts as { err?: Error }).err?.stack))
  here.follow = { db: here.db, outbound: webOf(here), clock: here.time.now, random: () => 0.5, config: { publicUrl }, warn }
  return here
}

export function homeAt(here: Here, origin: string): Home {
  const home: Home = { origin, records: new Map(), members: [] }
  here.homes.set(origin, home)
  return home
}

/** What its home says of a record from now on. */
export function put(here: Here, home: Home, id: string, { origin, ...facts }: Partial<Group> & { origin?: object } = {}): string {
  const iri = `${home.origin}/id/${id}`
  const at = here.time.now().toISOString()
  const record = { iri, ...group({ shortName: id, ...facts }), origin: { server: home.origin, ...origin }, createdAt: at, updatedAt: at }
  home.records.set(iri, record)
  tell(home, here, iri, 'Update', facts.keywords?.map(({ slug }) => slug) ?? [])
  return iri
}

/** A record that its home says to be deleted, or, `quietly`, that is just no longer there. */
export function drop(here: Here, home: Home, iri: string, { quietly = false } = {}): void {
  home.records.delete(iri)
  if (!quietly) tell(home, here, iri, 'Delete', [])
}

/** A member carries the keywords that the record had until then, as ours do. */
function tell(home: Home, here: Here, iri: string, type: string, keywords: string[]): void {
  const former = home.members.filter(({ object }) => object === iri).flatMap((one) => one.keywords)
  const at = new Date(here.time.now().getTime() - 1000 + home.members.length).toISOString()
  home.members.push({ type, object: iri, at, keywords: [...new Set([...former, ...keywords])] })
}

function answer({ homes, pages }: Here, address: string): unknown {
  if (pages.has(address)) return pages.get(address)
  const url = new URL(address)
  const home = homes.get(url.origin)
  if (!home) return 404
  if (home.status) return home.status
  if (url.pathname !== '/changes') return home.records.get(address) ?? 410
  const keyword = url.searchParams.get('keyword')
  const members = home.members.filter(({ keywords }) => keyword === null || keywords.includes(keyword))
  const member = members.map(({ type, object, at, keywords }) => ({
    ...{ id: `${home.origin}/changes/${home.members.findIndex((one) => one.at === at)}`, type, object, published: at, keywords, version: at },
  }))
  return { '@graph': [{ id: `${address}#stream`, type: 'EventStream', member }] }
}

function webOf(here: Here): Outbound {
  const stream: Outbound['stream'] = async (url, _request, read) => {
    here.asked.push(url)
    await setImmediate()
    const found = answer(here, url)
    const about = { url, status: typeof found === 'number' ? found : 200, headers: {}, contentType: 'application/json' }
    if (typeof found === 'number') return { name: 'http-error', ...about }
    const body = (async function* () {
      yield Buffer.from(JSON.stringify(found))
    })()
    return { name: 'ok', ...about, body: await read(body as never, about) }
  }
  const fetch: Outbound['fetch'] = (url, request = {}) => stream(url, request, async (body) => Buffer.concat(await Array.fromAsync(body)))
  return { stream, fetch, close: async () => {} }
}

/** Follows a home's changes, by default for operators, automatically. */
export function followHome({ db, time }: Here, { origin }: Home, settings: Partial<NewSource> = {}): Promise<FollowedSourceRow> {
  const of = settings.keywords ? `?keyword=${settings.keywords[0]}` : ''
  return insertSource(db, { kind: 'changes', url: `${origin}/changes${of}`, keyword: null, trust: 'automatic', ...settings }, time.now())
}

export async function visit({ follow, time }: Here, ...sources: FollowedSourceRow[]): Promise<PullReport | undefined> {
  time.pass(1 / 24)
  let report: PullReport | undefined
  for (const source of sources) report = await pullSource(follow, source)
  return report
}

export const termsOf = ({ time }: Here) => ({ publicUrl, now: time.now() })

/** Names of what stands in the lists. */
export async function standing({ db }: Here): Promise<string[]> {
  const rows = await db.selectFrom('group_record').select('name').orderBy('name').execute()
  return rows.map(({ name }) => name)
}

export async function keywordsOf({ db }: Here, name: string): Promise<string[]> {
  const row = await db.selectFrom('group_record').select('keywords').where('name', '=', name).executeTakeFirstOrThrow()
  return (JSON.parse(row.keywords ?? '[]') as { slug: string }[]).map(({ slug }) => slug).sort()
}

export async function itemOf({ db }: Here, source: { id: string }, iri: string): Promise<RemoteItemRow> {
  return db.selectFrom('remote_item').selectAll().where('source_id', '=', source.id).where('iri', '=', iri).executeTakeFirstOrThrow()
}

export async function sourceNow({ db }: Here, { id }: { id: string }): Promise<FollowedSourceRow> {
  return db.selectFrom('followed_source').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

export const word = (slug: string) => ({ slug, label: slug })
