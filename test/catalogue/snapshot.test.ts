import t from 'tap'
import { pageOf } from '../../server/catalogue/page.ts'
import { type Choices, select } from '../../server/catalogue/select.ts'
import { type CatalogueRow, type Snapshot, snapshotOf, updated } from '../../server/catalogue/snapshot.ts'
import { row } from './rows.ts'

const none: Choices = { facets: {}, keywords: [], wanted: false }

const tagged = (...labels: string[]) => ({ keywords: JSON.stringify(labels.map((label) => ({ slug: label.toLowerCase(), label }))) })
const whole = (rows: CatalogueRow[]) => snapshotOf([rows], rows.length)
const names = (snapshot: Snapshot, slots: Iterable<number>) => [...slots].map((slot) => snapshot.key[slot]!.split('\0')[0])

t.test('updating gives the same as starting again', async (t) => {
  const random = (seed: number) => Math.abs(Math.sin(seed) * 10_000) % 1
  let rows = Array.from({ length: 200 }, (_, at) => row(at + 1, `n${Math.floor(random(at) * 90)}`, tagged(`k${at % 7}`, `k${at % 3}`)))
  let snapshot = await whole(rows)
  for (let round = 0; round < 20; round++) {
    const gone = new Set([1 + Math.floor(random(round * 3) * 200)])
    const changed = row(201 + round, `n${Math.floor(random(round) * 90)}`, { ...tagged(`k${round}`), country: 'FR' })
    const renamed = row(3, `m${round}`)
    rows = [...rows.filter(({ num }) => !gone.has(num) && num !== 3), changed, renamed]
    snapshot = updated(snapshot, [changed, renamed], gone)
    const again = await whole(rows)
    t.same(snapshot.key, again.key)
    t.same([...snapshot.num], [...again.num])
    t.same(select(snapshot, none).counts, select(again, none).counts)
    t.same(names(snapshot, select(snapshot, { ...none, keywords: ['k2'] }).slots), names(again, select(again, { ...none, keywords: ['k2'] }).slots))
  }
})

t.test('a snapshot that is older than a keyword has nothing of it', async (t) => {
  const old = await whole([row(1, 'a', tagged('X'))])
  updated(old, [row(2, 'b', tagged('Y', 'Z')), row(3, 'c', tagged('W'))], new Set())
  for (const slug of ['y', 'z', 'w']) t.equal(select(old, { ...none, keywords: [slug] }).slots.length, 0, slug)
  t.equal(select(old, { ...none, keywords: ['x'] }).slots.length, 1)
})

t.test('facets follow the other choices, keywords narrow', async (t) => {
  const snapshot = await whole([
    row(1, 'a', { type: 'thematic', country: 'FR', ...tagged('X', 'Y') }),
    row(2, 'b', { type: 'territorial', country: 'FR', ...tagged('X') }),
    row(3, 'c', { type: 'territorial', country: 'SN', ...tagged('Y') }),
    row(4, 'd', { type: 'support', country: 'SN', activity: 'archived', ...tagged('X') }),
  ])
  const found = select(snapshot, { ...none, facets: { type: ['territorial'] } })
  t.same(names(snapshot, found.slots), ['b', 'c'])
  t.same(found.counts.type, [
    { value: 'thematic', count: 1 },
    { value: 'territorial', count: 2 },
  ])
  t.same(found.counts.country, [
    { value: 'FR', count: 1 },
    { value: 'SN', count: 1 },
  ])
  const both = select(snapshot, { ...none, facets: { type: ['territorial', 'thematic'], country: ['FR'] }, keywords: ['x'] })
  t.same(names(snapshot, both.slots), ['a', 'b'])
  t.same(both.counts.keyword, [
    { value: 'x', label: 'X', count: 2 },
    { value: 'y', label: 'Y', count: 1 },
  ])
  t.same(select(snapshot, none).counts.activity, [
    { value: 'unknown', count: 3 },
    { value: 'archived', count: 1 },
  ])
  t.equal(select(snapshot, { ...none, facets: { activity: ['any'] } }).slots.length, 4)
  t.equal(select(snapshot, { ...none, facets: { country: ['ZZ'] } }).slots.length, 0)
  t.equal(select(snapshot, { ...none, scope: { keyword: 'x', accepted: new Set([2]) } }).slots.length, 1)
})

