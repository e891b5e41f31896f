import { approximate, commune as communeFlag, quarter, vague } from '../file.ts'
import { type City, isQuarter } from './cities.ts'
import type { PlacedCommune } from './communes.ts'
import { districtOf, regionOfDistrict } from './districts.ts'

/** A place about to be written; texts not yet folded. */
export interface RawPlace {
  name: string
  otherNames: string[]
  localNames: Record<string, string>
  lat: number
  lng: number
  country: string
  region: string
  district: string
  population: number
  flags: number
}

interface Parts {
  cities: City[]
  communes: PlacedCommune[]
  /** By GeoNames' first division, `DE.02`. */
  regions: Map<string, string>
  exonyms: Record<string, Map<City, string>>
}

/** Communes and all other places as one list, most populous first, in an order that does not depend on the machine. */
export function gatherPlaces({ cities, communes, regions, exonyms }: Parts): RawPlace[] {
  const merged = new Set(communes.map(({ city }) => city))
  const namesIn = (city: City | undefined) =>
    Object.fromEntries(Object.entries(exonyms).flatMap(([language, names]) => (city && names.has(city) ? [[language, names.get(city)!]] : [])))
  const places = [
    ...communes.map((placed) => fromCommune(placed, namesIn(placed.city))),
    ...cities.filter((city) => !merged.has(city)).map((city) => fromCity(city, regions, namesIn(city))),
  ]
  return places.sort(
    (a, b) => b.population - a.population || compare(a.country, b.country) || compare(a.name, b.name) || a.lat - b.lat || a.lng - b.lng,
  )
}

function fromCommune({ commune, city, country, lat, lng, sureness }: PlacedCommune, localNames: Record<string, string>): RawPlace {
  const district = country === 'FR' ? districtOf(commune.departement ?? '') : ''
  return {
    name: commune.nom,
    otherNames: city ? [city.name, ...city.otherNames] : [],
    localNames,
    lat,
    lng,
    country,
    region: regionOfDistrict(district),
    district,
    population: commune.population ?? city?.population ?? 0,
    flags: communeFlag | (sureness === 'near' ? approximate : sureness === 'vague' ? vague : 0),
  }
}

function fromCity(city: City, regions: Map<string, string>, localNames: Record<string, string>): RawPlace {
  const { name, otherNames, lat, lng, country, population } = city
  const district = country === 'FR' ? districtOf(city.admin2) : ''
  const region = district ? regionOfDistrict(district) : (regions.get(`${country}.${city.admin1}`) ?? '')
  return { name, otherNames, localNames, lat, lng, country, region, district, population, flags: isQuarter(city) ? quarter : 0 }
}

/** By code unit: the same everywhere. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
