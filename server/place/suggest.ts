import type { Place } from '../schema-types.ts'
import { formats } from '../text/format.ts'
import { type Locale, locales } from '../text/translate.ts'
import type { Gazetteer } from './gazetteer.ts'
import { placeKey } from './key.ts'
import { pointOf, toPlaces } from './present.ts'
import { type Found, searchKeys } from './search-keys.ts'

export interface Wish {
  /** ISO 3166-1 alpha-2, preferred rather than required. */
  country?: string
  locale: Locale
}

export const mostSuggested = 20
const longestText = 200
/** Ten times the people: then the smaller one was not meant. */
const clearly = 1
const mostNamesakes = 300
/** Degrees. */
const sameTown = 0.1

/** Places whose name begins like `text` in any language, best first: what is typed whole, the reader's country, then by people. */
export function suggest(gazetteer: Gazetteer, text: string, { country, locale, limit = 8 }: Wish & { limit?: number }): Place[] {
  const most = Math.min(limit, mostSuggested)
  // More than asked for, as some may read the same.
  const found = searchKeys(gazetteer, text.slice(0, longestText), { country, most: most * 2 })
  return toPlaces(gazetteer, numbersOf(found), locale).slice(0, most)
}

/** The place of this name: `place` when one is clearly meant, else the `choices` of that name, else those that begin so. */
export function findPlace(gazetteer: Gazetteer, text: string, { country, locale }: Wish): { place?: Place; choices: Place[] } {
  const asked = text.slice(0, longestText)
  const named = namedSo(gazetteer, asked, country)
  if (named.length === 0) return { choices: suggest(gazetteer, asked, { country, locale, limit: mostSuggested }) }
  const choices = toPlaces(gazetteer, numbersOf(named), locale).slice(0, mostSuggested)
  return isClear(gazetteer, named) ? { place: choices[0], choices } : { choices }
}

/** « Vannes », or « Vannes, Bretagne, France » as a suggestion says it: each part after a comma must be where the place is. */
function namedSo(gazetteer: Gazetteer, text: string, country: string | undefined): Found[] {
  const wish = { country, most: mostNamesakes, wholeOnly: true }
  const whole = searchKeys(gazetteer, text, wish)
  if (whole.length > 0) return whole
  const [name = '', ...parts] = text.split(',')
  const around = parts.map(placeKey).filter(Boolean)
  return searchKeys(gazetteer, name, wish).filter(({ place }) => around.every((part) => areasOf(gazetteer, place).includes(part)))
}

/** Where a place is, in codes and in every language of ours. */
function areasOf({ countries, countryOf, regions, regionOf, districts, districtOf }: Gazetteer, place: number): string[] {
  const [country, region, district] = [countries[countryOf[place]!]!, regions[regionOf[place]!]!, districts[districtOf[place]!]!]
  const names = locales.map(formats).flatMap((format) => [format.country(country), format.region(region), format.region(district)])
  return [country, region, ...names].map(placeKey)
}

/** Entries of one town, a hamlet's width apart, are no choice. */
function isClear(gazetteer: Gazetteer, [best, ...others]: Found[]): boolean {
  const here = pointOf(gazetteer, best!.place)
  const rival = others.find(({ place }) => {
    const there = pointOf(gazetteer, place)
    return Math.abs(there.lat - here.lat) > sameTown || Math.abs(there.lng - here.lng) > sameTown
  })
  return !rival || best!.score - rival.score >= clearly
}

function numbersOf(found: Found[]): number[] {
  return found.map(({ place }) => place)
}
