import { type RawBuilder, sql } from 'kysely'
import type { Term } from '../text/words.ts'
import { isPostgres } from './dialect.ts'
import type { Db } from './tables.ts'

/** The terms of one group's fields, best field first. */
export interface GroupWords {
  num: number
  fields: [name: string[], keywords: string[], summary: string[], description: string[]]
}

/** Group numbers by the best field that holds every word asked for: `hits[0]` in the name, then with keywords, summary, description. Lower tiers may repeat higher ones. */
export type Hits = Int32Array[]

/** Writes the words of these groups, replacing what was there. Called in the transaction of the record. */
export async function indexWords(tx: Db, groups: GroupWords[]): Promise<void> {
  await removeWords(
    tx,
    groups.map((group) => group.num),
  )
  const key = sql.ref(isPostgres(tx) ? 'num' : 'rowid')
  const write = isPostgres(tx) ? toVector : toTokens
  for (const part of chunks(groups, 250)) {
    const rows = part.map(({ num, fields }) => sql`(${num}, ${write(bestFields(fields))})`)
    await sql`insert into group_words (${key}, words) values ${sql.join(rows)}`.execute(tx)
  }
}

export async function removeWords(tx: Db, nums: number[]): Promise<void> {
  const key = sql.ref(isPostgres(tx) ? 'num' : 'rowid')
  for (const part of chunks(nums, 500)) await sql`delete from group_words where ${key} in (${sql.join(part)})`.execute(tx)
}

/** Finds the groups that hold every term. */
export async function searchWords(db: Db, terms: Term[]): Promise<Hits> {
  return isPostgres(db) ? searchPostgres(db, terms) : searchSqlite(db, terms)
}

/** The fields' letters, best first: a word is kept once a group, under the letter of the best field that holds it. */
const letters = 'abcd'

async function searchSqlite(db: Db, terms: Term[]): Promise<Hits> {
  const one = (term: Term) => [...letters].map((letter) => question(letter, [term]))
  if (terms.length === 1) return (await listNums(db, one(terms[0]!))).map((nums) => Int32Array.from(nums))
  // Many groups hold a word in their description, few in a better field: those are asked for word by word, which is quicker than tier by tier.
  const [all = [], ...better] = await listNums(db, [question(letters, terms), ...terms.flatMap((term) => one(term).slice(0, -1))])
  return byWorstWord(all, better)
}

function sqliteTerms(letter: string, { word, prefix, stems }: Term): string[] {
  return [`"${letter}${word}"${prefix ? '*' : ''}`, ...stems.map((stem) => `"${letter}${stem}"`)]
}

/** For each match, the tier of the word that is in the worst field. `better` lists, word by word, the groups that hold it in each field but the last. */
function byWorstWord(all: number[], better: number[][]): Hits {
  const size = all.reduce((most, num) => Math.max(most, num), 0) + 1
  const tiers = new Uint8Array(size)
  const last = letters.length - 1
  for (let word = 0; word < better.length; word += last) {
    const own = new Uint8Array(size).fill(last)
    // The best field comes last, and stays.
    for (let field = last - 1; field >= 0; field--) for (const num of better[word + field]!) if (num < size) own[num] = field
    for (const num of all) tiers[num] = Math.max(tiers[num]!, own[num]!)
  }
  return [...letters].map((_, tier) => Int32Array.from(all.filter((num) => tiers[num] === tier)))
}

/** The numbers of the groups that answer each of these questions. */
async function listNums(db: Db, questions: string[]): Promise<number[][]> {
  const parts = questions.map((words) => sql`(select json_group_array(rowid) from group_words where group_words match ${words})`)
  const { rows } = await sql<{ found: string }>`${sql.join(
    parts.map((part) => sql`select ${part} as found`),
    sql` union all `,
  )}`.execute(db)
  return rows.map(({ found }) => JSON.parse(found) as number[])
}

function question(reach: string, terms: Term[]): string {
  return terms.map((term) => `(${[...reach].flatMap((letter) => sqliteTerms(letter, term)).join(' OR ')})`).join(' AND ')
}

async function searchPostgres(db: Db, terms: Term[]): Promise<Hits> {
  const question = (weights: string) =>
    terms
      .map(
        ({ word, prefix, stems }) => `(${[`'${word}':${prefix ? '*' : ''}${weights}`, ...stems.map((stem) => `'${stem}':${weights}`)].join(' | ')})`,
      )
      .join(' & ')
  const { rows } = await sql<{ tier: number; nums: Buffer }>`
    select tier, string_agg(int4send(num), ''::bytea) as nums from (
      select num, case when words @@ ${question('A')}::tsquery then 0 when words @@ ${question('AB')}::tsquery then 1
        when words @@ ${question('ABC')}::tsquery then 2 else 3 end as tier
      from group_words where words @@ ${question('')}::tsquery) as found
    group by tier order by tier`.execute(db)
  const hits: Hits = [new Int32Array(), new Int32Array(), new Int32Array(), new Int32Array()]
  for (const { tier, nums } of rows) hits[tier] = Int32Array.from({ length: nums.length / 4 }, (_, at) => nums.readInt32BE(at * 4))
  return hits
}

/** Each term once, with the place of the best field that holds it. */
function bestFields(fields: GroupWords['fields']): [term: string, field: number][] {
  const best = new Map<string, number>()
  for (const [field, terms] of fields.entries()) for (const term of terms) if (!best.has(term)) best.set(term, field)
  return [...best]
}

function toTokens(terms: [term: string, field: number][]): string {
  return terms.map(([term, field]) => letters[field] + term).join(' ')
}

/** PostgreSQL has weights A to D for the same purpose; a weight needs a position. Terms are letters, digits and marks, so they need no escaping. */
function toVector(terms: [term: string, field: number][]): RawBuilder<unknown> {
  return sql`${terms.map(([term, field]) => `'${term}':1${letters[field]!.toUpperCase()}`).join(' ')}::tsvector`
}

/** Engines bound the parameters of one statement. */
export function chunks<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size))
}
