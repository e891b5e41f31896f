import type { Db, FollowedSourceRow } from '../../db/tables.ts'
import { AppError } from '../../errors.ts'
import { createOutbound } from '../../net/outbound.ts'
import { homesOf } from '../../transfer/duplicates.ts'
import { listBlockedOrigins } from '../copies/queries.ts'
import { originOf } from '../copies/rules.ts'
import { lookForPairs } from '../same/actions.ts'
import { listComparable } from '../same/queries.ts'
import { addSource } from './add-source.ts'
import type { FollowOptions, FollowTools, PullOptions } from './commands.ts'
import { pullSource } from './pull.ts'
import { countItems, listSources } from './queries.ts'
import type { FollowDeps, Named, PullReport } from './report.ts'

/** `archipel follow`; throws one sentence for the person at the terminal. */
export async function runFollow(address: string | undefined, { keyword, ...settings }: FollowOptions, tools: FollowTools): Promise<void> {
  await withFollowing(tools, async (deps) => {
    if (address === undefined) return tellSources(deps.db, tools)
    const source = await addSource(deps, address, { ...settings, ...(keyword ? { keywords: keyword } : {}) }).catch((error) => {
      throw error instanceof AppError && error.detail ? new Error(tools.t()(error.detail.key, error.detail.values)) : error
    })
    tools.print(`${source.url} is followed (${source.kind}, ${source.trust}).`)
    if (source.trust === 'blocked') return
    const report = await pullSource(deps, source, { dryRun: true })
    if (report) tools.print(`What archipel pull would bring, now or in its time:\n${describe(report, await findDuplicates(deps.db, report.added))}`)
  })
}

/** `archipel pull`; the same. */
export async function runPull({ source, dryRun, json }: PullOptions, tools: FollowTools): Promise<void> {
  await withFollowing(tools, async (deps) => {
    const chosen = (await listSources(deps.db)).filter((one) => source === undefined || one.url === source || new URL(one.url).host === source)
    if (chosen.length === 0) throw new Error(source === undefined ? 'No server is followed: archipel follow ADDRESS.' : `${source} is not followed.`)
    const blocked = await listBlockedOrigins(deps.db)
    let isNews = false
    for (const one of chosen) {
      const reason = one.trust === 'blocked' || blocked.has(one.origin) ? 'blocked' : one.paused
      const report = reason ? undefined : await pullOne(deps, one, dryRun)
      if (!report || report === 'broken') {
        tools.print(`${one.url}: ${report ?? reason ?? 'somebody else is asking it'}`)
        if (report) process.exitCode = 1
        continue
      }
      const duplicates = await findDuplicates(deps.db, report.added)
      tools.print(json ? JSON.stringify({ ...report, duplicates }, null, 2) : describe(report, duplicates))
      if (!['ok', 'not-modified'].includes(report.outcome)) process.exitCode = 1
      isNews ||= !report.paused && report.counts.added + report.counts.changed + report.counts.gone > 0
    }
    if (isNews && !dryRun) await lookForPairs(deps.db, deps.config.publicUrl, { anyway: true })
  })
}

interface Duplicate {
  iri: string
  /** Short names of groups here. */
  like: string[]
}

/** What breaks with one source is no reason not to visit the others. */
async function pullOne(deps: FollowDeps, source: FollowedSourceRow, dryRun?: boolean): Promise<PullReport | 'broken' | undefined> {
  try {
    return await pullSource(deps, source, { dryRun })
  } catch (error) {
    deps.warn({ source: source.url, error: String(error) }, 'a source could not be read')
    return 'broken'
  }
}

async function withFollowing({ readConfig, withDatabase, clock, policy }: FollowTools, body: (deps: FollowDeps) => Promise<void>): Promise<void> {
  const config = readConfig()
  const outbound = createOutbound({ publicUrl: config.publicUrl, clock, policy })
  const stop = () => void outbound.close()
  process.once('SIGINT', stop)
  const warn = (facts: object, text: string) => void process.stderr.write(`${text}: ${JSON.stringify(facts)}\n`)
  try {
    await withDatabase(config, (db) => body({ db, outbound, clock, random: Math.random, config, warn }))
  } finally {
    process.off('SIGINT', stop)
    await outbound.close()
  }
}

async function tellSources(db: Db, { print }: FollowTools): Promise<void> {
  const sources = await listSources(db)
  const counts = await countItems(
    db,
    sources.map(({ id }) => id),
  )
  for (const source of sources)
    print(`${source.url}  ${source.kind}  ${source.trust}  ${stateOf(source)}  ${JSON.stringify(counts.get(source.id) ?? {})}`)
}

function stateOf({ paused, outcome, due_at }: FollowedSourceRow): string {
  return paused ? `paused: ${paused}` : `${outcome ?? 'new'}, next ${due_at}`
}

/** The groups here that new ones may be, kept elsewhere than these: the same home address. */
async function findDuplicates(db: Db, added: Named[]): Promise<Duplicate[]> {
  const wanted = new Set(added.flatMap(({ homes }) => homesOf(homes)))
  if (wanted.size === 0) return []
  const byHome = new Map<string, { name: string; origin: string | null }[]>()
  for await (const rows of listComparable(db))
    for (const { short_name, links, origin_server } of rows)
      for (const home of links === null ? [] : homesOf(JSON.parse(links)))
        if (wanted.has(home)) byHome.set(home, [...(byHome.get(home) ?? []), { name: short_name, origin: origin_server }])
  return added.flatMap(({ iri, homes }) => {
    const others = homesOf(homes)
      .flatMap((home) => byHome.get(home) ?? [])
      .filter(({ origin }) => origin !== originOf(iri))
    const like = [...new Set(others.map(({ name }) => name))]
    return like.length > 0 ? [{ iri, like }] : []
  })
}

function describe({ source, outcome, paused, counts, added, changed, gone, refused }: PullReport, duplicates: Duplicate[]): string {
  const list = (title: string, lines: string[], count: number) => [
    ...(count > 0 ? [`${title}: ${count}`] : []),
    ...lines.slice(0, 20).map((line) => `  ${line}`),
    ...(count > 20 ? ['  …'] : []),
  ]
  return [
    `${source}: ${outcome}${paused ? `, paused (${paused}): nothing was written` : ''}`,
    ...list(
      'New',
      added.map(({ name, iri }) => `${name}  ${iri}`),
      counts.added,
    ),
    ...list(
      'Changed',
      changed.map(({ name, iri }) => `${name}  ${iri}`),
      counts.changed,
    ),
    ...list('Gone', gone, counts.gone),
    ...list(
      'Refused',
      refused.map(({ iri, reason }) => `${iri}: ${reason}`),
      counts.refused,
    ),
    ...list(
      'Perhaps here already',
      duplicates.map(({ iri, like }) => `${iri}: ${like.join(', ')}`),
      duplicates.length,
    ),
  ].join('\n')
}
