import { once } from 'node:events'
import { createServer } from 'node:net'
import t, { type Test } from 'tap'
import { claimMail, findMail } from '../../server/mail/queries.ts'
import { createSender, sendDue } from '../../server/mail/send.ts'
import { smtpTransport, type Transport } from '../../server/mail/transport.ts'
import { eachEngine } from '../engines.ts'
import { now, openDb, openSqlite } from '../helper.ts'
import { certificate, hasty, mailId, newMail, queue, refusal, rowsOf, senderDeps, startMute, startSmtp } from './world.ts'

function transportTo(t: Test, url: string, ca?: string): Transport {
  const transport = smtpTransport(url, hasty, ca)
  t.teardown(() => transport.close())
  return transport
}

/** Sends nothing by itself: the test says how each mail ends. */
function heldTransport() {
  const held: { id: string; end: (error?: Error) => void }[] = []
  const send: Transport['send'] = ({ id }) => new Promise((resolve, reject) => held.push({ id, end: (error) => (error ? reject(error) : resolve()) }))
  return { held, transport: { send, close: () => {} } }
}

await eachEngine(t, 'a mail leaves in both parts and in the language of who reads it', async (t, open) => {
  const db = await openDb(t, await open())
  const { deps, warnings } = await senderDeps(db)
  const { taken, url } = await startSmtp(t)
  const letter = { group: 'Jardin de la rade', animator: 'Ana', text: 'Venez samedi.\nOn sème.', letter: 'Bonjour', link: '/g/jardin-de-la-rade' }
  await queue(db, newMail(1, { view: 'letter-answer', model: letter, replyTo: 'ana@animator.example' }))
  await queue(db, newMail(2, { view: 'letter-answer', model: letter, locale: 'en', address: 'joe+x@reader.example' }))
  t.equal(await sendDue(deps, transportTo(t, url)), 2)
  const [fr, en] = taken.map(({ email }) => email).sort((a) => (a.to?.[0]?.address === 'zoe@reader.example' ? -1 : 1))
  t.match(fr, {
    subject: 'Jardin de la rade vous répond',
    from: { address: 'iles@archipel.example', name: 'Les îles' },
    to: [{ address: 'zoe@reader.example' }],
    replyTo: [{ address: 'ana@animator.example' }],
    messageId: `<${mailId(1)}@archipel.example>`,
    date: now,
  })
  t.match(
    fr!.text,
    /^Ana, de Jardin de la rade, vous répond\s:\n\n> Venez samedi\.\n> On sème\.\n\n[\s\S]*^http:\/\/archipel\.example\/g\/jardin-de-la-rade$/m,
  )
  t.match(fr!.html, /<html lang="fr">[\s\S]*<blockquote dir="auto"><p>Venez samedi\.<br>On sème\.<\/p>/)
  t.match(fr!.html, '<a href="http://archipel.example/g/jardin-de-la-rade"><strong>La fiche du groupe</strong></a>')
  t.match(fr!.headers.find((header) => header.key === 'auto-submitted')?.value, 'auto-generated')
  t.match(en, { subject: 'Jardin de la rade answers you', text: /^Ana, of Jardin de la rade, answers you:/, html: /<html lang="en">/ })
  for (const { raw } of taken)
    t.notOk(
      raw.split('\r\n').some((line) => line.length > 998),
      'no line is too long for SMTP',
    )
  for (const row of await rowsOf(db)) t.match(row, { state: 'sent', model: '{}', attempts: 1, ended_at: now, claimed_until: null, error: null })
  t.same(warnings, [])
  t.equal(await sendDue(deps, transportTo(t, url)), 0, 'once')
})

t.test('what others wrote makes no header, no other address, no markup', async (t) => {
  const db = await openSqlite(t)
  const { deps } = await senderDeps(db)
  const { taken, url } = await startSmtp(t)
  const evil = 'Eve\r\nBcc: all@evil.example\r\n\r\n/sign-in/stolen\n\nhttps://evil.example/\u2028<img src=x onerror=alert(1)>'
  await queue(db, newMail(1, { view: 'letter', model: { group: evil, name: evil, role: null, text: evil, link: '/g/x/letters/1' } }))
  await queue(db, newMail(2, { address: 'a@b.example, c@d.example' }), newMail(3, { address: 'a@b.example>\r\nRCPT TO:<c@d.example' }))
  await queue(db, newMail(4, { replyTo: 'a@b.example\r\nBcc: all@evil.example' }))
  await sendDue(deps, transportTo(t, url))
  const { email, raw, to } = taken.find((one) => /letters/.test(one.raw))!
  t.same(to, ['zoe@reader.example'])
  t.notMatch(raw, /^bcc:/im)
  t.notOk(email.bcc)
  t.match(email.subject, /^Eve Bcc: all@evil\.example \/sign-in\/stolen https:/)
  t.notMatch(email.text, /^(https?:\/\/\S*evil|\S*sign-in\/stolen)/m, 'no line of theirs passes for ours')
  t.same(
    [...email.html!.matchAll(/href="([^"]+)"/g)].map(([, href]) => href),
    ['http://archipel.example/g/x/letters/1', 'http://archipel.example'],
  )
  t.notMatch(email.html, /<(img|script)/)
  const others = taken.filter((one) => one.email !== email)
  for (const one of others) t.ok(one.to.length === 1 && !one.to.some((address) => /^[ac]@[bd]\.example$/.test(address)), one.to.join())
  for (const one of others) t.notMatch(one.raw, /^bcc:/im)
})

