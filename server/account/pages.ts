import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { registerAnimators } from './animator-pages.ts'
import { registerLeave } from './leave-pages.ts'
import { registerMe } from './me-pages.ts'
import { registerSignIn } from './sign-in-pages.ts'

export function registerAccountPages(app: FastifyInstance, deps: Deps): void {
  registerSignIn(app, deps)
  registerMe(app, deps)
  registerLeave(app, deps)
  registerAnimators(app, deps)
}
