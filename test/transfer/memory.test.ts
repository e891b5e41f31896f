import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { generateGroups } from '../../server/demo/generate.ts'
import { importFile } from '../../server/transfer/import-file.ts'
import { now, openSqlite, publicUrl } from '../helper.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

t.test('ten times the records take hardly more memory', async (t) => {
  const db = await openSqlite(t)
  const heap = new Map<number, number>()
  const onProgress = (_: string, count: number) => {
    if (count !== 2000 && count !== 20_000) return
    collectGarbage()
    heap.set(count, process.memoryUsage().heapUsed / 1e6)
  }
  const input = { file: 'generated', format: 'ndjson', publicUrl, at: now, t: (key: string) => key, dryRun: true, onProgress } as const
  const report = await importFile(db, { ...input, text: generated(20_000) })
  t.match(report, { read: 20_000, added: { length: 20_000 }, refused: 0 })
  const more = heap.get(20_000)! - heap.get(2000)!
  // The file itself would be 27 MB more as text alone, and several times that as objects.
  t.ok(more < 20, `${Math.round(more)} MB more`)
})

async function* generated(count: number): AsyncGenerator<string> {
  for (const group of generateGroups(count, 1)) yield `${JSON.stringify(group)}\n`
}
