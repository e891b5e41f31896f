import { readFileSync } from 'node:fs'
import t from 'tap'
import { buildPlaces } from '../../server/place/build/places.ts'
import { gazetteerFile } from '../../server/place/gazetteer.ts'

t.test('the gazetteer built again is the same to the byte', async (t) => {
  t.ok(buildPlaces().equals(readFileSync(gazetteerFile)))
})
