import { countAttempt, countNetwork } from '../../account/limits.ts'
import { transaction } from '../../db/open.ts'
import type { Db } from '../../db/tables.ts'
import { AppError } from '../../errors.ts'
import { listBlockedOrigins } from '../copies/queries.ts'
import { insertSource } from '../follow/actions.ts'
import { findSourceByUrl, updateSource } from '../follow/queries.ts'
import { refuse } from './refusal.ts'
import { nodeIdOf } from './rules.ts'

export interface SubmitDeps {
  db: Db
  clock: () => Date
  config: { secret?: string | undefined }
}

/** What one network, and everybody together, may ask to be looked at. */
export const perNetwork = { max: 20, minutes: 60 }
export const perDay = { max: 500, minutes: 24 * 60 }

/**
 * Notes that a profile wants to be listed, or to be read again: it is fetched by the next run, and a person looks at it before it is shown.
 * Throws `tooManyRequests`, and a 403 for servers that are blocked here.
 */
export async function submitProfile(deps: SubmitDeps, profileUrl: string, ip: string): Promise<void> {
  const { db, clock } = deps
  await countNetwork(db, deps, 'profile', ip, perNetwork)
  await countAttempt(db, deps, 'profile all', 'all', perDay)
  const { origin } = new URL(profileUrl)
  if ((await listBlockedOrigins(db)).has(origin))
    throw refuse('Not Accepted', 'blocked', { status: 403, source: { pointer: '/profile_url' }, values: { origin } })
  if (await askAgain(db, profileUrl, clock().toISOString())) return
  try {
    const nodeId = nodeIdOf(profileUrl)
    await insertSource(db, { kind: 'murmurations-profile', url: profileUrl, keyword: null, trust: 'review', quota: 1, nodeId }, clock())
  } catch (error) {
    // Somebody else said it at the same moment.
    if (!(error instanceof AppError && error.code === 'conflict')) throw error
  }
}

/** Makes a source that is known already due at once; says whether it is known. What waits for a person, or for a list of its own, is left alone. */
function askAgain(db: Db, url: string, at: string): Promise<boolean> {
  return transaction(db, async (tx) => {
    const source = await findSourceByUrl(tx, url)
    if (source?.kind === 'murmurations-profile') {
      const due = source.paused === null && source.due_at > at ? { due_at: at } : {}
      // Whoever mends a profile has as long again.
      const since = source.submitted_at == null ? {} : { submitted_at: at }
      await updateSource(tx, source.id, { ...due, ...since, node_id: nodeIdOf(url) })
    }
    return source !== undefined
  })
}
