import type { Notice } from '../account/me-hook.ts'
import type { Person } from '../account/rights.ts'
import type { Db } from '../db/tables.ts'
import type { Group } from '../schema-types.ts'
import * as urls from '../urls.ts'
import { listProposalsOf, listWaiting } from './queries.ts'
import { countReviewable } from './reviewable.ts'

/** What waits for this person: proposals to review, suggestions about their groups, and what became of their own proposals. */
export async function findNotices(db: Db, person: Person): Promise<Notice[]> {
  const waiting = await countReviewable(db, person)
  const suggestions = await listWaiting(db, [...person.animates], person.operator)
  const own = await listProposalsOf(db, person.id)
  return [
    ...(waiting > 0 ? [{ message: { key: 'review.notice', values: { count: waiting } }, url: urls.review() }] : []),
    ...suggestions.map(({ name, many, short_name }) => ({
      message: { key: 'suggestions.notice', values: { name, count: many } },
      url: urls.groupSuggestions(short_name),
    })),
    ...own.map(({ id, record, state }) => ({
      message: { key: `propose.notice.${state}`, values: { name: (JSON.parse(record) as Group).name } },
      url: urls.proposal(id),
    })),
  ]
}
