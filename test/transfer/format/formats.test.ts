import t from 'tap'
import { checkGroup } from '../../../server/group/check.ts'
import type { GroupRecord } from '../../../server/schema-types.ts'
import { toDraft } from '../../../server/transfer/check-draft.ts'
import { contentTypes, type Format, formatOf, formats, writers } from '../../../server/transfer/format/formats.ts'
import { portable } from '../../../server/transfer/format/portable.ts'
import { readers } from '../../../server/transfer/format/read.ts'
import { decodeText } from '../../../server/transfer/format/unreadable.ts'
import { group, rade } from '../../world.ts'
import { asRecord, entriesOf, hostileDescriptions, hostileTexts, randomRecord, textOf } from '../records.ts'

/** What comes back of a record, in the form of an export: read, checked, written. */
async function back(format: Format, records: GroupRecord[], size?: number): Promise<object[]> {
  const entries = await entriesOf(format, await textOf(format, records), size)
  return entries.map((entry) => {
    const draft = toDraft(entry, 'http://archipel.example')
    const { group: checked, faults } = checkGroup(draft.group)
    if (draft.faults.length + faults.length > 0) throw new Error(JSON.stringify([entry, draft.faults, faults]))
    const { id, ...facts } = draft.facts
    return portable({ id, ...checked, origin: { server: 'http://archipel.example' }, ...facts } as GroupRecord)
  })
}

t.test('every format gives back what it was given, whatever the texts', async (t) => {
  const texts = hostileTexts.map((text, at) =>
    asRecord(group({ shortName: `t${at}`, name: text, summary: text, place: text, welcome: [text, text] }), at),
  )
  const long = hostileDescriptions.map((text, at) => asRecord(checkGroup({ ...rade, shortName: `d${at}`, description: text }).group, 1000 + at))
  const random = Array.from({ length: 300 }, (_, seed) => randomRecord(seed))
  const records = [...texts, ...long, ...random]
  for (const format of ['csv', 'json', 'ndjson'] as const) {
    t.same(await back(format, records), records.map(portable), format)
  }
  const placed = records.filter((record) => record.position)
  t.same(await back('geojson', records), placed.map(portable), 'geojson: those that have a position')
})

t.test('however the bytes arrive', async (t) => {
  const records = [randomRecord(1), randomRecord(2), randomRecord(3)]
  for (const format of formats) t.same(await back(format, records, 1), await back(format, records, 1e6), format)
})

t.test('heads come first, and nothing at all is still a document', async (t) => {
  for (const format of formats) {
    const never = {
      async *[Symbol.asyncIterator]() {
        await new Promise(() => undefined)
        yield [] as GroupRecord[]
      },
    }
    if (format !== 'ndjson') t.ok((await writers[format](never).next()).value, `${format}: before the first record`)
    t.same(await entriesOf(format, await textOf(format, [])), [])
    t.ok(contentTypes[format])
    t.equal(formatOf(`Groups.${format.toUpperCase()}`), format)
  }
  t.equal(formatOf('groups.txt'), undefined)
  t.same(JSON.parse(await textOf('geojson', [asRecord(group({ shortName: 'nowhere' }), 1)])), { type: 'FeatureCollection', features: [], omitted: 1 })
})

t.test('a geojson feature says how precise its point is', async (t) => {
  const [feature] = JSON.parse(await textOf('geojson', [asRecord(rade, 1)])).features
  t.same(feature.geometry, { type: 'Point', coordinates: [-4.4861, 48.3904] })
  t.match(feature.properties, { name: rade.name, precision: 'place' })
  t.notOk('position' in feature.properties)
})

t.test('what the twins say besides, and what others call their own, is passed over', async (t) => {
  const { iri, url, ecosystems, ...record } = asRecord(rade, 1)
  const twin = JSON.stringify({
    total: 1,
    items: [{ ...record, iri, url, ecosystems, 'x-note': 'ours', formerly: [] }],
    facets: { type: [] },
    next: null,
  })
  const [entry] = await entriesOf('json', twin)
  t.notOk(Object.keys(toDraft(entry!, '').group).some((name) => ['iri', 'x-note', 'formerly'].includes(name)))
  t.equal((await entriesOf('json', JSON.stringify([record, record]))).length, 2, 'a plain list will do')
  t.equal((await entriesOf('csv', 'name;x-note;type\r\na;b;thematic\r\n'))[0]?.line, 2, 'so will semicolons')
  t.same((await entriesOf('csv', '\ufeffname\tsummary\n\nA\tB'))[0]?.value, { name: 'A', summary: 'B' }, 'tabs, a byte order mark, an empty line')
})

t.test('files that cannot be read are refused in a sentence', async (t) => {
  const cases: [Format, string, string][] = [
    ['csv', '', 'empty'],
    ['csv', 'name,colour,nmae\na,b,c', 'columns'],
    ['csv', 'name,type,name\na,b,c', 'columnTwice'],
    ['csv', 'name,type\n"a,b\nc,d', 'quoteNotClosed'],
    ['csv', 'name,type\na"b,c', 'csv'],
    ['csv', `name\n"${'x'.repeat(2_100_000)}`, 'tooLong'],
    ['json', '', 'json'],
    ['json', '{"items":[{"a":1},', 'json'],
    ['json', '{"items":[{"a":1}]', 'json'],
    ['json', '[1,]', 'json'],
    ['json', '{"groups":[]}', 'noItems'],
    ['json', '"text"', 'noItems'],
    ['json', `[{"a":"${'x'.repeat(9_000_000)}"}]`, 'tooLong'],
    ['geojson', '{"items":[]}', 'noItems'],
    ['ndjson', `{"a":"${'x'.repeat(2_100_000)}"}`, 'tooLong'],
  ]
  for (const [format, text, key] of cases)
    t.match(await failure(entriesOf(format, text)), { status: 400, detail: { key: `error.file.${key}` } }, `${format} ${text.slice(0, 30)}`)
  const latin = async () => {
    for await (const _ of readers.csv(decodeText(bytesOf(Buffer.from('name\ncaf\xe9\n', 'latin1')))));
  }
  t.match(await failure(latin()), { detail: { key: 'error.file.encoding', values: { line: 2 } } }, 'not UTF-8')
})

t.test('a line that cannot be read does not hide the others', async (t) => {
  t.match(await entriesOf('csv', 'name,type\na,b,c\nd,e'), [
    { line: 2, faults: [{ message: { key: 'error.field.cells' } }] },
    { line: 3, value: { name: 'd' } },
  ])
  t.match(await entriesOf('ndjson', '{"a":1}\n\n{\n{"b":2}'), [
    { line: 1 },
    { line: 3, faults: [{ message: { key: 'error.field.json' } }] },
    { line: 4 },
  ])
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
  t.match(
    toDraft((await entriesOf('ndjson', `{"a":${deep}}`))[0]!, ''),
    { faults: [{ message: { key: 'error.field.other' } }] },
    'nor does a deep one',
  )
  t.equal((await entriesOf('ndjson', '{"name":"a\u2028b"}\r\n{"name":"c"}')).length, 2, 'U+2028 ends no line')
  t.equal((await entriesOf('csv', 'name\n"a\nb"\nc')).at(-1)?.line, 4, 'lines are counted as an editor counts them')
})

async function failure(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => 'no failure',
    (error) => error,
  )
}

async function* bytesOf(buffer: Buffer): AsyncGenerator<Uint8Array> {
  yield buffer
}
