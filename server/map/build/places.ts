import { type CountryLabel, LAST_COUNTRY_ZOOM } from './country-labels.ts'
import { readExonyms } from './exonyms.ts'
import { Room } from './room.ts'

export interface Place {
  country: string
  name: string
  /** In French, where it differs. */
  french?: string
  lng: number
  lat: number
  population: number
  isCapital: boolean
  /** From this zoom on its label has room. */
  zoom: number
}

/** The label of a map: longitude, latitude, zoom from which it is shown, kind (3 capital, 2 over a million, 1 over 100,000, 0 smaller), name, French name where it differs. */
export type LabelRow = [number, number, number, number, string] | [number, number, number, number, string, string]

/** What a place needs to be shown from this zoom on; further in, nothing new. */
const leastPopulation: Record<number, number> = { 2: 4e6, 3: 1.5e6, 4: 5e5, 5: 2e5, 6: 8e4, 7: 3e4, 8: 1e4, 9: 5e3, 10: 2.5e3 }
/** Inhabitants of a great city. */
const GREAT = 5e5
/** Until then a great city stands for what surrounds it. */
const SUBURB_ZOOM = 8
const noTowns = /^PPL[XHQW]$|^PPLCH$|^STLMT$/

/** All places, without a zoom yet, greatest first. Throws when a French or English name is unknown to the source. */
export function readPlaces(text: string): Place[] {
  const exonyms = readExonyms()
  const rows = text
    .split('\n')
    .map((line) => line.split('\t'))
    .filter((row) => row[6] === 'P' && !noTowns.test(row[7]!))
  // Largest first: of two Philadelphias, the greater has the French name.
  const places = rows.sort((a, b) => Number(b[14]) - Number(a[14])).map((row) => toPlace(row, exonyms))
  if (exonyms.size) throw new Error(`Not in the source: ${[...exonyms.keys()].join(', ')}`)
  return places.sort((a, b) => weightOf(b) - weightOf(a) || a.lng - b.lng)
}

/** The places and countries whose names find room at some zoom: each gets the first one at which none greater stands in its way, so that the browser
 *  has nothing to work out. `places` come greatest first. */
export function declutter(places: Place[], countries: CountryLabel[]): { places: Place[]; countries: CountryLabel[] } {
  const suburbs = findSuburbs(places)
  const shown = new Set<CountryLabel>()
  for (const [zoom, least] of Object.entries(leastPopulation).map(([zoom, least]) => [Number(zoom), least] as const)) {
    const room = new Room(zoom)
    const fits = (country: CountryLabel) => room.take(country, country.width / 2 + 4, 9)
    for (const country of zoom <= LAST_COUNTRY_ZOOM ? shown : []) fits(country)
    for (const place of places) if (place.zoom) room.take(place, ...sizeOf(place, zoom))
    const placeFrom = (weight: number) => {
      for (const place of places) {
        if (place.zoom || weightOf(place) < weight || (zoom < SUBURB_ZOOM && suburbs.has(place))) continue
        if (room.take(place, ...sizeOf(place, zoom))) place.zoom = zoom
        else if (zoom >= SUBURB_ZOOM && place.population >= GREAT) room.hold(place, ...sizeOf(place, zoom))
      }
    }
    // A metropolis before the name of its country, that before lesser towns.
    placeFrom(8 * least)
    for (const country of countries.filter((one) => one.zoom === zoom)) {
      if (fits(country)) shown.add(country)
      else country.zoom++
    }
    placeFrom(least)
  }
  return { places: places.filter(({ zoom }) => zoom), countries: [...shown] }
}

/** `digits` of a degree: 2 are a kilometre, 3 a hundred metres. */
export function toRow({ lng, lat, zoom, population, isCapital, name, french }: Place, digits: number): LabelRow {
  const kind = isCapital ? 3 : population >= 1e6 ? 2 : population >= 1e5 ? 1 : 0
  const round = (value: number) => Math.round(value * 10 ** digits) / 10 ** digits
  return french ? [round(lng), round(lat), zoom, kind, name, french] : [round(lng), round(lat), zoom, kind, name]
}

/** Exonyms found are taken out of the map, so that what is left was misspelt. */
function toPlace(row: string[], exonyms: ReturnType<typeof readExonyms>): Place {
  const [, full, , others, lat, lng, , code, country, , , , , , population] = row as [string, string, string, string, ...string[]]
  const name = full.split(/ [-/] /)[0]!.trim()
  const key = `${country} ${name}`
  const { en, fr } = exonyms.get(key) ?? {}
  if (en || fr) exonyms.delete(key)
  const known = new Set([full.trim(), ...others.split(',')])
  for (const one of [en, fr]) if (one && !known.has(one)) throw new Error(`${key} is not known as ${one}: ${others}`)
  const french = fr && fr !== (en ?? name) ? fr : undefined
  return {
    country: country!,
    name: en ?? name,
    french: french ?? (en ? (fr ?? name) : undefined),
    lng: Number(lng),
    lat: Number(lat),
    population: Number(population),
    isCapital: code === 'PPLC',
    zoom: 0,
  }
}

function weightOf({ population, isCapital }: Place): number {
  return isCapital ? population * 4 + Math.min(3e5, population * 10) : population
}

/** Towns in the shade of a great city, which are not to stand for it when its own name has no room. */
function findSuburbs(places: Place[]): Set<Place> {
  const great = places.filter(({ population }) => population >= GREAT)
  const isNear = (one: Place, other: Place) => Math.abs(one.lat - other.lat) < 0.3 && Math.abs(one.lng - other.lng) < 0.4
  return new Set(places.filter((place) => place.population >= 3e4 && great.some((city) => weightOf(city) > weightOf(place) && isNear(city, place))))
}

/** Half the width and half the height of a label in pixels, with air; further in more around a great city, whose districts are in the source too. */
function sizeOf({ name, french, population }: Place, zoom: number): [number, number] {
  return [Math.max(name.length, french?.length ?? 0) * 3.6 + 11, zoom < 7 ? 14 : population >= GREAT ? 28 : 20]
}
