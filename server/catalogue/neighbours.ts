import { degreesAcross, kilometres } from './distance.ts'
import { columnCount, columnOf, rowHeight, rowOf } from './indexes.ts'
import { nowhere } from './mercator.ts'
import { scratch } from './scratch.ts'
import { activities, type Snapshot, types } from './snapshot.ts'

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
const archived = activities.indexOf('archived')
/** Kilometres. */
const farthest = 150
const compatriotBonus = 0.5

/** The groups beside this one; archived groups are nobody's neighbours. */
export function neighboursOf(snapshot: Snapshot, slot: number): Neighbours {
  const { scores, touched } = subjectScores(snapshot, slot)
  const opposite = oppositeType(snapshot.type[slot]!)
  const across = best(touched, scores, 3, (other) => snapshot.type[other] === opposite)
  const subject = best(touched, scores, 4 + across.length).filter((other) => !across.includes(other))
  for (const other of touched) scores[other] = 0
  return { subject: subject.slice(0, 4), across, place: nearest(snapshot, slot, 4) }
}

/** All zero but in between. */
const scoresOf = scratch((size) => new Float32Array(size))

/** By slot, the weight of the keywords shared; `touched` are the slots that share any. */
function subjectScores(snapshot: Snapshot, slot: number): { scores: Float32Array; touched: number[] } {
  const { tags, keywordOf, groupsOf, size, country, activity } = snapshot
  const own = country[slot]
  const scores = scoresOf(size)
  const touched: number[] = []
  for (const tag of tags.values.subarray(tags.starts[slot], tags.starts[slot + 1])) {
    const keyword = keywordOf[tag]!
    const carriers = groupsOf.values.subarray(groupsOf.starts[keyword], groupsOf.starts[keyword + 1])
    if (carriers.length > commonKeyword) continue
    const weight = Math.log(1 + size / carriers.length)
    for (const other of carriers) {
      if (other === slot || activity[other] === archived) continue
      if (scores[other] === 0) {
        touched.push(other)
        scores[other] = own && country[other] === own ? compatriotBonus : 0
      }
      scores[other]! += weight
    }
  }
  return { scores, touched }
}

/** The `count` slots with the highest scores among those that are wanted; ties in the order of names. */
function best(slots: number[], scores: Float32Array, count: number, isWanted: (slot: number) => boolean = () => true): number[] {
  const found: number[] = []
  const isBefore = (a: number, b: number) => scores[a]! > scores[b]! || (scores[a] === scores[b] && a < b)
  for (const slot of slots) {
    if ((found.length === count && !isBefore(slot, found[count - 1]!)) || !isWanted(slot)) continue
    const at = found.findIndex((other) => isBefore(slot, other))
    found.splice(at < 0 ? found.length : at, 0, slot)
    if (found.length > count) found.pop()
  }
  return found
}

function oppositeType(type: number): number {
  return type === types.indexOf('thematic') ? types.indexOf('territorial') : type === types.indexOf('territorial') ? types.indexOf('thematic') : -1
}

/** Row by row of cells, outwards from the group's own, until no row left can hold a nearer one. */
function nearest(snapshot: Snapshot, slot: number, count: number): Neighbours['place'] {
  if (snapshot.y[slot] === nowhere) return compatriots(snapshot, slot, count)
  const { lat, lng, cells } = snapshot
  const [y, x] = [lat[slot]!, lng[slot]!]
  const own = rowOf(y)
  const found: { slot: number; km: number }[] = []
  const look = (row: number) => {
    const width = degreesAcross(y, found[count - 1]?.km ?? farthest)
    for (const [first, last] of columnsAround(x, width)) {
      const end = cells.starts[row * columnCount + last + 1] ?? 0
      for (let at = cells.starts[row * columnCount + first] ?? 0; at < end; at++) {
        const other = cells.values[at]!
        const across = Math.abs(lng[other]! - x)
        // A comparison is quicker than a distance.
        if (Math.min(across, 360 - across) > width || other === slot) continue
        const km = kilometres(y, x, lat[other]!, lng[other]!)
        if (km <= farthest) insert(found, { slot: other, km }, count)
      }
    }
  }
  look(own)
  for (let away = 1; (away - 1) * rowHeight <= (found[count - 1]?.km ?? farthest); away++) {
    look(own - away)
    look(own + away)
  }
  return found
}

/** First and last column of what is at most `width` degrees away from `lng`: two stretches across the antimeridian. */
function columnsAround(lng: number, width: number): [first: number, last: number][] {
  const [west, east] = [lng - width, lng + width]
  const last = columnCount - 1
  if (width >= 180) return [[0, last]]
  if (west < -180)
    return [
      [0, columnOf(east)],
      [columnOf(west + 360), last],
    ]
  if (east > 180)
    return [
      [0, columnOf(east - 360)],
      [columnOf(west), last],
    ]
  return [[columnOf(west), columnOf(east)]]
}

/** The nearest `count` stay, in order; ties in the order of names. */
function insert(found: { slot: number; km: number }[], one: { slot: number; km: number }, count: number): void {
  const at = found.findIndex(({ slot, km }) => one.km < km || (one.km === km && one.slot < slot))
  if (at >= 0) found.splice(at, 0, one)
  else if (found.length < count) found.push(one)
  if (found.length > count) found.pop()
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

function isListed({ activity }: Snapshot, slot: number): boolean {
  return activity[slot] !== archived
}
