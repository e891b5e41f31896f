import type { GroupRecord } from '../../schema-types.ts'
import { portable } from './portable.ts'

/** The records as `{"items":[…]}`, one record a line, without what the server computes. */
export async function* writeJson(records: AsyncIterable<GroupRecord[]>): AsyncGenerator<string> {
  yield '{"items":['
  let separator = '\n'
  for await (const batch of records) {
    if (batch.length === 0) continue
    yield separator + batch.map((record) => JSON.stringify(portable(record))).join(',\n')
    separator = ',\n'
  }
  yield '\n]}\n'
}
