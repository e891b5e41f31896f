import t from 'tap'
import { fillPlace } from '../../server/place/fill-place.ts'
import { loadGazetteer } from '../../server/place/gazetteer.ts'
import { readerCountry } from '../../server/place/reader-country.ts'

const gazetteer = await loadGazetteer()

t.test('a place typed fills what is left out', async (t) => {
  t.match(fillPlace(gazetteer, { place: 'Vannes' }, { country: 'FR' }), {
    place: 'Vannes',
    country: 'FR',
    region: 'FR-BRE',
    position: { lat: 47.6569, lng: -2.762, precision: 'place' },
  })
  t.match(fillPlace(gazetteer, { place: 'Brest', country: 'BY' }), { country: 'BY', region: 'BY-BR' }, 'within its country')
  const position = { lat: 48.4, lng: -4.5, precision: 'exact' } as const
  t.same(fillPlace(gazetteer, { place: 'chez Ana', position }), { place: 'chez Ana', position, country: 'FR', region: 'FR-BRE' })
})

t.test('what is said is kept, what is not sure is left out', async (t) => {
  for (const group of [
    {},
    { place: 'Saint-Aubin' },
    { place: 'partout' },
    { place: 'Vannes', country: 'JP' },
    { position: { lat: -40, lng: -120, precision: 'exact' } } as const,
    { country: 'CH', position: { lat: 48.4, lng: -4.5, precision: 'exact' } } as const,
  ])
    t.same(fillPlace(gazetteer, group, { country: 'FR' }), group)
  const said = { place: 'Vannes', country: 'FR', region: 'FR-PDL', position: { lat: 47.7, lng: -2.7, precision: 'exact' } } as const
  t.same(fillPlace(gazetteer, said), said)
  t.same(fillPlace(gazetteer, { position: { lat: 46.5, lng: 2.5, precision: 'country' } }), {
    position: { lat: 46.5, lng: 2.5, precision: 'country' },
    country: 'FR',
  })
})

t.test('the country of a reader', async (t) => {
  const told: [string | undefined, string | undefined][] = [
    ['fr,fr-FR;q=0.8,en-US;q=0.5,en;q=0.3', 'FR'],
    ['fr-CA,fr;q=0.9', 'CA'],
    ['fr', 'FR'],
    ['be', 'BY'],
    ['en', undefined],
    ['en-GB,en;q=0.9', 'GB'],
    ['en;q=0.5, ja', 'JP'],
    ['es-419', undefined],
    ['*', undefined],
    ['', undefined],
    [undefined, undefined],
    [';;;,q=,é', undefined],
    ['fr;q=0', undefined],
  ]
  for (const [header, country] of told) t.equal(readerCountry(header), country, String(header))
})
