import type { Db } from '../db/tables.ts'
import type { Term } from '../text/words.ts'
import { type AsOf, createKept } from './kept.ts'
import {
  countGroups,
  findLastChange,
  listAccepted,
  listCatalogueRows,
  listEcosystems,
  listGone,
  listSources,
  listTwins,
  readCounters,
} from './queries.ts'
import { type Snapshot, snapshotOf, updated } from './snapshot.ts'
import { arrangeTwins, type Twins } from './twins.ts'
import { createWords, type Hits } from './words.ts'

/** All groups in memory and who is accepted where, as of one moment. */
export interface CatalogueState {
  snapshot: Snapshot
  /** The registered ecosystems by keyword. */
  ecosystems: Map<string, RegisteredEcosystem>
  /** When each source of imports was last read, ISO time. */
  sources: Map<string, string>
  /** Records that are of one group. */
  twins: Twins
  /** The last change it holds. */
  change: number
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
  /** The groups that hold all these words. */
  find(db: Db, state: CatalogueState, terms: Term[]): Promise<Hits>
  /** Writes it down for the next start, if it was told where. */
  keep(db: Db): Promise<void>
}

/** Under `dataDir` groups and words are kept between two runs, so that a start need not read them all; without it nothing is kept. */
export function createCatalogue({ dataDir }: { dataDir?: string } = {}): Catalogue {
  const kept = dataDir === undefined ? undefined : createKept<Snapshot>(dataDir, 'groups')
  const makeWords = () => createWords(dataDir)
  let seen = { change: -1, ecosystem: -1 }
  let state: CatalogueState | undefined
  let refreshing: Promise<CatalogueState> | undefined
  let words = makeWords()
  let keptChange: number | undefined

  async function refresh(db: Db, counters: typeof seen): Promise<CatalogueState> {
    const old = state ? { change: seen.change, value: state.snapshot } : await recall(db)
    const snapshot = old?.change === counters.change ? old.value : await nextSnapshot(db, old, counters.change)
    const around = counters.ecosystem === seen.ecosystem && state ? state : { ecosystems: await readEcosystems(db), sources: await readSources(db) }
    const { pairs, rows } = await listTwins(db)
    const twins = arrangeTwins(pairs, rows)
    if (counters.change < seen.change) words = makeWords()
    seen = counters
    const versions = { change: counters.change, version: `${counters.change}.${counters.ecosystem}`, aroundVersion: counters.ecosystem }
    state = { snapshot, ecosystems: around.ecosystems, sources: around.sources, twins, ...versions, changedAt: await findLastChange(db) }
    return state
  }

  async function recall(db: Db): Promise<AsOf<Snapshot> | undefined> {
    const found = await kept?.recall(db)
    keptChange = found?.change
    return found
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
    find: (db, { change }, terms) => words.find(db, change, terms),
    async keep(db) {
      const made = state
      if (made && made.change !== keptChange) {
        await kept?.keep(db, { change: made.change, value: made.snapshot })
        keptChange = made.change
      }
      await words.keep(db)
    },
  }
}

/** Reads only what changed; everything at the start, or when the sequence went back (a restored backup). */
async function nextSnapshot(db: Db, old: AsOf<Snapshot> | undefined, seq: number): Promise<Snapshot> {
  if (!old || seq < old.change || seq - old.change > old.value.size / 4 + 100) return snapshotOf(listCatalogueRows(db, 0, seq), await countGroups(db))
  const changed = (await Array.fromAsync(listCatalogueRows(db, old.change, seq))).flat()
  const gone = await listGone(db, old.change)
  return updated(old.value, changed, new Set(gone.map(({ num }) => num)))
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
