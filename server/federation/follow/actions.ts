import { v7 as uuid } from 'uuid'
import { transaction } from '../../db/open.ts'
import type { Db, FollowedSourceRow, RemoteItemRow, Tx } from '../../db/tables.ts'
import { badRequest, conflict, notFound } from '../../errors.ts'
import { type Copy, putCopies, withdrawCopies } from './copies.ts'
import * as queries from './queries.ts'
import { examine, type Terms } from './record.ts'
import { daysBefore, hiddenAfterDays, originOf } from './rules.ts'
import { nextItem, type Step } from './steps.ts'

/** What may be said of a source; the rest is learnt. `keywords` null: all; `every` in minutes, `quota` in records. */
export type SourceSettings = Partial<Pick<FollowedSourceRow, 'title' | 'trust' | 'every' | 'quota'>> & {
  keywords?: string[] | null
  mapping?: Record<string, string> | null
}

export type NewSource = Pick<FollowedSourceRow, 'kind' | 'url' | 'keyword'> & SourceSettings

/** Follows a source, which is due at once; a list is visited every hour, files and directories every day. Throws a conflict if it is followed already. */
export function insertSource(db: Db, { kind, url, keyword, ...settings }: NewSource, now: Date): Promise<FollowedSourceRow> {
  return transaction(db, async (tx) => {
    if (await queries.findSourceByUrl(tx, url)) throw conflict({ key: 'error.follow.twice', values: { address: url } })
    const at = now.toISOString()
    const row: FollowedSourceRow = {
      ...{ id: uuid({ msecs: now.getTime() }), kind, url, keyword, origin: originOf(url)!, title: null, trust: 'review' },
      ...{ keywords: null, mapping: null, every: kind === 'changes' ? 60 : 24 * 60, quota: 20_000 },
      ...{ cursor: null, etag: null, due_at: at, claimed_until: null, fails: 0, seen_at: null, outcome: null, paused: null },
      ...{ created_at: at, updated_at: at },
      ...toColumns(settings),
    }
    await queries.insertSource(tx, row)
    return row
  })
}

/** Changes what is said of a source. Blocked, its copies vanish in the same transaction; unblocked, they come back from what is kept. */
export async function saveSource(db: Db, id: string, settings: SourceSettings, terms: Omit<Terms, 'source'>): Promise<void> {
  const at = terms.now.toISOString()
  const before = await transaction(db, async (tx) => {
    const source = await getSource(tx, id)
    // Other keywords: everything is looked at anew.
    const anew = settings.keywords !== undefined || settings.mapping !== undefined ? { etag: null, cursor: null, due_at: at } : {}
    const due = source.trust === 'blocked' && settings.trust !== undefined ? { due_at: at } : {}
    await queries.updateSource(tx, id, { ...toColumns(settings), ...anew, ...due, updated_at: at })
    if (settings.trust === 'blocked') await withdrawUnshown(tx, await queries.listStanding(tx, { sourceId: id }), terms.now)
    return source
  })
  if (before.trust === 'blocked' && settings.trust && settings.trust !== 'blocked') await showAgain(db, terms, id)
}

/** Follows a source no longer: its copies go, save those that another source has too. */
export function removeSource(db: Db, id: string, now: Date): Promise<void> {
  return transaction(db, async (tx) => {
    await getSource(tx, id)
    const standing = await queries.listStanding(tx, { sourceId: id })
    await queries.deleteSource(tx, id)
    await withdrawUnshown(tx, standing, now, { forget: true })
  })
}

/** A person looked at why a source was paused: its next visit, now, does what the last did not dare. */
export function resumeSource(db: Db, id: string, now: Date): Promise<void> {
  const at = now.toISOString()
  return transaction(db, async (tx) => {
    if ((await getSource(tx, id)).paused === null) throw conflict({ key: 'error.changedMeanwhile' })
    await queries.updateSource(tx, id, { paused: null, outcome: resumed, due_at: at, updated_at: at })
  })
}

/** The outcome of a source that a person let go on. */
export const resumed = 'resumed'

/** Publishes records that wait for a person, or sets them aside: those stay watched, and hidden. Gives how many were decided; what was refused is not. */
export async function decideItems(db: Db, id: string, iris: string[], verdict: 'publish' | 'dismiss', terms: Omit<Terms, 'source'>): Promise<number> {
  if (iris.length > 200) throw badRequest({ key: 'error.badRequest.detail' })
  return transaction(db, async (tx) => {
    const source = await getSource(tx, id)
    if (source.trust === 'blocked') throw conflict({ key: 'error.changedMeanwhile' })
    const items = [...(await queries.listItems(tx, id, iris)).values()].filter((item) => item.record !== null)
    const at = terms.now.toISOString()
    const ids = verdict === 'publish' ? await putCopies(tx, toCopies(items, { ...terms, source: { ...source, keywords: null } }), at) : undefined
    const decided = items.map((item): RemoteItemRow => {
      const groupId = ids?.get(item.iri) ?? item.group_id
      return { ...item, state: verdict === 'publish' ? 'published' : 'dismissed', group_id: groupId, changed_at: at }
    })
    await queries.saveItems(tx, decided)
    if (verdict === 'dismiss') await withdrawUnshown(tx, groupsOf(decided), terms.now)
    return decided.length
  })
}

