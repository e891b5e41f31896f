import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import t from 'tap'
import { loadBase } from '../../server/map/base.ts'
import { type StaticPoint, staticMapSvg } from '../../server/map/static-map.ts'

const base = loadBase(join(import.meta.dirname, '../../static/map'))
const size = { width: 480, height: 280 }
const vannes: StaticPoint = { lat: 47.658, lng: -2.76, precision: 'place', type: 'territorial' }
/** `count` points over a box, the same every time. */
const many = (count: number): StaticPoint[] =>
  Array.from({ length: count }, (_, i) => ({ lat: -30 + ((i * 37) % 800) / 10, lng: -120 + ((i * 101) % 2600) / 10, precision: 'place' }))

t.test('a place in its country', async (t) => {
  const svg = staticMapSvg(base, { points: [vannes], ...size, label: 'Vannes <"&>', locale: 'fr' })
  t.match(svg, /^<svg class="static-map" viewBox="0 0 480 280" role="img" aria-label="Vannes &#60;&#34;&#38;&#62;">/)
  t.match(svg, /<path class="map-mark territorial" d="M240 140/, 'its mark in the middle, its type by shape')
  t.match(svg, 'class="base-land"')
  t.match(svg, 'class="base-border"')
  t.match(svg, />Paris</)
  t.notMatch(svg, 'map-area')
  t.notMatch(svg, /style=|<script|NaN|Infinity|undefined/)
  t.ok(svg.length < 8192, `${svg.length} bytes`)
  t.notMatch(staticMapSvg(base, { points: [vannes], ...size }), /<text|aria-label/, 'without words it is decoration')
  t.match(staticMapSvg(base, { points: [vannes], ...size }), 'aria-hidden="true"')
})

t.test('a position is no more precise than what is known', async (t) => {
  const region = staticMapSvg(base, { points: [{ ...vannes, precision: 'region' }], ...size })
  t.match(region, /<circle class="map-area" cx="240" cy="140"/)
  t.notMatch(region, 'map-mark')
  const mali: StaticPoint = { lat: 17, lng: -4, precision: 'country', country: 'ML' }
  const country = staticMapSvg(base, { points: [mali], ...size, maxZoom: 4 })
  t.match(country, '<path class="map-area"')
  t.notMatch(country, /map-mark|map-dot|<circle/)
  t.notMatch(staticMapSvg(base, { points: [{ ...mali, country: 'ZZ' }], ...size }), /map-area|map-mark/, 'a country without a shape')
})

t.test('names in the language of the reader', async (t) => {
  const points: StaticPoint[] = [{ lat: 52.5, lng: -1.5, precision: 'place' }]
  t.match(staticMapSvg(base, { points, ...size, locale: 'fr' }), />Londres</)
  t.match(staticMapSvg(base, { points, ...size, locale: 'en' }), />London</)
})

t.test('many points share dots', async (t) => {
  for (const count of [13, 500, 100_000]) {
    const svg = staticMapSvg(base, { points: many(count), width: 960, height: 420, view: [-140, -50, 180, 72] })
    const dots = svg.match(/map-dot/g)?.length ?? 0
    t.ok(dots > 0 && dots <= 160, `${count} points: ${dots} dots`)
    const bytes = brotliCompressSync(svg).length
    t.ok(bytes < 9 * 1024, `${bytes} bytes compressed`)
    t.notMatch(svg, /NaN|Infinity/)
  }
  t.notMatch(staticMapSvg(base, { points: many(13), ...size }), 'map-mark')
})

t.test('anywhere, even where the globe is cut', async (t) => {
  const at = (lat: number, lng: number) => staticMapSvg(base, { points: [{ lat, lng, precision: 'exact' }], ...size })
  for (const [lat, lng] of [
    [-17.8, 179.99],
    [66, -179.9],
    [89, 0],
    [-89, 10],
    [0, 180],
    [0, -150],
  ] as const)
    t.notMatch(at(lat, lng), /NaN|Infinity/)
  // Vanua Levu is on both sides of 180°: from either, no line runs across the picture.
  const steps = [...at(-17.8, 179.9).matchAll(/[ l](-?\d+)(?:[ -])/g)].map(([, x]) => Math.abs(Number(x)))
  t.ok(steps.length && steps.every((x) => x < 400))
  t.match(at(66, 179.9), 'map-seam', 'Chukotka is one')
  const empty = staticMapSvg(base, { points: [], width: 960, height: 460 })
  t.match(empty, 'class="base-land"')
})

t.test('every coast closes, so that land is never filled across the sea', async (t) => {
  const open = base.near.coasts.filter(({ points }) => Math.hypot(points[0]![0] - points.at(-1)![0], points[0]![1] - points.at(-1)![1]) > 0.0002)
  t.same(
    open.map(({ box }) => box),
    [],
  )
  t.ok(base.far.coasts.length > 100)
})

t.test('quick enough for every page', async (t) => {
  const draw = () => staticMapSvg(base, { points: [vannes], ...size, locale: 'fr' })
  for (let i = 0; i < 20; i++) draw()
  const start = performance.now()
  for (let i = 0; i < 20; i++) draw()
  t.comment(`${((performance.now() - start) / 20).toFixed(2)} ms a map`)
})
