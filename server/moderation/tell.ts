import { v7 as uuid } from 'uuid'
import { listAnimators, listMembers, listOperators } from '../account/queries.ts'
import type { GroupRow, PersonRow, ProposalRow, Tx } from '../db/tables.ts'
import { insertMails } from '../mail/queries.ts'
import type { Group } from '../schema-types.ts'
import * as urls from '../urls.ts'

type Reader = Pick<PersonRow, 'address' | 'locale'>

/** Operators, and stewards of the ecosystems whose keyword it carries. */
export async function tellReviewers(tx: Tx, { id, record }: Pick<ProposalRow, 'id' | 'record'>, at: string): Promise<void> {
  const { name, keywords = [] } = JSON.parse(record) as Group
  const readers: Reader[] = await listOperators(tx)
  for (const { slug } of keywords) readers.push(...(await listMembers(tx, 'steward', slug)))
  await mailTo(tx, readers, 'proposal-new', { group: name, link: urls.review(id) }, at)
}

/** A group's animators, or operators where there are none. */
export async function tellKeepers(tx: Tx, group: GroupRow, kind: string, at: string): Promise<void> {
  const animators = await listAnimators(tx, group.id)
  const readers = animators.length > 0 ? animators : await listOperators(tx)
  await mailTo(tx, readers, 'suggestion-new', { group: group.name, kind, link: urls.groupSuggestions(group.short_name) }, at)
}

/** In the caller's transaction, each address once. */
export function mailTo(tx: Tx, readers: Reader[], view: string, model: object, at: string): Promise<void> {
  const byAddress = new Map(readers.map((reader) => [reader.address, reader]))
  const mails = [...byAddress.values()].map(({ address, locale }) => ({ id: uuid({ msecs: Date.parse(at) }), address, locale, view, model }))
  return insertMails(tx, mails, at)
}
