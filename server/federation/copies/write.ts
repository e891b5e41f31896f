import { isDeepStrictEqual } from 'node:util'
import type { GroupRow, Tx } from '../../db/tables.ts'
import { type Put, putGroups } from '../../group/actions.ts'
import { insertChanges, insertGroups, listNameOwners, takeNumbers } from '../../group/queries.ts'
import { toGroup, toRow } from '../../group/row.ts'
import type { Group } from '../../schema-types.ts'
import { listGroupsById } from '../../transfer/queries.ts'
import * as queries from './queries.ts'
import { shortNamesFor } from './rules.ts'

/** A record to be shown as a copy; `groupId` is the copy it had before. */
export interface Copy {
  iri: string
  group: Group
  stamp: NonNullable<Put['stamp']>
  groupId?: string | undefined
  /** Nothing is written: the copy stays as it is. */
  isWaiting?: boolean
}

/**
 * Writes copies, each under one id and one short name for as long as it is known; gives the ids by address. Only rows of the record's own origin
 * are ever written. Call it before `withdrawCopies` in a transaction: numbers are taken in one order everywhere.
 */
export async function putCopies(tx: Tx, copies: Copy[], at: string): Promise<Map<string, string>> {
  const known = await queries.listCopyIds(
    tx,
    copies.map(({ iri }) => iri),
  )
  const idOf = ({ iri, groupId }: Copy) => groupId ?? known.get(iri)
  const ids = copies.flatMap((copy) => idOf(copy) ?? [])
  const rows = await listGroupsById(tx, ids)
  const back = await bringBack(
    tx,
    copies.filter(({ isWaiting }) => !isWaiting),
    idOf,
    rows,
  )
  for (const [id, row] of back) rows.set(id, row)
  const names = await chooseNames(tx, copies)
  const written = new Map<string, string>()
  const puts: { iri: string; put: Put }[] = []
  for (const copy of copies) {
    const before = rows.get(idOf(copy) ?? '')
    // What somebody keeps here is never another server's to write.
    if (before && before.origin_server !== copy.stamp.origin_server) continue
    if (before) written.set(copy.iri, before.id)
    if (copy.isWaiting) continue
    const put = toPut(copy, before, names.get(copy.iri)!)
    if (!isSame(put) || back.has(before!.id)) puts.push({ iri: copy.iri, put })
  }
  await queries.deleteRevisions(
    tx,
    puts.flatMap(({ put }) => put.before?.id ?? []),
  )
  const made = await putGroups(
    tx,
    puts.map(({ put }) => put),
    { at, via: 'import' },
  )
  for (const [index, { iri }] of puts.entries()) written.set(iri, made[index]!.id)
  return written
}

/** Takes copies out of the lists. `forget` also ends their history: the record was deleted at home. */
export async function withdrawCopies(tx: Tx, ids: string[], at: string, { forget = false } = {}): Promise<number> {
  if (forget) await queries.deleteRevisions(tx, ids)
  const rows = [...(await listGroupsById(tx, ids)).values()].filter((row) => row.origin_server !== null)
  if (rows.length === 0) return 0
  const seq = await takeNumbers(tx, 'change', rows.length)
  await queries.withdrawGroups(tx, rows, at, seq)
  await insertChanges(
    tx,
    rows.map(({ id }, index) => ({ seq: seq + index, at, kind: 'delete' as const, group_id: id, local: 0, version: null, keywords: null })),
  )
  await takeNumbers(tx, 'ecosystem', 1)
  return rows.length
}

function toPut({ group, stamp }: Copy, before: GroupRow | undefined, shortName: string): Put {
  return { before, group: { ...group, shortName: before?.short_name ?? shortName }, stamp }
}

function isSame({ before, group, stamp }: Put): boolean {
  if (before?.checked_at !== stamp!.checked_at || before?.source !== stamp!.source) return false
  if ((before?.claimed_at === null) !== (stamp!.claimed_at === null)) return false
  return before !== undefined && isDeepStrictEqual(toGroup(before), toGroup(toRow(group, before)))
}

/** Copies that were taken out stand again under the number, id and name they had; their content is written next. */
async function bringBack(tx: Tx, copies: Copy[], idOf: (copy: Copy) => string | undefined, rows: Map<string, GroupRow>) {
  const away = copies.filter((copy) => idOf(copy) !== undefined && !rows.has(idOf(copy)!))
  const ids = away.map((copy) => idOf(copy)!)
  if (ids.length === 0) return new Map<string, GroupRow>()
  const last = await queries.listLastRevisions(tx, ids)
  const stones = await queries.liftStones(tx, ids)
  const back = new Map<string, GroupRow>()
  for (const copy of away) {
    const stone = stones.get(idOf(copy)!)
    if (!stone || back.has(stone.group_id)) continue
    const { group_id: id, num, short_name, change_seq } = stone
    const stamp = { ...(copy.stamp as Pick<GroupRow, 'created_at' | 'updated_at'>), num, id, change_seq, revision: last.get(id) ?? 0 }
    const origin = { origin_server: copy.stamp.origin_server!, source: null, source_id: null, source_url: null }
    const row = toRow({ ...copy.group, shortName: short_name }, { ...stamp, ...origin, gone_at: null, claimed_at: null, checked_at: null })
    back.set(id, row)
  }
  await insertGroups(tx, [...back.values()])
  return back
}

/** A free name for each: theirs if nobody here has it or ever had. */
async function chooseNames(tx: Tx, copies: Copy[]): Promise<Map<string, string>> {
  const wished = new Map(copies.map(({ iri, group, stamp }) => [iri, shortNamesFor(wish(group), stamp.origin_server!, iri)]))
  const taken = new Set((await listNameOwners(tx, [...wished.values()].flat())).keys())
  const names = new Map<string, string>()
  for (const [iri, list] of wished) {
    const name = list.find((one) => !taken.has(one)) ?? list.at(-1)!
    taken.add(name)
    names.set(iri, name)
  }
  return names
}

/** What calls itself nothing here (`xx`) is called by its name. */
function wish({ shortName, name }: Group): string {
  return shortName === 'xx' ? name : shortName
}
