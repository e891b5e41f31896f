import type { Db, FollowedSourceRow } from '../../db/tables.ts'
import { AppError } from '../../errors.ts'
import { createOutbound } from '../../net/outbound.ts'
import { createDuplicateIndex, homesOf } from '../../transfer/duplicates.ts'
import { listLikenesses } from '../../transfer/queries.ts'
import { addSource } from './add-source.ts'
import type { FollowOptions, FollowTools, PullOptions } from './commands.ts'
import { type FollowDeps, type Named, type PullReport, pullSource } from './pull.ts'
import { countItems, listSources } from './queries.ts'

/** `archipel follow`; throws one sentence for the person at the terminal. */
export async function runFollow(address: string | undefined, { keyword, ...settings }: FollowOptions, tools: FollowTools): Promise<void> {
  await withFollowing(tools, async (deps) => {
    if (address === undefined) return tellSources(deps.db, tools)
    const { url, kind, trust } = await addSource(deps, address, { ...settings, ...(keyword ? { keywords: keyword } : {}) }).catch((error) => {
      throw error instanceof AppError && error.detail ? new Error(tools.t()(error.detail.key, error.detail.values)) : error
    })
    tools.print(`${url} is followed (${kind}, ${trust}). archipel pull --dry-run says what it would bring.`)
  })
}

/** `archipel pull`; the same. */
export async function runPull({ source, dryRun, json }: PullOptions, tools: FollowTools): Promise<void> {
  await withFollowing(tools, async (deps) => {
    const chosen = (await listSources(deps.db)).filter((one) => source === undefined || one.url === source || new URL(one.url).host === source)
    if (chosen.length === 0) throw new Error(source === undefined ? 'No server is followed: archipel follow ADDRESS.' : `${source} is not followed.`)
    for (const one of chosen) {
      const reason = one.trust === 'blocked' ? 'blocked' : one.paused
      const report = reason ? undefined : await pullSource(deps, one, { dryRun })
      if (!report) {
        tools.print(`${one.url}: ${reason ?? 'somebody else is asking it'}`)
        continue
      }
      const duplicates = dryRun ? await findDuplicates(deps.db, report.added) : []
      tools.print(json ? JSON.stringify({ ...report, duplicates }, null, 2) : describe(report, duplicates))
      if (!['ok', 'not-modified'].includes(report.outcome)) process.exitCode = 1
    }
  })
}

async function withFollowing({ readConfig, withDatabase, clock }: FollowTools, body: (deps: FollowDeps) => Promise<void>): Promise<void> {
  const config = readConfig()
  const outbound = createOutbound({ publicUrl: config.publicUrl, clock })
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

/** The groups here that new ones may be: the same home address. */
async function findDuplicates(db: Db, added: Named[]): Promise<{ iri: string; like: string[] }[]> {
  const index = createDuplicateIndex()
  const size = 2000
  for (let rows = await listLikenesses(db, 0, size); rows.length > 0; rows = await listLikenesses(db, rows.at(-1)!.num, size))
    for (const { short_name, name, links } of rows)
      index.add({ shortName: short_name, name, homes: homesOf(links === null ? undefined : JSON.parse(links)) })
  return added.flatMap(({ iri, name, homes }) => {
    const like = index.like({ shortName: '', name, homes: homesOf(homes) })
    return like.length > 0 ? [{ iri, like }] : []
  })
}

function describe(
  { source, outcome, paused, counts, added, changed, gone, refused }: PullReport,
  duplicates: { iri: string; like: string[] }[],
): string {
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
