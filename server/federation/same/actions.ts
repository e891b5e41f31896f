import { setImmediate } from 'node:timers/promises'
import { mayReview, type Person } from '../../account/rights.ts'
import { transaction } from '../../db/open.ts'
import type { Db, Tables } from '../../db/tables.ts'
import { forbidden, notFound } from '../../errors.ts'
import { takeNumbers } from '../../group/queries.ts'
import * as queries from './queries.ts'
import { type Comparable, findPairs, type Pair, type SameAs } from './rules.ts'

/**
 * Looks for records that may be of one group and keeps what it finds for those who ask. It reads all records if any came from elsewhere (seconds for
 * a hundred thousand): never while somebody waits. Nothing to do when nothing changed since, unless `anyway`: what a record says at home may have.
 */
export async function lookForPairs(db: Db, publicUrl: string, { anyway = false } = {}): Promise<void> {
  const { change, looked } = await queries.findLooked(db)
  if (change === looked && !anyway) return
  const found = (await queries.hasForeign(db)) ? await readPairs(db, publicUrl) : []
  const rows = found.map(({ one, other, why }, place) => ({ one_id: one.id, other_id: other.id, why, place }))
  await transaction(db, (tx) => queries.replaceLikely(tx, change, rows))
}

/** Records found to be alike that nobody decided on, the surest first; those that went away since are left out. */
export async function listPairs(db: Db): Promise<Pair[]> {
  const likely = await queries.listUndecided(db)
  const rows = await queries.listByIds(db, [...new Set(likely.flatMap(({ one_id, other_id }) => [one_id, other_id]))])
  return likely.flatMap(({ one_id, other_id, why }) => {
    const [one, other] = [rows.get(one_id), rows.get(other_id)]
    return one && other ? [{ one, other, why }] : []
  })
}

/** What was decided about records that are still here. */
export async function listVerdicts(db: Db): Promise<(Pick<Pair, 'one' | 'other'> & { verdict: 'same' | 'different'; at: string })[]> {
  const decided = await queries.listDecided(db)
  const rows = await queries.listByIds(
    db,
    decided.flatMap(({ one_id, other_id }) => [one_id, other_id]),
  )
  return decided.flatMap(({ one_id, other_id, verdict, decided_at }) => {
    const [one, other] = [rows.get(one_id), rows.get(other_id)]
    return one && other ? [{ one, other, verdict, at: decided_at }] : []
  })
}

/** Says that two records are, or are not, of one group, or takes it back. Throws unless the person keeps an ecosystem of one of them, or operates. */
export function decidePair(db: Db, [a, b]: [string, string], verdict: 'same' | 'different' | 'undo', person: Person, at: string): Promise<void> {
  const [one_id, other_id] = a < b ? [a, b] : [b, a]
  return transaction(db, async (tx) => {
    const rows = await queries.listByIds(tx, [one_id, other_id])
    if (rows.size !== 2) throw notFound()
    if (!mayDecide(person, [...rows.values()])) throw forbidden({ key: 'error.forbidden.review' })
    if (verdict === 'undo' && !person.operator && (await queries.findDecider(tx, one_id, other_id)) !== person.id)
      throw forbidden({ key: 'error.forbidden.review' })
    const row: Omit<Tables['same_group'], 'verdict'> = { one_id, other_id, decided_by: person.id, decided_at: at }
    if (verdict === 'undo') await queries.deleteVerdict(tx, one_id, other_id)
    else await queries.saveVerdict(tx, { ...row, verdict })
    // What lists show has changed.
    await takeNumbers(tx, 'ecosystem', 1)
  })
}

export function mayDecide(person: Person, rows: Pick<Comparable, 'keywords'>[]): boolean {
  return mayReview(
    person,
    rows.flatMap(({ keywords }) => (JSON.parse(keywords ?? '[]') as { slug: string }[]).map(({ slug }) => slug)),
  )
}

/** What was decided is kept too, beside as many others, so that taking a verdict back shows the pair again at once. */
async function readPairs(db: Db, publicUrl: string): Promise<Pair[]> {
  const rows: Comparable[] = []
  for await (const part of queries.listComparable(db)) {
    rows.push(...part)
    await setImmediate()
  }
  return findPairs(rows, await readSameAs(db), publicUrl, (await queries.listDecided(db)).length)
}

async function readSameAs(db: Db): Promise<SameAs> {
  const said = new Map<string, string[]>()
  for (const { group_id, record } of await queries.listSaying(db, '"sameAs"')) {
    const { sameAs } = JSON.parse(record) as { sameAs?: unknown }
    const addresses = [sameAs].flat().filter((one): one is string => typeof one === 'string')
    said.set(group_id, addresses.slice(0, 20))
  }
  return said
}
