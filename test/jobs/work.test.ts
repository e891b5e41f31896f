import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findJob } from '../../server/jobs/queries.ts'
import { prepareWork, workOnce } from '../../server/jobs/work.ts'
import { openEngine } from '../engines.ts'
import { openSqlite } from '../helper.ts'
import { newMail, queue, rowsOf, senderDeps, startSmtp } from '../mail/world.ts'
import { makeOutbound } from '../net/servers.ts'

t.test('woken, it sends; stopped, it lets the mail under way end', async (t) => {
  const db = await openSqlite(t)
  const { deps } = await senderDeps(db)
  let letGo: (() => void) | undefined
  const arrived = new EventTarget()
  const { url } = await startSmtp(t, {
    onRcptTo: ({ address }, _session, done) => {
      if (!address.startsWith('slow')) return done()
      letGo = done
      arrived.dispatchEvent(new Event('slow'))
    },
  })
  const work = prepareWork({ ...deps, outbound: makeOutbound(t, []), config: { ...deps.config, dataDir: '/nowhere', smtpUrl: url } })
  work.start()
  const slow = once(arrived, 'slow')
  await queue(db, newMail(1), newMail(2, { address: 'slow@reader.example' }))
  work.wake()
  await slow
  const stopping = work.stop()
  await queue(db, newMail(3))
  work.wake()
  letGo!()
  await stopping
  t.same(
    (await rowsOf(db)).map(({ state }) => state),
    ['sent', 'sent', 'queued'],
  )
})

t.test('once, by the command', async (t) => {
  const { dataDir } = await openEngine(t, 'sqlite')
  const db = await openSqlite(t)
  const { deps } = await senderDeps(db)
  await queue(db, newMail(1))
  const { mails, jobs } = await workOnce({ ...deps, outbound: makeOutbound(t, []), config: { ...deps.config, dataDir } })
  t.equal(mails, 1)
  t.ok(jobs.includes('purge mails'))
  t.equal(readdirSync(join(dataDir, 'outbox')).length, 1)
  for (const name of jobs) t.match(await findJob(db, name), { outcome: 'done' })
})
