import { setImmediate } from 'node:timers/promises'
import type { KeptWords } from '../db/search.ts'
import { readSums, varintSize, writeVarint } from '../text/varint.ts'
import type { Term } from '../text/words.ts'

/** Which groups hold each term, and in which field at best: 0 name, 1 keywords, 2 summary, 3 anything else. */
export interface Postings {
  /** Ascending, so that those with one beginning stand together. */
  terms: string[]
  /** Those of term `t` are `bytes[starts[t] … starts[t + 1])`: ascending group numbers, times four plus the field, as differences. */
  starts: Uint32Array
  bytes: Uint8Array
}

/** Many groups' words in one piece: thousands of small buffers would take longer and more memory. */
export interface Batch {
  nums: Int32Array
  starts: Uint32Array
  bytes: Uint8Array
}

export function toBatch(groups: KeptWords[]): Batch {
  const starts = new Uint32Array(groups.length + 1)
  for (const [at, { words }] of groups.entries()) starts[at + 1] = starts[at]! + words.length
  return { nums: Int32Array.from(groups, ({ num }) => num), starts, bytes: Buffer.concat(groups.map(({ words }) => words)) }
}

/** Groups come by ascending number; `terms` are all that they hold. Others may work between two batches. */
export async function makePostings(batches: Batch[], terms: { id: number; term: string }[]): Promise<Postings> {
  const sorted = terms.toSorted((a, b) => (a.term < b.term ? -1 : 1))
  const rank = new Int32Array(terms.reduce((most, { id }) => Math.max(most, id), 0) + 1)
  for (const [at, { id }] of sorted.entries()) rank[id] = at
  const starts = await sizesOf(batches, rank, sorted.length)
  for (let term = 0; term < sorted.length; term++) starts[term + 1]! += starts[term]!
  const bytes = await fill(batches, rank, starts)
  return { terms: sorted.map(({ term }) => term), starts, bytes }
}

/** The numbers of all terms that these groups hold. */
export async function termIdsOf(batch: Batch): Promise<number[]> {
  const ids = new Set<number>()
  await eachGroup([batch], (_num, words, count) => {
    for (let at = 0; at < count; at++) ids.add(words[at]! >>> 2)
  })
  return [...ids]
}

/** The groups that hold a word: the best field by group number, 255 where it is not, and the `count` first of `nums` are those where it is. */
export interface Marks {
  best: Uint8Array
  nums: Uint32Array
  count: number
}

/** Adds the groups that hold this word to `marks`, but those that `skip` has a 1 for, by number. */
export function markWord({ terms, starts, bytes }: Postings, { word, prefix, stems }: Term, marks: Marks, skip?: Uint8Array): void {
  const { best, nums } = marks
  const mark = (from: number, to: number) => {
    const postings = new Uint32Array(starts[to]! - starts[from]!)
    for (let term = from; term < to; term++) {
      const count = readSums(bytes, starts[term]!, starts[term + 1]!, postings)
      for (let at = 0; at < count; at++) {
        const [num, field] = [postings[at]! >>> 2, postings[at]! & 3]
        if (field >= best[num]! || skip?.[num] === 1) continue
        if (best[num] === 255) nums[marks.count++] = num
        best[num] = field
      }
    }
  }
  mark(firstFrom(terms, word), firstFrom(terms, `${word}${prefix ? '\uffff' : '\0'}`))
  for (const stem of stems) mark(firstFrom(terms, stem), firstFrom(terms, `${stem}\0`))
}

/** Bytes that each term's postings take, each in the place after its own. */
async function sizesOf(batches: Batch[], rank: Int32Array, terms: number): Promise<Uint32Array> {
  const sizes = new Uint32Array(terms + 1)
  const last = new Uint32Array(terms)
  await eachGroup(batches, (num, words, count) => {
    for (let at = 0; at < count; at++) {
      const term = rank[words[at]! >>> 2]!
      const posting = num * 4 + (words[at]! & 3)
      sizes[term + 1]! += varintSize(posting - last[term]!)
      last[term] = posting
    }
  })
  return sizes
}

async function fill(batches: Batch[], rank: Int32Array, starts: Uint32Array): Promise<Uint8Array> {
  const bytes = new Uint8Array(starts.at(-1)!)
  const filled = starts.slice()
  const last = new Uint32Array(starts.length)
  await eachGroup(batches, (num, words, count) => {
    for (let at = 0; at < count; at++) {
      const term = rank[words[at]! >>> 2]!
      const posting = num * 4 + (words[at]! & 3)
      filled[term] = writeVarint(bytes, filled[term]!, posting - last[term]!)
      last[term] = posting
    }
  })
  return bytes
}

/** `visit` is given the first `count` of `words`: numbers of terms, times four plus the field. */
async function eachGroup(batches: Batch[], visit: (num: number, words: Uint32Array, count: number) => void): Promise<void> {
  for (const { nums, starts, bytes } of batches) {
    const words = new Uint32Array(bytes.length)
    for (let group = 0; group < nums.length; group++) visit(nums[group]!, words, readSums(bytes, starts[group]!, starts[group + 1]!, words))
    await setImmediate()
  }
}

function firstFrom(terms: string[], term: string): number {
  let [low, high] = [0, terms.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (terms[middle]! < term) low = middle + 1
    else high = middle
  }
  return low
}
