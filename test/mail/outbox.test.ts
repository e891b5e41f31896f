import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import t from 'tap'
import { findMail } from '../../server/mail/queries.ts'
import { sendDue } from '../../server/mail/send.ts'
import { transportOf } from '../../server/mail/transport.ts'
import { openEngine } from '../engines.ts'
import { build, openSqlite } from '../helper.ts'
import { mailId, newMail, queue, rowsOf, senderDeps } from './world.ts'

const letter = {
  view: 'letter',
  model: { group: 'Jardin', name: 'Zoé <b>', role: 'facilitator', text: 'Bonjour\n<script>alert(1)</script>', link: '/g/jardin/letters/1' },
}

t.test('without a server, mails are files that any mail program opens', async (t) => {
  const { dataDir } = await openEngine(t, 'sqlite')
  const db = await openSqlite(t)
  const { deps } = await senderDeps(db)
  await queue(db, newMail(1, letter), newMail(2))
  t.equal(await sendDue(deps, transportOf({ dataDir })), 2)
  const folder = join(dataDir, 'outbox')
  t.same(readdirSync(folder).sort(), [`${mailId(1)}.eml`, `${mailId(2)}.eml`])
  t.equal(statSync(join(folder, `${mailId(1)}.eml`)).mode & 0o777, 0o600)
  const email = await PostalMime.parse(readFileSync(join(folder, `${mailId(1)}.eml`)))
  t.match(email, { subject: 'Zoé <b> écrit à Jardin', to: [{ address: 'zoe@reader.example' }], from: { address: 'iles@archipel.example' } })
  t.match(email.text, /^> Bonjour\n> <script>/m)
  t.match(
    (await rowsOf(db)).map(({ state, model }) => [state, model]),
    [
      ['sent', '{}'],
      ['sent', '{}'],
    ],
  )
})

t.test('a folder that cannot be written keeps the mail', async (t) => {
  const { dataDir } = await openEngine(t, 'sqlite')
  writeFileSync(join(dataDir, 'outbox'), 'a file')
  const db = await openSqlite(t)
  const { deps } = await senderDeps(db)
  await queue(db, newMail(1))
  await sendDue(deps, transportOf({ dataDir }))
  t.match(await findMail(db, mailId(1)), { state: 'queued', attempts: 1 })
})

t.test('in the demo, everyone reads the mails; elsewhere nobody', async (t) => {
  const db = await openSqlite(t)
  const { deps } = await senderDeps(db, true)
  await queue(db, newMail(1, { ...letter, replyTo: 'ana@animator.example' }), newMail(2, { locale: 'en', address: 'joe@reader.example' }))
  await sendDue(deps, { send: async () => {}, close: () => {} })
  const app = await build(t, db, { demo: true })
  const list = await app.inject('/outbox')
  t.match(list, { statusCode: 200, headers: { 'cache-control': 'no-store' } })
  t.ok(list.body.indexOf(mailId(2)) < list.body.indexOf(mailId(1)), 'the newest first')
  t.match(list.body, 'Zoé &lt;b&gt; écrit à Jardin')
  const page = await app.inject(`/outbox/${mailId(1)}`)
  t.equal(page.statusCode, 200)
  t.match(page.body, '&gt; &lt;script&gt;alert(1)&lt;/script&gt;')
  t.match(page.body, '<a href="/g/jardin/letters/1">http://archipel.example/g/jardin/letters/1</a>')
  t.match(page.body, 'ana@animator.example')
  const html = await app.inject(`/outbox/${mailId(1)}.html`)
  t.match(html.headers['content-security-policy'], /^default-src 'none'; sandbox/)
  t.match(html.body, '<p>Bonjour<br>&lt;script&gt;')
  for (const url of [`/outbox/${mailId(3)}`, `/outbox/${mailId(3)}.html`, '/outbox/x']) t.equal((await app.inject(url)).statusCode, 404, url)
  for (const settings of [{}, { demo: true, smtpUrl: 'smtp://127.0.0.1' }]) {
    const other = await build(t, db, settings)
    for (const url of ['/outbox', `/outbox/${mailId(1)}`, `/outbox/${mailId(1)}.html`]) t.equal((await other.inject(url)).statusCode, 404, url)
  }
})
