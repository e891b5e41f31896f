import type { Db, FollowedSourceRow, RemoteItemRow } from '../../db/tables.ts'
import type { Outbound } from '../../net/outbound.ts'
import type { Random } from '../../text/random.ts'
import { openSpool, type Spool } from '../../transfer/spool.ts'
import { settleMoves } from '../move/actions.ts'
import { forwardingsOf, type Heard, learnMoves } from '../move/learn.ts'
import { applySteps, claimSource, Superseded } from './actions.ts'
import { askRecords, inTime, VisitFailed } from './ask.ts'
import { withinTime, withoutServers } from './budget.ts'
import * as queries from './queries.ts'
import { type Agreed, type Counts, isFile, nextVisit, originOf, type Pause, reasonToPause } from './rules.ts'
import { type Sighting, type Step, stepFor } from './steps.ts'
import type { Found, Memory, Visit } from './visit.ts'
import { visitChanges } from './visit-changes.ts'
import { visitFile } from './visit-file.ts'
import { visitDirectory, visitIndex, visitProfile } from './visit-list.ts'

export interface FollowDeps {
  db: Db
  outbound: Outbound
  clock: () => Date
  random: Random
  config: { publicUrl: string }
  warn: (facts: object, text: string) => void
}

/** What a visit brought, or would have: addresses of records, a thousand of a kind at most. `paused`: nothing was applied, and why. */
export interface PullReport {
  source: string
  outcome: string
  paused?: string
  counts: Record<Kind, number>
  added: Named[]
  changed: Named[]
  gone: string[]
  refused: { iri: string; reason: string }[]
}

export type Named = { iri: string; name: string; shortName: string; homes: { service: string; url: string }[] }
type Kind = 'seen' | 'added' | 'changed' | 'gone' | 'refused'

const lease = 60 * 60_000
/** Well within the claim: what was learnt is still to be written. */
const visitTime = 15 * 60_000
const batchSize = 100
const mostTold = 1000
const mostDoubtful = 200
/** Fewer than what ends a visit when they all fail. */
const askedTogether = 8

const visits: Record<FollowedSourceRow['kind'], (visit: Visit) => Promise<Found>> = {
  changes: visitChanges,
  'murmurations-index': visitIndex,
  'murmurations-profile': visitProfile,
  directory: visitDirectory,
  geojson: visitFile,
  csv: visitFile,
}

interface Run {
  deps: FollowDeps
  source: FollowedSourceRow
  now: Date
  memory: Memory
  isAnew: boolean
  counts: Counts
  report: PullReport
  spool: Spool<Step>
  /** What was learnt of already: the first word counts. */
  seen: Set<string>
  /** What else is in the list. */
  listed: Set<string>
  heard: Heard
  /** Servers whose records operators want nowhere. */
  blocked: Set<string>
}

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

async function startRun(deps: FollowDeps, source: FollowedSourceRow, now: Date, spool: Spool<Step>): Promise<Run> {
  const memory: Memory = source.cursor ? JSON.parse(source.cursor) : {}
  const held = await queries.countHeld(deps.db, source.id)
  const report: PullReport = {
    ...{ source: source.url, outcome: 'ok', added: [], changed: [], gone: [], refused: [] },
    counts: { seen: 0, added: 0, changed: 0, gone: 0, refused: 0 },
  }
  const counts = { held, fresh: 0, changed: 0, gone: 0, usual: memory.usual ?? 0 }
  return {
    deps,
    source,
    now,
    memory,
    isAnew: source.cursor === null,
    counts,
    report,
    spool,
    seen: new Set(),
    listed: new Set(),
    heard: { forwardings: new Set(), puts: [] },
    blocked: await queries.listBlockedOrigins(deps.db),
  }
}

async function look(run: Run): Promise<Found> {
  const { source, deps, now, memory, isAnew } = run
  const visit: Visit = {
    ...{
      source,
      outbound: withinTime(withoutServers(deps.outbound, run.blocked), deps.clock, visitTime),
      here: originOf(deps.config.publicUrl)!,
      now,
      memory,
      isAnew,
    },
    listed: () => listListed(run),
    known: (iris) => queries.listItems(deps.db, source.id, iris),
    see: (sightings) => see(run, sightings),
    hear: (forwardings, puts) => hear(run, forwardings, puts),
    isSeen: (iri) => run.seen.has(iri),
    note: (iris) => {
      for (const iri of iris) run.listed.add(iri)
    },
  }
  const found = await visits[source.kind](visit)
  if (found.isSame) run.report.outcome = 'not-modified'
  else if (found.isWhole) await seeMissing(run, found.isHome ? 'absent' : 'unlisted')
  if (found.isSlow || !(await askAgain(run, visit))) run.report.outcome = 'slow'
  return found
}

