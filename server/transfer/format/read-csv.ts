import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse'
import { columnNames, fromCells } from './csv-columns.ts'
import { restore } from './items.ts'
import type { Entry } from './read.ts'
import { longestRecord, unreadable } from './unreadable.ts'

/** The records of a CSV file with our columns in any order, split by commas, semicolons or tabs. Columns that begin with `x-` are passed over. */
export async function* readCsv(text: AsyncIterable<string>): AsyncGenerator<Entry> {
  let header: Header | undefined
  for await (const { row, line } of rowsOf(text)) {
    if (header) yield toEntry(header, row, line)
    else header = readHeader(row)
  }
  if (!header) throw unreadable('empty')
}

interface Header {
  names: string[]
  columns: ReadonlySet<string>
}

const known = new Set(columnNames)
const options = { info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: longestRecord }

async function* rowsOf(text: AsyncIterable<string>): AsyncGenerator<{ row: string[]; line: number }> {
  const { delimiter, whole } = await sniff(text)
  const parser = parse({ ...options, delimiter })
  const source = Readable.from(whole)
  const done = pipeline(source, parser).catch((error: unknown) => error)
  let line = 1
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      yield { row: record, line }
      line = info.lines + 1
    }
  } catch (error) {
    throw error instanceof CsvError ? unreadable(sentences[error.code] ?? 'csv', { line }) : error
  } finally {
    source.destroy()
    await done
  }
}

const sentences: Partial<Record<string, string>> = { CSV_QUOTE_NOT_CLOSED: 'quoteNotClosed', CSV_MAX_RECORD_SIZE: 'tooLong' }

/** What splits the header: spreadsheets save with commas, semicolons or tabs. */
async function sniff(text: AsyncIterable<string>): Promise<{ delimiter: string; whole: AsyncGenerator<string> }> {
  const pieces = text[Symbol.asyncIterator]()
  let head = ''
  while (!/\S[^\n]*\n/.test(head) && head.length <= longestRecord) {
    const next = await pieces.next()
    if (next.done) break
    head += next.value
  }
  const first = head.trimStart().split('\n', 1)[0]!
  const [delimiter] = [',', ';', '\t'].sort((a, b) => first.split(b).length - first.split(a).length)
  return { delimiter: delimiter!, whole: joined(head, pieces) }
}

async function* joined(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield head
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

function readHeader(row: string[]): Header {
  const names = row.map((name) => name.trim())
  const unknown = names.filter((name) => !known.has(name) && !name.startsWith('x-'))
  if (unknown.length > 0)
    throw unreadable('columns', {
      names: unknown
        .slice(0, 20)
        .map((name) => `“${name.slice(0, 60)}”`)
        .join(', '),
    })
  const twice = names.find((name, at) => names.indexOf(name) !== at && known.has(name))
  if (twice) throw unreadable('columnTwice', { name: twice })
  return { names, columns: new Set(names) }
}

function toEntry({ names, columns }: Header, row: string[], line: number): Entry {
  // A row that ends early was cut: what is missing is not empty.
  if (row.length !== names.length) return { line, value: undefined, faults: [{ field: '', message: { key: 'error.field.cells' } }] }
  return { line, columns, value: fromCells(new Map(names.map((name, at) => [name, restore(row[at] ?? '')]))) }
}
