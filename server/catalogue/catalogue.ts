import type { Db } from '../db/tables.ts'
import { countGroups, findLastChange, listAccepted, listCatalogueRows, listEcosystems, listGone, listSources, readCounters } from './queries.ts'
import { type Snapshot, snapshotOf, updated } from './snapshot.ts'

/** All groups in memory and who is accepted where, as of one moment. */
export interface CatalogueState {
  snapshot: Snapshot
  /** The registered ecosystems by keyword. */
  ecosystems: Map<string, RegisteredEcosystem>
  /** When each source of imports was last read, ISO time. */
  sources: Map<string, string>
  /** Changes whenever anything listed changes. */
  version: string
  /** Changes whenever an ecosystem, one of its listings or a source does: what a record shows besides its own row. */
  aroundVersion: number
  /** ISO time of the last of these changes, deletions included; undefined while there is nothing. */
  changedAt?: string
}

export interface RegisteredEcosystem {
  keyword: string
  title: string
  /** Numbers of the groups it lists; missing when it is open to all who carry the keyword. */
  accepted?: Set<number>
}

export interface Catalogue {
  /** The state that holds every change committed before the call, whichever process made it. */
  current(db: Db): Promise<CatalogueState>
}

export function createCatalogue(): Catalogue {
  let seen = { change: -1, ecosystem: -1 }
  let state: CatalogueState | undefined
  let refreshing: Promise<CatalogueState> | undefined

  async function refresh(db: Db, counters: typeof seen): Promise<CatalogueState> {
    const snapshot = counters.change === seen.change && state ? state.snapshot : await nextSnapshot(db, state?.snapshot, seen.change, counters.change)
    const around = counters.ecosystem === seen.ecosystem && state ? state : { ecosystems: await readEcosystems(db), sources: await readSources(db) }
    seen = counters
    const versions = { version: `${counters.change}.${counters.ecosystem}`, aroundVersion: counters.ecosystem }
    state = { snapshot, ecosystems: around.ecosystems, sources: around.sources, ...versions, changedAt: await findLastChange(db) }
    return state
  }

  return {
    async current(db) {
      const counters = await readCounters(db)
      if (state && counters.change === seen.change && counters.ecosystem === seen.ecosystem) return state
      if (refreshing) return refreshing.then(() => this.current(db))
      refreshing = refresh(db, counters).finally(() => {
        refreshing = undefined
      })
      return refreshing
    },
  }
}

/** Reads only what changed; everything at the start, or when the sequence went back (a restored backup). */
async function nextSnapshot(db: Db, old: Snapshot | undefined, seen: number, seq: number): Promise<Snapshot> {
  if (!old || seq < seen || seq - seen > old.size / 4 + 100) return snapshotOf(listCatalogueRows(db, 0, seq), await countGroups(db))
  const changed = (await Array.fromAsync(listCatalogueRows(db, seen, seq))).flat()
  const gone = await listGone(db, seen)
  return updated(old, changed, new Set(gone.map(({ num }) => num)))
}

async function readSources(db: Db): Promise<Map<string, string>> {
  return new Map((await listSources(db)).map(({ source, seen_at }) => [source, seen_at]))
}

async function readEcosystems(db: Db): Promise<Map<string, RegisteredEcosystem>> {
  const rows = await listEcosystems(db)
  const ecosystems = new Map(
    rows.map(({ keyword, title, policy }) => [keyword, { keyword, title, accepted: policy === 'curated' ? new Set<number>() : undefined }]),
  )
  for (const { keyword, num } of await listAccepted(db)) ecosystems.get(keyword)?.accepted?.add(num)
  return ecosystems
}
