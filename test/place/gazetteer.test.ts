import t from 'tap'
import { commune } from '../../server/place/file.ts'
import { loadGazetteer } from '../../server/place/gazetteer.ts'
import { prefixKeys } from '../../server/place/key.ts'
import { countryAt, nearestPlace } from '../../server/place/nearest.ts'
import { findPlace, suggest, type Wish } from '../../server/place/suggest.ts'

const collect = () => (globalThis as { gc?: () => void }).gc?.()
const start = performance.now()
const gazetteer = await loadGazetteer()
const loaded = performance.now() - start
const french: Wish = { country: 'FR', locale: 'fr' }

const labels = (text: string, wish: Wish = french) => suggest(gazetteer, text, wish).map(({ label }) => label)
const first = (text: string, wish?: Wish) => labels(text, wish)[0]

t.test('it is loaded quickly and holds little', async (t) => {
  collect()
  const { latitudes, longitudes, populations, countryOf, regionOf, districtOf, flags, weights, keys } = gazetteer
  const columns = [
    latitudes,
    longitudes,
    populations,
    countryOf,
    regionOf,
    districtOf,
    flags,
    weights,
    keys.text,
    keys.ends,
    keys.firsts,
    keys.entries,
  ]
  const held = columns.reduce((sum, { byteLength }) => sum + byteLength, 0)
  t.comment(`${gazetteer.size} places, ${keys.ends.length - 1} names, loaded in ${loaded.toFixed(0)} ms, ${(held / 1e6).toFixed(1)} MB in columns`)
  t.ok(held < 40e6)
  t.ok(
    columns.every(({ buffer, byteLength }) => buffer.byteLength < byteLength + 16),
    'no column keeps the whole file',
  )
})

t.test('the communes of France are complete', async (t) => {
  t.ok(gazetteer.flags.filter((flags) => flags & commune).length >= 34_900)
  t.equal(first('plouarzel'), 'Plouarzel, Bretagne, France')
  t.equal(first("L'Haÿ-les-Roses"), 'L’Haÿ-les-Roses, Île-de-France, France'.replace('’', "'"))
  t.same(labels('Œuilly').sort(), ['Œuilly, Grand Est, France', 'Œuilly, Hauts-de-France, France'])
  t.match(
    suggest(gazetteer, 'Plouarzel', french)[0],
    { country: 'FR', region: 'FR-BRE', lat: 48.4341, lng: -4.731, precision: 'place' },
    'where it is',
  )
  const [small] = suggest(gazetteer, 'Armix', french)
  t.match(small, { label: 'Armix, Auvergne-Rhône-Alpes, France', approximate: true }, 'a hamlet is placed by its neighbours, and says so')
  t.ok(Math.abs(small!.lat - 45.856) < 0.1 && Math.abs(small!.lng - 5.583) < 0.15)
  t.equal(first('Cayenne', { locale: 'fr' }), 'Cayenne, Guyane française')
})

