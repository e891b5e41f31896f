import t from 'tap'
import { createDuplicateIndex, homesOf, isSimilar } from '../../server/transfer/duplicates.ts'

const place = { lat: 48.39, lng: -4.486 }

t.test('groups that may be one', async (t) => {
  const index = createDuplicateIndex()
  const like = (name: string, position?: { lat: number; lng: number }, home?: string) =>
    index.like({ shortName: 'new', name, position, homes: homesOf(home ? [{ service: 'home', url: home }] : undefined) })
  index.add({ shortName: 'rade', name: 'Jardin de la rade', position: place, homes: ['jardin.example'] })
  t.same(like('Jardin partagé de la rade de Brest', place), ['rade'], 'two words more')
  t.same(like('JARDIN DE LA RÀDE', { ...place, lat: place.lat + 0.0008 }), ['rade'], '90 m north')
  t.same(like('Jardin de la rade', { ...place, lng: place.lng + 0.0013 }), ['rade'], '96 m east')
  t.same(like('Jardin de la rade', { ...place, lat: place.lat + 0.001 }), [], '111 m north')
  t.same(like('Repair café', place), [], 'another name')
  t.same(like('Jardin de la rade'), [], 'no place')
  t.same(like('Quite another', undefined, 'http://www.jardin.example/fr/'), ['rade'], 'the same home')
  t.same(like('Jardin de la rade', undefined, 'https://jardin.example/autre'), [], 'another home of the same host')
  for (const lat of [-87.9, -60, 0, 45, 48.9996, 70, 87.9]) {
    index.add({ shortName: `at${lat}`, name: 'Les mêmes', position: { lat, lng: 10 }, homes: [] })
    const east = 0.09 / (111.195 * Math.cos((lat * Math.PI) / 180))
    for (const [y, x] of [
      [0.0008, 0],
      [-0.0008, 0],
      [0, east],
      [0, -east],
    ] as const)
      t.ok(like('Les mêmes', { lat: lat + y, lng: 10 + x }).includes(`at${lat}`), `${lat} ${y} ${x}`)
  }
})

t.test('names alike', async (t) => {
  for (const [a, b] of [
    ['repair cafe lyon', 'repair cafes lyon'],
    ['les amis du velo', 'les copains du velo'],
    ['le fab lab', 'fab lab x'],
    ['abcdefghij', 'abcdefgxyz'],
  ] as const)
    t.ok(isSimilar(a, b), `${a} / ${b}`)
  for (const [a, b] of [
    ['alpha', 'beta'],
    ['jardin du port', 'chorale du lac'],
    ['abcdefghij', 'abcdefwxyz'],
    ['les uns', 'les autres'],
  ] as const)
    t.notOk(isSimilar(a, b), `${a} / ${b}`)
})

t.test('asking costs the same in a crowd, and who was not compared is counted', async (t) => {
  let compared = 0
  const index = createDuplicateIndex((a, b) => {
    compared++
    return isSimilar(a, b)
  })
  const costs = new Set<number>()
  for (let number = 0; number < 3000; number++) {
    const likeness = { shortName: `g${number}`, name: `Group ${number} ${'x'.repeat(20)}`, position: place, homes: ['one.example'] }
    const before = compared
    if (index.isCrowded(likeness) !== number > 50) t.fail(`${number}: ${index.isCrowded(likeness)}`)
    index.like(likeness)
    costs.add(compared - before)
    index.add(likeness)
  }
  t.same(
    [...costs],
    Array.from({ length: 51 }, (_, number) => number),
    'never more than fifty comparisons',
  )
  const namesake = { shortName: 'new', name: `GROUP 2999 ${'x'.repeat(20)}`, position: { ...place, lat: place.lat + 0.0005 }, homes: [] }
  t.ok(index.like(namesake).includes('g2999'), 'the very same name is found in any crowd')
  t.notOk(index.isCrowded({ ...namesake, position: { lat: 1, lng: 1 } }))
  t.notOk(index.isCrowded({ ...namesake, position: undefined }))
  const alone = { shortName: 'new', name: 'Zzz', homes: ['one.example'] }
  t.same(index.like(alone), ['g0', 'g1', 'g2', 'g3', 'g4'], 'as many of one address as a report tells')
})
