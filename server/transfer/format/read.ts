import type { Fault } from '../../errors.ts'
import type { Format } from './formats.ts'
import { readCsv } from './read-csv.ts'
import { readGeojson, readJson } from './read-json.ts'
import { readNdjson } from './read-ndjson.ts'

/** One record of a file, unchecked. `line` is where it begins; in JSON and GeoJSON it counts the records. `faults`: it could not be read at all. */
export interface Entry {
  line: number
  value: unknown
  faults?: Fault[]
  /** The columns the file has, where it has columns. */
  columns?: ReadonlySet<string>
}

/** Pieces of text in, records out, in constant memory. Throws a 400 when the file as a whole cannot be read. */
export const readers: Record<Format, (text: AsyncIterable<string>) => AsyncGenerator<Entry>> = {
  csv: readCsv,
  json: readJson,
  ndjson: readNdjson,
  geojson: readGeojson,
}