/** A source that is no longer ours to write for: it was blocked or removed, or the claim ended. */
export class Superseded extends Error {}

/** Does a batch of steps for who claimed the source until `until`, all or none. Throws `Superseded`. */
export function applySteps(db: Db, sourceId: string, until: string, steps: Step[], now: Date): Promise<void> {
  return transaction(db, async (tx) => {
    const source = await queries.findHeld(tx, sourceId, until)
    if (!source) throw new Superseded()
    const at = now.toISOString()
    const before = await queries.listItems(
      tx,
      sourceId,
      steps.map(({ iri }) => iri),
    )
    const items = new Map(steps.map((step) => [step.iri, nextItem(before.get(step.iri), step, source, at)]))
    const copies = steps.flatMap((step) => (step.kind === 'put' && items.get(step.iri)!.state === 'published' ? [toCopy(step, items)] : []))
    for (const [iri, groupId] of await putCopies(tx, copies, at)) items.set(iri, { ...items.get(iri)!, group_id: groupId })
    await queries.saveItems(tx, [...items.values()])
    await withdrawUnshown(tx, groupsOf([...items.values()].filter(({ state }) => state === 'gone')), now, { forget: true })
  })
}

/** Brings the lists in line with what was seen: copies that nobody saw for long leave them, those seen again come back. */
export async function tidyCopies(db: Db, terms: Omit<Terms, 'source'>): Promise<void> {
  const cutoff = daysBefore(hiddenAfterDays, terms.now)
  const old = await queries.listStanding(db, { seenBefore: cutoff })
  if (old.length > 0) await transaction(db, async (tx) => void (await withdrawUnshown(tx, old, terms.now)))
  await showAgain(db, terms)
}

/** Published records without a copy get it back, from what was received last. */
async function showAgain(db: Db, terms: Omit<Terms, 'source'>, sourceId?: string): Promise<void> {
  const withdrawn = await queries.listWithdrawn(db, daysBefore(hiddenAfterDays, terms.now), sourceId)
  for (const [id, items] of Map.groupBy(withdrawn, (item) => item.source_id)) {
    for (let from = 0; from < items.length; from += 200) {
      await transaction(db, async (tx) => {
        const source = await queries.findSource(tx, id)
        if (!source || source.trust === 'blocked') return
        const part = items.slice(from, from + 200)
        const ids = await putCopies(tx, toCopies(part, { ...terms, source }), terms.now.toISOString())
        await queries.saveItems(
          tx,
          part.map((item) => ({ ...item, group_id: ids.get(item.iri) ?? item.group_id })),
        )
      })
    }
  }
}

async function withdrawUnshown(tx: Tx, ids: string[], now: Date, { forget = false } = {}): Promise<void> {
  const shown = await queries.listShown(tx, ids, daysBefore(hiddenAfterDays, now))
  const unshown = ids.filter((id) => !shown.has(id))
  if (unshown.length > 0) await withdrawCopies(tx, unshown, now.toISOString(), { forget })
}

function toCopies(items: RemoteItemRow[], terms: Terms): Copy[] {
  return items.flatMap(({ iri, record, group_id }) => {
    const verdict = examine({ iri, value: JSON.parse(record!) }, terms)
    return verdict.kind === 'copy' ? [{ iri, group: verdict.group, stamp: verdict.stamp, groupId: group_id ?? undefined }] : []
  })
}

function toCopy({ iri, group, stamp }: Step & { kind: 'put' }, items: Map<string, RemoteItemRow>): Copy {
  return { iri, group, stamp, groupId: items.get(iri)!.group_id ?? undefined }
}

function groupsOf(items: RemoteItemRow[]): string[] {
  return items.flatMap(({ group_id }) => group_id ?? [])
}

async function getSource(tx: Tx, id: string): Promise<FollowedSourceRow> {
  const source = await queries.findSource(tx, id)
  if (!source) throw notFound()
  return source
}

function toColumns({ keywords, mapping, ...plain }: SourceSettings): Partial<FollowedSourceRow> {
  return {
    ...Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)),
    ...(keywords === undefined ? {} : { keywords: keywords?.length ? JSON.stringify(keywords) : null }),
    ...(mapping === undefined ? {} : { mapping: mapping && Object.keys(mapping).length > 0 ? JSON.stringify(mapping) : null }),
  }
}