t.test('every choice on offer gives as many groups as it says', async (t) => {
  const random = (seed: number) => Math.abs(Math.sin(seed + 1) * 10_000) % 1
  const pick = <T>(list: T[], seed: number) => list[Math.floor(random(seed) * list.length)]!
  const rows = Array.from({ length: 300 }, (_, at) =>
    row(at + 1, `n${at}`, {
      type: pick(['thematic', 'territorial', 'support'], at),
      activity: pick([null, 'active', 'preparing', 'archived'], at * 3),
      country: pick(['FR', 'SN', null, 'BJ'], at * 5),
      languages: JSON.stringify(pick([['fr'], ['fr', 'wo'], ['en', 'fr-CA'], []], at * 7)),
      ...tagged(pick(['A', 'B', 'C'], at * 11), pick(['D', 'E'], at * 13)),
    }),
  )
  const snapshot = await whole(rows)
  const chosen: Choices = { ...none, facets: { type: ['thematic'], country: ['FR', 'SN'] }, keywords: ['a'] }
  const { counts } = select(snapshot, chosen)
  for (const name of ['type', 'activity', 'country', 'language'] as const)
    for (const { value, count } of counts[name])
      t.equal(select(snapshot, { ...chosen, facets: { ...chosen.facets, [name]: [value] } }).slots.length, count, `${name} ${value}`)
  for (const { value, count } of counts.keyword)
    t.equal(select(snapshot, { ...chosen, keywords: ['a', value] }).slots.length, count, `keyword ${value}`)
})

t.test('keyset pages: each group once, in each order, unknown last, whatever comes between', async (t) => {
  const rows = Array.from({ length: 57 }, (_, at) =>
    row(at + 1, `n${at % 10}`, {
      member_count: at % 4 === 0 ? null : at % 5,
      updated_at: `2026-01-0${1 + (at % 9)}T00:00:00.000Z`,
      lat: (at * 7) % 60,
      lng: at,
      precision: 'exact',
    }),
  )
  const snapshot = await whole(rows)
  const near = { lat: 10, lng: 10, radius: 20_000 }
  for (const sort of ['name', 'members', 'updated', 'distance'] as const) {
    const selection = select(snapshot, { ...none, near: sort === 'distance' ? near : undefined })
    const all = pageOf(snapshot, selection, { sort, size: 100, near }).slots
    const paged: number[] = []
    let after: Parameters<typeof pageOf>[2]['after']
    do {
      const page = pageOf(snapshot, selection, { sort, size: 8, near, after })
      paged.push(...page.slots)
      after = page.next
    } while (after)
    t.same(paged, all, sort)
    t.equal(new Set(paged).size, 57)
  }
  const members = pageOf(snapshot, select(snapshot, none), { sort: 'members', size: 100 }).slots.map((slot) => snapshot.members[slot]!)
  t.equal(members[0], 4)
  t.same(members.slice(-15), Array(15).fill(-1))
  const first = pageOf(snapshot, select(snapshot, none), { sort: 'name', size: 10 })
  const later = updated(snapshot, [row(99, 'a first')], new Set([snapshot.num[first.slots.at(-1)!]!]))
  const second = pageOf(later, select(later, none), { sort: 'name', size: 10, after: first.next })
  t.equal(names(later, second.slots)[0], names(snapshot, [10])[0], 'the page goes on where it was')
})

t.test('near and bbox use precise positions, and count the others', async (t) => {
  const at = (lat: number, lng: number, precision: string) => ({ lat, lng, precision })
  const snapshot = await whole([
    row(1, 'bordeaux', at(44.84, -0.58, 'place')),
    row(2, 'france', at(46, 2, 'country')),
    row(3, 'nowhere'),
    row(4, 'fiji', at(-17, 179.5, 'exact')),
  ])
  const near = select(snapshot, { ...none, near: { lat: 44.8, lng: -0.6, radius: 50 } })
  t.same(names(snapshot, near.slots), ['bordeaux'])
  t.equal(near.omitted, 2)
  t.same(names(snapshot, select(snapshot, { ...none, bbox: [170, -30, -170, 0] }).slots), ['fiji'], 'across the antimeridian')
})
