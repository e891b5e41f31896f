import { createHash } from 'node:crypto'
import { v7 as uuid } from 'uuid'
import { transaction } from '../db/open.ts'
import type { KnownWords } from '../db/search.ts'
import type { Db, GroupRow, KeptGroup, Tx, Via } from '../db/tables.ts'
import { conflict, gone } from '../errors.ts'
import type { Group } from '../schema-types.ts'
import { daysBefore } from '../text/days.ts'
import { deleteForwarding } from './moved/queries.ts'
import { placeNames } from './place-names.ts'
import * as queries from './queries.ts'
import { type Stamp, toGroup, toRow, toWords } from './row.ts'

/** Who changes a record, when and through what. */
export interface Author {
  at: string
  via: Via
  /** A name the person chose, never an address. */
  author?: string
}

/** One record to write: new if `before` is missing. `stamp` overrides what the server would set. */
export interface Put {
  before?: GroupRow
  group: Group
  stamp?: Partial<Omit<Stamp, 'num' | 'change_seq'>>
}

/** Creates a group that is kept here. Throws a conflict if its short name was ever given to another. */
export function createGroup(db: Db, group: Group, by: Author): Promise<GroupRow> {
  return transaction(db, async (tx) => (await putGroups(tx, [{ group }], by))[0]!)
}

/**
 * Changes a group for somebody who keeps its record, which is claimed from then on: imports leave it alone. `asks` are curated ecosystems whose
 * charter was accepted just now; a keyword that is no longer there ends what was asked or accepted for it. Throws a conflict if somebody else
 * changed it since `before` was read.
 */
export function editGroup(db: Db, before: GroupRow, group: Group, by: Author, asks: string[] = []): Promise<GroupRow> {
  return transaction(db, (tx) => putEdited(tx, before, group, by, asks))
}

/** The same in the caller's transaction. */
export async function putEdited(tx: Tx, before: GroupRow, group: Group, by: Author, asks: string[] = []): Promise<GroupRow> {
  const [row] = await putGroups(tx, [{ before, group, stamp: { claimed_at: before.claimed_at ?? by.at } }], by)
  const kept = slugsOf(group)
  const left = slugsOf(toGroup(before)).filter((slug) => !kept.includes(slug))
  const ended = await queries.deleteListings(tx, before.id, left)
  for (const keyword of asks) await queries.saveListing(tx, { keyword, group_id: before.id, state: 'asked', at: by.at })
  if (ended + asks.length > 0) await queries.takeNumbers(tx, 'ecosystem', 1)
  return row!
}

/** « Still true »: nothing changes but when it was checked. */
export function confirmGroup(db: Db, before: GroupRow, by: Author): Promise<GroupRow> {
  const stamp = { checked_at: by.at, updated_at: before.updated_at }
  return transaction(db, async (tx) => (await putGroups(tx, [{ before, group: toGroup(before), stamp }], by))[0]!)
}

/** Deletes a group. Its short names stay taken, the rest stays for a way back. Throws a conflict if somebody changed it since `row` was read. */
export function deleteGroup(db: Db, row: GroupRow, by: Author): Promise<void> {
  return transaction(db, async (tx) => void (await removeGroup(tx, row, by)))
}

/** The same in the caller's transaction; gives the number of the change. */
export async function removeGroup(tx: Tx, row: GroupRow, by: Author): Promise<number> {
  const seq = await queries.takeNumbers(tx, 'change', 1)
  if (!(await queries.deleteGroup(tx, row, by.at, seq))) throw conflict({ key: 'error.changedMeanwhile' })
  await queries.insertChanges(tx, [{ ...toChange(row, toGroup(row)), seq, at: by.at, kind: 'delete' }])
  await queries.takeNumbers(tx, 'ecosystem', 1)
  return seq
}

/** Brings a deleted group back as it was: same id, names and history, and no forwarding address any more. Throws `gone` when the way back has ended. */
export function restoreGroup(db: Db, id: string, by: Author): Promise<GroupRow> {
  return transaction(db, async (tx) => {
    const tombstone = await queries.findTombstone(tx, id)
    if (!tombstone?.kept || tombstone.deleted_at < daysBefore(daysBack, by.at)) throw gone({ key: 'error.groupDeleted' })
    const { row: before, listings } = JSON.parse(tombstone.kept) as KeptGroup
    const row = { ...before, revision: before.revision + 1, change_seq: await queries.takeNumbers(tx, 'change', 1) }
    const group = toGroup(row)
    await queries.deleteTombstone(tx, id)
    await deleteForwarding(tx, id)
    await queries.insertGroups(tx, [row])
    await keepTrail(tx, [{ group }], [row], by)
    await queries.saveWords(tx, [toWords(row.num, group, placeNames(group))])
    for (const listing of listings) await queries.saveListing(tx, listing)
    await queries.takeNumbers(tx, 'ecosystem', 1)
    return row
  })
}