t.test('a name is found however it is typed', async (t) => {
  for (const text of ['Saint-Étienne', 'saint etienne', 'ST ETIENNE', 'St-Étienne', 'saint-éti', '  Saint\u2011Etienne  '])
    t.equal(first(text), 'Saint-Étienne, Auvergne-Rhône-Alpes, France', text)
  for (const text of ['oeuilly', 'ŒUILLY', 'Oeuilly']) t.match(first(text), /^Œuilly/, text)
  for (const text of ['lhay les roses', 'hay-les-roses', 'L’Haÿ']) t.match(first(text), /^L'Haÿ-les-Roses/, text)
  t.equal(first('havre'), 'Le Havre, Normandie, France')
  t.same(prefixKeys('st'), ['saint', 'st'])
  t.ok(labels('st').some((label) => label.startsWith('Strasbourg')) && labels('st').some((label) => label.startsWith('Saint-')))
})

t.test('places of the world, in any language', async (t) => {
  t.equal(first('cotonou'), 'Cotonou, Littoral, Bénin')
  t.equal(first('ouaga'), 'Ouagadougou, Centre, Burkina Faso')
  t.match(first('Nouakchott'), /^Nouakchott, .*Mauritanie$/)
  for (const text of ['東京', 'Tokyo', 'Tōkyō', 'Токио']) t.equal(first(text), 'Tokyo, Japon', text)
  t.match(first('القاهرة'), /^Le Caire, .*Égypte$/)
  t.equal(first('Londres'), 'Londres, Angleterre, Royaume-Uni')
  t.equal(first('london'), 'Londres, Angleterre, Royaume-Uni', 'in the language of the reader')
  t.equal(first('Londres', { locale: 'en' }), 'London, England, United Kingdom')
  t.match(first('köln'), /^Cologne/)
})

t.test('the country of the reader comes first, then the most people', async (t) => {
  t.equal(first('Brest'), 'Brest, Bretagne, France')
  t.match(first('Brest', { country: 'BY', locale: 'fr' }), /Biélorussie$/)
  t.match(first('Brest', { locale: 'fr' }), /Biélorussie$/)
  t.match(first('Lyon', { country: 'US', locale: 'en' }), /France$|United States$/)
  t.equal(first('par'), 'Paris, Île-de-France, France')
  t.equal(first('san', { locale: 'en', country: 'US' }), 'San Antonio, Texas, United States')
  t.match(first('bre'), /^Brest/, 'short words of other languages do not push in')
})

t.test('no two suggestions read the same', async (t) => {
  for (const text of ['saint-aubin', 'saint-martin', 'san jose', 'springfield', 'la']) {
    const found = suggest(gazetteer, text, { ...french, limit: 20 }).map(({ label }) => label)
    t.equal(new Set(found).size, found.length, text)
  }
  t.match(labels('saint-aubin').join('|'), /Saint-Aubin, [^,]+, Normandie, France|Saint-Aubin, Jura/, 'namesakes say their department')
  t.equal(suggest(gazetteer, 'a', { ...french, limit: 1000 }).length, 20, 'never a long list')
})

t.test('one place is meant, or several may be', async (t) => {
  const find = (text: string) => findPlace(gazetteer, text, french)
  t.equal(find('Vannes').place?.label, 'Vannes, Bretagne, France')
  t.equal(find('Brest').place?.country, 'FR')
  t.equal(find('Vannes, Bretagne, France').place?.region, 'FR-BRE', 'as a suggestion says it')
  for (const text of ['saint-martin', 'lon', 'san jose'])
    for (const { label } of suggest(gazetteer, text, french)) t.equal(find(label).choices[0]?.label.split(',')[0], label.split(',')[0], label)
  const { place, choices } = find('Saint-Aubin')
  t.notOk(place)
  t.ok(choices.length > 5)
  t.notOk(find('Plouarz').place, 'half a name is not a name')
  t.match(find('Plouarz').choices[0], { name: 'Plouarzel' })
  t.same(find('Vannes, Texas'), { choices: [] })
  t.same(find('Zzyzzxqw'), { choices: [] })
})

t.test('odd input finds nothing and breaks nothing', async (t) => {
  const odd = [
    '',
    ' ',
    '-',
    "'",
    '\0',
    '%',
    '.*',
    '[',
    '\ud800',
    '\u202e',
    '🗺️',
    ',',
    ',,,',
    'a'.repeat(200_000),
    'é'.repeat(300),
    'st '.repeat(500),
    '__proto__',
    '\n',
  ]
  for (const text of odd) {
    t.ok(suggest(gazetteer, text, french).length <= 8, JSON.stringify(text.slice(0, 20)))
    t.ok(findPlace(gazetteer, text, { locale: 'en', country: '__' }).choices.length <= 20)
  }
  t.same(suggest(gazetteer, '🗺️', french), [])
  t.same(suggest(gazetteer, '', french), [])
})

t.test('a point has a nearest place and a country', async (t) => {
  const near = (lat: number, lng: number) => {
    const { place, km } = nearestPlace(gazetteer, lat, lng)
    return { name: gazetteer.nameOf(place, 'fr'), km }
  }
  t.match(near(48.39, -4.486), { name: 'Brest' })
  t.ok(near(48.39, -4.486).km < 3)
  t.ok(near(-40, -120).km > 500, 'far out at sea')
  t.ok(near(-16.8, 179.999).km < 150, 'across the antimeridian')
  t.equal(countryAt(48.39, -4.486), 'FR')
  t.equal(countryAt(-21.1, 55.5), 'RE')
  t.equal(countryAt(6.37, 2.42), 'BJ')
  t.equal(countryAt(-40, -120), undefined)
})
