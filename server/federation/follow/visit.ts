import type { FollowedSourceRow, RemoteItemRow } from '../../db/tables.ts'
import type { Outbound } from '../../net/outbound.ts'
import type { FeedCursor } from './feed.ts'
import type { Sighting } from './steps.ts'

/** What is remembered of a source from one visit to the next. `usual`: news a visit; `since`: seconds, for an index. */
export interface Memory {
  usual?: number
  feed?: FeedCursor
  since?: number
}

/** One visit to a source, as those see it who speak its language. */
export interface Visit {
  source: FollowedSourceRow
  outbound: Outbound
  now: Date
  memory: Memory
  /** What is known must be judged again. */
  isAnew: boolean
  known: (iris: string[]) => Promise<Map<string, RemoteItemRow>>
  /** Hands over what was learnt. */
  see: (sightings: Sighting[]) => Promise<void>
  isSeen: (iri: string) => boolean
  /** These are in the list, whether or not they are news. */
  note: (iris: string[]) => void
}

/** How a visit ended. `isWhole`: what was not seen is missing from the list; `isHome`: the list is where the records are kept. */
export interface Found {
  isSame?: boolean
  etag?: string
  feed?: FeedCursor
  since?: number
  isWhole?: boolean
  isHome?: boolean
}
