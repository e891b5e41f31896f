import t from 'tap'
import { countAttempt, networkOf } from '../../server/account/limits.ts'
import { purgeAccounts } from '../../server/account/purge.ts'
import { eachEngine } from '../engines.ts'
import { build, makeTestDeps, now, openDb } from '../helper.ts'
import { signInAs } from '../people.ts'
import { post } from './mails.ts'

eachEngine(t, 'what is over is forgotten, what holds stays', async (t, openEngine) => {
  const db = await openDb(t, await openEngine())
  const app = await build(t, db)
  await signInAs(app, db, 'stranger')
  await post(app, '/sign-in', { address: 'a@b.example' })
  const count = async () =>
    Promise.all((['attempt', 'mailed_link', 'session'] as const).map(async (table) => (await db.selectFrom(table).selectAll().execute()).length))
  const days = async (many: number) => {
    await purgeAccounts(db, new Date(Date.parse(now) + many * 24 * 3600_000))
    return count()
  }
  t.same(await days(0), [1, 1, 1])
  t.same(await days(1.1), [0, 1, 1])
  t.same(await days(2.1), [0, 0, 1])
  t.same(await days(61), [0, 0, 0])
})

eachEngine(t, 'a thousand attempts are four rows', async (t, openEngine) => {
  const db = await openDb(t, await openEngine())
  const deps = await makeTestDeps(db)
  const tries = async (many: number) => {
    const tried = Array.from({ length: many }, () =>
      countAttempt(db, deps, 'test', 'key', { max: 4, minutes: 60 }).then(
        () => true,
        () => false,
      ),
    )
    return (await Promise.all(tried)).filter(Boolean).length
  }
  t.equal(await tries(100), 4, 'of many at once, too')
  t.equal(await tries(1000), 0)
  t.equal((await db.selectFrom('attempt').selectAll().execute()).length, 4)
  await t.rejects(countAttempt(db, deps, 'test', 'key', { max: 4, minutes: 60 }), { code: 'tooMany' })
  await countAttempt(db, deps, 'test', 'another', { max: 4, minutes: 60 })
  await countAttempt(db, deps, 'other', 'key', { max: 4, minutes: 60 })
})

t.test('a network', async (t) => {
  const same = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::', '2001:0db8:0001:0002:0:0:0:9']
  t.equal(new Set(same.map(networkOf)).size, 1)
  t.not(networkOf('2001:db8:1:3::1'), networkOf(same[0]!))
  t.equal(networkOf('::ffff:192.0.2.1'), networkOf('192.0.2.1'))
  t.not(networkOf('192.0.2.1'), networkOf('192.0.2.2'))
  for (const own of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) t.equal(networkOf(own), undefined, own)
})
