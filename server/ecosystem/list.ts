import type { Deps } from '../deps.ts'
import type { EcosystemList } from '../schema-types.ts'
import { frequentKeywords, toEcosystemRecord, toKeywordRecord } from './present.ts'
import { listEcosystems } from './queries.ts'

/** How many plain keywords stand beside the registered ecosystems, most frequent first. */
export const mostKeywords = 100

/** The registered ecosystems and the keywords most in use, for the API and for the page's twin alike. */
export async function listEcosystemRecords({
  db,
  catalogue,
  config: { publicUrl },
}: Pick<Deps, 'db' | 'catalogue' | 'config'>): Promise<EcosystemList> {
  const state = await catalogue.current(db)
  const items = (await listEcosystems(db)).map((row) => toEcosystemRecord(row, state, publicUrl))
  const keywords = frequentKeywords(state, mostKeywords).map(({ keyword }) => toKeywordRecord(keyword, state, publicUrl))
  return { total: items.length, items, keywords }
}
