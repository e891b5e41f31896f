import { placeKey } from '../key.ts'
import type { City } from './cities.ts'
import table from './exonyms.json' with { type: 'json' }

/** Names in our languages by city. Throws when the city is not there, or is not called so by GeoNames in any language: the table is wrong then. */
export function exonymsOf(cities: City[]): Record<string, Map<City, string>> {
  const byName = Map.groupBy(cities, ({ country, name }) => `${country} ${name}`)
  return Object.fromEntries(
    Object.entries(table as Record<string, Record<string, Record<string, string>>>).map(([language, countries]) => [
      language,
      new Map(
        Object.entries(countries).flatMap(([country, names]) =>
          Object.entries(names).map(([name, ours]) => [checked(byName.get(`${country} ${name}`), `${country} ${name}`, ours), ours] as const),
        ),
      ),
    ]),
  )
}

function checked(cities: City[] | undefined, name: string, ours: string): City {
  const city = cities?.toSorted((a, b) => b.population - a.population)[0]
  if (!city) throw new Error(`GeoNames has no ${name}.`)
  const known = [city.name, ...city.otherNames].map(placeKey)
  if (!known.includes(placeKey(ours))) throw new Error(`GeoNames knows no ${name} called ${ours}.`)
  return city
}
