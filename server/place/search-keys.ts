import { ownName } from './file.ts'
import type { Gazetteer, Keys } from './gazetteer.ts'
import { prefixKeys } from './key.ts'

export interface Found {
  place: number
  /** Higher is better. */
  score: number
}

/** In powers of ten of people: a place of the reader's country counts for a hundred times its people. */
const atHome = 2
/** What is typed whole comes first; three letters are rather the beginning of something. */
const wholeName = { long: 4, short: 2 }
/** What others call a place is often a short word of another language: it should not push out what begins so in the reader's. */
const byOthers = { whole: 1, begun: -3 }
const shortText = 3

/** The places with a name that begins like `text` (or is it, with `wholeOnly`), best first, at most `most`. */
export function searchKeys(
  gazetteer: Gazetteer,
  text: string,
  { country = '', most, wholeOnly = false }: { country?: string; most: number; wholeOnly?: boolean },
): Found[] {
  const home = country ? gazetteer.countries.indexOf(country) : -1
  const best = bestOf(most)
  const isShort = text.trim().length <= shortText
  for (const prefix of prefixKeys(text).map((key) => Buffer.from(key))) {
    const { keys } = gazetteer
    const [from, to] = rangeOf(keys, prefix)
    // Names in other scripts are all by others: only those of our own script have two sorts.
    const ours = prefix[0]! < 0x80
    for (let key = from; key < to; key++) {
      const isWhole = keys.ends[key + 1]! - keys.ends[key]! === prefix.length
      if (wholeOnly && !isWhole) break
      const [own, theirs] = worth({ isWhole, isShort, ours })
      for (let at = keys.firsts[key]!; at < keys.firsts[key + 1]!; at++) {
        const entry = keys.entries[at]!
        const place = entry & ~ownName
        const score = gazetteer.weights[place]! + (gazetteer.countryOf[place] === home ? atHome : 0) + (entry < ownName ? theirs : own)
        if (score > best.least) best.add({ place, score })
      }
    }
  }
  return best.found
}

/** What a match adds, when it is a name of the place itself and when others call it so. */
function worth({ isWhole, isShort, ours }: { isWhole: boolean; isShort: boolean; ours: boolean }): [own: number, theirs: number] {
  const own = isWhole ? (isShort ? wholeName.short : wholeName.long) : 0
  if (!ours) return [own, own]
  return [own, isWhole && !isShort ? byOthers.whole : byOthers.begun]
}

/** The keys that begin so: they stand side by side, the key that is the prefix itself first. */
function rangeOf(keys: Keys, prefix: Buffer): [from: number, to: number] {
  const after = Buffer.concat([prefix, Buffer.from([0xff])])
  return [firstFrom(keys, prefix), firstFrom(keys, after)]
}

function firstFrom({ text, ends }: Keys, key: Buffer): number {
  let [low, high] = [0, ends.length - 1]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (text.compare(key, 0, key.length, ends[middle]!, ends[middle + 1]!) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Keeps the best of many, each place once, in order. */
function bestOf(most: number) {
  const found: Found[] = []
  return {
    found,
    /** What a score must pass. */
    least: Number.NEGATIVE_INFINITY,
    add(one: Found): void {
      const known = found.findIndex(({ place }) => place === one.place)
      if (known >= 0 && found[known]!.score >= one.score) return
      if (known >= 0) found.splice(known, 1)
      const at = found.findIndex(({ score, place }) => score < one.score || (score === one.score && place > one.place))
      found.splice(at < 0 ? found.length : at, 0, one)
      found.length = Math.min(found.length, most)
      if (found.length === most) this.least = found[most - 1]!.score
    },
  }
}
