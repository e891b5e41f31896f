import { kilometres } from '../catalogue/distance.ts'
import type { Snapshot } from '../catalogue/snapshot.ts'
import type { Hits } from '../catalogue/words.ts'
import type { GroupRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { listGroupsByNum } from '../group/queries.ts'
import { toGroup } from '../group/row.ts'
import type { Group } from '../schema-types.ts'
import { fold } from '../text/fold.ts'
import { questionTerms } from '../text/words.ts'
import { createDuplicateIndex, isSimilar, toLikeness } from '../transfer/duplicates.ts'
import { listNumsByLink } from './queries.ts'

const mostCandidates = 600
const mostShown = 6
// Each is looked for among all groups.
const mostHomes = 3
const nearKm = 0.15

/** Groups that this one may be: as imports know them (a similar name within 100 m, the same home address), and those with a similar name anywhere. */
export async function findLike({ db, catalogue }: Pick<Deps, 'db' | 'catalogue'>, group: Group): Promise<GroupRow[]> {
  const state = await catalogue.current(db)
  const likeness = toLikeness(group)
  const nums = new Set<number>()
  const add = (found: Iterable<number>) => {
    for (const num of found) if (nums.size < mostCandidates) nums.add(num)
  }
  for (const home of likeness.homes.slice(0, mostHomes)) add(await listNumsByLink(db, home, 50))
  if (likeness.position) add(numsNear(state.snapshot, likeness.position))
  for (const word of wordsOf(group.name)) add(numsNamed(await catalogue.find(db, state, questionTerms(word))))
  const rows = await listGroupsByNum(db, [...nums])
  const index = createDuplicateIndex()
  for (const row of rows) index.add(toLikeness(toGroup(row)))
  const like = new Set(index.like(likeness))
  const name = fold(group.name)
  return rows.filter((row) => like.has(row.short_name) || isSimilar(name, row.sort_key)).slice(0, mostShown)
}

/** Those that say something; the longest find the fewest. */
function wordsOf(name: string): string[] {
  const words = [...new Set(fold(name).match(/[\p{L}\p{N}\p{M}]{3,}/gu) ?? [])]
  return words.sort((a, b) => b.length - a.length).slice(0, 5)
}

function numsNear({ size, num, lat, lng }: Snapshot, at: { lat: number; lng: number }): number[] {
  const found: number[] = []
  for (let slot = 0; slot < size; slot++) {
    if (Math.abs(lat[slot]! - at.lat) < 0.002 && kilometres(lat[slot]!, lng[slot]!, at.lat, at.lng) <= nearKm) found.push(num[slot]!)
  }
  return found
}

/** Groups that have it in their name: 0 is the best field. */
function numsNamed({ nums, fields }: Hits): number[] {
  return [...nums.filter((_, at) => fields[at] === 0)].sort((a, b) => a - b).slice(0, 200)
}
