import { createCatalogue } from '../../server/catalogue/catalogue.ts'
import type { Hits } from '../../server/catalogue/words.ts'
import type { Db } from '../../server/db/tables.ts'
import { vocabulary } from '../../server/demo/vocabulary.ts'
import { writeCursor } from '../../server/group/query.ts'
import { questionTerms } from '../../server/text/words.ts'
import * as urls from '../../server/urls.ts'

export interface Scenario {
  name: string
  /** Asked in turn, so that nothing answers from having just been asked. */
  paths: string[]
}

/** What is measured, with keywords and words chosen by how many of this database's groups have them. */
export async function makeScenarios(db: Db): Promise<Scenario[]> {
  const catalogue = createCatalogue()
  const state = await catalogue.current(db)
  const { snapshot } = state
  const size = snapshot.size
  const keywords = snapshot.keywordNames.values.map((keyword, index) => ({
    keyword,
    share: (snapshot.groupsOf.starts[index + 1]! - snapshot.groupsOf.starts[index]!) / size,
  }))
  const fivePercent = closest(keywords.slice(1), 0.05, 5).map(({ keyword }) => urls.ecosystem(keyword))
  const names = Array.from({ length: 40 }, (_, at) => snapshot.key[Math.floor(((at + 0.5) * size) / 40)]!.split('\0')[1]!)
  const filtered = fivePercent.map((path) => `${path}?type=territorial&country=FR&country=SN&language=fr`)
  const broad = ['type=territorial', 'type=territorial&type=thematic', 'activity=any', 'language=fr', 'sort=members'].map(
    (query) => `${urls.groups}?${query}`,
  )
  return [
    { name: 'ecosystem of 5 %, first page', paths: fivePercent },
    { name: 'ecosystem of 5 %, filtered', paths: filtered },
    { name: 'all groups, broad filter', paths: broad },
    ...(await searchScenarios((word) => catalogue.find(db, state, questionTerms(word)), size)),
    { name: 'two letters', paths: ['mo', 're', 'pa', 'co'].map(search) },
    { name: 'deep page', paths: deepPages(snapshot.key) },
    { name: 'group page', paths: names.map(urls.group) },
    { name: 'group .json', paths: names.map((name) => urls.twin(urls.group(name), 'json')) },
    { name: 'group .jsonld', paths: names.map((name) => urls.twin(urls.group(name), 'jsonld')) },
    { name: 'ecosystem .json', paths: fivePercent.map((path) => urls.twin(path, 'json')) },
    ...mapScenarios(fivePercent[0]!),
    ...widgetScenarios(
      fivePercent.map((path) => path.slice(urls.ecosystem('').length)),
      names,
    ),
    { name: 'ecosystem .jsonld', paths: fivePercent.map((path) => urls.twin(path, 'jsonld')) },
    ...(['json', 'atom', 'geojson', 'csv'] as const).map((form) => ({
      name: `all groups .${form}, 100`,
      paths: [`${urls.twin(urls.groups, form)}?size=100`],
    })),
    { name: 'ecosystem .atom', paths: fivePercent.map((path) => urls.twin(path, 'atom')) },
    { name: 'ecosystem .geojson, 100', paths: fivePercent.map((path) => `${urls.twin(path, 'geojson')}?size=100`) },
    { name: 'ecosystem .csv, 100', paths: fivePercent.map((path) => `${urls.twin(path, 'csv')}?size=100`) },
  ]
}

/** What a window of 1280 by 800 pixels asks for; each view is moved a little, as a reader would. */
function mapScenarios(ecosystem: string): Scenario[] {
  const around = (path: string, west: number, south: number, east: number, north: number, zoom: number) =>
    Array.from({ length: 5 }, (_, at) => {
      const moved = [west, south, east, north].map((edge) => (edge + at / zoom ** 3).toFixed(3))
      return urls.withParams(urls.twin(urls.mapOf(path), 'json'), [
        ['view', moved.join(',')],
        ['zoom', String(zoom)],
      ])
    })
  return [
    { name: 'map page', paths: [urls.map] },
    { name: 'map view, world', paths: around(urls.groups, -170, -60, 170, 80, 2) },
    { name: 'map view, West Africa', paths: around(urls.groups, -20, 2, 16, 22, 5) },
    { name: 'map view, France', paths: around(urls.groups, -12, 38, 18, 54, 6) },
    { name: 'map view, Brittany', paths: around(urls.groups, -6, 46.5, 0, 49.5, 8) },
    { name: 'map view, a town', paths: around(urls.groups, -4.7, 48.3, -4.3, 48.5, 12) },
    { name: 'map view, world, ecosystem of 5 %', paths: around(ecosystem, -170, -60, 170, 80, 2) },
  ]
}

/** As other sites frame them: each with what its site locked, and what a visitor chose within. */
function widgetScenarios(keywords: string[], names: string[]): Scenario[] {
  const framed = (kind: 'list' | 'cards' | 'map' | 'count', query: urls.Params = []) =>
    keywords.map((keyword) => urls.withParams(urls.embed(kind, keyword), query))
  const choices: urls.Params = [
    ['type', 'territorial'],
    ['controls', 'all'],
    ['my-country', 'FR'],
  ]
  return [
    { name: 'widget, list', paths: framed('list') },
    { name: 'widget, list with choices', paths: framed('list', choices) },
    { name: 'widget, list of all groups', paths: ['fr', 'en', 'auto'].map((lang) => urls.withParams(urls.embed('list'), [['lang', lang]])) },
    { name: 'widget, cards', paths: framed('cards') },
    { name: 'widget, map', paths: framed('map') },
    { name: 'widget, count', paths: framed('count') },
    { name: 'widget, one group', paths: names.map((name) => urls.embed('group', name)) },
    { name: 'widget, neighbours', paths: names.map((name) => urls.embed('neighbours', name)) },
  ]
}

async function searchScenarios(find: (word: string) => Promise<Hits>, size: number): Promise<Scenario[]> {
  const candidates = [...vocabulary('fr').slice(55, 700), ...vocabulary('en').slice(55, 400)].filter(
    (word) => word.length > 4 && questionTerms(word).length === 1,
  )
  const words: { word: string; share: number }[] = []
  for (const word of candidates.filter((_, at) => at % 3 === 0)) {
    words.push({ word, share: (await find(word)).nums.length / size })
  }
  return [0.01, 0.05, 0.3].flatMap((share) => {
    const chosen = closest(words, share, 6).map(({ word }) => word)
    const triples = chosen.map((word, at) => [word, chosen[(at + 1) % chosen.length], chosen[(at + 2) % chosen.length]].join(' '))
    const percent = `${share * 100} %`
    return [
      { name: `word in ${percent}`, paths: chosen.map(search) },
      { name: `three words in ${percent}`, paths: triples.map(search) },
    ]
  })
}

function search(words: string): string {
  return urls.withParams(urls.groups, [['q', words]])
}

/** Pages that begin after a tenth, two tenths… of all groups, by the cursor of the list. */
function deepPages(keys: string[]): string[] {
  return Array.from({ length: 9 }, (_, at) => {
    const key = keys[Math.floor(((at + 1) * keys.length) / 10)]!
    return urls.withParams(urls.groups, [['after', writeCursor({ sort: 'name', value: 0, key })]])
  })
}

function closest<T extends { share: number }>(list: T[], share: number, count: number): T[] {
  return list.toSorted((a, b) => Math.abs(a.share - share) - Math.abs(b.share - share)).slice(0, count)
}
