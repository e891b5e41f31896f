import type { FollowedSourceRow, RemoteItemRow } from '../../db/tables.ts'
import type { Put } from '../../group/actions.ts'
import type { Group } from '../../schema-types.ts'
import { examine, type Terms } from '../copies/record.ts'
import { originOf } from '../copies/rules.ts'
import { checkTime, hashOf, isCheckDue, isGiven } from './rules.ts'

/** What a visit learnt of one record. `gone`: its home announced it; `absent`: its home said that it is not there; `unlisted`: a whole list lacks it. */
export type Sighting =
  | { kind: 'record'; iri: string; value: unknown; version?: string }
  | { kind: 'gone' | 'absent' | 'unlisted'; iri: string }
  | { kind: 'failed' | 'refused'; iri: string; reason: string; version?: string }

/** What is to be done about it. */
export type Step =
  | { kind: 'put'; iri: string; version: string; record: string; group: Group; stamp: NonNullable<Put['stamp']> }
  | { kind: 'gone'; iri: string; reason: 'deleted' | 'missing' | 'left' }
  | { kind: 'refused'; iri: string; version: string | null; reason: string }
  | { kind: 'seen'; iri: string; version: string | null }
  | { kind: 'missing' | 'unlisted'; iri: string }
  | { kind: 'failed'; iri: string; reason: string }

const longestRecord = 256 * 1024

/** Whether a record, as JSON, is longer than any that is kept. */
export function isTooLong(record: string): boolean {
  return record.length > longestRecord
}

/** What a sighting means for what is known; nothing when there is nothing to do. `isAnew`: what is wanted of a source changed, so that known records are judged again. */
export function stepFor(seen: Sighting, item: RemoteItemRow | undefined, terms: Terms & { isAnew?: boolean }): Step | undefined {
  const { iri } = seen
  const isKnown = item !== undefined && item.state !== 'gone'
  // What is kept here is no copy of anything.
  if (originOf(iri) === originOf(terms.publicUrl)) return isKnown ? { kind: 'gone', iri, reason: 'left' } : undefined
  if (seen.kind === 'record') return stepForRecord(seen, isKnown ? item : undefined, terms)
  if (seen.kind === 'refused') return refusal(iri, seen.version ?? null, seen.reason, item)
  if (seen.kind === 'failed') return { kind: 'failed', iri, reason: `failed: ${seen.reason}` }
  if (!isKnown) return undefined
  if (seen.kind === 'gone') return { kind: 'gone', iri, reason: 'deleted' }
  if (seen.kind === 'unlisted') return item.missing_since === null ? { kind: 'unlisted', iri } : undefined
  const missing = { missing_since: item.missing_since ?? terms.now.toISOString(), missing_count: item.missing_count }
  if (!isCheckDue(missing, terms.now)) return undefined
  const again = { ...missing, missing_count: missing.missing_count + 1 }
  return isGiven(again, terms.now) ? { kind: 'gone', iri, reason: 'missing' } : { kind: 'missing', iri }
}

function stepForRecord(seen: Sighting & { kind: 'record' }, item: RemoteItemRow | undefined, terms: Terms & { isAnew?: boolean }): Step | undefined {
  const { iri } = seen
  const record = JSON.stringify(seen.value)
  const version = seen.version ?? hashOf(record)
  if (item?.record === record && !terms.isAnew) {
    const isSettled = item.missing_since === null && item.reason === null && item.version === version
    return isSettled ? undefined : { kind: 'seen', iri, version }
  }
  if (isTooLong(record)) return refusal(iri, version, 'too long', item)
  const verdict = examine(seen, terms)
  if (verdict.kind === 'refused') return refusal(iri, version, verdict.reason, item)
  if (verdict.kind === 'left') return item && { kind: 'gone', iri, reason: 'left' }
  return { kind: 'put', iri, version, record, group: verdict.group, stamp: verdict.stamp }
}

function refusal(iri: string, version: string | null, reason: string, item: RemoteItemRow | undefined): Step | undefined {
  return item && item.reason === reason && item.version === version ? undefined : { kind: 'refused', iri, version, reason }
}

/** The item after a step. A record that is refused or cannot be had changes nothing of the copy: only « last seen » grows old. */
export function nextItem(before: RemoteItemRow | undefined, step: Step, source: FollowedSourceRow, at: string): RemoteItemRow {
  const item = before ?? newItem(source.id, step.iri, at)
  const present = { seen_at: at, missing_count: 0, missing_since: null, reason: null, check_at: null }
  switch (step.kind) {
    case 'put':
      return { ...item, ...present, state: stateAfter(before, step, source), version: step.version, record: step.record, changed_at: at }
    case 'seen':
      return { ...item, ...present, version: step.version ?? item.version }
    case 'gone':
      return { ...item, state: 'gone', record: null, reason: step.reason, changed_at: at, check_at: null, dismissed_at: dismissedAt(item) }
    case 'refused':
      // Whoever waits longer to be asked for again comes first.
      return {
        ...{ ...item, state: hasRecord(before) ? item.state : 'refused', version: step.version, reason: step.reason, changed_at: at },
        check_at: item.missing_since === null ? null : at,
      }
    case 'failed':
      return { ...item, state: hasRecord(before) ? item.state : 'refused', reason: step.reason, check_at: at }
    case 'missing': {
      const [missing_since, missing_count] = [item.missing_since ?? at, item.missing_count + 1]
      return { ...item, missing_since, missing_count, check_at: checkTime(missing_since, missing_count) }
    }
    case 'unlisted':
      return { ...item, missing_since: item.missing_since ?? at, check_at: at }
  }
}

/** What people here set aside stays so, whatever becomes of it at home. */
function stateAfter(before: RemoteItemRow | undefined, { record }: { record: string }, { trust }: FollowedSourceRow): RemoteItemRow['state'] {
  if (before && dismissedAt(before)) return 'dismissed'
  if (before?.record === record) return before.state
  if (trust === 'automatic') return 'published'
  return before?.state === 'published' || before?.state === 'changed' ? 'changed' : 'new'
}

function dismissedAt({ state, dismissed_at, changed_at }: RemoteItemRow): string | null {
  return dismissed_at ?? (state === 'dismissed' ? changed_at : null)
}

function hasRecord(item: RemoteItemRow | undefined): item is RemoteItemRow {
  return item !== undefined && item.record !== null
}

function newItem(sourceId: string, iri: string, at: string): RemoteItemRow {
  const nothing = { group_id: null, version: null, record: null, reason: null, missing_count: 0, missing_since: null, check_at: null }
  return { source_id: sourceId, iri, state: 'new', ...nothing, first_seen_at: at, changed_at: at, seen_at: at, dismissed_at: null }
}
