import type { Db, EcosystemRow, Tables, Tx } from '../db/tables.ts'

export function findEcosystem(db: Db, keyword: string): Promise<EcosystemRow | undefined> {
  return db.selectFrom('ecosystem').selectAll().where('keyword', '=', keyword).executeTakeFirst()
}

/** All of them: registered ecosystems are made by people, one by one. */
export function listEcosystems(db: Db): Promise<EcosystemRow[]> {
  return db.selectFrom('ecosystem').selectAll().orderBy('keyword').execute()
}

/** Writes the ecosystem, new or not. */
export async function upsertEcosystem(tx: Tx, row: EcosystemRow): Promise<void> {
  const { keyword, created_at, ...values } = row
  await tx
    .insertInto('ecosystem')
    .values({ keyword, created_at, ...values })
    .onConflict((conflict) => conflict.column('keyword').doUpdateSet(values))
    .execute()
}

export async function upsertListing(tx: Tx, listing: Tables['ecosystem_listing']): Promise<void> {
  await tx
    .insertInto('ecosystem_listing')
    .values(listing)
    .onConflict((conflict) => conflict.columns(['keyword', 'group_id']).doUpdateSet({ state: listing.state, at: listing.at }))
    .execute()
}
