import type { FastifyInstance } from 'fastify'
import type { Deps } from '../../deps.ts'
import * as urls from '../../urls.ts'
import { createEntries } from './entries.ts'
import { answerIndexError } from './errors.ts'
import { registerExport } from './export.ts'
import { registerNodes } from './nodes.ts'
import { registerProfile } from './profile.ts'
import { registerStates } from './states.ts'
import { registerSubmissions } from './submissions.ts'

/** What maps and directories that speak Murmurations ask of an index, and each group's profile. Copies of other servers' groups are no part of it. */
export function registerIndex(app: FastifyInstance, deps: Deps): void {
  const entries = createEntries(deps, (name) => urls.absolute(deps.config.publicUrl, urls.murmurationsProfile(name)))
  app.get(urls.indexPing, async (_request, reply) => reply.type('text/plain; charset=utf-8').send('pong!'))
  registerProfile(app, deps)
  registerNodes(app, deps, entries)
  registerExport(app, deps, entries)
  registerStates(app, deps, entries)
  registerSubmissions(app, deps)
  // What none of these answers is an error in the index's form too.
  app.register(
    async (scope) => {
      scope.setErrorHandler(answerIndexError)
      scope.setNotFoundHandler(scope.answerUnknown)
    },
    { prefix: urls.index },
  )
}
