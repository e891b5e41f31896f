import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { insertSource } from '../../server/federation/follow/actions.ts'
import { prepareWork, workOnce } from '../../server/jobs/work.ts'
import type { Outbound } from '../../server/net/outbound.ts'
import type { Outcome } from '../../server/net/outcome.ts'
import { openEngine } from '../engines.ts'
import { now, openSqlite } from '../helper.ts'
import { newMail, queue, rowsOf, senderDeps, startSmtp } from '../mail/world.ts'
import { makeOutbound } from '../net/servers.ts'
import { jobOf } from './job.ts'

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

t.test('stopped, it cuts a mail that does not end, whatever else is under way', async (t) => {
  const db = await openSqlite(t)
  const { deps } = await senderDeps(db)
  await insertSource(db, { kind: 'csv', url: 'https://slow.example/groups.csv', keyword: null }, new Date(now))
  const visit = Promise.withResolvers<Outcome<never>>()
  const arrived = new EventTarget()
  const hold = () => {
    arrived.dispatchEvent(new Event('visit'))
    return visit.promise
  }
  const outbound: Outbound = { fetch: hold, stream: hold, close: async () => {} }
  const { url } = await startSmtp(t, { onRcptTo: () => arrived.dispatchEvent(new Event('mail')) })
  await queue(db, newMail(1))
  const underWay = Promise.all([once(arrived, 'visit'), once(arrived, 'mail')])
  const tried = once(arrived, 'tried')
  const warn = (_facts: object, text: string) => void (text === 'a mail could not be sent' && arrived.dispatchEvent(new Event('tried')))
  const work = prepareWork({ ...deps, warn, outbound, config: { ...deps.config, dataDir: '/nowhere', smtpUrl: url } }, { grace: 1 })
  work.start()
  await underWay
  const stopping = work.stop()
  await tried
  visit.resolve({ name: 'aborted' } as Outcome<never>)
  await stopping
  t.match(await rowsOf(db), [{ state: 'queued', attempts: 1 }], 'it is tried again later')
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
  for (const name of jobs) t.match(await jobOf(db, name), { outcome: 'done' })
})
