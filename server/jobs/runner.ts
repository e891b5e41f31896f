import type { Config } from '../config.ts'
import type { Db } from '../db/tables.ts'
import type { Random } from '../text/random.ts'
import { claimJob, finishJob, insertJobs } from './queries.ts'
import { nextRun } from './schedule.ts'

export interface Job {
  name: string
  /** Milliseconds. */
  every: number
  run: (db: Db, now: Date, config: RunnerDeps['config']) => Promise<unknown>
}

export interface RunnerDeps {
  db: Db
  config: Pick<Config, 'dataDir' | 'publicUrl'>
  clock: () => Date
  random: Random
  warn: (facts: object, text: string) => void
}

// A job that holds on for longer is taken for dead, and another process may run it.
const lease = 30 * 60_000

/** Runs the jobs that are due, one after the other; gives their names. Of several processes, one runs a job. */
export async function runDue(deps: RunnerDeps, jobs: readonly Job[]): Promise<string[]> {
  const names = jobs.map(({ name }) => name)
  await insertJobs(deps.db, names, deps.clock().toISOString())
  const ran: string[] = []
  for (const job of jobs) if (await runIfDue(deps, job)) ran.push(job.name)
  return ran
}

async function runIfDue({ db, config, clock, random, warn }: RunnerDeps, { name, every, run }: Job): Promise<boolean> {
  const now = clock()
  const until = new Date(now.getTime() + lease).toISOString()
  if (!(await claimJob(db, name, now.toISOString(), until))) return false
  let outcome = 'done'
  try {
    await run(db, now, config)
  } catch (error) {
    outcome = String((error as Error).message).slice(0, 500)
    warn({ job: name, err: error }, 'a job failed')
  }
  const end = clock()
  await finishJob(db, name, until, { due_at: nextRun(every, outcome !== 'done', end, random), ran_at: end.toISOString(), outcome })
  return true
}
