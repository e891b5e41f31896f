import type { GroupRecord } from '../../schema-types.ts'
import { portable } from './portable.ts'

/** The records as JSON, one a line, without what the server computes. */
export async function* writeNdjson(records: AsyncIterable<GroupRecord[]>): AsyncGenerator<string> {
  for await (const batch of records) if (batch.length > 0) yield batch.map((record) => `${JSON.stringify(portable(record))}\n`).join('')
}
