import type { Group } from '../schema-types.ts'
import type { Gazetteer } from './gazetteer.ts'
import { countryAt, nearestPlace } from './nearest.ts'
import { findPlace } from './suggest.ts'

type Placed = Pick<Group, 'place' | 'country' | 'region' | 'position'>

/** As far as a place may be from a point to say in which region that point is. */
const farthest = 25

/**
 * The group with the country, region and position that it leaves out, from its place or its position. What it says is kept: a place
 * that several places may be, or that is not in its country, fills nothing. `country` is where such a name is looked for first.
 */
export function fillPlace<T extends Placed>(gazetteer: Gazetteer, group: T, { country }: { country?: string } = {}): T {
  const found = group.position ? fromPosition(gazetteer, group.position) : fromName(gazetteer, group, country)
  if (!found || (group.country && group.country !== found.country)) return group
  return {
    ...group,
    ...(found.country ? { country: found.country } : {}),
    ...(found.region && !group.region ? { region: found.region } : {}),
    ...(found.position && !group.position ? { position: found.position } : {}),
  }
}

function fromName(gazetteer: Gazetteer, group: Placed, preferred: string | undefined): Placed | undefined {
  if (!group.place) return undefined
  const { place, choices } = findPlace(gazetteer, group.place, { country: group.country ?? preferred, locale: 'fr' })
  const inCountry = choices.filter((one) => one.country === group.country)
  const found = place ?? (group.country && inCountry.length === 1 ? inCountry[0] : undefined)
  if (!found) return undefined
  const { country, region, lat, lng, precision } = found
  return { country, region, position: { lat, lng, precision } }
}

function fromPosition(gazetteer: Gazetteer, { lat, lng, precision }: NonNullable<Placed['position']>): Placed {
  const country = countryAt(lat, lng)
  const { place, km } = nearestPlace(gazetteer, lat, lng)
  const near = precision !== 'country' && km <= farthest && gazetteer.countries[gazetteer.countryOf[place]!] === country
  const region = near ? gazetteer.regions[gazetteer.regionOf[place]!] : undefined
  return { country, ...(region ? { region } : {}) }
}
