import { sql } from 'kysely'
import type { Term } from '../text/words.ts'
import { isPostgres } from './dialect.ts'
import type { Db } from './tables.ts'

/** The terms of one group's fields, best field first. */
export interface GroupWords {
  num: number
  fields: [name: string[], keywords: string[], summary: string[], description: string[]]
}

/** Group numbers by the best field that holds every word asked for: `tiers[0]` in the name, then with keywords, summary, description. Lower tiers repeat the higher. */
export type Hits = Int32Array[]

/** Writes the words of these groups, replacing what was there. Called in the transaction of the record. */
export async function indexWords(tx: Db, groups: GroupWords[]): Promise<void> {
  await removeWords(
    tx,
    groups.map((group) => group.num),
  )
  for (const part of chunks(groups, 150)) {
    const rows = isPostgres(tx)
      ? part.map(({ num, fields }) => sql`(${num}, ${toVector(fields)}::tsvector)`)
      : part.map(({ num, fields }) => sql`(${num}, ${sql.join(fields.map((terms) => terms.join(' ')))})`)
    const columns = isPostgres(tx) ? sql`num, words` : sql`rowid, name, keywords, summary, description`
    await sql`insert into group_words (${columns}) values ${sql.join(rows)}`.execute(tx)
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

const tiers = ['name', 'name keywords', 'name keywords summary', 'name keywords summary description']

async function searchSqlite(db: Db, terms: Term[]): Promise<Hits> {
  const quoted = terms.map(({ word, prefix, stems }) => `(${[`"${word}"${prefix ? '*' : ''}`, ...stems.map((stem) => `"${stem}"`)].join(' OR ')})`)
  const question = quoted.join(' AND ')
  const parts = tiers.map(
    (columns) => sql`(select json_group_array(rowid) from group_words where group_words match ${`{${columns}} : (${question})`})`,
  )
  const { rows } = await sql<Record<string, string>>`select ${parts[0]} as a, ${parts[1]} as b, ${parts[2]} as c, ${parts[3]} as d`.execute(db)
  return Object.values(rows[0]!).map((list) => Int32Array.from(JSON.parse(list) as number[]))
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

/** Terms are letters, digits and marks only, so they need no escaping; a weight needs a position. */
function toVector(fields: GroupWords['fields']): string {
  const weights = new Map<string, string[]>()
  for (const [at, terms] of fields.entries()) for (const term of terms) weights.set(term, [...(weights.get(term) ?? []), `${at + 1}${'ABCD'[at]}`])
  return [...weights].map(([term, places]) => `'${term}':${places.join(',')}`).join(' ')
}

/** Engines bound the parameters of one statement. */
export function chunks<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size))
}
