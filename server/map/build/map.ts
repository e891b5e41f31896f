import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { labelCountries, toCountryRow } from './country-labels.ts'
import { readLakes } from './lakes.ts'
import { declutter, type Place, readPlaces, toRow } from './places.ts'
import { type Box, FINE_STEP, makeSlices, type Slice } from './slices.ts'
import { readSource, sources } from './sources.ts'
import { readCountryNames, readUnits } from './units.ts'
import { makeWorld } from './world.ts'

/** Places from this zoom on are in the slices, which are drawn from it on. */
const SLICE_ZOOM = 7

const root = join(import.meta.dirname, '../../..')
/** Where the fetched sources are kept. */
export const mapCache = join(root, 'node_modules/.cache/map')
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) buildMap(join(root, 'static/map'), mapCache)

/** Writes the base map into `dir`, emptied first: the same sources give the same bytes. The sources are kept in `cache`. */
export function buildMap(dir: string, cache: string): void {
  const texts = { units: readSource(sources.units, cache), lakes: readSource(sources.lakes, cache), places: readSource(sources.places, cache) }
  const files = mapFiles(texts)
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(join(dir, 'country'), { recursive: true })
  for (const [name, content] of files) writeFileSync(join(dir, name), content)
  writeFileSync(join(dir, 'manifest.json'), manifestOf(files))
}

/** The files' contents by name. */
function mapFiles(texts: Record<keyof typeof sources, string>): Map<string, string> {
  const units = readUnits(texts.units, FINE_STEP)
  const world = makeWorld(units, readLakes(texts.lakes))
  const all = readPlaces(texts.places)
  const { places, countries } = declutter(all, labelCountries(world, readCountryNames(texts.units), all))
  const slices = makeSlices(units)
  const homes = Map.groupBy(
    places.filter(({ zoom }) => zoom >= SLICE_ZOOM),
    (place) => homeOf(place, slices).name,
  )
  const far = places.filter(({ zoom }) => zoom < SLICE_ZOOM)
  return new Map([
    ['world.json', toText(world)],
    ['cities.json', toText({ countries: countries.map(toCountryRow), places: far.map((place) => toRow(place, 2)) })],
    ['slices.json', toText(Object.fromEntries(slices.map(({ name, boxes }) => [name, boxes])))],
    ...slices.map(({ name, file }): [string, string] => [
      `country/${name}.json`,
      toText({ ...file, places: (homes.get(name) ?? []).map((place) => toRow(place, 3)) }),
    ]),
  ])
}

/** One line a file: its name, size and content; and what it was made of. */
function manifestOf(files: Map<string, string>): string {
  const made = Object.values(sources).map(({ name, version, integrity, attribution }) => ({ package: `${name}@${version}`, integrity, attribution }))
  const entries = [...files].map(([name, content]) => [name, createHash('sha256').update(content).digest('hex')])
  return `${JSON.stringify({ sources: made, sha256: Object.fromEntries(entries) }, null, 1)}\n`
}

/** The slice a place is in: of its country if there is one around it, the tightest. */
function homeOf({ country, lng, lat }: Place, slices: Slice[]): Slice {
  const far = (slice: Slice) =>
    Math.min(...slice.boxes.map((box) => outside(box, lng, lat) * 1e3 + sizeOf(box))) + (slice.country === country ? 0 : 1e6)
  return slices.reduce((best, slice) => (far(slice) < far(best) ? slice : best))
}

function outside([w, s, e, n]: Box, lng: number, lat: number): number {
  return Math.max(0, w - lng, lng - e) + Math.max(0, s - lat, lat - n)
}

function sizeOf([w, s, e, n]: Box): number {
  return (e - w) * (n - s) * 1e-3
}

function toText(content: object): string {
  return `${JSON.stringify(content)}\n`
}
