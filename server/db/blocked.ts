import type { Db } from './tables.ts'

/** A subquery: the servers whose records operators want nowhere. */
export function blockedOrigins(db: Db) {
  return db
    .selectFrom('followed_source')
    .select('origin')
    .where('trust', '=', 'blocked')
    .where((e) => e.or([e('keyword', 'is', null), e('blocked_by', '=', 'operators')]))
}
