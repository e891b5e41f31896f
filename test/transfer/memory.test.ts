import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { generateGroups } from '../../server/demo/generate.ts'
import type { Format } from '../../server/transfer/format/formats.ts'
import { writers } from '../../server/transfer/format/formats.ts'
import { importFile } from '../../server/transfer/import-file.ts'
import { now, openSqlite, publicUrl } from '../helper.ts'
import { asRecord } from './records.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const [few, many] = [1000, 6000]

for (const format of ['csv', 'json', 'ndjson'] as Format[])
  t.test(`ten times the records take hardly more memory: checking ${format}`, async (t) => {
    const { heap, onProgress } = measuring('checked')
    const input = { file: 'generated', format, publicUrl, at: now, t: (key: string) => key, dryRun: true, onProgress }
    const report = await importFile(await openSqlite(t), { ...input, text: writers[format](generated()) })
    t.match(report, { read: many, added: { length: many }, refused: 0 })
    const more = heap.get(many)! - heap.get(few)!
    // As objects, the records would be several times the 7 MB of the file.
    t.ok(more < 8, `${Math.round(more)} MB more`)
  })

t.test('ten times the records take hardly more memory: writing', async (t) => {
  const { heap, onProgress } = measuring('written')
  const input = { file: 'generated', format: 'ndjson', publicUrl, at: now, t: (key: string) => key, onProgress } as const
  t.match(await importFile(await openSqlite(t), { ...input, text: writers.ndjson(generated()) }), { added: { length: many }, written: true })
  const more = heap.get(many)! - heap.get(few)!
  t.ok(more < 4, `${Math.round(more)} MB more: everything was checked before`)
})

/** What is in use after the first few records and after all of them, in MB. */
function measuring(phase: string) {
  const heap = new Map<number, number>()
  const onProgress = (doing: string, count: number) => {
    if (doing !== phase || (count !== few && count !== many)) return
    collectGarbage()
    heap.set(count, process.memoryUsage().heapUsed / 1e6)
  }
  return { heap, onProgress }
}

async function* generated() {
  let number = 0
  for (const group of generateGroups(many, 1)) yield [asRecord(group, number++)]
}
