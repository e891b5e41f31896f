import { transaction } from '../../db/open.ts'
import type { Db, ForwardingRow, GroupRow, RemoteItemRow, Tx } from '../../db/tables.ts'
import { type Author, putGroups, removeGroup } from '../../group/actions.ts'
import { findGroupById, takeNumbers } from '../../group/queries.ts'
import { toGroup } from '../../group/row.ts'
import { withdrawUnshown } from '../copies/actions.ts'
import { endItems, listCopyIds, lockSources, saveItems } from '../copies/queries.ts'
import { withdrawCopies } from '../copies/write.ts'
import type { PublicKey } from './key.ts'
import * as queries from './queries.ts'
import { type Claim, forwardingsOf, readClaim } from './statement.ts'

/** A statement that was checked: what it says, and the key that signed it. */
export interface Proven {
  claim: Claim
  statement: string
  key: PublicKey
}

/** Deletes a group that is now kept elsewhere, and leaves its forwarding address, in one transaction. Throws a conflict if it changed since `row` was read. */
export function leaveGroup(db: Db, row: GroupRow, proven: Proven, by: Author): Promise<void> {
  return transaction(db, async (tx) => {
    const seq = await removeGroup(tx, row, by)
    await queries.saveForwarding(tx, { ...toRow(proven, 'left', by.at), own_id: row.id })
    await queries.markChange(tx, seq, { target: proven.claim.to, forwarding: proven.statement })
  })
}

/** Says that a group of ours was kept elsewhere before, and tells those who follow. Throws a conflict if it changed since `row` was read. */
export function arriveGroup(db: Db, row: GroupRow, proven: Proven, by: Author): Promise<void> {
  return transaction(db, async (tx) => {
    const { sub } = proven.claim
    const written = await writeAgain(tx, row, by)
    const before = await queries.findForwarding(tx, sub)
    const copy_id = (await findCopy(tx, sub)) ?? before?.copy_id ?? null
    await queries.saveForwarding(tx, { ...toRow(proven, 'arrived', by.at), own_id: row.id, copy_id })
    await queries.markChange(tx, written.change_seq, { formerly: sub, forwarding: proven.statement })
    if (before?.kind === 'arrived' && !before.revoked_at && before.own_id !== row.id) await writeAgainIfHere(tx, before.own_id!, by)
  })
}

/** Where a record was kept is told with it, without being part of it: nothing of what it says changes, nor when that was checked. */
async function writeAgain(tx: Tx, row: GroupRow, by: Author): Promise<GroupRow> {
  const [written] = await putGroups(tx, [{ before: row, group: toGroup(row), stamp: { updated_at: row.updated_at } }], by)
  return written!
}

async function writeAgainIfHere(tx: Tx, id: string, by: Author): Promise<void> {
  const row = await findGroupById(tx, id)
  if (row) await writeAgain(tx, row, by)
}

/** Keeps what another server said of a record that is neither from here nor, as far as we know it, still at home. */
export function saveHeard(db: Db, proven: Proven, now: Date): Promise<void> {
  return transaction(db, async (tx) => {
    const { sub, at } = proven.claim
    const before = await queries.findForwarding(tx, sub)
    if (!isNews(at, before)) return
    const items = await queries.listItemsOf(tx, sub)
    // Set aside by some and shown by others, it is shown.
    const isDismissed = !items.some(isShown) && (before?.dismissed === 1 || items.some(wasDismissed))
    const copy_id = (await findCopy(tx, sub)) ?? before?.copy_id ?? null
    await queries.saveForwarding(tx, { ...toRow(proven, 'heard', now.toISOString()), copy_id, dismissed: isDismissed ? 1 : 0 })
  })
}

/** Whether a statement signed then says more than what is known, or was taken back. What arrived here is ours to say until then. */
export function isNews(at: string, known: Pick<ForwardingRow, 'kind' | 'at' | 'revoked_at'> | undefined): boolean {
  if (!known) return true
  return (known.kind === 'heard' || Boolean(known.revoked_at)) && at > known.at && at > (known.revoked_at ?? '')
}

/**
 * Records that were at home after they had left it have come back: `puts` are changes that their homes told, or what they gave, with the times.
 * A group of ours that one of them was is written again: it no longer says so.
 */
export async function takeBack(db: Db, puts: { iri: string; at: string }[], now: Date): Promise<void> {
  const iris = puts.map(({ iri }) => iri)
  if ((await queries.listLeft(db, iris)).size === 0) return
  await transaction(db, async (tx) => {
    // Who else writes groups waits from here on: what is read stays so.
    await takeNumbers(tx, 'change', 0)
    const left = await queries.listLeft(tx, iris)
    const back = puts.filter(({ iri, at }) => left.has(iri) && at > left.get(iri)!.at)
    for (const { iri, at } of back) await queries.revokeForwarding(tx, iri, at)
    const own = back.map(({ iri }) => left.get(iri)!).flatMap(({ kind, own_id }) => (kind === 'arrived' ? own_id! : []))
    for (const id of new Set(own)) await writeAgainIfHere(tx, id, { at: now.toISOString(), via: 'import' })
  })
}

