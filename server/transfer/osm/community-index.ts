import type { RefusedRecord, SourceRecord } from '../source-record.ts'
import { toArea } from './area.ts'
import { toLanguages } from './languages.ts'
import { hasAddress, toLinks } from './links.ts'
import { type Polygon, readShapes, readTemplates } from './package-data.ts'
import { type Resource, toResource } from './resource.ts'
import { shortNameHints } from './short-name-hints.ts'
import { toKeywords, toType } from './subjects.ts'
import { indexUrl, toDescription, toName, toPlaceName, toSummary } from './texts.ts'

export { readBundledResources } from './package-data.ts'

/**
 * The groups of OSM Community Index: resources that share a community are one group, the others one each. Sorted by `sourceId`; the same
 * input always gives the same output, whatever the order of its keys. Malformed entries are refused one by one.
 * Throws if `resources` is not the content of a `resources.json`. Source: github.com/osmlab/osm-community-index (ISC).
 */
export function readOsmCommunityIndex(resources: unknown): { records: SourceRecord[]; refused: RefusedRecord[] } {
  const templates = readTemplates()
  const shapes = readShapes()
  const communities = new Map<string, Resource[]>()
  const refused: RefusedRecord[] = []
  for (const [id, entry] of entriesOf(resources)) {
    const resource = toResource(entry, templates)
    if ('reason' in resource) refused.push({ sourceId: id, reason: resource.reason })
    else if (!hasAddress(resource)) refused.push({ sourceId: id, reason: 'It gives no address that a group can have.' })
    else gather(communities, resource)
  }
  const records = [...communities].map(([sourceId, members]) => toRecord(sourceId, members, shapes))
  return { records: records.sort(bySourceId), refused: refused.sort(bySourceId) }
}

/** The entries of `{ resources: { id: … } }`, or of the inner object alone. */
function entriesOf(input: unknown): [string, unknown][] {
  const inner = isObject(input) && 'resources' in input ? input.resources : input
  if (!isObject(inner)) throw new Error('This is not a resources.json of OSM Community Index: it must hold an object of resources.')
  return Object.entries(inner).filter(([id]) => id !== '_meta')
}

function gather(communities: Map<string, Resource[]>, resource: Resource): void {
  const sourceId = resource.communityId ?? resource.id
  const members = communities.get(sourceId)
  if (members) members.push(resource)
  else communities.set(sourceId, [resource])
}

function toRecord(sourceId: string, members: Resource[], shapes: Map<string, Polygon[]>): SourceRecord {
  const resources = members.sort((a, b) => b.order - a.order || (a.id < b.id ? -1 : 1))
  const area = toArea(resources, shapes)
  const { extent, country, region, position } = area
  const name = toName(resources)
  const summary = toSummary(resources, extent === 'world')
  const description = toDescription(resources, summary)
  const languages = toLanguages(resources, country)
  const place = extent === 'place' ? toPlaceName(resources) : undefined
  const links = toLinks(resources)
  const group: SourceRecord['group'] = {
    name,
    summary,
    type: toType(name, resources, area),
    ...(description && { description }),
    languages,
    keywords: toKeywords(name, resources, area, languages),
    ...(country && { country }),
    ...(region && { region }),
    ...(place && { place }),
    ...(position && { position }),
    ...(links.length > 0 && { links }),
  }
  return { sourceId, sourceUrl: indexUrl, group, shortNameHints: shortNameHints(sourceId, name, country) }
}

function bySourceId(a: { sourceId: string }, b: { sourceId: string }): number {
  return a.sourceId < b.sourceId ? -1 : a.sourceId > b.sourceId ? 1 : 0
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
