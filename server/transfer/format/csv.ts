import { stringify } from 'csv-stringify/sync'
import type { GroupRecord } from '../../schema-types.ts'
import { columnNames, toCells } from './csv-columns.ts'
import { neutralise } from './items.ts'

/** The records as CSV by RFC 4180: the header at once, then a text a batch. Columns: `csv-columns.ts`. */
export async function* writeCsv(records: AsyncIterable<GroupRecord[]>): AsyncGenerator<string> {
  yield toText([columnNames])
  for await (const batch of records) if (batch.length > 0) yield toText(batch.map((record) => toCells(record).map(neutralise)))
}

function toText(rows: string[][]): string {
  return stringify(rows, { record_delimiter: '\r\n', quote_record_delimiter: true })
}
