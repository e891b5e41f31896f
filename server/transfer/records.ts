import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Db, GroupRow } from '../db/tables.ts'
import { toRecord } from '../group/present.ts'
import { listGroupsByNum } from '../group/queries.ts'
import type { GroupRecord, PrivateRecord } from '../schema-types.ts'
import { listPrivateFacts } from './queries.ts'

export interface RecordsDeps {
  db: Db
  catalogue: Catalogue
  config: { publicUrl: string }
}

// The first batches are small: whoever waits for the first line does not wait for two hundred.
const batchSizes = { first: 25, most: 200 }

/**
 * The records of these groups in the order given, or of all groups in the order of names (the same on both engines), in batches.
 * `whole` adds what only a private export holds. A group deleted meanwhile is left out.
 */
export async function* listRecords(
  deps: RecordsDeps,
  nums?: ArrayLike<number>,
  { whole = false } = {},
): AsyncGenerator<(GroupRecord & PrivateRecord)[]> {
  const { snapshot, ecosystems } = await deps.catalogue.current(deps.db)
  const context = { publicUrl: deps.config.publicUrl, ecosystems }
  const all = nums ?? snapshot.num
  for (let at = 0; at < all.length; ) {
    const size = Math.min(all.length - at, Math.max(batchSizes.first, Math.min(batchSizes.most, at)))
    const part = Array.from({ length: size }, (_, offset) => all[at + offset]!)
    at += size
    const rows = await listGroupsByNum(deps.db, part)
    const facts = whole ? await privateFacts(deps.db, rows) : undefined
    yield rows.map((row) => ({ ...toRecord(row, context, { whole }), ...facts?.get(row.id) }))
  }
}

async function privateFacts(db: Db, rows: GroupRow[]): Promise<Map<string, PrivateRecord>> {
  const { names, listings } = await listPrivateFacts(
    db,
    rows.map((row) => row.id),
  )
  const formerNames = Map.groupBy(names, (name) => name.group_id)
  const standings = Map.groupBy(listings, (listing) => listing.group_id)
  return new Map(
    rows.map((row) => {
      const former = (formerNames.get(row.id) ?? []).map(({ name }) => name).filter((name) => name !== row.short_name)
      const standing = (standings.get(row.id) ?? []).map(({ keyword, state, at }) => ({ keyword, state, at }))
      return [
        row.id,
        toPrivate(
          row.claimed_at,
          former.sort(),
          standing.sort((a, b) => (a.keyword < b.keyword ? -1 : 1)),
        ),
      ]
    }),
  )
}

function toPrivate(claimedAt: string | null, formerNames: string[], listings: NonNullable<PrivateRecord['listings']>): PrivateRecord {
  return {
    ...(claimedAt ? { claimedAt } : {}),
    ...(formerNames.length > 0 ? { formerNames } : {}),
    ...(listings.length > 0 ? { listings } : {}),
  }
}
