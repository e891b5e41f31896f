import { transaction } from '../../db/open.ts'
import type { Db, FollowedSourceRow } from '../../db/tables.ts'
import { decideItems } from '../follow/actions.ts'
import { listWaiting, updateSource } from '../follow/queries.ts'

/** Asks for a visit as soon as the job runs: nothing is fetched here. */
export function pullSoon(db: Db, id: string, now: Date): Promise<void> {
  return transaction(db, (tx) => updateSource(tx, id, { due_at: now.toISOString() }))
}

const batch = 200
const mostAtOnce = 2000

/** Publishes, or sets aside, what waits in this state, so many at once that an answer still comes soon; gives how many were decided. */
export async function decideAll(
  db: Db,
  source: FollowedSourceRow,
  state: 'new' | 'changed',
  verdict: 'publish' | 'dismiss',
  terms: { publicUrl: string; now: Date },
): Promise<number> {
  let decided = 0
  while (decided < mostAtOnce) {
    const items = await listWaiting(db, [source.id], state, batch)
    const iris = items.map(({ iri }) => iri)
    const count = iris.length > 0 ? await decideItems(db, source.id, iris, verdict, terms) : 0
    decided += count
    if (count < batch) break
  }
  return decided
}
