import { transaction } from '../../db/open.ts'
import type { Db, FollowedSourceRow, RemoteItemRow, Tx } from '../../db/tables.ts'
import { daysBefore } from '../../text/days.ts'
import { composeCopies, toHeld } from './compose.ts'
import * as queries from './queries.ts'
import { examine, type Terms } from './record.ts'
import { hiddenAfterDays, originOf } from './rules.ts'
import { putCopies, withdrawCopies } from './write.ts'

/** Shows what is kept of these records as copies; gives their ids by address. */
export async function publish(tx: Tx, items: RemoteItemRow[], terms: Terms, source: FollowedSourceRow): Promise<Map<string, string>> {
  const held = items.flatMap((item) => toHeld(item, terms, source) ?? [])
  return putCopies(tx, await composeCopies(tx, held, source, terms), terms.now.toISOString())
}

/** Takes out of the lists those of these copies that no source shows. */
export async function withdrawUnshown(tx: Tx, ids: string[], now: Date, { forget = false } = {}): Promise<void> {
  const shown = await queries.listShown(tx, ids, daysBefore(hiddenAfterDays, now))
  const unshown = ids.filter((id) => !shown.has(id))
  if (unshown.length > 0) await withdrawCopies(tx, unshown, now.toISOString(), { forget })
}

/** Copies that nobody saw for long leave the lists. */
export async function withdrawUnseen(db: Db, now: Date): Promise<void> {
  const old = await queries.listStanding(db, { seenBefore: daysBefore(hiddenAfterDays, now) })
  if (old.length > 0) await transaction(db, async (tx) => void (await withdrawUnshown(tx, old, now)))
}

const pageSize = 200

/** Published records without a copy get it back, from what was received last. */
export async function showAgain(db: Db, terms: Omit<Terms, 'source'>, sourceId?: string): Promise<void> {
  const cutoff = daysBefore(hiddenAfterDays, terms.now)
  for (let after = { source_id: '', iri: '' }; ; ) {
    const items = await queries.listWithdrawn(db, { cutoff, sourceId, after, limit: pageSize })
    for (const [id, part] of Map.groupBy(items, (item) => item.source_id)) {
      const iris = part.map(({ iri }) => iri)
      await transaction(db, (tx) => publishAgain(tx, id, iris, terms))
    }
    if (items.length < pageSize) return
    after = items.at(-1)!
  }
}

/** What is no longer wanted of the source, or no record by the rules of today, has ended: it is not tried again. */
async function publishAgain(tx: Tx, id: string, iris: string[], terms: Omit<Terms, 'source'>): Promise<void> {
  const [source] = await queries.lockSources(tx, [id])
  if (!source || source.trust === 'blocked') return
  const blocked = await queries.listBlockedOrigins(tx)
  const known = [...(await queries.listItems(tx, id, iris)).values()]
  const items = known.filter(({ iri, state, record }) => state === 'published' && record !== null && !blocked.has(originOf(iri)!))
  const at = terms.now.toISOString()
  const held = items.map((item) => ({ item, verdict: examine({ iri: item.iri, value: JSON.parse(item.record!) }, { ...terms, source }) }))
  const ids = await publish(
    tx,
    held.flatMap(({ item, verdict }) => (verdict.kind === 'copy' ? [item] : [])),
    { ...terms, source },
    source,
  )
  await queries.saveItems(
    tx,
    held.map(({ item, verdict }): RemoteItemRow => {
      if (verdict.kind === 'copy') return { ...item, group_id: ids.get(item.iri) ?? item.group_id }
      const ended = { record: null, version: null, changed_at: at, check_at: null }
      return verdict.kind === 'left'
        ? { ...item, ...ended, state: 'gone', reason: 'left' }
        : { ...item, ...ended, state: 'refused', reason: verdict.reason }
    }),
  )
}
