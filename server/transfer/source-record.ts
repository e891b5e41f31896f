import type { Group } from '../schema-types.ts'
import type { Facts } from './check-draft.ts'

/** One group as another directory describes it, before a short name is chosen. `sourceId` stays the same from one release of the source to the next. */
export interface SourceRecord {
  sourceId: string
  sourceUrl?: string
  group: Omit<Group, 'shortName'>
  /** Short names that would suit the group, best first, each valid by schemas/common.json; the last one contains a hash and is as good as unique. */
  shortNameHints: string[]
  /** Where it is in the file, if it is in one. */
  line?: number
  /** Facts that could not be read: what the source said of them before stands. */
  unsaid?: string[]
  /** What else it can be recognised by: the short name it bears and what a server once said of it. */
  known?: { shortName?: string } & Pick<Facts, 'id' | 'origin'>
}

/** An entry of the source that could not be taken, and why, in one English sentence. */
export interface RefusedRecord {
  sourceId: string
  reason: string
}
