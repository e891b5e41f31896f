import { transaction } from '../db/open.ts'
import type { KnownWords } from '../db/search.ts'
import type { Db } from '../db/tables.ts'
import { putGroups } from '../group/actions.ts'
import { checkGroup } from '../group/check.ts'
import type { Group } from '../schema-types.ts'
import { generateGroups } from './generate.ts'

const batchSize = 500

/** Writes made-up groups as any other: checked, with history and search words. `at` is an ISO time. */
export async function writeGenerated(db: Db, count: number, seed: number, at: string): Promise<void> {
  const known: KnownWords = new Map()
  let batch: Group[] = []
  for (const made of generateGroups(count, seed)) {
    const { group, faults } = checkGroup(made)
    if (faults.length > 0) throw new Error(`Generated group ${made.shortName} is wrong at ${faults[0]!.field}.`)
    if (batch.push(group) === batchSize) batch = await write(db, batch, at, known)
  }
  await write(db, batch, at, known)
}

async function write(db: Db, groups: Group[], at: string, known: KnownWords): Promise<Group[]> {
  await transaction(db, (tx) =>
    putGroups(
      tx,
      groups.map((group) => ({ group })),
      { at, via: 'demo', author: 'generate' },
      known,
    ),
  )
  return []
}
