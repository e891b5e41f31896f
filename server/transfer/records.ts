import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Db } from '../db/tables.ts'
import { toRecord } from '../group/present.ts'
import { listGroupsByNum } from '../group/queries.ts'
import type { GroupRecord } from '../schema-types.ts'

export interface RecordsDeps {
  db: Db
  catalogue: Catalogue
  config: { publicUrl: string }
}

const batchSize = 200

/**
 * The records of these groups in the order given, or of all groups in the order of names (the same on both engines), in batches.
 * `whole` keeps the links that are for insiders. A group deleted meanwhile is left out.
 */
export async function* listRecords(deps: RecordsDeps, nums?: ArrayLike<number>, { whole = false } = {}): AsyncGenerator<GroupRecord[]> {
  const { snapshot, ecosystems } = await deps.catalogue.current(deps.db)
  const context = { publicUrl: deps.config.publicUrl, ecosystems }
  const all = nums ?? snapshot.num
  for (let at = 0; at < all.length; at += batchSize) {
    const part = Array.from({ length: Math.min(batchSize, all.length - at) }, (_, offset) => all[at + offset]!)
    yield (await listGroupsByNum(deps.db, part)).map((row) => toRecord(row, context, { whole }))
  }
}
