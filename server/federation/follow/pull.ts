import type { FollowedSourceRow } from '../../db/tables.ts'
import { openSpool } from '../../transfer/spool.ts'
import { originOf } from '../copies/rules.ts'
import { settleMoves } from '../move/actions.ts'
import { learnMoves } from '../move/learn.ts'
import { applySteps, claimSource, Superseded } from './actions.ts'
import { VisitFailed } from './ask.ts'
import { withinTime } from './budget.ts'
import { look, type Run, startRun } from './look.ts'
import * as queries from './queries.ts'
import type { FollowDeps, PullReport } from './report.ts'
import { type Agreed, nextVisit, type Pause, reasonToPause } from './rules.ts'
import type { Step } from './steps.ts'
import type { Found, Memory } from './visit.ts'

const lease = 60 * 60_000
/** For keys, and for records that are said to have moved: whatever took the time of the visit, there is some left. */
const learnTime = 2 * 60_000
const batchSize = 100

/**
 * Visits a source: what it says is put aside first, counted, and then written batch by batch; where the next visit goes on from is kept last, so that
 * whatever breaks off is done again. Nothing when another process has the source, or its host. A dry run writes nothing.
 */
export async function pullSource(
  deps: FollowDeps,
  source: FollowedSourceRow,
  { dryRun = false, onlyIfDue = false } = {},
): Promise<PullReport | undefined> {
  const now = deps.clock()
  const until = new Date(now.getTime() + lease).toISOString()
  if (!dryRun && !(await claimSource(deps.db, source, now.toISOString(), until))) return undefined
  const fresh = (await queries.findSource(deps.db, source.id)) ?? source
  if (onlyIfDue && fresh.due_at > now.toISOString()) {
    await queries.finishSource(deps.db, source.id, until, {})
    return undefined
  }
  const spool = await openSpool<Step>()
  const run = await startRun(deps, fresh, now, spool)
  try {
    const found = await look(run)
    const agreed: Agreed = fresh.agreed ? JSON.parse(fresh.agreed) : {}
    const pause = reasonToPause(run.counts, fresh.quota, agreed)
    if (pause) run.report.paused = pause.reason
    if (!dryRun) await (pause ? stop(run, until, pause, agreed) : write(run, until, found))
  } catch (error) {
    if (!dryRun) await giveUp(run, until, error)
    else if (error instanceof VisitFailed) run.report.outcome = error.outcome
    if (!(error instanceof VisitFailed || error instanceof Superseded)) throw error
  } finally {
    await spool.remove()
  }
  return run.report
}

/** Nothing is written before a person looked. What they agreed to before still counts. */
function stop(run: Run, until: string, { reason, count }: { reason: Pause; count: number }, agreed: Agreed): Promise<void> {
  return finish(run, until, { paused: reason, agreed: JSON.stringify({ ...agreed, [reason]: count }), outcome: 'paused' })
}

async function write(run: Run, until: string, found: Found): Promise<void> {
  const { deps, source, now, spool, memory, counts, report } = run
  // Before copies go: what people decided of them is noted.
  await learnMoves({ ...deps, outbound: withinTime(run.outbound, deps.clock, learnTime) }, source, run.heard)
  for await (const steps of spool.read(batchSize)) await applySteps(deps.db, source.id, until, steps, { publicUrl: deps.config.publicUrl, now })
  await settleMoves(deps.db, now)
  const isFirst = counts.held === 0
  const news = counts.fresh + counts.changed
  const usual = isFirst ? 0 : 0.8 * counts.usual + 0.2 * news
  const next: Memory = { feed: found.feed ?? memory.feed, since: found.since ?? memory.since, next: found.next, usual: Math.round(usual * 10) / 10 }
  const kept = found.isSame ? {} : { cursor: JSON.stringify(next), etag: found.etag ?? null }
  await finish(run, until, {
    ...{ ...kept, fails: 0, seen_at: now.toISOString(), outcome: report.outcome, agreed: null },
    due_at: nextVisit(source.every, 0, 0, deps.clock(), deps.random),
  })
}

async function giveUp(run: Run, until: string, error: unknown): Promise<void> {
  const { source, deps, report } = run
  report.outcome = error instanceof VisitFailed ? error.outcome : error instanceof Superseded ? 'superseded' : 'broken'
  // We were told to stop: the source did nothing wrong.
  if (report.outcome === 'aborted' || report.outcome === 'superseded') return finish(run, until, {})
  const fails = source.fails + 1
  const retryAfter = error instanceof VisitFailed ? error.retryAfter : 0
  const due_at = nextVisit(source.every, fails, retryAfter, deps.clock(), deps.random)
  await finish(run, until, { fails, outcome: report.outcome, due_at })
}

function finish({ deps, source }: Run, until: string, values: Partial<FollowedSourceRow>): Promise<void> {
  return queries.finishSource(deps.db, source.id, until, values)
}

/** Visits what is due, two hosts at a time: more would hold more in memory, and all write to one database. Gives what is short of the reports. */
export async function pullDue(deps: FollowDeps, atOnce = 2): Promise<Pick<PullReport, 'source' | 'outcome' | 'paused' | 'counts'>[]> {
  const due = await queries.listDue(deps.db, deps.clock().toISOString(), 200)
  const hosts = Map.groupBy(due, (source) => originOf(source.url))
  const queues = [...hosts.values()].values()
  const reports: Awaited<ReturnType<typeof pullDue>> = []
  const worker = async () => {
    for (const sources of queues) {
      for (const source of sources) {
        const report = await pullSource(deps, source, { onlyIfDue: true }).catch((error: unknown) =>
          deps.warn({ source: source.url, err: error }, 'a source could not be read'),
        )
        if (!report) continue
        const { outcome, paused, counts } = report
        reports.push({ source: source.url, outcome, paused, counts })
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return reports
}
