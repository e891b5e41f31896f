import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import t from 'tap'
import { makeSlices } from '../../server/map/build/slices.ts'
import type { Ring, Unit } from '../../server/map/build/units.ts'
import { makeWorld } from '../../server/map/build/world.ts'
import { decodeArcs, encodeArc, joinArcs, type MapFile } from '../../server/map/map-file.ts'

const dir = join(import.meta.dirname, '../../static/map')
const read = (name: string) => JSON.parse(readFileSync(join(dir, name), 'utf8'))
const names = globSync('**/*.json', { cwd: dir }).sort()
const slices: Record<string, number[][]> = read('slices.json')

t.test('the files are those of the manifest, and small', async (t) => {
  const { sha256, sources } = read('manifest.json')
  const found = names
    .filter((name) => name !== 'manifest.json')
    .map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(dir, name)))
        .digest('hex'),
    ])
  t.same(Object.fromEntries(found), sha256, 'npm run build:map writes them all')
  t.ok(sources.every((source: Record<string, string>) => source.package && source.integrity && source.attribution))
  const sizes = names.map((name) => readFileSync(join(dir, name)).length)
  t.ok(sizes.reduce((a, b) => a + b) < 6 * 1024 * 1024)
  for (const [name, most] of [
    ['world.json', 90],
    ['cities.json', 25],
    ['slices.json', 5],
    ['country/FR-1.json', 40],
  ] as const) {
    const { length } = brotliCompressSync(readFileSync(join(dir, name)))
    t.comment(`${(length / 1024).toFixed(1)} KB ${name}`)
    t.ok(length < most * 1024, name)
  }
})

/** Whether a line runs along the antimeridian. */
const isCut = (line: number[][]) => line.some(([x], i) => i > 0 && Math.abs(x!) > 179.9999 && x === line[i - 1]![0])

t.test('nothing is drawn across the map, nor where it was cut', async (t) => {
  for (const name of names.filter((name) => name === 'world.json' || name.startsWith('country/'))) {
    const file: MapFile = read(name)
    const arcs = decodeArcs(file)
    const leaps = arcs.filter((line) =>
      line.some(([x, y], i) => Math.abs(x) > 180.001 || Math.abs(y) > 85.051 || (i > 0 && Math.abs(x - line[i - 1]![0]) > 90)),
    )
    t.same(leaps, [], `${name}: no step halfway round the globe`)
    t.same(
      file.coast.filter((arc) => isCut(arcs[arc]!)),
      [],
      `${name}: no coast along the antimeridian`,
    )
  }
})

t.test('a slice is found by its boxes', async (t) => {
  t.same(
    Object.keys(slices)
      .map((name) => `country/${name}.json`)
      .sort(),
    names.filter((name) => name.startsWith('country/')),
  )
  for (const [name, boxes] of Object.entries(slices)) {
    const points = decodeArcs(read(`country/${name}.json`)).flat()
    t.ok(
      points.every(([x, y]) => boxes.some(([w, s, e, n]) => x >= w! && x <= e! && y >= s! && y <= n!)),
      name,
    )
  }
})

t.test('names of towns, in French where it has its own', async (t) => {
  const { places, countries } = read('cities.json')
  const french = Object.fromEntries(places.map((row: unknown[]) => [row[4], row[5]]))
  t.match(french, { London: 'Londres', Cologne: 'Cologne', Beijing: 'Pékin', Geneva: 'Genève' })
  t.ok(Object.hasOwn(french, 'Dakar') && french.Dakar === undefined)
  t.ok(places.every(([, , zoom]: number[]) => zoom! >= 2 && zoom! < 7))
  t.ok(countries.some(([, , , code]: unknown[]) => code === 'FR'))
  const inSlices = Object.keys(slices)
    .filter((name) => /^FR/.test(name))
    .flatMap((name) => read(`country/${name}.json`).places)
  for (const name of ['Plouarzel', 'Vannes', 'Kourou'])
    t.ok(
      inSlices.some((row: unknown[]) => row[4] === name),
      name,
    )
})

t.test('lines as text', async (t) => {
  const line: Ring = [
    [0, 0],
    [-180_000, 83_634],
    [179_999, -85_000],
    [179_998, -85_000],
    [15, 16],
    [-16, 31],
    [-17, 32],
  ]
  t.same(decodeArcs({ step: 1, arcs: [encodeArc(line)], coast: [], border: [] }), [line])
})

t.test('what neighbours share is a border, what nobody shares a coast, what the map was cut along neither', async (t) => {
  const square = (x: number, y: number): Ring => [
    [x, y],
    [x, y + 1000],
    [x + 1000, y + 1000],
    [x + 1000, y],
    [x, y],
  ]
  const unit = (country: string, region: string, ring: Ring): Unit => ({ country, region, polygons: [[ring]] })
  const units = [
    unit('AA', '1', square(177_000, 0)),
    unit('AA', '1', square(178_000, 0)),
    unit('AA', '2', square(178_000, 1000)),
    unit('BB', '3', square(179_000, 0)),
  ]
  const [one, other] = makeSlices(units).map(({ name, boxes, file }) => ({
    name,
    boxes,
    file,
    lines: (arcs: number[] = []) => arcs.map((arc) => decodeArcs(file)[arc]!),
  }))
  t.match(one, { name: 'AA', boxes: [[177, 0, 179, 2]] })
  t.equal(one!.file.unit?.length, 1)
  t.equal(one!.file.region?.length, 1)
  t.same(
    one!
      .lines(one!.file.border)
      .flat()
      .map(([x]) => x),
    [179, 179],
  )
  t.equal(joinArcs(one!.file.land![0]![0]!, decodeArcs(one!.file)).length, 9, 'its units are one area')
  t.ok(other!.lines(other!.file.coast).flat().length)
  t.notOk(other!.lines(other!.file.coast).some(isCut), 'no coast at 180°')
  const world = makeWorld(units, [[square(17_000, 0)]])
  t.same(Object.keys(world.countries!), ['AA', 'BB'])
  t.equal(world.border.length, 1)
  t.equal(world.lakes!.length, 1)
})
