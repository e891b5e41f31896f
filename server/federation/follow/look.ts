import type { FollowedSourceRow, RemoteItemRow } from '../../db/tables.ts'
import type { Outbound } from '../../net/outbound.ts'
import type { Spool } from '../../transfer/spool.ts'
import { listBlockedOrigins, listItems } from '../copies/queries.ts'
import { isFile, originOf } from '../copies/rules.ts'
import type { Heard } from '../move/learn.ts'
import { forwardingsOf, longestStatement } from '../move/statement.ts'
import { askRecords, inTime, VisitFailed } from './ask.ts'
import { withinTime, withoutServers } from './budget.ts'
import * as queries from './queries.ts'
import { count, type FollowDeps, mostTold, noReport, type PullReport } from './report.ts'
import type { Counts } from './rules.ts'
import { isTooLong, type Sighting, type Step, stepFor } from './steps.ts'
import type { Found, Memory, Visit } from './visit.ts'
import { visitChanges } from './visit-changes.ts'
import { visitFile } from './visit-file.ts'
import { visitDirectory, visitIndex, visitProfile } from './visit-list.ts'

/** Well within the claim: what was learnt is still to be written. */
const visitTime = 15 * 60_000
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

/** A visit under way: what is known of its source, and what was learnt so far. */
export interface Run {
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
  /** Servers whose records operators want nowhere, and the client that never asks them. */
  blocked: Set<string>
  outbound: Outbound
}

export async function startRun(deps: FollowDeps, source: FollowedSourceRow, now: Date, spool: Spool<Step>): Promise<Run> {
  const memory: Memory = source.cursor ? JSON.parse(source.cursor) : {}
  const held = await queries.countHeld(deps.db, source.id)
  const blocked = await listBlockedOrigins(deps.db)
  const counts = { held, fresh: 0, changed: 0, gone: 0, usual: memory.usual ?? 0 }
  return {
    deps,
    source,
    now,
    memory,
    isAnew: source.cursor === null,
    counts,
    report: noReport(source.url),
    spool,
    seen: new Set(),
    listed: new Set(),
    heard: { forwardings: new Set(), puts: [] },
    blocked,
    outbound: withoutServers(deps.outbound, blocked),
  }
}

/** Goes to the source and puts aside what is to be done; writes nothing. Throws `VisitFailed`. */
export async function look(run: Run): Promise<Found> {
  const { source, deps, now, memory, isAnew } = run
  const visit: Visit = {
    ...{
      source,
      outbound: withinTime(run.outbound, deps.clock, visitTime),
      here: originOf(deps.config.publicUrl)!,
      now,
      memory,
      isAnew,
    },
    listed: () => listListed(run),
    known: (iris) => listItems(deps.db, source.id, iris),
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
  const items = await listItems(
    deps.db,
    source.id,
    sightings.map(({ iri }) => iri),
  )
  const terms = { source, publicUrl: deps.config.publicUrl, now, isAnew: run.isAnew }
  const steps: Step[] = []
  for (const sighting of sightings) {
    if (sighting.kind === 'record') hearRecord(run, sighting.value)
    report.counts.seen++
    if (run.seen.has(sighting.iri)) continue
    run.seen.add(sighting.iri)
    const item = items.get(sighting.iri)
    const step = stepFor(sighting, item, terms)
    if (!step) continue
    steps.push(step)
    // Its home gave it, as it does in all that is seen.
    if (step.kind === 'put' || step.kind === 'seen') hear(run, [], [{ iri: step.iri, at: now.toISOString() }])
    count(run.report, counts, step, item !== undefined && item.state !== 'gone' && item.record !== null)
  }
  await run.spool.write(steps)
  if (counts.held + counts.fresh > 2 * source.quota || report.counts.refused > source.quota) throw new VisitFailed('too-many')
}

/** Statements wait until all was seen. */
function hear({ heard }: Run, forwardings: string[], puts: Heard['puts'] = []): void {
  for (const one of forwardings) if (one.length <= longestStatement && heard.forwardings.size < mostTold) heard.forwardings.add(one)
  for (const { iri, at } of puts) heard.puts.push({ iri, at })
}

/** What a record says of itself, unless it is too long to be kept. */
function hearRecord(run: Run, record: unknown): void {
  const told = forwardingsOf(record)
  if (told.length > 0 && !isTooLong(JSON.stringify(record))) hear(run, told)
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