/** Forgets what was deleted too long ago to be brought back, its history too; says how many groups. */
export function forgetDeleted(db: Db, now: Date): Promise<number> {
  return transaction(db, (tx) => queries.forgetDeleted(tx, daysBefore(daysBack, now)))
}

/** How long a deleted group can be brought back. */
export const daysBack = 30

/**
 * Writes many records in the caller's transaction: row, short name, history, change sequence and search words, together or not at all.
 * The records must be valid and differ from what is there. Whoever writes many batches hands the same `known` to each.
 */
export async function putGroups(tx: Tx, puts: Put[], by: Author, known?: KnownWords): Promise<GroupRow[]> {
  if (puts.length === 0) return []
  const created = puts.filter((put) => !put.before)
  let num = created.length > 0 ? await queries.takeNumbers(tx, 'num', created.length) : 0
  let seq = await queries.takeNumbers(tx, 'change', puts.length)
  const rows = puts.map((put) => toRow(put.group, stampOf(put, put.before?.num ?? num++, seq++, by)))
  await takeShortNames(tx, rows)
  await queries.insertGroups(
    tx,
    rows.filter((_, at) => !puts[at]!.before),
  )
  for (const [at, row] of rows.entries()) {
    const before = puts[at]!.before
    if (before && !(await queries.updateGroup(tx, row, before.revision))) throw conflict({ key: 'error.changedMeanwhile' })
  }
  await keepTrail(tx, puts, rows, by)
  const words = rows.map((row, at) => toWords(row.num, puts[at]!.group, placeNames(puts[at]!.group)))
  await queries.saveWords(tx, words, known)
  return rows
}

function stampOf({ before, stamp }: Put, num: number, changeSeq: number, by: Author): Stamp {
  const local = { origin_server: null, source: null, source_id: null, source_url: null, gone_at: null, claimed_at: null, checked_at: null }
  return {
    ...local,
    id: uuid({ msecs: Date.parse(by.at) }),
    created_at: by.at,
    ...before,
    updated_at: by.at,
    revision: (before?.revision ?? 0) + 1,
    ...stamp,
    num,
    change_seq: changeSeq,
  }
}

function slugsOf({ keywords = [] }: Pick<Group, 'keywords'>): string[] {
  return keywords.map(({ slug }) => slug)
}

async function takeShortNames(tx: Tx, rows: GroupRow[]): Promise<void> {
  const names = rows.map((row) => ({ name: row.short_name, group_id: row.id, created_at: row.updated_at }))
  await queries.insertShortNames(tx, names)
  const owners = await queries.listNameOwners(
    tx,
    names.map(({ name }) => name),
  )
  const taken = names.find(({ name, group_id }) => owners.get(name) !== group_id)
  if (taken) throw conflict({ key: 'error.shortNameTaken', values: { shortName: taken.name } })
}

async function keepTrail(tx: Tx, puts: Put[], rows: GroupRow[], by: Author): Promise<void> {
  const records = rows.map((row) => JSON.stringify(toGroup(row)))
  await queries.insertRevisions(
    tx,
    rows.map((row, at) => ({
      group_id: row.id,
      revision: row.revision,
      at: by.at,
      via: by.via,
      author: by.author ?? null,
      record: records[at]!,
    })),
  )
  await queries.insertChanges(
    tx,
    rows.map((row, at) => ({
      ...toChange(row, puts[at]!.group, puts[at]!.before),
      seq: row.change_seq,
      at: by.at,
      kind: puts[at]!.before ? ('update' as const) : ('create' as const),
      version: versionOf(records[at]!, row),
    })),
  )
}

/** The same for the same content, and for when it was found to be true: what followers show of a record. */
function versionOf(record: string, { checked_at, gone_at }: GroupRow): string {
  return createHash('sha256')
    .update(JSON.stringify([record, checked_at, gone_at]))
    .digest('base64url')
    .slice(0, 22)
}

/** What other servers need to know of a change. The keywords include those just left, so that who follows one of them hears of it. */
function toChange(row: GroupRow, group: Group, before?: GroupRow): { group_id: string; local: number; keywords: string | null } {
  const slugs = new Set([...(before ? slugsOf(toGroup(before)) : []), ...slugsOf(group)])
  return { group_id: row.id, local: row.origin_server === null ? 1 : 0, keywords: slugs.size > 0 ? `|${[...slugs].join('|')}|` : null }
}
