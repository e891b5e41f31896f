import type { GroupRow } from '../../db/tables.ts'
import { languageOf } from '../../group/present.ts'
import type { Network as NetworkRecord } from '../../schema-types.ts'
import * as urls from '../../urls.ts'
import type { Network, Place, Tie } from './network.ts'

const mostLinks = 5000
const mostRows = 500
const mostInCell = 12

/** A link to an ecosystem. */
interface Way {
  title: string
  lang: string
  dir: 'ltr' | 'rtl'
  url: string
  host?: string
}

/** What an ecosystem of the table has to do with others, the strongest first. */
export interface NetworkRow extends Way {
  count: number
  shared: { to: Way; count: number }[]
  /** Whether it names anybody. */
  named: boolean
  names: Way[]
  elsewhere: { url: string; host: string }[]
  mutual: Way[]
  /** How many more of each are not shown. */
  more: { shared: number; names: number; mutual: number }
}

export interface NetworkView {
  total: number
  rows: NetworkRow[]
  /** How many ecosystems are in the twin only. */
  left: number
  bridges: { name: string; lang: string; dir: 'ltr' | 'rtl'; url: string; ecosystems: Way[] }[]
}

/** The network for programs. */
export function toNetworkRecord({ places, ties, bridges }: Network, groups: Map<number, GroupRow>, publicUrl: string): NetworkRecord {
  const addressOf = (index: number) => places[index]!.url
  return {
    total: places.length,
    items: places.map(({ keyword, title, url, host, groupCount, seenAt }) => ({
      ...{ keyword, title, url, groupCount },
      ...(host === undefined ? {} : { server: new URL(url).origin, seenAt }),
    })),
    linkTotal: ties.length,
    links: ties.slice(0, mostLinks).map(({ one, other, shared, oneNames, otherNames }) => ({
      ...{ one: addressOf(one), other: addressOf(other), sharedGroups: shared },
      ...{ oneNamesOther: oneNames, otherNamesOne: otherNames, mutual: oneNames && otherNames },
    })),
    bridges: bridges.flatMap(({ num, members }) => {
      const row = groups.get(num)
      return row ? [{ name: row.name, url: urls.absolute(publicUrl, urls.group(row.short_name)), ecosystems: members.map(addressOf) }] : []
    }),
  }
}

/** The network as a table, in the order of how much each is linked. */
export function toNetworkView({ places, ties, bridges }: Network, groups: Map<number, GroupRow>): NetworkView {
  const ways = places.map(toWay)
  const tiesOf = Map.groupBy(
    ties.flatMap((tie) => [
      { from: tie.one, to: tie.other, tie, names: tie.oneNames },
      { from: tie.other, to: tie.one, tie, names: tie.otherNames },
    ]),
    ({ from }) => from,
  )
  const order = places.map((_, index) => index).sort((a, b) => (tiesOf.get(b)?.length ?? 0) - (tiesOf.get(a)?.length ?? 0) || a - b)
  return {
    total: places.length,
    rows: order.slice(0, mostRows).map((index) => toRow(places[index]!, ways, index, tiesOf.get(index) ?? [])),
    left: Math.max(0, places.length - mostRows),
    bridges: bridges.flatMap(({ num, members }) => {
      const row = groups.get(num)
      if (!row) return []
      const language = languageOf(row.languages ? JSON.parse(row.languages) : undefined)
      return [{ name: row.name, ...language, url: urls.group(row.short_name), ecosystems: members.slice(0, mostInCell).map((index) => ways[index]!) }]
    }),
  }
}

/** Where the name of a place leads: on this server, root-relative. */
export function urlOf({ keyword, url, host }: Place): string {
  return host === undefined ? urls.ecosystem(keyword) : url
}

function toRow(place: Place, ways: Way[], index: number, ties: { to: number; tie: Tie; names: boolean }[]): NetworkRow {
  const shared = ties.filter(({ tie }) => tie.shared > 0)
  const names = ties.filter((one) => one.names)
  const mutual = names.filter(({ tie }) => tie.oneNames && tie.otherNames)
  const some = <T>(list: T[]) => list.slice(0, mostInCell)
  const more = (list: unknown[]) => Math.max(0, list.length - mostInCell)
  return {
    ...ways[index]!,
    count: place.groupCount,
    shared: some(shared).map(({ to, tie }) => ({ to: ways[to]!, count: tie.shared })),
    named: names.length + place.elsewhere.length > 0,
    names: some(names).map(({ to }) => ways[to]!),
    elsewhere: some(place.elsewhere).map((url) => ({ url, host: hostAndPath(url) })),
    mutual: some(mutual).map(({ to }) => ways[to]!),
    more: { shared: more(shared), names: more(names) + more(place.elsewhere), mutual: more(mutual) },
  }
}

function toWay(place: Place): Way {
  return { title: place.title, ...languageOf(place.languages), url: urlOf(place), host: place.host }
}

function hostAndPath(address: string): string {
  const { host, pathname } = new URL(address)
  return host + (pathname === '/' ? '' : pathname)
}
