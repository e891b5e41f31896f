import t from 'tap'
import { retryAt, toBlocks, toFailure } from '../../server/mail/rules.ts'

const now = new Date('2026-11-21T12:00:00.000Z')

t.test('waits longer each time, a little earlier or later', async (t) => {
  const waits = Array.from({ length: 9 }, (_, at) => retryAt(at + 1, now, () => 0.5)).map((at) => at && (Date.parse(at) - now.getTime()) / 60_000)
  t.same(waits, [1, 5, 30, 120, 360, 720, 1440, 1440, undefined])
  t.equal(
    retryAt(1, now, () => 0),
    '2026-11-21T12:00:54.000Z',
  )
  t.ok(retryAt(1, now, () => 0.999)! < '2026-11-21T12:01:06.000Z')
})

t.test('only what will be refused again is hopeless', async (t) => {
  const of = (responseCode?: number, command?: string, code = 'EENVELOPE') => {
    const { permanent, sign } = toFailure(Object.assign(new Error('no'), { responseCode, command, code }))
    return [permanent, sign]
  }
  t.same(of(550, 'RCPT TO'), [true, '550 RCPT TO'])
  t.same(of(554, 'DATA'), [true, '554 DATA'])
  t.same(of(503, 'RCPT TO'), [false, '503 RCPT TO'])
  t.same(of(451, 'RCPT TO'), [false, '451 RCPT TO'])
  t.same(of(550, 'MAIL FROM'), [false, '550 MAIL FROM'])
  t.same(of(535, 'AUTH PLAIN'), [false, '535 AUTH PLAIN'])
  t.same(of(undefined, 'CONN', 'ETIMEDOUT'), [false, 'ETIMEDOUT'])
  t.match(toFailure('odd'), { permanent: false, reason: 'odd', sign: 'unknown' })
  t.equal(toFailure(new Error(`a\r\nb\0c${'x'.repeat(900)}`)).reason.length, 500)
})

t.test('the parts of a text', async (t) => {
  const text = 'One,\ntwo.\n\n> theirs\n>\n> https://evil.example\n\nRead :\nhttps://a.example/b\n\nhttps://a.example\n\nsee https://a.example'
  t.same(toBlocks(text), [
    { kind: 'paragraph', lines: ['One,', 'two.'], url: undefined },
    { kind: 'quote', lines: ['theirs', '', 'https://evil.example'], url: undefined },
    { kind: 'link', lines: ['Read'], url: 'https://a.example/b' },
    { kind: 'link', lines: [], url: 'https://a.example' },
    { kind: 'paragraph', lines: ['see https://a.example'], url: undefined },
  ])
  t.match(toBlocks('javascript:alert(1)'), [{ kind: 'paragraph' }])
})
