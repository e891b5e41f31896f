import papaparse from 'papaparse'
import t from 'tap'
import { joinItems, neutralise, restore, splitItems } from '../../../server/transfer/format/items.ts'
import { hostileDescriptions, hostileTexts, randomRecord, textOf } from '../records.ts'

/** What a spreadsheet would calculate. */
const isFormula = /^(?!-\d+(\.\d+)?(e-?\d+)?$)[=+\-@\t\r\n＝＋－＠]/

t.test('items come apart as they went together', async (t) => {
  const pairs = hostileTexts.flatMap((a) => hostileTexts.map((b) => [a, b]))
  for (const separator of ['|', ';'])
    t.same(
      pairs.map((pair) => splitItems(joinItems(pair, separator), separator)),
      pairs,
    )
  t.same(splitItems('C:\\new|b'), ['C:\\new', 'b'], 'a backslash before anything else stands for itself')
})

t.test('no cell is a formula, and each comes back', async (t) => {
  const cells = [...hostileDescriptions, '\t=1', "'\t", "'''=1", '-1.5', '-1e-7', '-1+1', '- a', '\r=1']
  const safe = cells.map(neutralise)
  t.same(safe.map(restore), cells)
  t.same(
    safe.filter((cell) => isFormula.test(cell)),
    [],
  )
  const both = new Map<string, string>()
  for (const quotes of ['', "'", "''"]) for (const rest of ['=a', '-5', 'a', '-5a', '']) both.set(neutralise(quotes + rest), quotes + rest)
  t.equal(both.size, 15, 'no two texts share a cell')
  t.equal(neutralise('-4.4861'), '-4.4861', 'a coordinate stays a number')
})

t.test('nor is what follows a semicolon, a tab or an end of line, where others split', async (t) => {
  t.equal(neutralise('x;=1+1'), "x;'=1+1")
  t.equal(neutralise('a\n=1\r\n"+2\t@x'), "a\n'=1\r\n'\"+2\t'@x")
  t.equal(neutralise('Ici :\n- une liste ; des mots\n- et'), 'Ici :\n- une liste ; des mots\n- et', 'a list stays a list')
  t.equal(neutralise("a\n- cmd|'/c calc'!A1"), "a\n'- cmd|'/c calc'!A1")
  t.equal(neutralise('a\n- HYPERLINK("x")'), 'a\n\'- HYPERLINK("x")')
  const signs = [';', '\t', '\r', '\n', "'", '"', '=', '-', '- a', '1', '(', '|', 'a']
  const texts = new Set([''])
  for (let length = 0; length < 4; length++) for (const text of [...texts]) for (const one of signs) texts.add(text + one)
  const cells = [...texts].map(neutralise)
  t.equal(new Set(cells).size, texts.size)
  t.same(
    [...texts].filter((text, at) => restore(cells[at]!) !== text),
    [],
    'every one of them comes back',
  )
})

t.test('a spreadsheet reads the same rows, and no formula', async (t) => {
  const csv = await textOf(
    'csv',
    Array.from({ length: 100 }, (_, seed) => randomRecord(seed)),
  )
  const { data, errors } = papaparse.parse<string[]>(csv, { skipEmptyLines: true })
  t.same(errors, [])
  t.equal(data.length, 101)
  t.ok(data.every((row) => row.length === data[0]!.length))
  t.same(
    data.flat().filter((cell) => isFormula.test(cell)),
    [],
  )
})
