import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { buildMap, mapCache } from '../../server/map/build/map.ts'

t.test('the base map built again is the same to the byte', async (t) => {
  const dir = t.testdir()
  buildMap(dir, mapCache)
  const committed = join(import.meta.dirname, '../../static/map')
  const names = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .sort()
  t.same(names(dir), names(committed))
  for (const name of names(committed)) t.ok(readFileSync(join(dir, name)).equals(readFileSync(join(committed, name))), name)
})
