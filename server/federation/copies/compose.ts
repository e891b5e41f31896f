import type { FollowedSourceRow, RemoteItemRow, Tx } from '../../db/tables.ts'
import * as queries from './queries.ts'
import { examine, type Terms } from './record.ts'
import { isFile } from './rules.ts'
import type { Copy } from './write.ts'

/** What a source is about to show, and what the copy is if nobody else shows that record. */
export type Held = queries.Holder & { record: string; copy: Copy }

/**
 * The copies that come of what a source is about to show. A record that other sources show too has one copy for all: the latest that its own address
 * gave, in the words of all of them. `left` are records that this source shows no longer.
 */
export async function composeCopies(tx: Tx, written: Held[], source: FollowedSourceRow, terms: Terms, left: string[] = []): Promise<Copy[]> {
  const iris = [...written.map(({ iri }) => iri), ...left]
  const holders = await queries.listHolders(tx, iris, source.id)
  if (holders.size === 0) return written.map(({ copy }) => copy)
  const copies: Copy[] = []
  const byIri = new Map(written.map((one) => [one.iri, one]))
  for (const iri of iris) {
    const [own, others] = [byIri.get(iri), holders.get(iri)]
    const copy = others ? await compose(tx, [...(own ? [own] : []), ...others], source, terms) : own?.copy
    if (copy) copies.push(copy)
  }
  return copies
}

/** What a source is about to show of a record that is kept; nothing if it is none by the rules of today. */
export function toHeld(item: RemoteItemRow, terms: Terms, source: FollowedSourceRow): Held | undefined {
  const record = item.record!
  const verdict = examine({ iri: item.iri, value: JSON.parse(record) }, terms)
  return verdict.kind === 'copy' ? heldBy(source, item, { ...verdict, record }) : undefined
}

/** What a source is about to show of a record that was examined. */
export function heldBy(
  source: FollowedSourceRow,
  { iri, group_id, seen_at }: RemoteItemRow,
  { group, stamp, record }: Pick<Copy, 'group' | 'stamp'> & { record: string },
): Held {
  const copy = { iri, group, stamp, groupId: group_id ?? undefined }
  return { ...source, state: 'published', source_id: source.id, iri, group_id, seen_at, record, copy }
}

async function compose(tx: Tx, holders: (queries.Holder | Held)[], source: FollowedSourceRow, terms: Terms): Promise<Copy | undefined> {
  const [best] = holders
    .filter(({ state }) => state === 'published')
    .sort((a, b) => Number(isFile(a)) - Number(isFile(b)) || Date.parse(b.seen_at) - Date.parse(a.seen_at))
  if (!best) return undefined
  const record = 'record' in best ? best.record : await queries.getRecord(tx, best)
  const inOrder = holders.toSorted((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at) || (a.source_id < b.source_id ? -1 : 1))
  const all = { keyword: null, keywords: null, mapping: null }
  const verdict = examine({ iri: best.iri, value: JSON.parse(record) }, { ...terms, source: all, others: inOrder })
  if (verdict.kind !== 'copy') return undefined
  const groupId = holders.find(({ group_id }) => group_id !== null)?.group_id ?? undefined
  // What operators are still to look at, no steward shows in their stead.
  const isWaiting = source.keyword !== null && holders.some(({ keyword, state }) => keyword === null && state === 'changed')
  return { iri: best.iri, group: verdict.group, stamp: verdict.stamp, groupId, isWaiting }
}
