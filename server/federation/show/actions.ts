import { transaction } from '../../db/open.ts'
import type { Db } from '../../db/tables.ts'
import { takeNumbers } from '../../group/queries.ts'
import { daysBefore } from '../../text/days.ts'
import { greyAfterDays, lastSeen } from '../copies/rules.ts'
import * as queries from './queries.ts'

/** Marks the copies that no source has seen at home for long with when they were seen last, and takes the mark off those that came back. Gives how many changed. */
export async function markCopies(db: Db, now: Date): Promise<number> {
  const cutoff = daysBefore(greyAfterDays, now)
  const sightings = await queries.listSightings(db, await queries.listDoubtfulCopies(db, cutoff))
  const changed: { id: string; unseenSince: string | null }[] = []
  for (const [id, seen] of Map.groupBy(sightings, ({ groupId }) => groupId)) {
    const last = seen
      .map(({ item, source }) => lastSeen(item, source))
      .sort()
      .at(-1)!
    const unseenSince = last < cutoff ? last : null
    if (unseenSince !== seen[0]!.goneAt) changed.push({ id, unseenSince })
  }
  if (changed.length > 0)
    await transaction(db, async (tx) => {
      for (const { id, unseenSince } of changed) await queries.markCopy(tx, id, unseenSince)
      // What a record shows besides its own row has changed.
      await takeNumbers(tx, 'ecosystem', 1)
    })
  return changed.length
}