await eachEngine(t, 'a refusal for good is given up at once, a server that wants time gets it', async (t, open) => {
  const db = await openDb(t, await open())
  const { deps, warnings, pass } = await senderDeps(db)
  let calls = 0
  const { taken, url } = await startSmtp(t, {
    onRcptTo: ({ address }, _session, done) => {
      if (address.startsWith('gone')) return done(refusal(550, `No <${address}> here`))
      return ++calls === 1 ? done(refusal(451, 'Greylisted, come back')) : done()
    },
  })
  await queue(db, newMail(1, { address: 'gone@reader.example' }), newMail(2))
  const transport = transportTo(t, url)
  t.equal(await sendDue(deps, transport), 2)
  const [failed, waiting] = await rowsOf(db)
  t.match(failed, { state: 'failed', attempts: 1, error: /550 No <gone@reader\.example> here/, ended_at: now, claimed_until: null })
  t.match(failed!.model, 'abc', 'kept, to be tried again')
  t.match(waiting, { state: 'queued', attempts: 1, error: /451 Greylisted/, due_at: '2026-11-21T12:01:00.000Z', claimed_until: null })
  t.match(warnings.toSorted().join(), /"sign":"550 RCPT TO","givenUp":true.*"sign":"451 RCPT TO","givenUp":false/)
  t.notMatch(warnings.join(), /reader|@/, 'no address in the log')
  t.equal(await sendDue(deps, transport), 0, 'not before its time')
  pass(1)
  t.equal(await sendDue(deps, transport), 1)
  t.match(await findMail(db, mailId(2)), { state: 'sent', attempts: 2, error: null, model: '{}' })
  t.equal(taken.length, 1)
})

t.test('a text refused for good is given up; a sender or password refused is the operator’s to mend', async (t) => {
  const db = await openSqlite(t)
  const { deps } = await senderDeps(db)
  const tell = async (at: number, url: string) => {
    await queue(db, newMail(at))
    await sendDue(deps, transportTo(t, url))
    return (await findMail(db, mailId(at)))?.state
  }
  const onData = async (stream: AsyncIterable<Buffer>, _session: unknown, done: (error: Error) => void) => {
    await Array.fromAsync(stream)
    done(refusal(554, 'We do not like this text'))
  }
  t.equal(await tell(1, (await startSmtp(t, { onData: onData as never })).url), 'failed')
  t.equal(await tell(2, (await startSmtp(t, { onMailFrom: (_address, _session, done) => done(refusal(550, 'Who are you')) })).url), 'queued')
  t.equal(await tell(3, (await startSmtp(t, { onConnect: (_session, done) => done(refusal(554, 'Not you')) })).url), 'queued')
  const { url } = await startSmtp(t, { allowInsecureAuth: true, onAuth: (_auth, _session, done) => done(refusal(535, 'Wrong password')) })
  t.equal(await tell(4, url.replace('//', '//me:hunter2@')), 'queued')
})

