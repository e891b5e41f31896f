import { setImmediate } from 'node:timers/promises'
import { type KeptWords, listChangedWords, listTerms, listWords } from '../db/search.ts'
import type { Db } from '../db/tables.ts'
import type { Term } from '../text/words.ts'
import { type Batch, makePostings, markWord, type Postings, termIdsOf, toBatch } from './postings.ts'
import { listGone } from './queries.ts'

/** The words of all groups, in memory. */
export interface Words {
  /** By group number, the best field that holds every term, 255 where one is missing. `change` is the change number it must have seen. */
  find(db: Db, change: number, terms: Term[]): Promise<Uint8Array>
}

interface State {
  change: number
  whole: Postings
  /** Groups that changed or went since `whole` was made: what it says of them no longer holds, and what does instead. */
  stale: Set<number>
  changed: Map<number, KeptWords>
  fresh: Postings
  /** Above every group's number. */
  size: number
}

export function createWords(): Words {
  let state: State | undefined
  let refreshing: Promise<void> | undefined

  async function upTo(db: Db, change: number): Promise<State> {
    while (!state || state.change < change) {
      refreshing ??= nextState(db, state, change).then(
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

  return { find: async (db, change, terms) => bestFields(await upTo(db, change), terms) }
}

/** A group is as good as the word that is in its worst field. */
function bestFields({ size, whole, stale, fresh }: State, terms: Term[]): Uint8Array {
  const worst = new Uint8Array(size)
  for (const term of terms) {
    const best = new Uint8Array(size).fill(255)
    markWord(whole, term, best)
    for (const num of stale) best[num] = 255
    markWord(fresh, term, best)
    for (let num = 0; num < size; num++) if (best[num]! > worst[num]!) worst[num] = best[num]!
  }
  return worst
}

/** Reads the words of the groups that changed; of all of them at first, and when many have changed. */
async function nextState(db: Db, old: State | undefined, change: number): Promise<State> {
  if (!old) return readWhole(db, change)
  const [rows, gone] = [await listChangedWords(db, old.change), await listGone(db, old.change)]
  const changed = new Map(old.changed)
  for (const { num } of gone) changed.delete(num)
  for (const row of rows) changed.set(row.num, row)
  if (changed.size > 1000 + old.size / 50) return readWhole(db, change)
  const stale = new Set([...old.stale, ...[...rows, ...gone].map(({ num }) => num)])
  const batch = toBatch([...changed.values()].sort((a, b) => a.num - b.num))
  const fresh = await makePostings([batch], await listTerms(db, await termIdsOf(batch)))
  return { ...old, change, stale, changed, fresh, size: Math.max(old.size, (batch.nums.at(-1) ?? 0) + 1) }
}

async function readWhole(db: Db, change: number): Promise<State> {
  const batches: Batch[] = []
  for await (const rows of listWords(db)) {
    batches.push(toBatch(rows))
    // Let others have their answers in between.
    await setImmediate()
  }
  const whole = await makePostings(batches, await listTerms(db))
  const size = (batches.at(-1)?.nums.at(-1) ?? 0) + 1
  return { change, whole, stale: new Set(), changed: new Map(), fresh: await makePostings([], []), size }
}
