import { createHash } from 'node:crypto'
import type { FollowedSourceRow, RemoteItemRow } from '../../db/tables.ts'
import type { Random } from '../../text/random.ts'

const minute = 60_000
const day = 24 * 3600_000

/**
 * When a source is visited next: after its rhythm; after a failure twice as late each time, a day at most or its rhythm if that is longer;
 * never before `retryAfter` seconds. A little earlier or later, so that sources do not meet.
 */
export function nextVisit(every: number, fails: number, retryAfter: number, now: Date, random: Random): string {
  const wait = fails === 0 ? every * minute : Math.min(every * minute * 2 ** Math.min(fails, 20), Math.max(day, every * minute))
  return new Date(now.getTime() + Math.max(wait * (0.95 + 0.1 * random()), retryAfter * 1000)).toISOString()
}

/** What a run would do, counted before it does it. `held`: copies and waiting records so far; `usual`: news a run. */
export interface Counts {
  held: number
  fresh: number
  changed: number
  gone: number
  usual: number
}

export type Pause = 'quota' | 'deletions' | 'rise'

/** What people agreed to, by reason: so many records. */
export type Agreed = Partial<Record<Pause, number>>

/**
 * Why a person should look before a run is applied, and how much it is about; nothing when all is as usual, or not much more than they agreed to.
 * The first copy may be as large as the quota.
 */
export function reasonToPause(
  { held, fresh, changed, gone, usual }: Counts,
  quota: number,
  agreed: Agreed = {},
): { reason: Pause; count: number } | undefined {
  const news = fresh + changed
  const reasons: [Pause, number, boolean][] = [
    ['quota', held + fresh, fresh > 0 && held + fresh > quota],
    ['deletions', gone, gone > 5 && gone > held / 5],
    ['rise', news, held > 0 && news > 100 && news > 10 * usual],
  ]
  const found = reasons.find(([reason, count, is]) => is && count > 1.1 * (agreed[reason] ?? 0))
  return found && { reason: found[0], count: found[1] }
}

const checks = 3
const checkedOver = 7

/** When a record said to be missing is asked for at its home: three times over seven days, at once, half way, at the end. ISO time. */
export function checkTime(since: string, count: number): string {
  return new Date(Date.parse(since) + (count * checkedOver * day) / (checks - 1)).toISOString()
}

/** Whether it is time to. */
export function isCheckDue({ missing_since, missing_count }: Pick<RemoteItemRow, 'missing_since' | 'missing_count'>, now: Date): boolean {
  return missing_since !== null && now.toISOString() >= checkTime(missing_since, missing_count)
}

/** Whether a record may be given up, once it was missing so often since then. */
export function isGiven({ missing_since, missing_count }: Pick<RemoteItemRow, 'missing_since' | 'missing_count'>, now: Date): boolean {
  return missing_count >= checks && missing_since !== null && now.getTime() >= Date.parse(missing_since) + checkedOver * day
}

/** Whether operators block a source's server: then its records are nowhere, whichever source brings them. */
export function isBarring({ trust, keyword, blocked_by }: Pick<FollowedSourceRow, 'trust' | 'keyword' | 'blocked_by'>): boolean {
  return trust === 'blocked' && (keyword === null || blocked_by === 'operators')
}

/** What stands for a version where none is told. */
export function hashOf(text: string): string {
  return `sha-${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`
}
