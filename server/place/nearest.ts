import { feature, iso1A2Code } from '@rapideditor/country-coder'
import { approximate, degree, quarter, vague } from './file.ts'
import type { Gazetteer } from './gazetteer.ts'

/** The number of the nearest town or village, and how far it is in kilometres; one placed by its neighbours is not asked. Takes some milliseconds. */
export function nearestPlace({ size, latitudes, longitudes, flags }: Gazetteer, lat: number, lng: number): { place: number; km: number } {
  const shrink = Math.cos((lat * Math.PI) / 180)
  const turn = 360 * degree
  let [place, least] = [0, Number.POSITIVE_INFINITY]
  for (let one = 0; one < size; one++) {
    const north = latitudes[one]! - lat * degree
    // The way round the world that is shorter.
    const far = Math.abs(longitudes[one]! - lng * degree)
    const east = Math.min(far, turn - far) * shrink
    const square = north * north + east * east
    if (square < least && !(flags[one]! & (approximate | vague | quarter))) [place, least] = [one, square]
  }
  return { place, km: (Math.sqrt(least) / degree) * 111.2 }
}

/** The country or territory with a code of its own at a point, ISO 3166-1 alpha-2; none at sea. */
export function countryAt(lat: number, lng: number): string | undefined {
  const territory = feature([lng, lat], { level: 'territory' })?.properties
  const code = territory?.iso1A2 && territory.isoStatus !== 'excRes' ? territory.iso1A2 : iso1A2Code([lng, lat])
  return code ?? undefined
}
