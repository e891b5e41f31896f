// npm run bench [-- 1000 10000 …]: speed at several sizes, as a table; kept under DATA_DIR and compared with the run before. Ends by itself.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import project from '../../package.json' with { type: 'json' }
import { openDatabase } from '../../server/db/open.ts'
import { type Figures, measure } from './measure.ts'
import { saveTimes } from './save.ts'
import { makeScenarios } from './scenarios.ts'
import { type Running, start } from './server.ts'

interface Row extends Figures {
  name: string
  size: number
  /** Requests per second, as a share of what the constant buffer reaches. */
  ofLimit: number
  /** Resident memory after it, megabytes. */
  memory: number
}

interface Run {
  date: string
  machine: string
  rows: Row[]
  facts: { name: string; size: number; value: string }[]
}

const root = join(import.meta.dirname, '../..')
const sizes = process.argv.slice(2).map(Number).filter(Boolean)
const folder = join(process.env.DATA_DIR ?? join(root, 'data'), 'bench')
const latest = join(folder, 'latest.json')

const before = existsSync(latest) ? (JSON.parse(readFileSync(latest, 'utf8')) as Run) : undefined
const run: Run = { date: new Date().toISOString().slice(0, 10), machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`, rows: [], facts: [] }
// The very first start of an installation also compiles the program.
const empty = mkdtempSync(join(tmpdir(), 'archipel-bench-'))
await startAndStop({ DATA_DIR: empty, PORT: '0', LOG_LEVEL: 'error' })
rmSync(empty, { recursive: true, force: true })
const limit = await start('exec node test/bench/constant.ts', {}, '/?size=1')
try {
  for (const size of sizes.length > 0 ? sizes : [1000, 10_000, 100_000]) await benchSize(size)
} finally {
  await limit.stop()
}
mkdirSync(folder, { recursive: true })
const text = table(run, before)
writeFileSync(latest, JSON.stringify(run, undefined, 1))
writeFileSync(join(folder, `${run.date}.md`), text)
process.stdout.write(`${text}\n`)

async function benchSize(size: number): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'archipel-bench-'))
  const env = { DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error' }
  const fact = (name: string, value: string) => run.facts.push({ name, size, value })
  try {
    const seed = mkdtempSync(join(dataDir, 'seed-'))
    archipel(seed, 'generate', '--groups', String(size))
    const file = join(dataDir, 'groups.ndjson')
    fact(
      'export, groups/s',
      rate(size, () => archipel(seed, 'export', '--format', 'ndjson', '--out', file)),
    )
    fact(
      'import, groups/s',
      rate(size, () => archipel(dataDir, 'import', file)),
    )
    fact('database, MB', (statSync(join(dataDir, 'archipel.db')).size / 1e6).toFixed(0))
    const db = openDatabase({ dataDir })
    const scenarios = await makeScenarios(db)
    const startups: number[] = []
    for (let at = 0; at < 2; at++) startups.push(await startAndStop(env))
    const server = await start(project.scripts.start, env, '/groups')
    try {
      startups.push(server.startup)
      fact('first answer after a start, ms (middle of three)', startups.sort((a, b) => a - b)[1]!.toFixed(0))
      for (const { name, paths } of scenarios) await benchScenario(server, size, name, paths)
      const saves = await saveTimes(db, server.url, size)
      fact('saving a record by its form, p50 and p95, ms', [0.5, 0.95].map((share) => saves[Math.floor(saves.length * share)]!.toFixed(1)).join(', '))
      fact('first byte of the whole .csv, ms', (await firstByte(`${server.url}/groups.csv`)).toFixed(0))
      fact('memory after all that, MB', server.memory().toFixed(0))
    } finally {
      await server.stop()
      await db.destroy()
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Milliseconds from the start of the process to its first answer. */
async function startAndStop(env: Record<string, string>): Promise<number> {
  const server = await start(project.scripts.start, env, '/groups')
  await server.stop()
  return server.startup
}

/** A command of the product, as `npm run archipel` gives it. */
function archipel(dataDir: string, ...args: string[]): void {
  const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`, DATA_DIR: dataDir, LOG_LEVEL: 'error' }
  execFileSync('sh', ['-c', `${project.scripts.archipel} "$@"`, 'archipel', ...args], {
    cwd: root,
    env,
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function benchScenario(server: Running, size: number, name: string, paths: string[]): Promise<void> {
  const figures = await measure(server.url, paths)
  const constant = await measure(limit.url, [`/?size=${figures.bytes}`], { count: 20, seconds: 1 })
  const row = { name, size, ...figures, ofLimit: figures.perSecond / constant.perSecond, memory: server.memory() }
  run.rows.push(row)
  process.stderr.write(`${size} ${name}: p50 ${row.p50.toFixed(1)} p95 ${row.p95.toFixed(1)} ms, ${row.perSecond.toFixed(0)}/s\n`)
}

/** Per second; the start of a process is taken off. */
function rate(count: number, work: () => void): string {
  const idle = time(() => archipel(tmpdir(), '--version'))
  return Math.round(count / Math.max(0.001, (time(work) - idle) / 1000)).toString()
}

function time(work: () => void): number {
  const started = performance.now()
  work()
  return performance.now() - started
}

/** Milliseconds until the first piece of the body; the rest is left. */
async function firstByte(url: string): Promise<number> {
  const started = performance.now()
  const stop = new AbortController()
  const answer = await fetch(url, { signal: stop.signal })
  await answer.body!.getReader().read()
  const taken = performance.now() - started
  stop.abort()
  return taken
}

function table({ date, machine, rows, facts }: Run, old: Run | undefined): string {
  const known = (row: Row) => old?.rows.find(({ name, size }) => name === row.name && size === row.size)
  const change = (row: Row) => {
    const was = known(row)
    return was ? `${row.p95 >= was.p95 ? '+' : '−'}${Math.abs(Math.round((row.p95 / was.p95 - 1) * 100))} %` : ''
  }
  return [
    `Measured on ${date}, ${machine}, SQLite. Times in ms, one request at a time, after two seconds of eight connections; requests/s with these, and as a share of the same Fastify sending a constant buffer of the same size.`,
    '',
    '| what | groups | p50 | p95 | p99 | requests/s | of the limit | bytes | memory, MB | p95 since the run before |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...rows.map(
      (row) =>
        `| ${row.name} | ${row.size} | ${row.p50.toFixed(1)} | ${row.p95.toFixed(1)} | ${row.p99.toFixed(1)} | ${row.perSecond.toFixed(0)} | ${(row.ofLimit * 100).toFixed(1)} % | ${row.bytes} | ${row.memory.toFixed(0)} | ${change(row)} |`,
    ),
    '',
    '| what | groups | value |',
    '|---|--:|--:|',
    ...facts.map(({ name, size, value }) => `| ${name} | ${size} | ${value} |`),
  ].join('\n')
}
