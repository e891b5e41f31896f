import { listAnimators, listMembers, listOperators } from '../account/queries.ts'
import type { GroupRow, ProposalRow, Tx } from '../db/tables.ts'
import { mailTo } from '../mail/mail-to.ts'
import type { Group } from '../schema-types.ts'
import * as urls from '../urls.ts'

/** Operators, and stewards of the ecosystems whose keyword it carries. */
export async function tellReviewers(tx: Tx, { id, record }: Pick<ProposalRow, 'id' | 'record'>, at: string): Promise<void> {
  const { name, keywords = [] } = JSON.parse(record) as Group
  const readers = await listOperators(tx)
  for (const { slug } of keywords) readers.push(...(await listMembers(tx, 'steward', slug)))
  await mailTo(tx, readers, { view: 'proposal-new', model: { group: name, link: urls.review(id) } }, at)
}

/** A group's animators, or operators where there are none. */
export async function tellKeepers(tx: Tx, group: GroupRow, kind: string, at: string): Promise<void> {
  const animators = await listAnimators(tx, group.id)
  const readers = animators.length > 0 ? animators : await listOperators(tx)
  const model = { group: group.name, kind, link: urls.groupSuggestions(group.short_name) }
  await mailTo(tx, readers, { view: 'suggestion-new', model }, at)
}
