import { v7 as uuid } from 'uuid'
import { lockName } from '../../db/dialect.ts'
import { transaction } from '../../db/open.ts'
import type { Db, FollowedSourceRow, RemoteItemRow, Tx } from '../../db/tables.ts'
import { AppError, badRequest, conflict, forbidden, notFound } from '../../errors.ts'
import { daysBefore } from '../../text/days.ts'
import { publish, showAgain, withdrawUnseen, withdrawUnshown } from '../copies/actions.ts'
import { composeCopies, type Held, heldBy } from '../copies/compose.ts'
import { endItems, listBlockedOrigins, listItems, listStanding, lockSources, saveItems } from '../copies/queries.ts'
import type { Terms } from '../copies/record.ts'
import { isFile, originOf } from '../copies/rules.ts'
import { putCopies } from '../copies/write.ts'
import * as queries from './queries.ts'
import { isBarring } from './rules.ts'
import { nextItem, type Step } from './steps.ts'

/** What may be said of a source; the rest is learnt. `keywords` null: all; `every` in minutes, `quota` in records. */
export type SourceSettings = Partial<Pick<FollowedSourceRow, 'title' | 'trust' | 'every' | 'quota'>> & {
  keywords?: string[] | null
  mapping?: Record<string, string> | null
}

export type NewSource = Pick<FollowedSourceRow, 'kind' | 'url' | 'keyword'> & SourceSettings & { nodeId?: string }

/** Who says something of a source: stewards cannot undo what operators block. */
export type Keeper = 'operators' | 'stewards'

/**
 * Follows a source, which is due at once; a list is visited every hour, files and directories every day. What somebody without an account asked for
 * (`nodeId`) is a person's as soon as they follow it. Throws a conflict if it is followed already, a 403 if its server is blocked here.
 */
export function insertSource(db: Db, { kind, url, keyword, nodeId, ...settings }: NewSource, now: Date): Promise<FollowedSourceRow> {
  return transaction(db, async (tx) => {
    // Two that look at once would each find it free.
    await lockName(tx, `follow ${url}`)
    const at = now.toISOString()
    const origin = originOf(url)!
    const row: FollowedSourceRow = {
      ...{ id: uuid({ msecs: now.getTime() }), kind, url, keyword, origin, title: null, trust: 'review' },
      ...{ keywords: null, mapping: null, every: kind === 'changes' ? 60 : 24 * 60, quota: 20_000 },
      ...{ cursor: null, etag: null, due_at: at, claimed_until: null, fails: 0, seen_at: null, outcome: null, paused: null, agreed: null },
      ...{ submitted_at: nodeId ? at : null, node_id: nodeId ?? null, created_at: at, updated_at: at },
      ...toColumns(settings),
    }
    if (row.trust === 'blocked') row.blocked_by = keyword === null ? 'operators' : 'stewards'
    else if ((await listBlockedOrigins(tx)).has(origin)) throw forbiddenServer(origin)
    const before = await queries.findSourceFor(tx, url, keyword)
    if (before && (nodeId || before.submitted_at == null)) throw conflict({ key: 'error.follow.twice', values: { address: url } })
    const taken = before && (await takeOver(tx, before, row, now))
    if (!taken) await queries.insertSource(tx, row)
    if (isBarring(row)) await withdrawUnshown(tx, await listStanding(tx, { origin }), now)
    return taken ?? row
  })
}

/** A profile that was submitted goes on as the person's who follows it; of another kind, it makes room for what they follow. */
async function takeOver(tx: Tx, before: FollowedSourceRow, row: FollowedSourceRow, now: Date): Promise<FollowedSourceRow | undefined> {
  if (before.kind !== row.kind) {
    await endSource(tx, before.id, now)
    return undefined
  }
  const { id, created_at, node_id } = before
  const taken = { ...row, id, created_at, node_id }
  await queries.updateSource(tx, id, taken)
  return taken
}

