import type { Random } from '../text/random.ts'

/** When a job runs next: after its rhythm (milliseconds); sooner, but never at once, if it failed. A little earlier or later, so that jobs do not meet. */
export function nextRun(every: number, failed: boolean, now: Date, random: Random): string {
  const wait = failed ? Math.min(every / 4, 3600_000) : every
  return new Date(now.getTime() + wait * (0.95 + 0.1 * random())).toISOString()
}
