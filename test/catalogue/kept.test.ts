import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { createCatalogue } from '../../server/catalogue/catalogue.ts'
import { keptFile, recall } from '../../server/catalogue/kept.ts'
import { createGroup, deleteGroup } from '../../server/group/actions.ts'
import { eachEngine } from '../engines.ts'
import { now, openDb } from '../helper.ts'
import { group, rade } from '../world.ts'

const by = { at: now, via: 'command' as const }

eachEngine(t, 'kept between two runs, brought up to date, and never taken for another database', async (t, open) => {
  const db = await openDb(t, await open())
  const file = keptFile(t.testdir())
  const names = async (catalogue = createCatalogue({ file })) => (await catalogue.current(db)).snapshot.key.map((key) => key.split('\0')[1])
  const first = createCatalogue({ file })
  await createGroup(db, rade, by)
  const second = await createGroup(db, group({ shortName: 'second' }), by)
  await first.current(db)
  await first.keep(db)
  t.ok(existsSync(file))
  t.equal((await recall(db, file))?.change, 2)
  t.same(await names(), await names(createCatalogue()), 'the same as read anew')

  await createGroup(db, group({ shortName: 'third' }), by)
  await deleteGroup(db, second, by)
  t.same(await names(), await names(createCatalogue()), 'what came and went since is in it')

  const other = await openDb(t, await open())
  for (const shortName of ['one', 'two', 'three']) await createGroup(other, group({ shortName }), by)
  t.equal(await recall(other, file), undefined, 'same number of changes, other database')

  const bytes = readFileSync(file)
  for (const broken of [bytes.subarray(0, 100), Buffer.from('nonsense'), Buffer.alloc(0)]) {
    writeFileSync(file, broken)
    t.equal(await recall(db, file), undefined)
    t.same(await names(), await names(createCatalogue()))
  }
})
