import t from 'tap'
import { toFields } from '../../server/text/fields.ts'

t.test('fields sent once are texts, several times lists, and their names mean nothing', async (t) => {
  t.same(toFields(new URLSearchParams('a=1&b=2&a=3&a=&__proto__=x&c')), { a: ['1', '3', ''], b: '2', ['__proto__']: 'x', c: '' })
})

t.test('each pair is looked at once, however many there are', async (t) => {
  let steps = 0
  function* pairs(): Iterable<[string, string]> {
    for (let at = 0; at < 20_000; at++) {
      steps++
      yield [`n${at % 15_000}`, '']
    }
  }
  t.equal(Object.keys(toFields(pairs())).length, 15_000)
  t.equal(steps, 20_000)
})
