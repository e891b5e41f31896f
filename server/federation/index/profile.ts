import type { FastifyInstance } from 'fastify'
import type { Deps } from '../../deps.ts'
import { notFound } from '../../errors.ts'
import { findCurrent, isKnownRecord } from '../../group/current.ts'
import { toRecord } from '../../group/present.ts'
import { langOnly } from '../../http/lang-only.ts'
import * as urls from '../../urls.ts'
import { toProfile } from './present.ts'

/** A group of this server as a Murmurations profile. A copy's is at its home. */
export function registerProfile(app: FastifyInstance, deps: Deps): void {
  const { publicUrl } = deps.config
  app.get<{ Params: { shortName: string } }>(
    '/g/:shortName/murmurations.json',
    { schema: { querystring: langOnly, response: { 200: { $ref: '/schemas/murmurations-profile.json' } } } },
    async (request, reply) => {
      const row = await findCurrent(deps, reply, request.params.shortName, urls.murmurationsProfile)
      if (!row) return undefined
      if (row.origin_server !== null) throw notFound({ key: 'index.copy', values: { server: row.origin_server } })
      const state = await deps.catalogue.current(deps.db)
      if (isKnownRecord(request, reply, deps, row, state)) return reply.code(304).send()
      return toProfile(toRecord(row, { publicUrl, ecosystems: state.ecosystems }), publicUrl)
    },
  )
}
