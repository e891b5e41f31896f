import type { Config } from '../config.ts'
import { pullDue } from '../federation/follow/pull.ts'
import { readDueEcosystems } from '../federation/network/remote.ts'
import { lookForPairs } from '../federation/same/actions.ts'
import { createSender, type SendDeps, sendDue } from '../mail/send.ts'
import { transportOf } from '../mail/transport.ts'
import type { Outbound } from '../net/outbound.ts'
import { jobs } from './list.ts'
import { createLoop } from './loop.ts'
import { runDue } from './runner.ts'

export interface WorkDeps extends SendDeps {
  config: SendDeps['config'] & Pick<Config, 'dataDir' | 'smtpUrl'>
  outbound: Outbound
}

export interface Work {
  start: () => void
  /** There may be a mail to send. */
  wake: () => void
  /** Lets what is under way end; the mails for ten seconds at most. */
  stop: () => Promise<void>
}

// Mails of other processes and those tried again are seen within this time; those of this process at once.
const mailRhythm = 5_000
const jobRhythm = 60_000

/** What the server does beside answering: mails in one loop, jobs in another, other servers in a third, so that nothing slow keeps a mail waiting. `grace` in milliseconds. */
export function prepareWork(deps: WorkDeps, { grace = 10_000 } = {}): Work {
  const transport = transportOf(deps.config)
  const sender = createSender(deps, transport, () => mails.wake())
  const mails = createLoop(sender.pass, mailRhythm, (error) => deps.warn({ err: error }, 'the queue of mails could not be read'))
  const timed = createLoop(
    () => runDue(deps, jobs),
    jobRhythm,
    (error) => deps.warn({ err: error }, 'the jobs could not be read'),
  )
  const followed = createLoop(
    () => followDue(deps),
    jobRhythm,
    (error) => deps.warn({ err: error }, 'the sources could not be read'),
  )
  return {
    start: () => {
      mails.start()
      timed.start()
      followed.start()
    },
    wake: mails.wake,
    stop: async () => {
      // From now on, however long a job or a visit still takes.
      const cut = setTimeout(transport.close, grace)
      await Promise.all([mails.stop().then(sender.settled), timed.stop(), followed.stop()])
      clearTimeout(cut)
      transport.close()
    },
  }
}

/** Does what is due once. */
export async function workOnce(deps: WorkDeps): Promise<{ mails: number; jobs: string[]; sources: number }> {
  const transport = transportOf(deps.config)
  try {
    return { mails: await sendDue(deps, transport), jobs: await runDue(deps, jobs), sources: await followDue(deps) }
  } finally {
    transport.close()
  }
}

/** Visits the sources that are due, looks whether what is new is here twice, then asks those that answered for their ecosystems; gives how many were visited. */
async function followDue(deps: WorkDeps): Promise<number> {
  const reports = await pullDue(deps)
  if (reports.some(({ counts, paused }) => !paused && counts.added + counts.changed + counts.gone > 0))
    await lookForPairs(deps.db, deps.config.publicUrl, { anyway: true })
  await readDueEcosystems(deps)
  return reports.length
}
