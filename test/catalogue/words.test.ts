import t from 'tap'
import { createCatalogue } from '../../server/catalogue/catalogue.ts'
import { readCounters } from '../../server/catalogue/queries.ts'
import { createWords } from '../../server/catalogue/words.ts'
import { transaction } from '../../server/db/open.ts'
import type { KnownWords } from '../../server/db/search.ts'
import type { Db, GroupRow } from '../../server/db/tables.ts'
import { generateGroups } from '../../server/demo/generate.ts'
import { createGroup, deleteGroup, editGroup, putGroups } from '../../server/group/actions.ts'
import { placeNames } from '../../server/group/place-names.ts'
import { toGroup, toWords } from '../../server/group/row.ts'
import { questionTerms, termsOf } from '../../server/text/words.ts'
import { eachEngine } from '../engines.ts'
import { now, openDb } from '../helper.ts'
import { group, rade } from '../world.ts'

const by = { at: now, via: 'command' as const }

/** What a question finds, group by group and word by word: the field of the worst word, 255 where one is missing. */
async function answersOneByOne(db: Db, question: string): Promise<[num: number, field: number][]> {
  const rows = await db.selectFrom('group_record').selectAll().orderBy('num').execute()
  return rows.flatMap((row) => {
    const field = Math.max(...questionTerms(question).map((term) => bestField(row, term)))
    return field < 255 ? [[row.num, field] as [number, number]] : []
  })
}

function bestField(row: GroupRow, { word, prefix, stems }: ReturnType<typeof questionTerms>[number]): number {
  const { fields } = toWords(row.num, toGroup(row), placeNames(toGroup(row)))
  const at = fields.findIndex((words) =>
    words.flatMap(termsOf).some((one) => one === word || (prefix && one.startsWith(word)) || stems.includes(one)),
  )
  return at < 0 ? 255 : at
}

eachEngine(t, 'words are found where they are best, whatever came and went since they were read', async (t, open) => {
  const db = await openDb(t, await open())
  const rows = await transaction(db, (tx) =>
    putGroups(
      tx,
      [...generateGroups(60, 1)].map((one) => ({ group: one })),
      by,
    ),
  )
  const words = createWords()
  const [first, , third] = rows as [GroupRow, GroupRow, GroupRow]
  const questions = ['jardin', 'jardins', 'ja', 'le jardin partagé', 'brest animaux', first.name, `${third.name} ${third.summary}`, 'j', 'zzz']
  const check = async (when: string) => {
    const { change } = await readCounters(db)
    for (const question of questions) {
      const found = await words.find(db, change, questionTerms(question))
      const named = Array.from(found.nums, (num, at) => [num, found.fields[at]!] as const).sort(([a], [b]) => a - b)
      t.same(named, await answersOneByOne(db, question), `« ${question} » ${when}`)
    }
  }
  await check('at first')
  await createGroup(db, rade, by)
  await check('after one came')
  const changed = await editGroup(db, first, { ...toGroup(first), name: 'Un autre jardin' }, by)
  await check('after one changed')
  await deleteGroup(db, changed, by)
  await deleteGroup(db, third, by)
  await check('after two went')
  const many = Array.from({ length: 1100 }, (_, at) => ({ group: group({ shortName: `new-${at}`, name: at % 3 ? `Parc ${at}` : `Jardin ${at}` }) }))
  // In two transactions that share what they know of words, as an import does.
  const known: KnownWords = new Map()
  for (const half of [many.slice(0, 600), many.slice(600)]) await transaction(db, (tx) => putGroups(tx, half, by, known))
  await check('after many came')
})

t.test('what is asked at the same time reads the words once, and a failure is not kept', async (t) => {
  const words = createWords()
  let asked = 0
  const broken = new Proxy({} as Db, {
    get: () => {
      asked++
      throw new Error('no database')
    },
  })
  const both = await Promise.allSettled([words.find(broken, 1, []), words.find(broken, 1, [])])
  t.same(
    both.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  t.equal(asked, 1)
  await t.rejects(words.find(broken, 1, []))
  t.equal(asked, 2)
})

eachEngine(t, 'a database that went back to its past is read anew', async (t, open) => {
  const [now, past] = [await openDb(t, await open()), await openDb(t, await open())]
  const catalogue = createCatalogue()
  const find = async (db: Db, question: string) => [...(await catalogue.find(db, await catalogue.current(db), questionTerms(question))).nums]
  await createGroup(now, rade, by)
  await createGroup(now, group({ shortName: 'second', name: 'Verger' }), by)
  t.same(await find(now, 'verger'), [2])
  await createGroup(past, group({ shortName: 'first', name: 'Verger' }), by)
  t.same(await find(past, 'verger'), [1])
})
