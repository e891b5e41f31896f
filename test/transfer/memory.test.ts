import t from 'tap'
import { createCatalogue } from '../../server/catalogue/catalogue.ts'
import { generateGroups } from '../../server/demo/generate.ts'
import { importFile } from '../../server/transfer/import-file.ts'
import { now, openSqlite, publicUrl } from '../helper.ts'

void createCatalogue
t.test('twenty thousand records take no more memory than two thousand', async (t) => {
  const db = await openSqlite(t)
  const seen: number[] = []
  const report = await importFile(db, {
    file: 'generated',
    format: 'ndjson',
    text: generated(20_000),
    publicUrl,
    at: now,
    t: (key) => key,
    dryRun: true,
    onProgress: (_, count) => void seen.push(count === 2000 || count === 20_000 ? heap() : 0),
  })
  t.match(report, { read: 20_000, added: { length: 20_000 }, refused: 0 })
  const [early, late] = seen.filter((size) => size > 0) as [number, number]
  t.ok(late - early < 40, `${Math.round(late - early)} MB more`)
})

function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().rss / 1e6
}

async function* generated(count: number): AsyncGenerator<string> {
  for (const group of generateGroups(count, 1)) yield `${JSON.stringify(group)}\n`
}
