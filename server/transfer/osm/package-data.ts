import { readFileSync } from 'node:fs'

export type Ring = [number, number][]
export type Polygon = Ring[]
export type Templates = Record<string, { name?: string; description?: string; url?: string }>

/** `resources.json` of the installed package osm-community-index, unchecked. Throws if the package is missing. */
export function readBundledResources(): unknown {
  return readPackageJson('resources.json')
}

/** The package's texts and addresses by type of resource, with the types that later releases brought. */
export function readTemplates(): Templates {
  const { defaults } = readPackageJson('defaults.json') as { defaults: Templates }
  return { ...newerTemplates, ...defaults }
}

/** The package's own shapes (`bahia.geojson`…), as polygons of [longitude, latitude], by file name in lower case. */
export function readShapes(): Map<string, Polygon[]> {
  const { features } = readPackageJson('featureCollection.json') as { features: Feature[] }
  return new Map(features.map(({ id, geometry }) => [id.toLowerCase(), geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates]))
}

interface Feature {
  id: string
  geometry: { type: 'Polygon'; coordinates: Polygon } | { type: 'MultiPolygon'; coordinates: Polygon[] }
}

/** Release 6.2.0 uses WhatsApp groups, by the code of their invitation. */
const newerTemplates: Templates = {
  whatsapp: { name: '{community} WhatsApp', description: 'Join our community chat on WhatsApp', url: 'https://chat.whatsapp.com/{account}' },
}

/** The package's `exports` block its data files, which lie beside its entry module. */
function readPackageJson(file: string): unknown {
  const entry = import.meta.resolve('osm-community-index')
  return JSON.parse(readFileSync(new URL(`../json/${file}`, entry), 'utf8'))
}
