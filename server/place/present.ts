import type { Place } from '../schema-types.ts'
import { formats } from '../text/format.ts'
import type { Locale } from '../text/translate.ts'
import { approximate, degree, vague } from './file.ts'
import type { Gazetteer } from './gazetteer.ts'

/** Places as the reader calls them. Two that would read the same say their district; what still reads the same is told once. */
export function toPlaces(gazetteer: Gazetteer, places: number[], locale: Locale): Place[] {
  const told = places.map((place) => toPlace(gazetteer, place, locale))
  const counts = Map.groupBy(told, ({ label }) => label)
  const labelled = told.map((one, index) => (counts.get(one.label)!.length > 1 ? withDistrict(gazetteer, places[index]!, one, locale) : one))
  return [...new Map(labelled.toReversed().map((one) => [one.label, one])).values()].reverse()
}

/** One place as the reader calls it: « Vannes, Bretagne, France ». */
export function toPlace(gazetteer: Gazetteer, place: number, locale: Locale): Place {
  const { countries, regions, flags } = gazetteer
  const country = countries[gazetteer.countryOf[place]!]!
  const region = regions[gazetteer.regionOf[place]!]
  const name = gazetteer.nameOf(place, locale)
  const format = formats(locale)
  const countryName = format.country(country)
  return {
    name,
    country,
    countryName,
    ...(region ? { region } : {}),
    ...pointOf(gazetteer, place),
    precision: flags[place]! & vague ? 'region' : 'place',
    ...(flags[place]! & (approximate | vague) ? { approximate: true } : {}),
    label: label([name, region ? format.region(region) : '', countryName]),
  }
}

/** In degrees. */
export function pointOf({ latitudes, longitudes }: Gazetteer, place: number): { lat: number; lng: number } {
  return { lat: latitudes[place]! / degree, lng: longitudes[place]! / degree }
}

function withDistrict({ districts, districtOf }: Gazetteer, place: number, told: Place, locale: Locale): Place {
  const district = districts[districtOf[place]!]
  const format = formats(locale)
  return district ? { ...told, label: label([told.name, format.region(district), format.region(told.region ?? ''), told.countryName]) } : told
}

/** A city that is its own region, or its own country, is named once. */
function label(parts: string[]): string {
  return parts.filter((part, index) => part && part !== parts[index - 1]).join(', ')
}
