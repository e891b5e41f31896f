import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { registerWidgetFiles } from './files.ts'
import { registerGroupWidgets } from './group-pages.ts'
import { registerListWidgets } from './list-pages.ts'

/** All that other sites may frame, and what makes it fit. */
export function registerWidgets(app: FastifyInstance, deps: Deps): void {
  registerListWidgets(app, deps)
  registerGroupWidgets(app, deps)
  registerWidgetFiles(app, deps)
}
