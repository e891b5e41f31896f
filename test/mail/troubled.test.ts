import { once } from 'node:events'
import t from 'tap'
import { purgeMails } from '../../server/mail/purge.ts'
import { createSender, sendDue } from '../../server/mail/send.ts'
import { smtpTransport, type Transport } from '../../server/mail/transport.ts'
import { post } from '../account/mails.ts'
import { eachEngine } from '../engines.ts'
import { build, now, openDb, openSqlite, publicUrl } from '../helper.ts'
import { signInAs } from '../people.ts'
import { hasty, mailId, newMail, queue, refusal, rowsOf, senderDeps, startSmtp } from './world.ts'

const refusing: Transport = {
  send: async ({ to }) => {
    if (to.startsWith('gone')) throw Object.assign(refusal(550, `No <${to}> & no <b>`), { command: 'RCPT TO' })
    if (to.startsWith('later')) throw refusal(451, 'Later')
  },
  close: () => {},
}

t.test('operators see what could not be delivered, try again and forget', async (t) => {
  const db = await openSqlite(t)
  const { deps } = await senderDeps(db)
  await queue(db, newMail(1, { address: 'gone@reader.example' }), newMail(2, { address: 'later@reader.example' }), newMail(3))
  await sendDue(deps, refusing)
  await queue(db, newMail(4, { address: 'new@reader.example' }))
  const app = await build(t, db)
  const cookie = await signInAs(app, db, 'operator')
  const { statusCode, body } = await app.inject({ url: '/me/mail', headers: { cookie } })
  t.equal(statusCode, 200)
  t.match(body, 'No &lt;gone@reader.example&gt; &amp; no &lt;b&gt;')
  t.match(body, 'later@reader.example')
  t.match((await app.inject({ url: '/me', headers: { cookie } })).body.replaceAll('&#x3D;', '='), /<a href="\/me\/mail">[^<]*1 courriel/)
  t.notMatch(body, /zoe@|new@|abc/, 'neither what left, nor what is only waiting, nor what mails say')
  const order = (fields: string, more = {}) =>
    app.inject({
      method: 'POST',
      url: '/me/mail',
      payload: fields,
      headers: { cookie, origin: publicUrl, 'content-type': 'application/x-www-form-urlencoded', ...more },
    })
  t.match(await order(`id=${mailId(1)}&do=retry`), { statusCode: 303, headers: { location: '/me/mail?done=retry' } })
  t.match((await rowsOf(db))[0], { state: 'queued', attempts: 0, due_at: now, ended_at: null, address: 'gone@reader.example' })
  t.match(await order(`id=${mailId(2)}&do=forget`), { statusCode: 303 })
  t.same(
    (await rowsOf(db)).map(({ id }) => id),
    [mailId(1), mailId(3), mailId(4)],
  )
  t.equal((await order(`id=${mailId(3)}&do=retry`)).statusCode, 404, 'a mail that left does not leave again')
  for (const fields of ['id=x&do=retry', `id=${mailId(1)}`, `id=${mailId(1)}&do=eat`, '']) t.equal((await order(fields)).statusCode, 400, fields)
  for (const url of ['/me/mail?done=retry', '/me/mail?lang=en']) t.equal((await app.inject({ url, headers: { cookie } })).statusCode, 200)
  const stranger = await signInAs(app, db, 'stranger')
  t.equal((await order(`id=${mailId(1)}&do=forget`, { cookie: stranger })).statusCode, 403)
  t.equal((await app.inject({ url: '/me/mail', headers: { cookie: stranger } })).statusCode, 403)
  t.equal((await app.inject('/me/mail')).statusCode, 303)
})

await eachEngine(t, 'trying again never sends twice what is under way', async (t, open) => {
  const db = await openDb(t, await open())
  const { deps, pass } = await senderDeps(db)
  const held: (() => void)[] = []
  const arrived = new EventTarget()
  const { url, taken } = await startSmtp(t, {
    onRcptTo: (_to, _session, done) => {
      held.push(done)
      arrived.dispatchEvent(new Event('mail'))
    },
  })
  const transport = smtpTransport(url, hasty)
  t.teardown(() => transport.close())
  await queue(db, newMail(1))
  await db.updateTable('mail').set({ error: '451 Later', attempts: 1 }).execute()
  const app = await build(t, db)
  const cookie = await signInAs(app, db, 'operator')
  const retry = () => post(app, '/me/mail', { id: mailId(1), do: 'retry' }, { cookie })
  const [one, other] = [createSender(deps, transport), createSender(deps, transport)]
  const mail = once(arrived, 'mail')
  t.equal(await one.pass(), 1)
  await mail
  const [before] = await rowsOf(db)
  t.match(await retry(), { statusCode: 303, headers: { location: '/me/mail?done=retry' } }, 'it leaves already')
  t.same((await rowsOf(db))[0], before)
  t.equal(await other.pass(), 0, 'and is in nobody else’s hands')
  for (const done of held) done()
  await one.settled()
  t.equal(taken.length, 1)
  t.match(await rowsOf(db), [{ state: 'sent' }])
  await db.updateTable('mail').set({ state: 'queued', claimed_until: now, attempts: 3 }).execute()
  pass(1)
  await retry()
  t.match(await rowsOf(db), [{ attempts: 0, claimed_until: null }], 'what a dead process held is free')
})

await eachEngine(t, 'mails are forgotten in time', async (t, open) => {
  const db = await openDb(t, await open())
  const { deps } = await senderDeps(db)
  await queue(db, newMail(1, { address: 'gone@reader.example' }), newMail(2, { address: 'later@reader.example' }), newMail(3))
  await sendDue(deps, refusing)
  const left = async (days: number) => {
    await purgeMails(db, new Date(Date.parse(now) + days * 24 * 3600_000))
    return (await rowsOf(db)).map(({ state }) => state)
  }
  t.same(await left(7), ['failed', 'queued', 'sent'])
  t.same(await left(7.01), ['failed', 'queued'])
  t.same(await left(30.01), ['queued'], 'never what still waits')
})