t.test('servers that are away, mute, half dead or odd', async (t) => {
  const db = await openSqlite(t)
  const { deps, warnings } = await senderDeps(db)
  const impatient = { connect: 200, greeting: 200, silence: 200, whole: 400 }
  const drip = await startMute(t, (socket) => {
    socket.write('220-slow')
    const timer = setInterval(() => socket.write('x'), 50)
    socket.on('close', () => clearInterval(timer))
  })
  const urls = {
    mute: await startMute(t),
    drip,
    'not SMTP': await startMute(t, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    'hangs up': await startMute(t, (socket) => socket.destroy()),
    'greets and falls silent': await startMute(t, (socket) => socket.write('220 hello\r\n')),
    'nobody there': `smtp://127.0.0.1:${await freePort()}`,
    'no such host': 'smtp://nowhere.invalid',
  }
  for (const [at, [what, url]] of Object.entries(urls).entries()) {
    await queue(db, newMail(at))
    const transport = smtpTransport(url, impatient)
    t.teardown(() => transport.close())
    await sendDue(deps, transport)
    t.match(await findMail(db, mailId(at)), { state: 'queued', attempts: 1, error: /\w+/, due_at: '2026-11-21T12:01:00.000Z' }, what)
  }
  t.equal(warnings.length, Object.keys(urls).length)
})

t.test('STARTTLS and a password; a certificate that nobody vouches for is refused', async (t) => {
  const db = await openSqlite(t)
  const { deps } = await senderDeps(db)
  const seen: object[] = []
  const { taken, port } = await startSmtp(t, {
    disabledCommands: [],
    authOptional: false,
    onAuth: ({ username, password }, { secure }, done) => {
      seen.push({ username, password, secure })
      done(null, { user: username })
    },
  })
  const url = `smtp://me%40x:p%2Fss@localhost:${port}`
  await queue(db, newMail(1))
  await sendDue(deps, transportTo(t, url))
  t.match(await findMail(db, mailId(1)), { state: 'queued', error: /certificate|self.signed/i })
  t.same(seen, [], 'the password was not said')
  await queue(db, newMail(2))
  await sendDue(deps, transportTo(t, url, certificate))
  t.same(seen, [{ username: 'me@x', password: 'p/ss', secure: true }])
  t.equal(taken.length, 1)
})

t.test('elsewhere than on this machine, nothing is said in clear', async (t) => {
  const db = await openSqlite(t)
  const { deps } = await senderDeps(db)
  const { taken, port } = await startSmtp(t)
  // 0.0.0.0 reaches this machine too, and is not among its names for us.
  await queue(db, newMail(1))
  await sendDue(deps, transportTo(t, `smtp://0.0.0.0:${port}`))
  t.match(await findMail(db, mailId(1)), { state: 'queued', error: /STARTTLS|TLS/i })
  await queue(db, newMail(2))
  await sendDue(deps, transportTo(t, `smtp://0.0.0.0:${port}?tls=optional`))
  t.equal(taken.length, 1)
})

await eachEngine(t, 'a process that dies with a mail in its hands loses nothing and sends nothing twice', async (t, open) => {
  const db = await openDb(t, await open())
  const { deps, pass } = await senderDeps(db)
  const { taken, url } = await startSmtp(t)
  await queue(db, newMail(1))
  t.ok(await claimMail(db, mailId(1), now, '2026-11-21T12:10:00.000Z'), 'this process dies now')
  const transport = transportTo(t, url)
  t.equal(await sendDue(deps, transport), 0)
  pass(9)
  t.equal(await sendDue(deps, transport), 0, 'it might still be alive')
  pass(1)
  t.equal(await sendDue(deps, transport), 1)
  t.equal(await sendDue(deps, transport), 0)
  t.equal(taken.length, 1)
  t.match(await findMail(db, mailId(1)), { state: 'sent', attempts: 2 })
})

await eachEngine(t, 'two processes, many mails: each leaves once, five at a time', async (t, open) => {
  const db = await openDb(t, await open())
  const { deps } = await senderDeps(db)
  const { taken, talks, url } = await startSmtp(t)
  await queue(db, ...Array.from({ length: 60 }, (_, at) => newMail(at, { address: `reader-${at}@many.example` })))
  const tried = await Promise.all([sendDue(deps, transportTo(t, url)), sendDue(deps, transportTo(t, url))])
  t.equal(tried[0]! + tried[1]!, 60)
  t.same(new Set(taken.flatMap(({ to }) => to)).size, 60)
  t.equal(taken.length, 60)
  t.ok(talks.most <= 10, `${talks.most} at once, for two processes`)
})

t.test('one slow mail does not hold the others', async (t) => {
  const db = await openSqlite(t)
  const { deps } = await senderDeps(db)
  const { held, transport } = heldTransport()
  let room = 0
  const sender = createSender(deps, transport, () => room++)
  await queue(db, ...Array.from({ length: 7 }, (_, at) => newMail(at)))
  t.equal(await sender.pass(), 5)
  t.equal(await sender.pass(), 0, 'no room')
  held[3]!.end()
  held[4]!.end(refusal(451, 'later'))
  while (room < 2) await new Promise(setImmediate)
  t.equal(await sender.pass(), 2)
  for (const { end } of held) end()
  await sender.settled()
  t.same(
    (await rowsOf(db)).map(({ state }) => state),
    ['sent', 'sent', 'sent', 'sent', 'queued', 'sent', 'sent'],
  )
})

t.test('tried for about three days, then given up', async (t) => {
  const db = await openSqlite(t)
  const { deps, pass, warnings } = await senderDeps(db)
  const transport: Transport = { send: async () => Promise.reject(refusal(451, 'never')), close: () => {} }
  await queue(db, newMail(1))
  let minutes = 0
  for (; minutes < 10 * 24 * 60 && (await findMail(db, mailId(1)))?.state === 'queued'; minutes += 15) {
    await sendDue(deps, transport)
    pass(15)
  }
  t.match(await findMail(db, mailId(1)), { state: 'failed', attempts: 9 })
  t.ok(minutes / 1440 > 2.5 && minutes / 1440 < 3.5, `${minutes / 1440} days`)
  t.match(warnings.at(-1), '"givenUp":true')
})

t.test('a mail that cannot be made waits to be mended, and the others leave', async (t) => {
  const db = await openSqlite(t)
  const { deps, warnings } = await senderDeps(db)
  const { taken, url } = await startSmtp(t)
  await queue(db, newMail(1, { view: 'nowhere' }), newMail(2, { model: {} }), newMail(3))
  await sendDue(deps, transportTo(t, url))
  t.same(
    (await rowsOf(db)).map(({ state }) => state),
    ['queued', 'queued', 'sent'],
  )
  t.equal(taken.length, 1)
  t.equal(warnings.length, 2)
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