/** Puts aside what is to be done, and counts it. More than the quota is not even read. */
async function see(run: Run, all: Sighting[]): Promise<void> {
  const { deps, source, counts, report, now } = run
  const sightings = all.filter(({ iri }) => !run.blocked.has(originOf(iri) ?? ''))
  const items = await queries.listItems(
    deps.db,
    source.id,
    sightings.map(({ iri }) => iri),
  )
  const terms = { source, publicUrl: deps.config.publicUrl, now, isAnew: run.isAnew }
  const steps: Step[] = []
  for (const sighting of sightings) {
    if (sighting.kind === 'record') hear(run, forwardingsOf(sighting.value))
    report.counts.seen++
    if (run.seen.has(sighting.iri)) continue
    run.seen.add(sighting.iri)
    const item = items.get(sighting.iri)
    const step = stepFor(sighting, item, terms)
    if (!step) continue
    steps.push(step)
    count(run, step, item !== undefined && item.state !== 'gone' && item.record !== null)
  }
  await run.spool.write(steps)
  if (counts.held + counts.fresh > 2 * source.quota || report.counts.refused > source.quota) throw new VisitFailed('too-many')
}

/** Statements wait until all was seen. */
function hear({ heard }: Run, forwardings: string[], puts: Heard['puts'] = []): void {
  for (const one of forwardings) if (heard.forwardings.size < mostTold) heard.forwardings.add(one)
  for (const { iri, at } of puts) heard.puts.push({ iri, at })
}

function count({ counts, report }: Run, step: Step, isKnown: boolean): void {
  const tell = <T>(kind: Kind, list: T[], one: T) => {
    report.counts[kind]++
    if (list.length < mostTold) list.push(one)
  }
  if (step.kind === 'put') {
    counts[isKnown ? 'changed' : 'fresh']++
    const { name, shortName, links = [] } = step.group
    const kind = isKnown ? 'changed' : 'added'
    tell(kind, report[kind], { iri: step.iri, name, shortName, homes: links.filter(({ service }) => service === 'home') })
  } else if (step.kind === 'gone') {
    counts.gone++
    tell('gone', report.gone, step.iri)
  } else if (step.kind === 'refused' || step.kind === 'failed') tell('refused', report.refused, { iri: step.iri, reason: step.reason })
}

/** What a whole list lacks. Where the list is not the records' home, their home will be asked: what it lacked before is no news. */
async function seeMissing(run: Run, kind: 'absent' | 'unlisted'): Promise<void> {
  for await (const items of present(run)) {
    const missing = items.filter(({ iri }) => !run.seen.has(iri) && !run.listed.has(iri))
    const news = kind === 'absent' ? missing : missing.filter(({ missing_since }) => missing_since === null)
    await see(
      run,
      news.map(({ iri }) => ({ kind, iri })),
    )
  }
}

async function listListed(run: Run): Promise<string[]> {
  const iris: string[] = []
  for await (const items of present(run)) for (const { iri, missing_since } of items) if (missing_since === null) iris.push(iri)
  return iris
}

async function* present({ deps, source }: Run): AsyncGenerator<RemoteItemRow[]> {
  for (let after = ''; ; ) {
    const items = await queries.listPresent(deps.db, source.id, after, 500)
    yield items
    if (items.length < 500) return
    after = items.at(-1)!.iri
  }
}

/**
 * Asks the homes of records that were said to be missing, when it is time, and of those that could not be had; says whether there was time. Records of
 * a file have no other home.
 */
async function askAgain(run: Run, visit: Visit): Promise<boolean> {
  const items = await queries.listDoubtful(run.deps.db, run.source.id, run.now.toISOString(), mostDoubtful)
  const due = items.filter(({ iri }) => !run.seen.has(iri)).map(({ iri }) => ({ iri }))
  if (isFile(run.source)) await visit.see(due.map(({ iri }) => ({ kind: 'absent', iri })))
  else
    for (let from = 0; from < due.length; from += askedTogether) {
      let failed = 0
      const part = due.slice(from, from + askedTogether)
      const see: Visit['see'] = (sightings) => {
        failed += sightings.filter(({ kind }) => kind === 'failed').length
        return visit.see(sightings)
      }
      if (!(await inTime(askRecords(visit.outbound, part, see, { homes: run.source.kind === 'changes' ? 'one' : 'many' })))) return false
      // They stand at the end of the queue now: others have their turn at the next visit.
      if (failed === askedTogether) break
    }
  return true
}

/** Nothing is written before a person looked. What they agreed to before still counts. */
function stop(run: Run, until: string, { reason, count }: { reason: Pause; count: number }, agreed: Agreed): Promise<void> {
  return finish(run, until, { paused: reason, agreed: JSON.stringify({ ...agreed, [reason]: count }), outcome: 'paused' })
}

async function write(run: Run, until: string, found: Found): Promise<void> {
  const { deps, source, now, spool, memory, counts, report } = run
  // Before copies go: what people decided of them is noted.
  await learnMoves(deps, source, run.heard)
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
