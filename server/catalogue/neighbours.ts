import { kilometres } from './distance.ts'
import { activities, precisions, type Snapshot, types } from './snapshot.ts'

export interface Neighbours {
  /** Close in subject: keywords shared, rare ones weighing more. */
  subject: number[]
  /** Close in place, with the distance where both positions are known well enough. */
  place: { slot: number; km?: number }[]
  /** The other way of gathering: territorial groups for a thematic one, and the reverse. */
  across: number[]
}

/** A keyword that this many groups carry says nothing about neighbours, and is slow to follow. */
const commonKeyword = 3000
const farthest = 150

/** The groups beside this one; archived groups are nobody's neighbours. */
export function neighboursOf(snapshot: Snapshot, slot: number): Neighbours {
  const scores = subjectScores(snapshot, slot)
  const ranked = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([other]) => other)
  const opposite = oppositeType(snapshot.type[slot]!)
  const across = ranked.filter((other) => snapshot.type[other] === opposite).slice(0, 3)
  const subject = ranked.filter((other) => !across.includes(other)).slice(0, 4)
  return { subject, across, place: nearest(snapshot, slot, 4) }
}

function subjectScores(snapshot: Snapshot, slot: number): Map<number, number> {
  const { tags, keywordOf, groupsOf, size } = snapshot
  const scores = new Map<number, number>()
  for (const tag of tags.values.subarray(tags.starts[slot], tags.starts[slot + 1])) {
    const keyword = keywordOf[tag]!
    const carriers = groupsOf.values.subarray(groupsOf.starts[keyword], groupsOf.starts[keyword + 1])
    if (carriers.length > commonKeyword) continue
    const weight = Math.log(1 + size / carriers.length)
    for (const other of carriers) if (other !== slot && isListed(snapshot, other)) scores.set(other, (scores.get(other) ?? 0) + weight)
  }
  const country = snapshot.country[slot]!
  if (country) for (const [other, score] of scores) if (snapshot.country[other] === country) scores.set(other, score + 0.5)
  return scores
}

function oppositeType(type: number): number {
  return type === types.indexOf('thematic') ? types.indexOf('territorial') : type === types.indexOf('territorial') ? types.indexOf('thematic') : -1
}

function nearest(snapshot: Snapshot, slot: number, count: number): Neighbours['place'] {
  if (!isPlaced(snapshot, slot)) return compatriots(snapshot, slot, count)
  const { lat, lng, size } = snapshot
  const found: { slot: number; km: number }[] = []
  for (let other = 0; other < size; other++) {
    if (other === slot || Math.abs(lat[other]! - lat[slot]!) > 1.5 || !isPlaced(snapshot, other) || !isListed(snapshot, other)) continue
    const km = kilometres(lat[slot]!, lng[slot]!, lat[other]!, lng[other]!)
    if (km <= farthest) found.push({ slot: other, km })
  }
  return found.sort((a, b) => a.km - b.km || a.slot - b.slot).slice(0, count)
}

/** Of the same region, else of the same country. */
function compatriots(snapshot: Snapshot, slot: number, count: number): Neighbours['place'] {
  const found: Neighbours['place'] = []
  for (const column of ['region', 'country'] as const) {
    const value = snapshot[column][slot]!
    for (let other = 0; value && other < snapshot.size && found.length < count; other++) {
      if (other !== slot && snapshot[column][other] === value && isListed(snapshot, other) && !found.some((one) => one.slot === other))
        found.push({ slot: other })
    }
  }
  return found
}

function isPlaced({ precision }: Snapshot, slot: number): boolean {
  return precision[slot]! > 0 && precision[slot]! <= precisions.indexOf('place')
}

function isListed({ activity }: Snapshot, slot: number): boolean {
  return activity[slot] !== activities.indexOf('archived')
}
