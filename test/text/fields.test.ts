import t from 'tap'
import { toFields } from '../../server/text/fields.ts'

t.test('fields sent once are texts, several times lists, and their names mean nothing', async (t) => {
  t.same(toFields(new URLSearchParams('a=1&b=2&a=3&a=&__proto__=x&c')), { a: ['1', '3', ''], b: '2', ['__proto__']: 'x', c: '' })
})

t.test('two hundred thousand names are read at once', { timeout: 10_000 }, async (t) => {
  const many = new URLSearchParams(Array.from({ length: 200_000 }, (_, at) => [`n${at}`, '']))
  t.equal(Object.keys(toFields(many)).length, 200_000)
})
