import { setImmediate } from 'node:timers/promises'
import { type KeptWords, listChangedWords, listTerms, listWords } from '../db/search.ts'
import type { Db } from '../db/tables.ts'
import type { Term } from '../text/words.ts'
import { type AsOf, createKept } from './kept.ts'
import { type Batch, type Marks, makePostings, markWord, type Postings, termIdsOf, toBatch } from './postings.ts'
import { listGone } from './queries.ts'

/** The words of all groups, in memory. */
export interface Words {
  /** The groups that hold every term. `change` is the change number it must have seen. */
  find(db: Db, change: number, terms: Term[]): Promise<Hits>
  /** Writes them down for the next start, if there is a place for it. */
  keep(db: Db): Promise<void>
}

/** Groups by their numbers, each once, in any order, and the best field that holds all the words: 0 name, 1 also keywords, 2 also summary, 3 anything. */
export interface Hits {
  nums: Uint32Array
  fields: Uint8Array
}

/** The words of all groups at one moment, and what is above every group's number. */
interface Whole extends Postings {
  size: number
}

interface State {
  change: number
  whole: AsOf<Whole>
  /** By number, 1 for groups that changed or went since `whole` was made: what it says of them no longer holds, and what does instead. */
  stale: Uint8Array
  changed: Map<number, KeptWords>
  fresh: Postings
  /** Above every group's number. */
  size: number
}

/** Under `dataDir` they are kept between two runs; without it they are not. */
export function createWords(dataDir?: string): Words {
  const kept = dataDir === undefined ? undefined : createKept<Whole>(dataDir, 'words')
  let state: State | undefined
  let refreshing: Promise<void> | undefined
  let keptChange: number | undefined
  // Used again and again: large arrays are slow to make and stay long.
  let marks = noMarks(0)

  async function first(db: Db, change: number): Promise<State> {
    const whole = await kept?.recall(db)
    keptChange = whole?.change
    if (!whole || whole.change > change) return readWhole(db, change)
    const old = await stateOf(whole)
    return whole.change === change ? old : nextState(db, old, change)
  }

  async function upTo(db: Db, change: number): Promise<State> {
    while (!state || state.change < change) {
      refreshing ??= (state ? nextState(db, state, change) : first(db, change)).then(
        (next) => {
          state = next
          refreshing = undefined
        },
        (error: unknown) => {
          refreshing = undefined
          throw error
        },
      )
      await refreshing
    }
    return state
  }

  return {
    async find(db, change, terms) {
      const current = await upTo(db, change)
      if (marks.best.length < current.size) marks = noMarks(current.size)
      return findAll(current, terms, marks)
    },
    async keep(db) {
      if (!state || state.whole.change === keptChange) return
      await kept?.keep(db, state.whole)
      keptChange = state.whole.change
    },
  }
}

/** `marks` are empty before and after. */
function findAll({ whole, stale, fresh }: State, terms: Term[], marks: Marks): Hits {
  let found: Hits | undefined
  for (const term of terms) {
    markWord(whole.value, term, marks, stale)
    markWord(fresh, term, marks)
    found = narrowed(found ?? { nums: marks.nums.slice(0, marks.count), fields: new Uint8Array(marks.count) }, marks)
    for (let at = 0; at < marks.count; at++) marks.best[marks.nums[at]!] = 255
    marks.count = 0
  }
  return found ?? { nums: new Uint32Array(), fields: new Uint8Array() }
}

/** Those found that are marked too, in the same place. A group is as good as the word that is in its worst field. */
function narrowed({ nums, fields }: Hits, { best }: Marks): Hits {
  let size = 0
  for (let at = 0; at < nums.length; at++) {
    const num = nums[at]!
    if (best[num] === 255) continue
    nums[size] = num
    fields[size++] = Math.max(fields[at]!, best[num]!)
  }
  return { nums: nums.subarray(0, size), fields: fields.subarray(0, size) }
}

function noMarks(size: number): Marks {
  return { best: new Uint8Array(size).fill(255), nums: new Uint32Array(size), count: 0 }
}

/** Reads the words of the groups that changed; of all of them when many have. */
async function nextState(db: Db, old: State, change: number): Promise<State> {
  const [rows, gone] = [await listChangedWords(db, old.change), await listGone(db, old.change)]
  const changed = new Map(old.changed)
  for (const { num } of gone) changed.delete(num)
  for (const row of rows) changed.set(row.num, row)
  if (changed.size > 1000 + old.size / 50) return readWhole(db, change)
  const batch = toBatch([...changed.values()].sort((a, b) => a.num - b.num))
  const fresh = await makePostings([batch], await listTerms(db, await termIdsOf(batch)))
  const size = Math.max(old.size, (batch.nums.at(-1) ?? 0) + 1)
  const stale = new Uint8Array(size)
  stale.set(old.stale)
  for (const { num } of [...rows, ...gone]) stale[num] = 1
  return { ...old, change, stale, changed, fresh, size }
}

async function readWhole(db: Db, change: number): Promise<State> {
  const batches: Batch[] = []
  for await (const rows of listWords(db)) {
    batches.push(toBatch(rows))
    // Let others have their answers in between.
    await setImmediate()
  }
  const whole = await makePostings(batches, await listTerms(db))
  return stateOf({ change, value: { ...whole, size: (batches.at(-1)?.nums.at(-1) ?? 0) + 1 } })
}

async function stateOf(whole: AsOf<Whole>): Promise<State> {
  return {
    change: whole.change,
    whole,
    stale: new Uint8Array(whole.value.size),
    changed: new Map(),
    fresh: await makePostings([], []),
    size: whole.value.size,
  }
}
