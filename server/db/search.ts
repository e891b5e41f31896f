import type { Selectable } from 'kysely'
import { writeVarint } from '../text/varint.ts'
import { termsOf } from '../text/words.ts'
import type { Db, Tables } from './tables.ts'

/** The words of one group's fields, best field first. */
export interface GroupWords {
  num: number
  fields: [name: string[], keywords: string[], summary: string[], description: string[]]
}

/** The numbers of a word's terms, by word: groups written one after another share most of them. To be thrown away with a transaction that fails: its numbers may be given to other words. */
export type KnownWords = Map<string, number[]>

/** One group's words as they are kept: see `pack`. */
export interface KeptWords {
  num: number
  words: Uint8Array
}

/**
 * Writes the words of these groups, replacing what was there. Called in the transaction of the record, after it took its change number:
 * that lock lets one writer at a time give numbers to new words.
 */
export async function indexWords(tx: Db, groups: GroupWords[], known: KnownWords = new Map()): Promise<void> {
  if (known.size > mostKnown) known.clear()
  await learn(tx, groups, known)
  for (const part of chunks(groups, 250)) {
    const rows = part.map(({ num, fields }) => ({ num, words: pack(fields, known) }))
    await tx
      .insertInto('group_words')
      .values(rows)
      .onConflict((conflict) => conflict.column('num').doUpdateSet({ words: (e) => e.ref('excluded.words') }))
      .execute()
  }
}

export async function removeWords(tx: Db, nums: number[]): Promise<void> {
  for (const part of chunks(nums, 500)) await tx.deleteFrom('group_words').where('num', 'in', part).execute()
}

/** The words of every group, in batches, by number. */
export async function* listWords(db: Db): AsyncGenerator<KeptWords[]> {
  for (let last = 0; ; ) {
    const rows = await db.selectFrom('group_words').select(['num', 'words']).where('num', '>', last).orderBy('num').limit(loadBatch).execute()
    if (rows.length > 0) yield rows
    if (rows.length < loadBatch) return
    last = rows.at(-1)!.num
  }
}

/** The words of the groups whose last change is after number `from`. */
export function listChangedWords(db: Db, from: number): Promise<KeptWords[]> {
  return db
    .selectFrom('group_record')
    .innerJoin('group_words', 'group_words.num', 'group_record.num')
    .select(['group_words.num', 'words'])
    .where('change_seq', '>', from)
    .execute()
}

/** The terms that these numbers stand for; all of them without `ids`. */
export async function listTerms(db: Db, ids?: number[]): Promise<WordRow[]> {
  const terms = db.selectFrom('word').select(['id', 'term'])
  if (!ids) return terms.execute()
  const found: WordRow[] = []
  for (const part of chunks(ids, 500)) found.push(...(await terms.where('id', 'in', part).execute()))
  return found
}

type WordRow = Pick<Selectable<Tables['word']>, 'id' | 'term'>

/** Adds the words of these groups to those that are known; terms that are new are given a number. */
async function learn(tx: Db, groups: GroupWords[], known: KnownWords): Promise<void> {
  const fresh = new Map<string, string[]>()
  for (const { fields } of groups)
    for (const words of fields) for (const word of words) if (!known.has(word) && !fresh.has(word)) fresh.set(word, termsOf(word))
  const ids = await termIds(tx, [...new Set([...fresh.values()].flat())])
  for (const [word, terms] of fresh)
    known.set(
      word,
      terms.map((term) => ids.get(term)!),
    )
}

async function termIds(tx: Db, terms: string[]): Promise<Map<string, number>> {
  const ids = new Map<string, number>()
  const add = (rows: WordRow[]) => {
    for (const { id, term } of rows) ids.set(term, id)
  }
  for (const part of chunks(terms, 500)) add(await tx.selectFrom('word').select(['id', 'term']).where('term', 'in', part).execute())
  const fresh = terms.filter((term) => !ids.has(term)).map((term) => ({ term }))
  for (const part of chunks(fresh, 500)) add(await tx.insertInto('word').values(part).returning(['id', 'term']).execute())
  return ids
}

/** Each term once: its number times four, plus the place of the best field that holds it. Ascending, as differences. */
function pack(fields: GroupWords['fields'], known: KnownWords): Buffer {
  const all: number[] = []
  for (const [field, words] of fields.entries()) for (const word of words) for (const id of known.get(word)!) all.push(id * 4 + field)
  const values = Uint32Array.from(all).sort()
  const bytes = Buffer.alloc(values.length * 5)
  // Terms are numbered from 1.
  let [end, last] = [0, 0]
  for (const value of values) {
    if (value >>> 2 === last >>> 2) continue
    end = writeVarint(bytes, end, value - last)
    last = value
  }
  return bytes.subarray(0, end)
}

const mostKnown = 50_000
const loadBatch = 1000

/** Engines bound the parameters of one statement. */
export function chunks<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size))
}
