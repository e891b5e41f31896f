import { readFileSync, statSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { createCatalogue } from '../../server/catalogue/catalogue.ts'
import { createKept } from '../../server/catalogue/kept.ts'
import type { Db } from '../../server/db/tables.ts'
import { createGroup, deleteGroup } from '../../server/group/actions.ts'
import { questionTerms } from '../../server/text/words.ts'
import { eachEngine } from '../engines.ts'
import { now, openDb } from '../helper.ts'
import { group, rade } from '../world.ts'

const by = { at: now, via: 'command' as const }

eachEngine(t, 'kept between two runs, brought up to date, and never taken for another database', async (t, open) => {
  const db = await openDb(t, await open())
  const dataDir = t.testdir()
  const places = (['groups', 'words'] as const).map((name) => createKept(dataDir, name))
  const changes = (db: Db) => Promise.all(places.map(async (kept) => (await kept.recall(db))?.change))
  const said = async (catalogue = createCatalogue({ dataDir })) => {
    const state = await catalogue.current(db)
    const { key, num } = state.snapshot
    const found = await Promise.all(['jardin', 'second', 'third', 're'].map((word) => catalogue.find(db, state, questionTerms(word))))
    return key.map((key, slot) => [key, ...found.map(({ nums, fields }) => fields[nums.indexOf(num[slot]!)])])
  }
  const first = createCatalogue({ dataDir })
  await createGroup(db, rade, by)
  const second = await createGroup(db, group({ shortName: 'second', name: 'Second' }), by)
  await said(first)
  await first.keep(db)
  t.same(await changes(db), [2, 2])
  t.same(await said(), await said(createCatalogue()), 'the same as read anew')
  const written = places.map(({ file }) => statSync(file).mtimeMs)
  await said()
  const again = createCatalogue({ dataDir })
  await said(again)
  await again.keep(db)
  t.equal(statSync(places[1]!.file).mtimeMs, written[1], 'words that did not change are not written again')

  await createGroup(db, group({ shortName: 'third', name: 'Third' }), by)
  await deleteGroup(db, second, by)
  t.same(await said(), await said(createCatalogue()), 'what came and went since is in it')
  t.same(
    (await said()).map((line) => line.slice(1)),
    [
      [0, undefined, undefined, 3],
      [undefined, undefined, 0, undefined],
    ],
    'in the words too',
  )

  const other = await openDb(t, await open())
  for (const shortName of ['one', 'two', 'three']) await createGroup(other, group({ shortName }), by)
  t.same(await changes(other), [undefined, undefined], 'same number of changes, other database')

  for (const { file } of places) {
    const bytes = readFileSync(file)
    for (const broken of [bytes.subarray(0, 100), Buffer.from('nonsense'), Buffer.alloc(0)]) {
      writeFileSync(file, broken)
      t.ok((await changes(db)).includes(undefined))
      t.same(await said(), await said(createCatalogue()))
    }
    writeFileSync(file, bytes)
  }
})
