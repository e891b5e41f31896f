import type { Migration } from 'kysely/migration'
import * as groups from './0001-groups.ts'
import * as people from './0002-people.ts'
import * as federation from './0003-federation.ts'
import * as sources from './0004-sources.ts'
import * as moves from './0005-moves.ts'
import * as sightings from './0006-sightings.ts'

/** Every migration, in order. Kept by hand; a migration that has been released never changes. */
export const migrations: Record<string, Migration> = {
  '0001-groups': groups,
  '0002-people': people,
  '0003-federation': federation,
  '0004-sources': sources,
  '0005-moves': moves,
  '0006-sightings': sightings,
}
