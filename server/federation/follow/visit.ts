import type { FollowedSourceRow, RemoteItemRow } from '../../db/tables.ts'
import type { Outbound } from '../../net/outbound.ts'
import type { FeedCursor } from './feed.ts'
import type { Sighting } from './steps.ts'

/** What is remembered of a source from one visit to the next. `usual`: news a visit; `since`: seconds, for an index; `next`: where a list is gone on with. */
export interface Memory {
  usual?: number
  feed?: FeedCursor
  since?: number
  next?: string
}

/** One visit to a source, as those see it who speak its language. */
export interface Visit {
  source: FollowedSourceRow
  outbound: Outbound
  /** Our own origin: what is kept here is nobody's to bring. */
  here: string
  now: Date
  memory: Memory
  /** What is known must be judged again. */
  isAnew: boolean
  /** The records that its list held when it was last read. */
  listed: () => Promise<string[]>
  known: (iris: string[]) => Promise<Map<string, RemoteItemRow>>
  /** Hands over what was learnt. */
  see: (sightings: Sighting[]) => Promise<void>
  /** Hands over what the source says of records that moved, and which it told of when. */
  hear: (forwardings: string[], puts: { iri: string; at: string }[]) => void
  isSeen: (iri: string) => boolean
  /** These are in the list, whether or not they are news. */
  note: (iris: string[]) => void
}

/**
 * How a visit ended. `isSlow`: its time was over, what was learnt holds; `isWhole`: what was not seen is missing from the list; `isHome`: the list is
 * where the records are kept.
 */
export interface Found {
  isSame?: boolean
  isSlow?: boolean
  etag?: string
  feed?: FeedCursor
  since?: number
  next?: string
  isWhole?: boolean
  isHome?: boolean
}
