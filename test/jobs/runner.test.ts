import t from 'tap'
import { claimJob } from '../../server/jobs/queries.ts'
import { type Job, type RunnerDeps, runDue } from '../../server/jobs/runner.ts'
import { nextRun } from '../../server/jobs/schedule.ts'
import { eachEngine } from '../engines.ts'
import { now, openDb, publicUrl } from '../helper.ts'
import { jobOf } from './job.ts'

const minute = 60_000
const hour = 60 * minute

async function runner(db: RunnerDeps['db']) {
  let time = Date.parse(now)
  const warnings: object[] = []
  const deps: RunnerDeps = {
    db,
    config: { dataDir: '/nowhere', publicUrl },
    clock: () => new Date(time),
    random: () => 0.5,
    warn: (facts) => warnings.push(facts),
  }
  return { deps, warnings, pass: (ms: number) => (time += ms) }
}

t.test('the rhythm, with a little chance in it', async (t) => {
  const wait = (every: number, failed: boolean, chance: number) =>
    (Date.parse(nextRun(every, failed, new Date(now), () => chance)) - Date.parse(now)) / minute
  t.equal(wait(hour, false, 0.5), 60)
  t.equal(wait(hour, false, 0), 57)
  t.equal(wait(hour, true, 0.5), 15)
  t.equal(wait(24 * hour, true, 0.5), 60)
})

await eachEngine(t, 'jobs run when they are due, a failed one sooner, and none ends the others', async (t, open) => {
  const db = await openDb(t, await open())
  const { deps, warnings, pass } = await runner(db)
  let broken = true
  const seen: string[] = []
  const jobs: Job[] = [
    {
      name: 'broken',
      every: hour,
      run: async () => {
        if (broken) throw new Error('no luck')
      },
    },
    { name: 'fine', every: hour, run: async (given, at) => void seen.push(`${given === db} ${at.toISOString()}`) },
  ]
  t.same(await runDue(deps, jobs), ['broken', 'fine'])
  t.same(seen, [`true ${now}`])
  t.match(warnings, [{ job: 'broken', err: { message: 'no luck' } }])
  t.match(await jobOf(db, 'broken'), { outcome: 'no luck', due_at: '2026-11-21T12:15:00.000Z', claimed_until: null, ran_at: now })
  t.match(await jobOf(db, 'fine'), { outcome: 'done', due_at: '2026-11-21T13:00:00.000Z' })
  t.same(await runDue(deps, jobs), [])
  broken = false
  pass(15 * minute)
  t.same(await runDue(deps, jobs), ['broken'])
  pass(45 * minute)
  t.same(await runDue(deps, jobs), ['fine'])
})

await eachEngine(t, 'of two processes one runs a job, and a dead one holds it for half an hour', async (t, open) => {
  const db = await openDb(t, await open())
  const { deps, pass } = await runner(db)
  let runs = 0
  const jobs: Job[] = [{ name: 'alone', every: hour, run: async () => void runs++ }]
  await Promise.all([runDue(deps, jobs), runDue(deps, jobs)])
  t.equal(runs, 1)
  pass(hour)
  const at = deps.clock().toISOString()
  t.ok(await claimJob(db, 'alone', at, new Date(Date.parse(at) + hour / 2).toISOString()), 'this process dies now')
  pass(29 * minute)
  t.same(await runDue(deps, jobs), [])
  pass(minute)
  t.same(await runDue(deps, jobs), ['alone'])
  t.equal(runs, 2)
})
