import t from 'tap'
import { lastLatitude, worldX, worldY } from '../../server/catalogue/mercator.ts'
import { type CatalogueRow, type Snapshot, snapshotOf } from '../../server/catalogue/snapshot.ts'
import { areas } from '../../server/map/areas.ts'
import { clusters, mostListed } from '../../server/map/clusters.ts'
import { extentOf, joinBounds } from '../../server/map/extent.ts'
import { gridOf, type View } from '../../server/map/grid.ts'
import { randomFrom } from '../../server/text/random.ts'
import { row } from '../catalogue/rows.ts'

const world: View = { west: -180, south: -85, east: 180, north: 85, zoom: 2, last: false }

const nameOf = (num: number) => `balise ${String(num).padStart(6, '0')}`

function at(num: number, lat: number, lng: number, facts: Partial<CatalogueRow> = {}): CatalogueRow {
  return row(num, nameOf(num), { lat, lng, precision: 'place', country: 'FR', ...facts })
}

async function take(rows: CatalogueRow[]): Promise<{ snapshot: Snapshot; slots: Int32Array }> {
  const snapshot = await snapshotOf([rows], rows.length)
  return { snapshot, slots: Int32Array.from({ length: snapshot.size }, (_, slot) => slot) }
}

t.test('one, several on a spot, several around', async (t) => {
  const { snapshot, slots } = await take([
    at(1, 48.39, -4.48),
    at(2, 14.7, -17.4, { country: 'SN' }),
    at(3, 14.7, -17.4, { country: 'SN' }),
    at(4, 35.7, 139.7, { country: 'JP' }),
    at(5, 35.6, 139.5, { country: 'JP' }),
    at(6, 35.7, 139.7, { country: 'KR' }),
    row(7, nameOf(7)),
  ])
  const marks = clusters(snapshot, slots, world).sort((a, b) => a.lng - b.lng)
  t.match(marks, [
    { kind: 'spot', count: 2, lat: 14.7, lng: -17.4, slots: [1, 2], mixed: false },
    { kind: 'group', count: 1, lat: 48.39, lng: -4.48, slots: [0] },
    { kind: 'cluster', count: 3, slots: [], bounds: [139.5, 35.6, 139.7, 35.7], mixed: true, slot: 5 },
  ])
  t.equal(marks.length, 3)
  t.equal(snapshot.countryNames.values[marks[2]!.country], 'JP', 'named by most of its groups')
  const last = clusters(snapshot, slots, { ...world, last: true })
  t.equal(last.find(({ count }) => count === 3)?.kind, 'spot', 'what cannot be pulled apart any further is a list')
  t.same(extentOf(snapshot, slots), { bounds: [-17.4, 14.7, 139.7, 48.39], unplaced: 1 })
  t.same(extentOf(snapshot, snapshot.listed), extentOf(snapshot, slots))
  t.same(extentOf(snapshot, new Int32Array()), { bounds: undefined, unplaced: 0 })
})

t.test('every group of the view is in one mark, marks do not lie over each other, and moving the view changes none', async (t) => {
  const random = randomFrom(4)
  const rows = Array.from({ length: 5000 }, (_, num) => at(num + 1, random() * 160 - 80, random() * 360 - 180))
  const { snapshot, slots } = await take(rows)
  for (const zoom of [0, 1, 2, 3, 4]) {
    const marks = clusters(snapshot, slots, { ...world, zoom })
    t.equal(
      marks.reduce((sum, { count }) => sum + count, 0),
      rows.length,
    )
    t.ok(marks.length <= 400, `${marks.length} at zoom ${zoom}`)
  }
  const view = { west: -10, south: 35, east: 30, north: 60, zoom: 5, last: false }
  const marks = clusters(snapshot, slots, view)
  const size = 256 * 2 ** view.zoom
  for (const [index, one] of marks.entries())
    for (const other of marks.slice(index + 1)) {
      const apart = Math.hypot((worldX(one.lng) - worldX(other.lng)) * size, (worldY(one.lat) - worldY(other.lat)) * size)
      if (apart < 40) t.fail(`${apart} pixels between ${one.lat},${one.lng} and ${other.lat},${other.lng}`)
    }
  const key = ({ lat, lng, count }: { lat: number; lng: number; count: number }) => `${lat} ${lng} ${count}`
  const inner = (list: typeof marks) => list.filter(({ lat, lng }) => lat > 40 && lat < 55 && lng > 0 && lng < 20).map(key)
  t.ok(inner(marks).length > 10)
  t.same(inner(clusters(snapshot, slots, { ...view, west: -7.3, south: 34.1, east: 33, north: 61 })).sort(), inner(marks).sort())
})

t.test('memory is bounded, whatever is asked', async (t) => {
  const { snapshot, slots } = await take([at(1, 48, 2), at(2, 48.001, 2.001)])
  const grid = gridOf({ ...world, zoom: 18 })
  t.ok(grid.columns * grid.rows <= 4096)
  t.equal(clusters(snapshot, slots, { ...world, zoom: 18 }).length, 1)
})

t.test('across the antimeridian', async (t) => {
  const { snapshot, slots } = await take([at(1, -17.7, 178), at(2, -13.8, -172), at(3, 48, 2)])
  const marks = clusters(snapshot, slots, { west: 170, south: -30, east: -165, north: 0, zoom: 5, last: false })
  t.same(marks.map(({ lng }) => lng).sort(), [-172, 178])
})

