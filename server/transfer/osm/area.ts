import { feature, iso1A2Code } from '@rapideditor/country-coder'
import type { Group, Position } from '../../schema-types.ts'
import { crossBorderShapes, shapeCodes, shapeMiddles } from './area-codes.ts'
import countryPoints from './country-points.json' with { type: 'json' }
import { interiorPoint, size } from './interior-point.ts'
import type { Polygon } from './package-data.ts'
import type { Point, Resource } from './resource.ts'

/** Where a community is. `world` and `continent` have no position; `country` is there only if it is the only one. */
export interface Area extends Pick<Group, 'country' | 'region' | 'position'> {
  extent: 'world' | 'continent' | 'country' | 'region' | 'place' | 'unknown'
}

/**
 * The area that most resources of a community name: single entries of the index have been placed wrongly (a forum of Malaysia in Indonesia).
 * `resources` best first, which decides between equals; `shapes` from the package.
 */
export function toArea(resources: Resource[], shapes: Map<string, Polygon[]>): Area {
  const votes = new Map<string, number>()
  const keys = resources.map(({ include }) => include.map((one) => JSON.stringify(one)).sort())
  for (const key of keys) votes.set(key.join(), (votes.get(key.join()) ?? 0) + 1)
  const chosen = keys.reduce((best, key) => (votes.get(key.join())! > votes.get(best.join())! ? key : best))
  return joined(chosen.map((one) => toPart(JSON.parse(one) as string | Point, shapes)))
}

interface Part {
  extent: Area['extent']
  countries: string[]
  region?: string
  middle?: LngLat
  /** Comparable between parts of one extent. */
  size?: number
}

type LngLat = [number, number]

/** Widest first: a list of a country and a part of another one is shown as wide as the country. */
const extents: Area['extent'][] = ['world', 'continent', 'country', 'region', 'place', 'unknown']
const placeRadius = 25

function joined(parts: Part[]): Area {
  const extent = extents.find((one) => parts.some((part) => part.extent === one)) ?? 'unknown'
  if (extent === 'world' || extent === 'continent' || extent === 'unknown') return { extent }
  const [country, ...others] = new Set(parts.flatMap(({ countries }) => countries))
  const alone = others.length === 0 ? country : undefined
  const region = parts.length === 1 && alone ? parts[0]?.region : undefined
  const position = toPosition(
    parts.filter((part) => part.extent === extent),
    extent,
  )
  return { extent, ...(alone && { country: alone }), ...(region && { region }), ...(position && { position }) }
}

function toPosition(parts: Part[], precision: 'country' | 'region' | 'place'): Position | undefined {
  const largest = parts.reduce((best, one) => ((one.size ?? 0) > (best.size ?? 0) ? one : best))
  return largest.middle && { lat: rounded(largest.middle[1]), lng: rounded(largest.middle[0]), precision }
}

function rounded(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5
}

function toPart(location: string | Point, shapes: Map<string, Polygon[]>): Part {
  if (typeof location === 'string') return location.endsWith('.geojson') ? shapePart(location.toLowerCase(), shapes) : codePart(location)
  const [longitude, latitude, radius = placeRadius] = location
  const middle: LngLat = [longitude, latitude]
  return { extent: radius > placeRadius ? 'region' : 'place', countries: countriesAt(middle), middle, size: radius }
}

/** A shape of the index. One that is missing from the bundled release, but has a code, is only known to be in its country. */
function shapePart(name: string, shapes: Map<string, Polygon[]>): Part {
  const code = shapeCodes.get(name)
  const polygons = shapes.get(name)
  const region = code?.includes('-') ? code : undefined
  if (code && (!region || !polygons)) return { ...countryPart(code.slice(0, 2)), region }
  if (!polygons) return { extent: 'unknown', countries: [] }
  const middle = shapeMiddles.get(name) ?? interiorPoint(polygons)
  const countries = code ? [code.slice(0, 2)] : middle && !crossBorderShapes.has(name) ? countriesAt(middle) : []
  return { extent: 'region', countries, region, middle, size: largestSize(polygons) }
}

/** Codes of countries, UN M49 areas, Wikidata items and ISO 3166-2 subdivisions, as country-coder knows them. */
function codePart(code: string): Part {
  const found = feature(code)
  if (!found) return { extent: 'unknown', countries: [] }
  const { level, id, iso1A2, isoStatus, country, aliases, members } = found.properties
  if (id === '001') return { extent: 'world', countries: [] }
  if (iso1A2 && isoStatus !== 'excRes') return countryPart(iso1A2)
  if (country && !found.geometry) return countryPart(country)
  if (country) {
    const region = aliases?.find((alias: string) => /^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(alias))
    const polygons = polygonsOf(found)
    return { extent: 'region', countries: [country], region, middle: interiorPoint(polygons), size: largestSize(polygons) }
  }
  // An island shared by countries: only its states with a code count (Cyprus, not the bases on it).
  const states = level === 'sharedLandform' ? (members ?? []).filter(isCodedCountry) : []
  return states.length > 0 ? { ...countryPart(states[0]!), countries: states } : { extent: 'continent', countries: [] }
}

function isCodedCountry(id: string): boolean {
  const properties = feature(id)?.properties
  return properties?.level === 'country' && properties.iso1A2 === id
}

/**
 * A country and a point on its mainland: from the land of Natural Earth 1:50m (public domain, by npm world-atlas 2.0.2) by `interiorPoint`,
 * because the shapes of country-coder reach far out to sea; these serve for the few small territories that are missing there.
 */
function countryPart(code: string): Part {
  const polygons = countryPolygons(code)
  const onLand = (countryPoints as Record<string, number[]>)[code] as LngLat | undefined
  return { extent: 'country', countries: [code], middle: onLand ?? interiorPoint(polygons), size: largestSize(polygons) }
}

/** Territories with a code of their own (Greenland, Réunion) do not count for the size of their country. */
function countryPolygons(code: string): Polygon[] {
  const found = feature(code)
  if (found?.geometry) return polygonsOf(found)
  return (found?.properties.members ?? []).flatMap((member: string) => {
    const part = feature(member)
    return part?.geometry && part.properties.isoStatus !== 'official' ? polygonsOf(part) : []
  })
}

function largestSize(polygons: Polygon[]): number {
  return Math.max(0, ...polygons.map(size))
}

function countriesAt(location: LngLat): string[] {
  const territory = feature(location, { level: 'territory' })?.properties
  const code = territory?.iso1A2 && territory.isoStatus !== 'excRes' ? territory.iso1A2 : iso1A2Code(location)
  return code ? [code] : []
}

function polygonsOf({ geometry }: NonNullable<ReturnType<typeof feature>>): Polygon[] {
  return (geometry as unknown as { coordinates: Polygon[] }).coordinates
}
