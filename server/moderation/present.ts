import type { GroupRow, ProposalRow } from '../db/tables.ts'
import { languageOf, placeOf, type ReaderContext } from '../group/present.ts'
import { tellField } from '../group/present-conflict.ts'
import { toGroup } from '../group/row.ts'
import type { Words } from '../group/view-list.ts'
import type { Group } from '../schema-types.ts'
import * as urls from '../urls.ts'

/** A group that may be the one proposed. */
export interface Candidate {
  name: string
  lang: string
  dir: string
  url: string
  summary: string
  place: string | undefined
}

export function toCandidate(row: GroupRow, { format }: ReaderContext): Candidate {
  const group = toGroup(row)
  return { name: row.name, ...languageOf(group.languages), url: urls.group(row.short_name), summary: row.summary, place: placeOf(group, format) }
}

/** A proposal as a line of a list. */
export function toLine({ id, record, state, created_at }: ProposalRow) {
  const { name, summary, languages } = JSON.parse(record) as Group
  return { name, summary, ...languageOf(languages), state, at: created_at, url: urls.review(id) }
}

/** All that a record says, field by field, but what its card shows already, and its links. */
export function toFacts(group: Group, words: Words): { field: string; lines: string[] }[] {
  const fields = (Object.keys(group) as (keyof Group)[]).filter((field) => !['name', 'summary', 'description', 'links'].includes(field))
  return fields.map((field) => ({ field, lines: tellField(field, group, words) })).filter(({ lines }) => lines.length > 0)
}

/** What somebody proposed and suggested, as the file of their data says it. */
export function toWritings<P extends { record: string }, S extends { changes: string | null }>(written: { proposals: P[]; suggestions: S[] }) {
  return {
    proposals: written.proposals.map((one) => ({ ...one, record: JSON.parse(one.record) as unknown })),
    suggestions: written.suggestions.map((one) => ({ ...one, changes: one.changes && (JSON.parse(one.changes) as unknown) })),
  }
}