t.test('on the antimeridian, and near the poles', async (t) => {
  const { snapshot, slots } = await take([at(1, -17, 180), at(2, -17.1, -179.9), at(3, 89, 10), at(4, -90, 20)])
  const [joined, ...others] = clusters(snapshot, slots, { west: 170, south: -30, east: -170, north: 0, zoom: 4, last: false })
  t.match(joined, { count: 2, bounds: [180, -17.1, -179.9, -17] }, 'its bounds go the short way')
  t.ok(joined && Math.abs(joined.lng) > 179, 'and it is where they are')
  t.equal(others.length, 0)
  const arctic = { ...world, south: lastLatitude, north: lastLatitude }
  t.match(clusters(snapshot, slots, arctic), [{ count: 1, slots: [2] }])
  t.match(clusters(snapshot, slots, { ...arctic, south: -lastLatitude, north: -lastLatitude }), [{ count: 1, slots: [3] }])
  const { pointAt } = gridOf({ ...world, west: -179, zoom: 4 })
  t.ok(Math.abs(pointAt(-1, 3).lng) <= 180)
})

t.test('bounds of both, the short way', (t) => {
  t.same(joinBounds([1, 2, 3, 4], [2, 1, 5, 3]), [1, 1, 5, 4])
  t.same(joinBounds([170, 0, 175, 1], [-178, 0, -170, 1]), [170, 0, -170, 1])
  t.same(joinBounds([170, 0, -170, 1], [-175, 0, -160, 2]), [170, 0, -160, 2])
  t.same(joinBounds([-5, 0, -5, 0], [-5, 0, -5, 0]), [-5, 0, -5, 0])
  t.same(joinBounds([-100, 0, 80, 1], [70, 0, -90, 1]), [-180, 0, 180, 1], 'all around')
  t.end()
})

t.test('a crowded view is counted in larger cells, and named by its most frequent place all the same', async (t) => {
  const random = randomFrom(9)
  const towns = Array.from({ length: 900 }, () => ({ lat: 40 + random() * 15, lng: -10 + random() * 30 }))
  const rows = towns.flatMap(({ lat, lng }, town) =>
    Array.from({ length: 8 }, (_, one) => at(town * 8 + one + 1, one < 6 ? lat : lat + 0.01 * one, one < 6 ? lng : lng + 0.01 * one)),
  )
  const { snapshot, slots } = await take(rows)
  const marks = clusters(snapshot, slots, { west: -12, south: 38, east: 22, north: 57, zoom: 6, last: false })
  const alone = marks.filter(({ count }) => count === 8)
  t.ok(alone.length > 10 && marks.length < 300, `${alone.length} of ${marks.length}`)
  for (const { slot } of alone) t.ok(towns.some(({ lat }) => lat === snapshot.lat[slot]))
})

t.test('what is known no better than to a country is no pin', async (t) => {
  const country = (num: number, code: string, lat: number, lng: number) => row(num, nameOf(num), { country: code, lat, lng, precision: 'country' })
  const { snapshot, slots } = await take([
    ...[1, 2, 3].map((num) => country(num, 'ML', 17.5, -4)),
    country(4, 'TG', 8.6, 0.8),
    country(5, 'BJ', 9.6, 2.3),
    row(6, nameOf(6), { country: 'FR', region: 'FR-BRE', lat: 48.2, lng: -2.9, precision: 'region' }),
    row(7, nameOf(7), { lat: 1, lng: 1, precision: 'country' }),
    at(8, 17.5, -4, { country: 'ML' }),
  ])
  const view = { ...world, zoom: 4 }
  t.same(
    clusters(snapshot, slots, view).map(({ slots }) => slots),
    [[7]],
    'marks are places',
  )
  const found = areas(snapshot, slots, view, [])
  t.match(
    found.sort((a, b) => a.lng - b.lng),
    [
      { kind: 'country', count: 3, lat: 17.5, lng: -4, slots: [0, 1, 2] },
      { kind: 'region', count: 1, places: 1 },
      { kind: 'areas', count: 2, places: 2, slots: [] },
    ],
  )
  t.equal(found.length, 3, 'what names neither country nor region is left out')
  const sorted = areas(snapshot, snapshot.listed, view, []).sort((a, b) => a.lng - b.lng)
  t.same(sorted, found, 'the same when nobody chose anything')
  t.equal(
    areas(snapshot, slots, { west: -10, south: 0, east: 10, north: 20, zoom: 7, last: false }, []).filter(({ kind }) => kind === 'areas').length,
    0,
    'nearer by they come apart',
  )
  t.equal(areas(snapshot, slots, { ...view, last: true }, []).length, 4)
  const [aside] = areas(snapshot, slots, view, [{ lat: 17.5, lng: -4 }]).filter(({ count }) => count === 3)
  t.ok(aside && Math.abs(aside.lat - 17.5) > 2, 'and gives way to a pin')
  t.same(areas(snapshot, slots, { ...view, west: 100, east: 120 }, []), [], 'what is not looked at is not told')
})

t.test('a crowded spot lists the first of them', async (t) => {
  const { snapshot, slots } = await take(Array.from({ length: 80 }, (_, num) => at(num + 1, 48, 2)))
  const [mark] = clusters(snapshot, slots, world)
  t.match(mark, { kind: 'spot', count: 80 })
  t.equal(mark!.slots.length, mostListed)
})

t.test('a hundred thousand groups: none is lost, and the marks stay few', async (t) => {
  const random = randomFrom(7)
  const { snapshot, slots } = await take(Array.from({ length: 100_000 }, (_, num) => at(num + 1, random() * 15 + 40, random() * 15 - 4)))
  const marks = clusters(snapshot, slots, { west: -12, south: 38, east: 18, north: 56, zoom: 6, last: false })
  t.equal(
    marks.reduce((sum, { count }) => sum + count, 0),
    100_000,
  )
  t.ok(marks.length < 400, `${marks.length} marks`)
})
