import t from 'tap'
import { kilometres } from '../../server/catalogue/distance.ts'
import { neighboursOf } from '../../server/catalogue/neighbours.ts'
import { type CatalogueRow, snapshotOf } from '../../server/catalogue/snapshot.ts'

type Place = [lat: number, lng: number]

const isVague = (at: number) => at % 17 === 3
const isArchived = (at: number) => at % 13 === 5

function row([lat, lng]: Place, at: number): CatalogueRow {
  const unknown = { activity: null, country: null, region: null, languages: null, keywords: null, member_count: null, origin_server: null }
  const name = `g${String(at).padStart(4, '0')}`
  return {
    num: at + 1,
    sort_key: name,
    short_name: name,
    type: 'thematic',
    wanted: 0,
    updated_at: '2026-01-01',
    ...unknown,
    lat,
    lng,
    precision: isVague(at) ? 'region' : 'exact',
    activity: isArchived(at) ? 'archived' : null,
  }
}

t.test('the four nearest, within 150 km: the same as by comparing with every group', async (t) => {
  const random = (seed: number) => Math.abs(Math.sin(seed + 1) * 10_000) % 1
  const scattered = Array.from({ length: 1500 }, (_, at): Place => [random(at) * 180 - 90, random(at * 3) * 360 - 180])
  const dense = Array.from({ length: 400 }, (_, at): Place => [46 + random(at * 5) * 3, random(at * 7) * 4])
  const north = Array.from(
    { length: 100 },
    (_, at): Place => [68 + random(at * 5) * 2, 179 + random(at * 11) * 2 - (random(at * 11) > 0.5 ? 360 : 0)],
  )
  const edges: Place[] = [...Array<Place>(6).fill([48, 2]), [90, 0], [-90, 0], [90, 180], [17, 179.9], [17, -179.9]]
  const places = [...scattered, ...dense, ...north, ...edges]
  const snapshot = await snapshotOf([places.map(row)], places.length)
  let found = 0
  for (const [slot, [lat, lng]] of places.entries()) {
    if (isVague(slot)) continue
    const all = places
      .map(([y, x], other) => ({ slot: other, km: kilometres(lat, lng, y, x) }))
      .filter((one) => one.slot !== slot && one.km <= 150 && !isVague(one.slot) && !isArchived(one.slot))
    const expected = all.sort((a, b) => a.km - b.km || a.slot - b.slot).slice(0, 4)
    const { place } = neighboursOf(snapshot, slot)
    if (JSON.stringify(place) !== JSON.stringify(expected)) t.same(place, expected, `${lat}, ${lng}`)
    found += place.length
  }
  t.ok(found > 1500, 'and there were some')
})
