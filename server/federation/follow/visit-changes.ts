import { askJson, askRecords, inTime, VisitFailed } from './ask.ts'
import { cursorAt, type FeedNews, readFeed, readFeedEnd } from './feed.ts'
import type { Change } from './ldes.ts'
import type { Found, Visit } from './visit.ts'
import { readFile } from './visit-file.ts'

/** More records than this are quicker had all at once, where the source gives them so. */
const mostAsked = 100
const mostWithoutBulk = 5000

/** What changed in a feed of changes since the last visit, each record asked for at its home; everything at once at the first. */
export async function visitChanges(visit: Visit): Promise<Found> {
  const { source, outbound, now } = visit
  const known = visit.memory.feed
  if (!known) return (await isUnchanged(visit)) ? { isSame: true } : ((await startOver(visit)) ?? (await readAll(visit)))
  const news = await readFeed(outbound, { url: source.url, etag: source.etag ?? undefined, cursor: known, now })
  if (!news) return { isSame: true }
  visit.hear(
    news.forwardings,
    news.changes.filter(({ kind }) => kind === 'put'),
  )
  if (news.isRewritten || news.isEndless) return (await startOver(visit)) ?? (await goThrough(visit, news))
  return await goThrough(visit, news)
}

/** A feed without members has an end that can be known again too. */
async function isUnchanged({ source, outbound, isAnew }: Visit): Promise<boolean> {
  return !isAnew && source.etag !== null && (await askJson(outbound, source.url, { ifNoneMatch: source.etag })) === undefined
}

/** The whole collection at once, then the feed from where it ended before; nothing where there is no such thing. */
async function startOver(visit: Visit, gone: string[] = []): Promise<Found | undefined> {
  const { source, outbound, now } = visit
  const end = await readFeedEnd(outbound, source.url, now)
  const whole = bulkOf(source.url)
  const isThere = whole && (await readFile(visit, whole, 'ndjson'))
  if (!isThere) return undefined
  await seeGone(
    visit,
    gone.filter((iri) => !visit.isSeen(iri)),
  )
  return { etag: end.etag, feed: end.cursor, isWhole: true }
}

async function readAll(visit: Visit): Promise<Found> {
  const { source, outbound, now } = visit
  return await goThrough(visit, (await readFeed(outbound, { url: source.url, etag: undefined, cursor: undefined, now }))!)
}

async function goThrough(visit: Visit, news: FeedNews): Promise<Found> {
  if (news.isEndless) throw new VisitFailed('endless')
  const { wanted, gone } = await sift(visit, news)
  if (wanted.length > mostAsked) {
    const all = await startOver(visit, gone)
    if (all) return all
  }
  if (wanted.length > mostWithoutBulk) throw new VisitFailed('endless')
  await seeGone(visit, gone)
  const isDone = await inTime(askRecords(visit.outbound, wanted, visit.see))
  const next = isDone ? undefined : wanted.find(({ iri }) => !visit.isSeen(iri))
  return next ? { isSlow: true, feed: cursorAt(next, visit.now) } : { etag: news.etag, feed: news.cursor }
}

/** What is to be asked for, and what was deleted. A version that is known is no news, nor is what never had a keyword that is followed. */
async function sift(visit: Visit, { changes }: FeedNews): Promise<{ wanted: Change[]; gone: string[] }> {
  const kept: string[] | undefined = visit.source.keywords ? JSON.parse(visit.source.keywords) : undefined
  const wanted: Change[] = []
  for (let from = 0; from < changes.length; from += 500) {
    const part = changes.slice(from, from + 500)
    const items = await visit.known(part.map(({ iri }) => iri))
    for (const change of part) {
      const { iri, kind, version, keywords, forwarding } = change
      const item = items.get(iri)
      // Where it came from is no part of its version.
      const isKnown = !forwarding && item && item.state !== 'gone' && version !== undefined && item.version === version
      const isForeign = kept && keywords && !item && !keywords.some((keyword) => kept.includes(keyword))
      if (kind === 'put' && !isKnown && !isForeign) wanted.push(change)
    }
  }
  return { wanted, gone: changes.filter(({ kind }) => kind === 'delete').map(({ iri }) => iri) }
}

async function seeGone(visit: Visit, iris: string[]): Promise<void> {
  for (let from = 0; from < iris.length; from += 200) await visit.see(iris.slice(from, from + 200).map((iri) => ({ kind: 'gone', iri })))
}

/** Where a server of our kind gives everything that its feed tells of. */
function bulkOf(address: string): string | undefined {
  const url = new URL(address)
  if (!url.pathname.endsWith('/changes')) return undefined
  url.pathname = url.pathname.replace(/changes$/, 'groups.ndjson')
  return url.href
}
