import type { FastifyInstance } from 'fastify'
import { onLeaving, onMe } from '../account/me-hook.ts'
import type { Deps } from '../deps.ts'
import { findNotices } from './notices.ts'
import { toWritings } from './present.ts'
import { registerProposePages } from './propose-pages.ts'
import { forgetAddress, listWritings, moveWritings } from './queries.ts'
import { registerReviewPages } from './review-pages.ts'
import { registerSuggestPages } from './suggest-pages.ts'
import { registerSuggestionsPages } from './suggestions-pages.ts'

/** Groups proposed by anybody, suggestions about records, and those who decide on both. */
export function registerModerationPages(app: FastifyInstance, deps: Deps): void {
  registerProposePages(app, deps)
  registerReviewPages(app, deps)
  registerSuggestPages(app, deps)
  registerSuggestionsPages(app, deps)
  onMe(app, (person) => findNotices(deps.db, person))
  onLeaving(app, {
    gather: async (db, person) => toWritings(await listWritings(db, person)),
    erase: (tx, { address }) => forgetAddress(tx, address),
    move: moveWritings,
  })
}
