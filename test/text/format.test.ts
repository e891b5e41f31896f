import t from 'tap'
import { formats } from '../../server/text/format.ts'

const fr = formats('fr')
const en = formats('en')

t.test('numbers and distances', async (t) => {
  t.equal(fr.number(12345), '12\u202f345')
  t.equal(en.number(12345), '12,345')
  t.equal(fr.distance(3.42), '3,4\u202fkm')
  t.equal(en.distance(3.42), '3.4 km')
  t.equal(en.distance(0.42), '420 m')
  t.equal(en.distance(0.96), '1 km')
  t.equal(en.distance(123.4), '123 km')
  t.equal(fr.distance(0), '0\u202fm')
})

t.test('dates are those of UTC, and a time says so', async (t) => {
  t.equal(fr.date('2026-03-01'), '1er mars 2026')
  t.equal(fr.date('2026-03-11T23:59:59.000Z'), '11 mars 2026')
  t.equal(en.date('2026-03-12'), 'March 12, 2026')
  t.equal(fr.month('2026-03-01'), 'mars 2026')
  t.equal(fr.dateTime('2026-03-12T18:30:00Z'), '12 mars 2026 à 18:30 UTC')
  t.match(en.dateTime('2026-03-12T18:30:00+02:00'), /March 12, 2026 at 04:30.PM UTC/)
  t.equal(fr.date('bientôt'), 'bientôt')
})

t.test('countries, regions and languages', async (t) => {
  t.equal(fr.country('BJ'), 'Bénin')
  t.equal(en.country('BJ'), 'Benin')
  t.equal(fr.region('FR-BRE'), 'Bretagne')
  t.equal(en.region('FR-BRE'), 'Brittany')
  t.equal(en.region('FR-IDF'), 'Île-de-France')
  t.equal(fr.region('FR-33'), 'Gironde')
  t.equal(fr.region('GB-SCT'), 'Écosse')
  t.equal(fr.language('fr'), 'français')
  t.equal(en.language('pt-BR'), 'Brazilian Portuguese')
})

t.test('what nobody knows comes back as it was', async (t) => {
  for (const code of ['', 'ZZZ', 'X', '-', 'constructor', '__proto__', 'FR-', 'é', 'XX-XXX']) {
    t.equal(fr.region(code), code)
    t.type(fr.country(code), 'string')
    t.type(fr.language(code), 'string')
  }
  t.equal(fr.country('QX'), 'QX')
  t.equal(fr.language('q'), 'q')
})

t.test('lists', async (t) => {
  t.equal(fr.list(['a', 'b', 'c']), 'a, b et c')
  t.equal(en.list(['a', 'b']), 'a and b')
  t.equal(en.list([]), '')
})
