import t from 'tap'
import { editDistance } from '../../server/text/edit-distance.ts'
import { normaliseAddress } from '../../server/text/home-address.ts'

t.test('one site is known by one address', async (t) => {
  const same = [
    'https://jardin.example',
    'http://www.Jardin.example:80/',
    'https://jardin.example/fr/',
    'https://jardin.example/fr/index.html',
    'https://jardin.example/accueil?utm_source=x',
  ]
  for (const address of same) t.equal(normaliseAddress(address), 'jardin.example', address)
  const others = [
    'https://facebook.com/groups/a',
    'https://facebook.com/groups/b/',
    'https://facebook.com/profile.php?id=1',
    'https://facebook.com/profile.php?id=2',
    'https://coop-group.org/cyou1',
    'https://coop-group.org/anim-fr',
    'https://matrix.to/#/#a:b',
    'https://matrix.to/#/#c:b',
    'https://x.example:8443',
  ]
  t.equal(new Set(others.map(normaliseAddress)).size, others.length, 'a path may tell groups apart on any host')
  t.equal(normaliseAddress('https://x.example/?b=2&a=1&fbclid=3'), normaliseAddress('https://x.example?a=1&b=2'))
  for (const none of ['mailto:a@b.example', 'xmpp:a@b', 'no address', '']) t.equal(normaliseAddress(none), undefined, none)
})

t.test('edit distance', async (t) => {
  for (const [a, b, distance] of [
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['', '', 0],
    ['same', 'same', 0],
    ['ab', 'ba', 2],
    ['😀a', '😁a', 1],
  ] as const) {
    t.equal(editDistance(a, b, 9), distance, `${a} ${b}`)
    t.equal(editDistance(b, a, distance), distance)
    if (distance > 0) t.equal(editDistance(a, b, distance - 1), Number.POSITIVE_INFINITY)
  }
})
