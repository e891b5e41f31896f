import { toGroup } from '../group/row.ts'
import type { SourceStep } from './actions.ts'
import type { SourceRun } from './plan-source.ts'
import * as queries from './queries.ts'

const atOnce = 500

/**
 * Marks what the source no longer holds, in batches, when all of it was read. Nothing is marked if something could be of any group.
 * Sets `shrunk` in the report if the source held nothing, or less than half of what was known.
 */
export async function* planGone(run: SourceRun): AsyncGenerator<SourceStep[]> {
  const { db, input, report, seen, refused } = run
  let [known, present, after] = [0, 0, '']
  for (;;) {
    const items = await queries.listHeldItems(db, input.source, after, atOnce)
    if (items.length === 0) break
    after = items.at(-1)!.source_id
    known += items.length
    const lost = items.filter(({ source_id }) => !seen.has(source_id) && !refused.has(source_id))
    present += items.length - lost.length
    if (!report.isBlind) yield await gone(run, lost)
  }
  if (!input.manyGone && (report.read === 0 || (!report.isBlind && 2 * present < known))) report.shrunk = { known, present }
}

async function gone({ db, input, report }: SourceRun, items: Awaited<ReturnType<typeof queries.listHeldItems>>): Promise<SourceStep[]> {
  const rows = await queries.listGroupsById(
    db,
    items.map((item) => item.group_id),
  )
  return items.map((item): SourceStep => {
    const row = rows.get(item.group_id)
    const step = { item: { ...item, gone_at: input.at } }
    if (!row) return step
    report.gone.push(row.short_name)
    return { ...step, put: { before: { id: row.id, revision: row.revision }, group: toGroup(row), stamp: { gone_at: input.at } } }
  })
}
