import { transaction } from '../db/open.ts'
import type { Db, Tables } from '../db/tables.ts'
import { takeNumbers } from '../group/queries.ts'
import type { Ecosystem } from '../schema-types.ts'
import * as queries from './queries.ts'
import { toEcosystem, toEcosystemRow } from './row.ts'

/** Registers an ecosystem or changes it; says whether anything was written. The record must be valid. */
export function saveEcosystem(db: Db, ecosystem: Ecosystem, at: string): Promise<boolean> {
  return transaction(db, async (tx) => {
    const before = await queries.findEcosystem(tx, ecosystem.keyword)
    const row = toEcosystemRow(ecosystem, { created_at: before?.created_at ?? at, updated_at: at, revision: (before?.revision ?? 0) + 1 })
    if (before && JSON.stringify(toEcosystem(before)) === JSON.stringify(toEcosystem(row))) return false
    await queries.upsertEcosystem(tx, row)
    await takeNumbers(tx, 'ecosystem', 1)
    return true
  })
}

/** Says where groups stand in a curated ecosystem. */
export function saveListings(db: Db, listings: Tables['ecosystem_listing'][]): Promise<void> {
  return transaction(db, async (tx) => {
    for (const listing of listings) await queries.upsertListing(tx, listing)
    await takeNumbers(tx, 'ecosystem', 1)
  })
}
