import { placeKey } from '../key.ts'
import { type City, isQuarter } from './cities.ts'
import { type Placed, placeByNeighbours } from './neighbours.ts'

/** A French commune as Etalab lists it. */
export interface Commune {
  code: string
  nom: string
  type: string
  departement?: string
  arrondissement?: string
  /** Of a former commune: the one it is part of today. */
  chefLieu?: string
  codesPostaux?: string[]
  population?: number
}

export interface Epci {
  membres: { code: string }[]
}

export interface PlacedCommune extends Placed {
  commune: Commune
  country: string
  /** The same commune in GeoNames, which then is no place of its own. */
  city?: City
}

/** Departments that have a country code of their own. */
const overseas: Record<string, string> = {
  971: 'GP',
  972: 'MQ',
  973: 'GF',
  974: 'RE',
  975: 'PM',
  976: 'YT',
  977: 'BL',
  978: 'MF',
  984: 'TF',
  986: 'WF',
  987: 'PF',
  988: 'NC',
}

/** Every commune of today with a position: its own in GeoNames, that of a part of it, or its neighbours'. Those without any (Clipperton) are left out. */
export function placeCommunes(all: Commune[], epcis: Epci[], cities: City[]): PlacedCommune[] {
  const today = all.filter(({ type }) => type === 'commune-actuelle')
  const parts = Map.groupBy(
    all.filter(({ type, chefLieu }) => type !== 'commune-actuelle' && chefLieu),
    ({ chefLieu }) => chefLieu!,
  )
  const find = cityFinder(cities)
  const own = new Map(
    today.map((commune) => [commune.code, find(commune) ?? largest((parts.get(commune.code) ?? []).flatMap((one) => find(one) ?? []))]),
  )
  const positions = new Map([...own].flatMap(([code, city]) => (city ? [[code, city] as const] : [])))
  const byNeighbours = placeByNeighbours(today, epcis, positions)
  return today.flatMap((commune): PlacedCommune[] => {
    const city = own.get(commune.code)
    const placed: Placed | undefined = city ? { lat: city.lat, lng: city.lng, sureness: 'sure' } : byNeighbours(commune)
    if (!placed) return []
    const same = city && placeKey(city.name) === placeKey(commune.nom) ? city : undefined
    return [{ ...placed, commune, country: overseas[commune.departement ?? ''] ?? 'FR', city: same }]
  })
}

/** By INSEE code, best the one of that name; else by its name, if the department has it once. */
function cityFinder(cities: City[]): (commune: Commune) => City | undefined {
  const french = cities.filter((city) => !isQuarter(city) && (city.country === 'FR' || Object.values(overseas).includes(city.country)))
  const byCode = Map.groupBy(french, ({ admin4 }) => admin4)
  const byName = Map.groupBy(french, ({ country, admin2, name }) => `${country} ${admin2} ${placeKey(name)}`)
  return ({ code, nom, departement = '' }) => {
    const coded = byCode.get(code) ?? []
    const named = coded.filter(({ name }) => placeKey(name) === placeKey(nom))
    const country = overseas[departement]
    const alone = byName.get(country ? `${country}  ${placeKey(nom)}` : `FR ${departement} ${placeKey(nom)}`) ?? []
    return largest(named) ?? largest(coded) ?? (alone.length === 1 ? alone[0] : undefined)
  }
}

function largest(cities: City[]): City | undefined {
  return cities.reduce<City | undefined>((best, one) => (best && best.population >= one.population ? best : one), undefined)
}
