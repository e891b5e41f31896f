import type { Translate } from '../../text/translate.ts'
import * as urls from '../../urls.ts'

type Thing = Record<string, unknown>

const asId = (id: string) => ({ '@id': id, '@type': '@id' })

/** Words of DCAT 3, Dublin Core and VoID, said in place. */
const context = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  void: 'http://rdfs.org/ns/void#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  ...Object.fromEntries(['title', 'description'].map((name) => [name, `dct:${name}`])),
  conformsTo: asId('dct:conformsTo'),
  homepage: asId('foaf:homepage'),
  modified: { '@id': 'dct:modified', '@type': 'xsd:dateTime' },
  mediaType: asId('dcat:mediaType'),
  ...Object.fromEntries(
    ['accessURL', 'downloadURL', 'endpointURL', 'endpointDescription', 'landingPage', 'servesDataset'].map((name) => [name, asId(`dcat:${name}`)]),
  ),
  dataDump: asId('void:dataDump'),
  uriSpace: 'void:uriSpace',
  exampleResource: asId('void:exampleResource'),
  entities: 'void:entities',
}

export interface DatasetFacts {
  publicUrl: string
  /** How many groups are kept here. */
  count: number
  /** ISO time of the last change, once there was one. */
  modified?: string
  /** The sentences of each language. */
  words: Record<string, Translate>
}

/** The directory as a data set: what it holds and the forms in which it can be had. */
export function toDataset({ publicUrl, count, modified, words }: DatasetFacts): Thing {
  const here = (path: string) => urls.absolute(publicUrl, path)
  const inAll = (key: string) => Object.entries(words).map(([lang, t]) => ({ '@language': lang, '@value': t(key) }))
  const id = here(`${urls.dataset}#groups`)
  const groups = {
    '@id': id,
    '@type': ['dcat:Dataset', 'void:Dataset'],
    title: inAll('dataset.title'),
    description: inAll('dataset.description'),
    ...(modified ? { modified } : {}),
    landingPage: here(urls.groups),
    uriSpace: here(urls.identity('')),
    entities: count,
    dataDump: here(urls.wholeCopy),
    'dcat:distribution': distributions(here),
  }
  const service = {
    '@id': here(`${urls.dataset}#api`),
    '@type': 'dcat:DataService',
    title: inAll('api.title'),
    endpointURL: here(urls.api),
    endpointDescription: here(urls.apiDescription),
    servesDataset: id,
  }
  return {
    '@context': context,
    '@id': here(urls.dataset),
    '@type': 'dcat:Catalog',
    title: inAll('site.tagline'),
    homepage: here(urls.home),
    'dcat:dataset': [groups],
    'dcat:service': [service],
  }
}

/** Each whole list, and the feed. */
function distributions(here: (path: string) => string): Thing[] {
  const dumps = [
    { path: urls.twin(urls.groups, 'csv'), type: 'text/csv' },
    { path: urls.twin(urls.groups, 'geojson'), type: 'application/geo+json' },
    { path: urls.wholeCopy, type: 'application/x-ndjson', conformsTo: here(urls.schema('group-record')) },
  ]
  const asked = [
    { path: urls.twin(urls.groups, 'json'), type: 'application/json', conformsTo: here(urls.schema('group-list')) },
    { path: urls.changes, type: 'application/ld+json', conformsTo: 'https://w3id.org/ldes/specification' },
  ]
  const toThing = ({ path, type, conformsTo }: { path: string; type: string; conformsTo?: string }) => ({
    '@type': 'dcat:Distribution',
    accessURL: here(path),
    mediaType: `https://www.iana.org/assignments/media-types/${type}`,
    ...(conformsTo ? { conformsTo } : {}),
  })
  return [...dumps.map((one) => ({ ...toThing(one), downloadURL: here(one.path) })), ...asked.map(toThing)]
}