/**
 * Brings copies in line with the moves that are known, in whichever order records and statements came: the old one goes, and what people here
 * decided of it counts for the new one as soon as that is here and names the old one: nobody speaks for another server's record. Changes nothing that
 * is so already.
 */
export async function settleMoves(db: Db, now: Date): Promise<void> {
  const stale = await queries.listStale(db)
  if (stale.length > 0) await transaction(db, (tx) => endCopies(tx, stale, now.toISOString()))
  for (let after = ''; ; ) {
    const moves = await queries.listUnsettled(db, after, pageSize)
    for (const [iri, part] of Map.groupBy(moves, ({ to_iri }) => to_iri)) {
      const named = namedBy(await queries.listItemsOf(db, iri), now)
      for (const { from_iri } of part) if (named.has(from_iri)) await transaction(db, (tx) => carryOver(tx, { from_iri, to_iri: iri }, now))
    }
    if (moves.length < pageSize) return
    after = moves.at(-1)!.from_iri
  }
}

const pageSize = 500

/** The records that a record says it was before, as sources have it. */
function namedBy(items: RemoteItemRow[], now: Date): Set<string> {
  const claims = items.flatMap(({ iri, record }) =>
    forwardingsOf(record === null ? null : JSON.parse(record)).flatMap((statement) => {
      const claim = readClaim(statement, now)
      return claim?.to === iri ? [claim.sub] : []
    }),
  )
  return new Set(claims)
}

async function carryOver(tx: Tx, { from_iri, to_iri }: Pick<ForwardingRow, 'from_iri' | 'to_iri'>, now: Date): Promise<void> {
  const at = now.toISOString()
  const read = async () => [await queries.listItemsOf(tx, from_iri), await queries.listItemsOf(tx, to_iri)] as const
  const sources = await lockSources(tx, sourcesOf((await read()).flat()))
  // Before that, others may have said something else.
  const [former, items] = await read()
  const move = await queries.findForwarding(tx, from_iri)
  if (!move || move.to_iri !== to_iri || move.settled_at || move.revoked_at || !namedBy(items, now).has(from_iri)) return
  const { copy_id, dismissed } = move
  if (dismissed === 1) {
    // What operators set aside, or an ecosystem's stewards, stays so for them: not for others.
    const keeperOf = ({ source_id }: RemoteItemRow) => sources.find(({ id }) => id === source_id)?.keyword
    const aside = new Set(former.filter(wasDismissed).map(keeperOf))
    const same = items.filter((item) => aside.has(keeperOf(item)))
    const shown = same.filter(isShown)
    if (shown.length > 0) await dismissCopies(tx, shown, now)
    if (same.some(({ record }) => record !== null)) await queries.markSettled(tx, from_iri, at)
    return
  }
  const copy = items.find(({ group_id }) => group_id !== null)?.group_id
  if (!copy || !copy_id) return
  await queries.carryListings(tx, copy_id, copy)
  await queries.carryVerdicts(tx, copy_id, copy)
  await queries.markSettled(tx, from_iri, at)
  // What lists show has changed.
  await takeNumbers(tx, 'ecosystem', 1)
}

/** Their home's word ends them for every source. */
async function endCopies(tx: Tx, items: RemoteItemRow[], at: string): Promise<void> {
  await lockSources(tx, sourcesOf(items))
  // Not what came back before that.
  const left = await queries.listLeft(
    tx,
    items.map(({ iri }) => iri),
  )
  await withdrawCopies(tx, await endItems(tx, [...left.keys()], 'moved', at), at, { forget: true })
}

async function dismissCopies(tx: Tx, items: RemoteItemRow[], now: Date): Promise<void> {
  const at = now.toISOString()
  await saveItems(
    tx,
    items.map((item) => ({ ...item, state: 'dismissed', dismissed_at: at, changed_at: at })),
  )
  const copies = items.flatMap(({ group_id }) => group_id ?? [])
  await withdrawUnshown(tx, [...new Set(copies)], now)
}

function sourcesOf(items: RemoteItemRow[]): string[] {
  return [...new Set(items.map(({ source_id }) => source_id))]
}

function wasDismissed({ state, dismissed_at }: RemoteItemRow): boolean {
  return state === 'dismissed' || Boolean(dismissed_at)
}

function isShown({ state }: RemoteItemRow): boolean {
  return state === 'new' || state === 'changed' || state === 'published'
}

async function findCopy(tx: Tx, iri: string): Promise<string | null> {
  return (await listCopyIds(tx, [iri])).get(iri) ?? null
}

function toRow({ claim, statement, key }: Proven, kind: ForwardingRow['kind'], at: string): ForwardingRow {
  const facts = { from_iri: claim.sub, to_iri: claim.to, to_url: claim.url, statement, jwk: JSON.stringify(key), at: claim.at }
  return { ...facts, kind, confirmed_at: at, own_id: null, copy_id: null, dismissed: 0 }
}
