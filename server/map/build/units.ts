import type { MultiPolygon, Polygon } from 'geojson'

/** Positions on a grid of whole numbers, so that what touches shares exact points. */
export type Ring = [x: number, y: number][]

export interface Unit {
  /** ISO 3166-1 alpha-2. */
  country: string
  /** Units of one region have no region line between them. */
  region: string
  polygons: Ring[][]
}

interface Feature {
  properties: { admin: string; iso_a2: string; iso_3166_2: string; adm1_code: string; region?: string }
  geometry: Polygon | MultiPolygon
}

/** Beyond this many units (French departments, British districts) the lines of regions say more. */
const MANY_UNITS = 80
/** Where Web Mercator ends. */
export const SOUTH = -85

/** The first-level units of every country, on a grid of `step` degrees. */
export function readUnits(text: string, step: number): Unit[] {
  const { features } = JSON.parse(text) as { features: Feature[] }
  const counts = new Map<string, number>()
  for (const feature of features) counts.set(countryOf(feature), (counts.get(countryOf(feature)) ?? 0) + 1)
  return features.map((feature) => {
    const country = countryOf(feature)
    const { region, adm1_code } = feature.properties
    return { country, region: (counts.get(country)! > MANY_UNITS && region) || adm1_code, polygons: toGrid(feature.geometry, step) }
  })
}

/** What the source calls each country. */
export function readCountryNames(text: string): Map<string, string> {
  const { features } = JSON.parse(text) as { features: Feature[] }
  return new Map(features.map((feature) => [countryOf(feature), feature.properties.admin]))
}

/** Borders as the United Nations recognise them. */
function countryOf({ properties }: Feature): string {
  return properties.iso_3166_2.startsWith('UA-') ? 'UA' : properties.iso_a2
}

function toGrid(geometry: Polygon | MultiPolygon, step: number): Ring[][] {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  return polygons.map((rings) => rings.map((ring) => snap(ring, step)).filter((ring) => ring.length > 3)).filter(([outer]) => outer)
}

/** The ring on the grid, without points that fall together. */
export function snap(ring: number[][], step: number): Ring {
  const points = ring.map(([x, y]): [number, number] => [Math.round(x! / step), Math.round(Math.max(y!, SOUTH) / step)])
  return points.filter(([x, y], i) => i === 0 || x !== points[i - 1]![0] || y !== points[i - 1]![1])
}
