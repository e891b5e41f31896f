import type { Group, Keyword } from '../../schema-types.ts'
import { toSlug } from '../../text/fold.ts'
import type { Area } from './area.ts'
import type { Resource } from './resource.ts'

/**
 * What gathers the group. A subject said in its name (YouthMappers chapters, Maptime, women who map, free software…) makes it thematic, wherever
 * it is; else a place makes it territorial. Of what is worldwide, the foundation and the help forum support the others, the rest is thematic.
 */
export function toType(name: string, resources: Resource[], { extent }: Area): Group['type'] {
  if (extent === 'world') return resources.some(({ type }) => ['osm-lc', 'discourse', 'forum'].includes(type)) ? 'support' : 'thematic'
  return extent === 'unknown' || isYouthMappers(resources) || subjectNames.test(name) ? 'thematic' : 'territorial'
}

/** The few keywords that the texts bear out; « cartographie » for those who speak French, so that they meet the French-speaking groups. */
export function toKeywords(name: string, resources: Resource[], { extent }: Area, languages: string[]): Keyword[] {
  const text = [name, ...resources.flatMap((one) => [one.name, one.description, one.extendedDescription])].join('\n')
  const labels = [
    'OpenStreetMap',
    isYouthMappers(resources) && 'YouthMappers',
    extent !== 'world' && resources.some(({ type }) => type === 'osm-lc') && 'Local chapter',
    ...subjects.map(([label, words]) => words.test(text) && label),
    languages.includes('fr') && 'cartographie',
  ]
  return labels.filter((label) => label !== false).map((label) => ({ slug: toSlug(label), label }))
}

/** Chapters are told by their type or their one-line texts; longer texts also speak of chapters elsewhere. */
function isYouthMappers(resources: Resource[]): boolean {
  return resources.some(({ type, name, description = '' }) => type === 'youthmappers' || /youth ?mappers/i.test(`${name}\n${description}`))
}

const subjectNames = /maptime|humanitarian|\bwomen\b|free software|open source|\blibre\b|geolibres/i

const subjects: [string, RegExp][] = [
  ['Maptime', /maptime/i],
  ['Humanitarian mapping', /humanitarian|missing maps|disaster|hotosm/i],
  ['Women in mapping', /\bwomen in mapping|all-female|education (of|for) women|university for women/i],
  ['Free software', /free (and open[- ]source |and free )?software|open[- ]source software|free libre|\bfloss\b/i],
  ['Open data', /\bopen (geo ?|geographic |geospatial |spatial |map )?data\b|open source data|free access geographic data/i],
  ['GIS', /\bgis\b|geospatial|geoinformati|geomatics/i],
]