/** Changes what is said of a source. Blocked, its copies vanish in the same transaction; unblocked, they come back from what is kept. */
export async function saveSource(
  db: Db,
  id: string,
  settings: SourceSettings,
  terms: Omit<Terms, 'source'>,
  by: Keeper = 'operators',
): Promise<void> {
  const at = terms.now.toISOString()
  const before = await transaction(db, async (tx) => {
    const source = await getSource(tx, id)
    const wasBarring = isBarring(source)
    if (by === 'stewards' && wasBarring && settings.trust && settings.trust !== 'blocked') throw forbiddenServer(source.origin)
    // Other keywords: everything is looked at anew.
    const anew = settings.keywords !== undefined || settings.mapping !== undefined ? { etag: null, cursor: null, due_at: at } : {}
    const due = source.trust === 'blocked' && settings.trust !== undefined ? { due_at: at } : {}
    const said = { ...toColumns(settings), ...blocking(source, settings.trust, by), ...anew, ...due, updated_at: at }
    await queries.updateSource(tx, id, said)
    if (settings.trust === 'blocked') {
      const standing = await listStanding(tx, { sourceId: id })
      const others = isBarring({ ...source, ...said }) ? await listStanding(tx, { origin: source.origin }) : []
      await withdrawUnshown(tx, [...new Set([...standing, ...others])], terms.now)
    }
    return { isBlocked: source.trust === 'blocked', wasBarring }
  })
  if (before.isBlocked && settings.trust && settings.trust !== 'blocked') await showAgain(db, terms, before.wasBarring ? undefined : id)
}

function blocking({ blocked_by }: FollowedSourceRow, trust: SourceSettings['trust'], by: Keeper): Pick<FollowedSourceRow, 'blocked_by'> {
  if (trust === undefined) return {}
  return { blocked_by: trust === 'blocked' ? (by === 'operators' ? by : (blocked_by ?? by)) : null }
}

/** Follows a source no longer: its copies go, save those that another source has too. */
export function removeSource(db: Db, id: string, now: Date, by: Keeper = 'operators'): Promise<void> {
  return transaction(db, async (tx) => {
    const source = await getSource(tx, id)
    if (by === 'stewards' && isBarring(source)) throw forbiddenServer(source.origin)
    await endSource(tx, id, now)
  })
}

async function endSource(tx: Tx, id: string, now: Date): Promise<void> {
  const standing = await listStanding(tx, { sourceId: id })
  await queries.deleteSource(tx, id)
  await withdrawUnshown(tx, standing, now, { forget: true })
}

/** Takes a source until `until`, for a visit; says whether it did. */
export function claimSource(db: Db, source: FollowedSourceRow, at: string, until: string): Promise<boolean> {
  return transaction(db, (tx) => queries.claimSource(tx, source, at, until))
}

/** A person looked at why a source was paused: its next visits, from now on, may do as much as the last did not dare, until one is written. */
export function resumeSource(db: Db, id: string, now: Date): Promise<void> {
  const at = now.toISOString()
  return transaction(db, async (tx) => {
    if ((await getSource(tx, id)).paused === null) throw conflict({ key: 'error.changedMeanwhile' })
    await queries.updateSource(tx, id, { paused: null, outcome: resumed, due_at: at, updated_at: at })
  })
}

/** The outcome of a source that a person let go on. */
const resumed = 'resumed'

/** Publishes records that wait for a person, or sets them aside: those stay watched, and hidden. Gives how many were decided; what was refused is not. */
export async function decideItems(db: Db, id: string, iris: string[], verdict: 'publish' | 'dismiss', terms: Omit<Terms, 'source'>): Promise<number> {
  if (iris.length > 200) throw badRequest({ key: 'error.badRequest.detail' })
  return transaction(db, async (tx) => {
    const source = await getSource(tx, id)
    const blocked = await listBlockedOrigins(tx)
    if (source.trust === 'blocked' || blocked.has(source.origin)) throw conflict({ key: 'error.changedMeanwhile' })
    const found = [...(await listItems(tx, id, iris)).values()]
    const items = found.filter(({ iri, record }) => record !== null && !blocked.has(originOf(iri)!))
    const at = terms.now.toISOString()
    const ids = verdict === 'publish' ? await publish(tx, items, { ...terms, source: { ...source, keywords: null } }, source) : undefined
    const decided = items.map((item): RemoteItemRow => {
      const groupId = ids?.get(item.iri) ?? item.group_id
      const said = verdict === 'publish' ? { state: 'published' as const, dismissed_at: null } : { state: 'dismissed' as const, dismissed_at: at }
      return { ...item, ...said, group_id: groupId, changed_at: at }
    })
    await saveItems(tx, decided)
    if (verdict === 'dismiss') await withdrawUnshown(tx, groupsOf(decided), terms.now)
    return decided.length
  })
}

/** A source that is no longer ours to write for: it was blocked or removed, or the claim ended. */
export class Superseded extends Error {}

/**
 * Does a batch of steps for who claimed the source until `until`, all or none; again, when another visit took a short name at the same moment.
 * Throws `Superseded`.
 */
