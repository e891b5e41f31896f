import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { registerDeletePages } from './delete-pages.ts'
import { registerEditPages } from './edit-pages.ts'
import { registerHistoryPages } from './history-pages.ts'
import { registerIdentityPages } from './identity-pages.ts'
import { registerListPages } from './list-pages.ts'
import { registerPrintPage } from './print-page.ts'
import { registerRecordPages } from './record-pages.ts'

export { findCurrent } from './current.ts'

export function registerGroupPages(app: FastifyInstance, deps: Deps): void {
  registerListPages(app, deps)
  registerRecordPages(app, deps)
  registerPrintPage(app, deps)
  registerIdentityPages(app, deps)
  registerEditPages(app, deps)
  registerHistoryPages(app, deps)
  registerDeletePages(app, deps)
}
