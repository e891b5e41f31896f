import { read, utils, type WorkSheet } from '@e965/xlsx'
import papaparse from 'papaparse'
import t from 'tap'
import { transaction } from '../../../server/db/open.ts'
import type { Db } from '../../../server/db/tables.ts'
import { loadDemo } from '../../../server/demo/load.ts'
import { putGroups } from '../../../server/group/actions.ts'
import { checkGroup } from '../../../server/group/check.ts'
import { restore } from '../../../server/transfer/format/items.ts'
import { now, openSqlite } from '../../helper.ts'
import { bring, take } from '../bring.ts'
import { hostileDescriptions, hostileTexts } from '../records.ts'

/** The file as a spreadsheet opens it, split by commas or, where commas are for decimals, by semicolons; `raw`: all columns as text. */
function open(csv: string, options: { raw?: boolean; FS?: string } = {}): WorkSheet {
  const { SheetNames, Sheets } = read(csv, { type: 'string', ...options })
  return Sheets[SheetNames[0]!]!
}

function formulas(sheet: WorkSheet): string[] {
  return Object.entries(sheet).flatMap(([at, cell]) => (!at.startsWith('!') && cell.f !== undefined ? [`${at}: ${cell.f}`] : []))
}

/** What is calculated only where the file is split by semicolons. */
const behind = 'x;=1+1;y;+2;"=1+1;"\n=2+2\n- cmd|\' /C calc\'!A0\n- un point\t=3+3'

async function fillWithHostile(db: Db): Promise<void> {
  const puts = [...hostileTexts, ...hostileDescriptions].map((text, at) => {
    const line = `${text.replace(/\p{Cc}/gu, ' ').slice(0, 60)};=1+1`
    const facts = {
      shortName: `odd-${at}`,
      name: line,
      summary: line,
      type: 'thematic',
      description: `${text.slice(0, 4000)}\n${behind}`,
      welcome: [line, line],
    }
    return { group: checkGroup(facts).group }
  })
  await transaction(db, (tx) => putGroups(tx, puts, { at: now, via: 'command' }))
}

t.test('what the demo exports opens as a sheet, and comes back from it', async (t) => {
  const db = await openSqlite(t)
  await loadDemo(db, () => new Date(now))
  const csv = await take(db, 'csv')
  for (const raw of [true, false]) {
    const sheet = open(csv, { raw })
    t.same(formulas(sheet), [])
    t.match(
      await bring(db, 'csv', utils.sheet_to_csv(sheet)),
      { read: 423, unchanged: 423, refused: 0, changed: [] },
      raw ? 'all as text' : 'as it comes',
    )
  }
  const sheet = utils.sheet_to_json<string[]>(open(csv, { raw: true }), { header: 1, defval: '' })
  t.same(sheet, papaparse.parse<string[]>(csv, { skipEmptyLines: true }).data, 'the texts that another reader finds')
})

t.test('hostile texts are texts, however the file is split', async (t) => {
  const db = await openSqlite(t)
  await fillWithHostile(db)
  const csv = await take(db, 'csv')
  t.same(formulas(open(csv)), [])
  t.same(formulas(open(csv, { FS: ';' })), [])
  t.same(formulas(open(csv, { FS: '\t' })), [])
  const { data } = papaparse.parse<string[]>(csv, { skipEmptyLines: true })
  const bare = papaparse.unparse(data.map((row) => row.map(restore)))
  for (const FS of [',', ';', '\t']) t.ok(formulas(open(bare, { FS })).length > 3, 'there would be formulas')
  const many = hostileTexts.length + hostileDescriptions.length
  t.match(await bring(db, 'csv', utils.sheet_to_csv(open(csv, { raw: true }))), { read: many, unchanged: many, refused: 0 })
})
