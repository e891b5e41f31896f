import type { FollowedSourceRow, GroupRow, RemoteItemRow } from '../../db/tables.ts'
import { changesOf } from '../../group/history-changes.ts'
import { languageOf, placeOf } from '../../group/present.ts'
import { toGroup } from '../../group/row.ts'
import type { Words } from '../../group/view-list.ts'
import * as urls from '../../urls.ts'
import { examine, type Terms } from '../copies/record.ts'
import { isBarring } from '../follow/rules.ts'
import { rhythms, type SourceFields } from './fields.ts'

export type ItemState = RemoteItemRow['state']
export type Counts = Partial<Record<ItemState, number>>

/** What the work list sorts records by. */
export const workStates = ['new', 'changed', 'gone', 'refused'] as const
export type WorkState = (typeof workStates)[number]

/** Codes of outcomes that have a sentence of their own. */
const told = ['ok', 'not-modified', 'timeout', 'too-large', 'not-json', 'another-origin', 'resumed', 'paused']
const pauses = ['quota', 'deletions', 'rise']

/** A source as a line of a list, and at the head of its own page. */
export function toSourceView(source: FollowedSourceRow, counts: Counts, keyword: string | undefined) {
  const { id, url, kind, trust, seen_at, outcome, paused, fails, due_at } = source
  return {
    id,
    address: url,
    host: new URL(url).host,
    kind,
    trust,
    // What operators block, stewards leave alone.
    barred: keyword !== undefined && isBarring(source),
    ownUrl: urls.sources(keyword, id),
    ecosystem: keyword === undefined && source.keyword ? { keyword: source.keyword, url: urls.ecosystem(source.keyword) } : undefined,
    seenAt: seen_at ?? undefined,
    outcome: outcome === null ? undefined : { known: told.includes(outcome) ? outcome : undefined, code: outcome, bad: fails > 0 },
    paused: paused === null ? undefined : pauses.includes(paused) ? paused : 'other',
    dueAt: due_at,
    // A change that waits leaves the copy as it was.
    published: (counts.published ?? 0) + (counts.changed ?? 0),
    waiting: (counts.new ?? 0) + (counts.changed ?? 0),
  }
}

/** The form of a source, with what is wrong with it. */
export function toFormView(fields: SourceFields, wrong: Partial<Record<string, string>>, { t }: Words) {
  return {
    fields,
    wrong: { url: wrong.url, keywords: wrong.keywords, mapping: wrong.mapping, quota: wrong.quota },
    trusts: (['review', 'automatic'] as const).map((value) => ({ value, chosen: value === fields.trust })),
    rhythms: rhythms.map((minutes) => ({ value: minutes, label: t(`sources.every.${minutes}`), chosen: String(minutes) === fields.every })),
  }
}

/** A record of the work list: what it says, what changed, or why it is not shown. */
export function toWorkItem(item: RemoteItemRow, copy: GroupRow | undefined, like: GroupRow[], terms: Terms, words: Words) {
  const verdict = item.record === null ? undefined : examine({ iri: item.iri, value: JSON.parse(item.record) }, terms)
  const group = verdict?.kind === 'copy' ? verdict.group : undefined
  const before = copy && toGroup(copy)
  const after = before && group ? { ...group, shortName: before.shortName } : undefined
  return {
    iri: item.iri,
    name: group?.name ?? copy?.name ?? item.iri,
    lang: languageOf((group ?? before)?.languages).lang,
    summary: group?.summary,
    place: group && placeOf(group, words.format),
    keywords: group?.keywords?.map(({ label }) => label) ?? [],
    hereUrl: copy && urls.group(copy.short_name),
    at: item.changed_at,
    reason: item.reason ?? undefined,
    changes: item.state === 'changed' && before && after ? changesOf(before, after, words) : [],
    like: like.map((row) => ({ name: row.name, lang: languageOf(toGroup(row).languages).lang, url: urls.group(row.short_name) })),
  }
}
