import { setImmediate } from 'node:timers/promises'
import type { Catalogue, CatalogueState } from '../../catalogue/catalogue.ts'
import type { Db } from '../../db/tables.ts'
import { toSlug } from '../../text/fold.ts'
import { listDeleted, listFormer, listOwn, type OwnRow, type Range } from './queries.ts'
import { goneFor, nodeIdOf, primaryKey, toSeconds } from './rules.ts'

/** A group kept here as an index knows it, or a name that leads to none any more. */
export interface Entry {
  /** Unix seconds of the last change. */
  at: number
  /** The short name, which makes the profile's address. */
  name: string
  /** The group's number; missing when it is gone. */
  num?: number
  /** A slug. */
  place?: string
  /** The home page, in the form in which it is compared. */
  home?: string
}

export interface Entries {
  state: CatalogueState
  /** By time of change, then by address. Those gone for too long are not among them. */
  list: Entry[]
  /** The name whose profile has this id, if there is such an entry. */
  findName: (nodeId: string) => string | undefined
}

interface Source {
  db: Db
  catalogue: Catalogue
  clock: () => Date
}

/** Makes what gives the entries as of now. They are read when they are first asked for; afterwards, only what changed. */
export function createEntries({ db, catalogue, clock }: Source, profileUrl: (name: string) => string): () => Promise<Entries> {
  let known: Known | undefined
  let refreshing: Promise<unknown> | undefined
  const ids = createIds(profileUrl)

  async function refresh(state: CatalogueState): Promise<void> {
    const old = known && known.change <= state.change ? known : { change: 0, own: [], lost: [] }
    const fresh: Entry[] = []
    for await (const rows of listOwn(db, old.change, state.change)) {
      for (const row of rows) fresh.push(toEntry(row))
      await setImmediate()
    }
    const since = new Date(clock().getTime() - goneFor * 1000).toISOString()
    const lost = await listLost(db, { from: old.change, to: state.change, since })
    known = {
      change: state.change,
      own: updated(old.own, fresh, state),
      lost: stillLost([...old.lost.filter(({ at }) => at >= toSeconds(since)), ...lost], fresh),
      told: -1,
      list: [],
    }
  }

  return async () => {
    let state = await catalogue.current(db)
    while (known?.change !== state.change) {
      refreshing ??= refresh(state).finally(() => {
        refreshing = undefined
      })
      await refreshing
      state = await catalogue.current(db)
    }
    const list = listAt(known as Known, toSeconds(clock().toISOString()) - goneFor)
    return { state, list, findName: (id) => ids.find(id, list) }
  }
}

/** What was read, as of a change. `list` is made of both, with `told` of the lost ones: those not lost for too long. */
interface Known {
  change: number
  own: Entry[]
  lost: Entry[]
  told: number
  list: Entry[]
}

function listAt(known: Known, oldest: number): Entry[] {
  const told = known.lost.filter(({ at }) => at >= oldest)
  if (told.length !== known.told) known.list = merge(known.own, told)
  known.told = told.length
  return known.list
}

/** Address parts end in a slash: `a/` comes after `a-b/`. */
export function byChange(a: Pick<Entry, 'at' | 'name'>, b: Pick<Entry, 'at' | 'name'>): number {
  return a.at - b.at || (`${a.name}/` < `${b.name}/` ? -1 : 1)
}

async function listLost(db: Db, range: Range): Promise<Entry[]> {
  const rows = [...(await listDeleted(db, range)), ...(await listFormer(db, range))]
  return rows.map(({ name, at }) => ({ name, at: toSeconds(at) }))
}

/** A name may come back to its group; the latest loss counts. */
function stillLost(lost: Entry[], fresh: Entry[]): Entry[] {
  const back = new Set(fresh.map(({ name }) => name))
  const latest = new Map(lost.sort(byChange).map((entry) => [entry.name, entry]))
  return [...latest.values()].filter(({ name }) => !back.has(name)).sort(byChange)
}

function updated(old: Entry[], fresh: Entry[], { snapshot }: CatalogueState): Entry[] {
  const changed = new Set(fresh.map(({ num }) => num))
  const kept = old.filter(({ num }) => !changed.has(num) && (snapshot.slotOf[num!] ?? -1) >= 0)
  return merge(kept, fresh.sort(byChange))
}

/** Two ordered lists as one; quick when the second is short. */
function merge(many: Entry[], few: Entry[]): Entry[] {
  const list: Entry[] = []
  let at = 0
  for (const entry of many) {
    while (at < few.length && byChange(few[at]!, entry) < 0) list.push(few[at++]!)
    list.push(entry)
  }
  return [...list, ...few.slice(at)]
}

function toEntry({ num, short_name, place, links, at }: OwnRow): Entry {
  const all = links ? (JSON.parse(links) as { service: string; url: string }[]) : []
  const home = all.find(({ service, url }) => service === 'home' && /^https?:\/\//.test(url))?.url
  return { at: toSeconds(at), name: short_name, num, place: place ? toSlug(place) : undefined, home: home && primaryKey(home) }
}

/** Names by the id of their profile, each made once: a hundred thousand take a tenth of a second. */
function createIds(profileUrl: (name: string) => string) {
  const names = new Map<string, string>()
  const made = new Set<string>()
  let seen: Entry[] | undefined
  return {
    find(id: string, list: Entry[]): string | undefined {
      if (seen !== list) {
        for (const { name } of list) {
          if (!made.has(name)) names.set(nodeIdOf(profileUrl(name)), name)
          made.add(name)
        }
      }
      seen = list
      return names.get(id)
    },
  }
}
