import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import type { Db } from '../../server/db/tables.ts'
import { openDb } from '../helper.ts'
import { group } from '../world.ts'
import { lines } from './bring.ts'
import { ended, program } from './program.ts'

const count = 6000
const all = lines(...Array.from({ length: count }, (_, number) => group({ shortName: `g${number}`, description: 'x'.repeat(100) })))

for (const [signal, ...more] of [['SIGINT'], ['SIGTERM'], ['SIGINT', '--source', 'list']] as [NodeJS.Signals, ...string[]][])
  t.test(`${[signal, ...more].join(' ')} while reading: nothing is written, nothing stays in the folder for temporary files`, async (t) => {
    const { launch, temp, dataDir } = program(t)
    const child = launch(['import', '-', '--format', 'ndjson', ...more])
    await isReading(child)
    child.kill(signal)
    t.match(await ended(child), { code: 1, signal: null, out: '', err: /^Stopped\. [^\n]*\n$/ })
    t.same(readdirSync(temp), [])
    t.equal(await countGroups(await openDb(t, { engine: 'sqlite', url: undefined, dataDir })), 0)
  })

t.test('killed or stopped while writing: what was written stays, and run again does the rest', async (t) => {
  const { launch, archipel, temp, dataDir, folder } = program(t)
  const file = join(folder, 'all.ndjson')
  writeFileSync(file, all)
  await archipel(['migrate'])
  const db = await openDb(t, { engine: 'sqlite', url: undefined, dataDir })
  let before = 0
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const child = launch(['import', file])
    const end = ended(child)
    while ((await countGroups(db)) === before) await setTimeout(5)
    child.kill(signal)
    t.match(await end, signal === 'SIGKILL' ? { signal, out: '' } : { code: 1, out: '', err: /^Stopped\./ }, signal)
    const after = await countGroups(db)
    t.ok(after > before && after < count && after % 1000 === 0, `${after} groups, in whole batches`)
    t.same(readdirSync(temp), [], `${signal}: nothing stays in the folder for temporary files`)
    before = after
  }
  const again = JSON.parse((await archipel(['import', file, '--json'])).out)
  t.match(again, { read: count, unchanged: before, refused: 0, written: true })
  t.equal(again.added.length, count - before)
  t.equal(await countGroups(db), count)
})

/** The program takes what comes in: more than waits in a pipe has gone. */
async function isReading(child: ChildProcess): Promise<void> {
  child.stdin!.on('error', () => {})
  if (!child.stdin!.write(all)) await once(child.stdin!, 'drain')
}

async function countGroups(db: Db): Promise<number> {
  const { groups } = await db.selectFrom('group_record').select(db.fn.countAll().as('groups')).executeTakeFirstOrThrow()
  return Number(groups)
}
