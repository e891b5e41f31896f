/** A line of GeoNames. */
export interface City {
  name: string
  otherNames: string[]
  lat: number
  lng: number
  /** PPL, PPLA…: see geonames.org/export/codes.html. */
  kind: string
  country: string
  admin1: string
  admin2: string
  /** In France the INSEE code. */
  admin4: string
  population: number
}

/** Historical, abandoned or destroyed. */
const gone = new Set(['PPLH', 'PPLQ', 'PPLW', 'PPLCH'])
const longestName = 60

export function readCities(text: string): City[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map(toCity)
    .filter(({ kind, country }) => !gone.has(kind) && /^[A-Z]{2}$/.test(country))
}

export function isQuarter({ kind }: Pick<City, 'kind'>): boolean {
  return kind === 'PPLX' || kind === 'PPLA5'
}

function toCity(line: string): City {
  const fields = line.split('\t')
  const at = (index: number) => fields[index] ?? ''
  return {
    name: at(1),
    otherNames: [at(2), ...at(3).split(',')].filter(isName),
    lat: Number(at(4)),
    lng: Number(at(5)),
    kind: at(7),
    country: at(8),
    admin1: at(10),
    admin2: at(11),
    admin4: at(13),
    population: Number(at(14)),
  }
}

/** The list mixes names with addresses of pages, codes of airports, and machine transliterations, which have no capital. */
function isName(name: string): boolean {
  if (!name || name.length > longestName || /^https?:|^[A-Z]{3}$/.test(name)) return false
  return !/\p{Script=Latin}/u.test(name) || /\p{Lu}/u.test(name)
}
