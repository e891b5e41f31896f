import type { Outbound } from '../../net/outbound.ts'
import { originOf } from '../copies/rules.ts'
import { askJson, VisitFailed } from './ask.ts'
import { type Change, type FeedPage, readFeedPage } from './ldes.ts'

/** How far a feed was read: the time up to which, never in the future, and the member that was last then. */
export interface FeedCursor {
  at: string
  last: Pick<Change, 'id' | 'iri' | 'at'>
}

/** What a feed says since the cursor. */
export interface FeedNews {
  /** The latest change of each record, oldest first. */
  changes: Change[]
  /** What is said of moves, by changes that others followed too. */
  forwardings: string[]
  etag: string | undefined
  /** Where to go on from; undefined while the feed has no member. */
  cursor: FeedCursor | undefined
  /** The member that was last is no longer there: the server went back to an older state of itself. */
  isRewritten: boolean
  /** There are more pages than a visit reads. */
  isEndless: boolean
}

export interface FeedQuestion {
  url: string
  etag: string | undefined
  cursor: FeedCursor | undefined
  now: Date
}

const mostPages = 200
/** To pages that are wanted: ours have 200 a page at most. */
const mostLinks = 2000
const mostChanges = 50_000

/** Reads the pages of a feed that may hold something since the cursor, all of them without one; nothing when it did not change. Throws `VisitFailed`. */
export async function readFeed(outbound: Outbound, { url, etag, cursor, now }: FeedQuestion): Promise<FeedNews | undefined> {
  const root = await askPage(outbound, url, etag)
  if (!root) return undefined
  const seen: Change[] = []
  const take = (page: FeedPage) => {
    for (const change of page.changes) seen.push(change)
    return seen.length <= mostChanges
  }
  const isWhole = await walk(outbound, root, take, ({ before }) => !cursor || before === undefined || before > cursor.at)
  const isRewritten = cursor !== undefined && isWhole && !seen.some((one) => isSame(one, cursor.last))
  const news = cursor && !isRewritten ? seen.filter(({ at }) => at >= cursor.at) : seen
  const forwardings = news.flatMap(({ iri, forwarding }) => (forwarding && originOf(iri) === originOf(url) ? [forwarding] : []))
  const cursorNow = cursorAfter(seen, now) ?? cursor
  return { changes: latest(news, url), forwardings, etag: root.etag, cursor: cursorNow, isRewritten, isEndless: !isWhole }
}

/** The end of a feed, without what was before: from here one can follow once everything was copied. Throws `VisitFailed`. */
export async function readFeedEnd(outbound: Outbound, url: string, now: Date): Promise<Pick<FeedNews, 'etag' | 'cursor'>> {
  const root = await askPage(outbound, url)
  let newest: FeedCursor | undefined
  const take = (page: FeedPage) => {
    newest ??= cursorAfter(page.changes, now)
    return true
  }
  await walk(outbound, root!, take, () => newest === undefined, true)
  return { etag: root!.etag, cursor: newest }
}

interface Asked extends FeedPage {
  url: string
  etag: string | undefined
}

async function askPage(outbound: Outbound, url: string, ifNoneMatch?: string): Promise<Asked | undefined> {
  const answer = await askJson(outbound, url, { ifNoneMatch, accept: 'application/ld+json' })
  if (!answer) return undefined
  const page = readFeedPage(answer.json, answer.url)
  if (!page) throw new VisitFailed('not-a-feed')
  return { ...page, url, etag: answer.etag }
}

/** Goes from page to page, each once and on this server alone, in the order of time, while `take` has room; says whether it saw all that were wanted. */
async function walk(
  outbound: Outbound,
  root: Asked,
  take: (page: FeedPage) => boolean,
  isWanted: (link: FeedPage['links'][number]) => boolean,
  newestFirst = false,
): Promise<boolean> {
  const visited = new Set([root.url])
  const waiting: FeedPage['links'] = []
  const origin = originOf(root.url)
  const open = (page: FeedPage) => {
    const hasRoom = take(page)
    for (const link of page.links) {
      if (visited.size > mostLinks) return false
      if (!isWanted(link) || visited.has(link.url) || originOf(link.url) !== origin) continue
      visited.add(link.url)
      waiting.push(link)
    }
    return hasRoom
  }
  let hasRoom = open(root)
  for (let pages = 0; waiting.length > 0; ) {
    const next = takeNext(waiting, newestFirst)
    if (!isWanted(next)) continue
    if (!hasRoom || ++pages > mostPages) return false
    hasRoom = open((await askPage(outbound, next.url))!)
  }
  return hasRoom
}

/** Takes the link that covers the earliest time, or the latest, out of those that wait. */
function takeNext(waiting: FeedPage['links'], newestFirst: boolean): FeedPage['links'][number] {
  let at = 0
  for (const [other, { from = '' }] of waiting.entries()) {
    const best = waiting[at]!.from ?? ''
    if (newestFirst ? from > best : from < best) at = other
  }
  return waiting.splice(at, 1)[0]!
}

/** Only changes of the server's own records, the latest of each: a change of another's is not this server's to tell. */
function latest(changes: Change[], url: string): Change[] {
  const own = changes.filter(({ iri }) => originOf(iri) === originOf(url))
  return [...new Map(own.sort(inTime).map((change) => [change.iri, change])).values()]
}

function cursorAfter(changes: Change[], now: Date): FeedCursor | undefined {
  const last = changes.toSorted(inTime).at(-1)
  return last && cursorAt(last, now)
}

/** From where the next visit goes on, this change included. */
export function cursorAt({ id, iri, at }: Change, now: Date): FeedCursor {
  // What is dated tomorrow does not hide what comes today.
  return { at: at < now.toISOString() ? at : now.toISOString(), last: { id, iri, at } }
}

/** Numbers in ids count as numbers: members of one moment are in the order of their ids. */
function inTime(a: Change, b: Change): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1
  return a.id.length - b.id.length || (a.id < b.id ? -1 : 1)
}

function isSame(one: Change, other: FeedCursor['last']): boolean {
  return one.id === other.id && one.iri === other.iri && one.at === other.at
}