export async function applySteps(...steps: Parameters<typeof applyOnce>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await applyOnce(...steps)
    } catch (error) {
      if (tries === 3 || !(error instanceof AppError && error.detail?.key === 'error.shortNameTaken')) throw error
    }
  }
}

function applyOnce(db: Db, sourceId: string, until: string, steps: Step[], terms: Omit<Terms, 'source'>): Promise<void> {
  return transaction(db, async (tx) => {
    const source = await holdSource(tx, sourceId, until, steps)
    const blocked = await listBlockedOrigins(tx)
    if (blocked.has(source.origin)) throw new Superseded()
    const mine = steps.filter(({ iri }) => !blocked.has(originOf(iri)!))
    const at = terms.now.toISOString()
    const iris = mine.map(({ iri }) => iri)
    const before = await listItems(tx, sourceId, iris)
    const items = new Map(mine.map((step) => [step.iri, nextItem(before.get(step.iri), step, source, at)]))
    const held = mine.flatMap((step) => (step.kind === 'put' && items.get(step.iri)!.state === 'published' ? [toWritten(step, items, source)] : []))
    const over = mine.filter((step) => isOver(step, source)).map(({ iri }) => iri)
    const left = mine.flatMap((step) => (step.kind === 'gone' && !isOver(step, source) ? [step.iri] : []))
    const copies = await composeCopies(tx, held, source, { ...terms, source }, left)
    for (const [iri, groupId] of await putCopies(tx, copies, at)) items.set(iri, { ...items.get(iri)!, group_id: groupId })
    await saveItems(tx, [...items.values()])
    const ended = over.length > 0 ? await endItems(tx, over, 'deleted', at) : []
    const gone = groupsOf([...items.values()].filter(({ state }) => state === 'gone'))
    await withdrawUnshown(tx, [...new Set([...gone, ...ended])], terms.now, { forget: true })
  })
}

/** The source, if it is still held; with it, those that these steps end records of are kept from others. */
async function holdSource(tx: Tx, id: string, until: string, steps: Step[]): Promise<FollowedSourceRow> {
  const gone = steps.flatMap((step) => (step.kind === 'gone' && step.reason !== 'left' ? [step.iri] : []))
  const others = gone.length > 0 ? await queries.listOtherSources(tx, gone, id) : []
  const source = (await lockSources(tx, [id, ...others])).find((one) => one.id === id)
  if (!source || source.claimed_until !== until || source.trust === 'blocked') throw new Superseded()
  return source
}

/** Whether the record's own home said that it is no more: then no source has it any longer. That a file lacks it says nothing to others. */
function isOver(step: Step, source: FollowedSourceRow): boolean {
  if (step.kind !== 'gone') return false
  return step.reason === 'deleted' ? originOf(step.iri) === source.origin : step.reason === 'missing' && !isFile(source)
}

const patience = 7

/**
 * Brings the lists in line with what was seen: copies that nobody saw for long leave them, those seen again come back. Profiles that somebody without
 * an account asked for and that never were any are forgotten.
 */
export async function tidyCopies(db: Db, terms: Omit<Terms, 'source'>): Promise<void> {
  await withdrawUnseen(db, terms.now)
  const neverValid = await queries.listNeverValid(db, daysBefore(patience, terms.now))
  if (neverValid.length > 0)
    await transaction(db, async (tx) => {
      for (const id of neverValid) await endSource(tx, id, terms.now)
    })
  await showAgain(db, terms)
}

function toWritten(step: Step & { kind: 'put' }, items: Map<string, RemoteItemRow>, source: FollowedSourceRow): Held {
  return heldBy(source, items.get(step.iri)!, step)
}

function groupsOf(items: RemoteItemRow[]): string[] {
  return items.flatMap(({ group_id }) => group_id ?? [])
}

/** Nobody else changes what is known of the source meanwhile. */
async function getSource(tx: Tx, id: string): Promise<FollowedSourceRow> {
  const [source] = await lockSources(tx, [id])
  if (!source) throw notFound()
  return source
}

function forbiddenServer(origin: string) {
  return forbidden({ key: 'error.follow.blocked', values: { host: new URL(origin).host } })
}

function toColumns({ keywords, mapping, ...plain }: SourceSettings): Partial<FollowedSourceRow> {
  return {
    ...Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)),
    ...(keywords === undefined ? {} : { keywords: keywords?.length ? JSON.stringify(keywords) : null }),
    ...(mapping === undefined ? {} : { mapping: mapping && Object.keys(mapping).length > 0 ? JSON.stringify(mapping) : null }),
  }
}
