import type { GroupRecord } from '../../schema-types.ts'
import { writeCsv } from './csv.ts'
import { writeGeojson } from './geojson.ts'
import { writeJson } from './json.ts'
import { writeNdjson } from './ndjson.ts'

/** The formats records travel in; a format's name is also the extension of its files. */
export const formats = ['csv', 'json', 'ndjson', 'geojson'] as const
export type Format = (typeof formats)[number]

export const contentTypes: Record<Format, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  geojson: 'application/geo+json; charset=utf-8',
}

/** Batches of records in, pieces of text out; the first piece comes before the first batch is read wherever the format has a head. `omitted` are those left out already, for formats that count them. */
export const writers: Record<Format, (records: AsyncIterable<GroupRecord[]>, known?: { omitted: number }) => AsyncGenerator<string>> = {
  csv: writeCsv,
  json: writeJson,
  ndjson: writeNdjson,
  geojson: writeGeojson,
}

/** The format a file's name ends with. */
export function formatOf(fileName: string): Format | undefined {
  return formats.find((format) => fileName.toLowerCase().endsWith(`.${format}`))
}
