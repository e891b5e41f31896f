import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { langOnly } from '../http/lang-only.ts'
import type { GroupQuery } from '../schema-types.ts'
import * as urls from '../urls.ts'
import { findCurrent, isKnownList, isKnownRecord } from './current.ts'
import { suggestKeywords } from './keywords.ts'
import { listGroups } from './list.ts'
import { listArrivals } from './moved/queries.ts'
import { isInside, toRecord } from './present.ts'
import { toGroupList } from './present-list.ts'
import { readSearch } from './query.ts'
import { querySchema } from './query-schema.ts'
import { wordsOf } from './reader.ts'

const keywordSchema = {
  querystring: { $ref: '/schemas/keyword-query.json' },
  response: { 200: { $ref: '/schemas/keyword-list.json' } },
}

/** The groups for programs: what the twins say, at addresses that no page shares. */
export function registerGroupApi(app: FastifyInstance, deps: Deps): void {
  const { publicUrl } = deps.config

  app.get<{ Querystring: GroupQuery }>(
    urls.apiGroups,
    { schema: { querystring: querySchema, response: { 200: { $ref: '/schemas/group-list.json' } } } },
    async (request, reply) => {
      const search = readSearch(request.query)
      if (isKnownList(request, reply, deps, await deps.catalogue.current(deps.db), { byLanguage: true })) return reply.code(304).send()
      const result = await listGroups(deps, search)
      return toGroupList(
        result,
        wordsOf(request),
        { publicUrl, ecosystems: result.state.ecosystems },
        { path: urls.apiGroups, lang: request.query.lang },
      )
    },
  )

  app.get<{ Params: { shortName: string } }>(
    '/api/groups/:shortName',
    { schema: { querystring: langOnly, response: { 200: { $ref: '/schemas/group-record.json' } } } },
    async (request, reply) => {
      const row = await findCurrent(deps, reply, request.params.shortName, urls.apiGroup)
      if (!row) return undefined
      const state = await deps.catalogue.current(deps.db)
      const context = { publicUrl, ecosystems: state.ecosystems }
      const whole = isInside(request.person, row, context)
      const isSeen = isKnownRecord(request, reply, deps, row, state, { whole })
      reply.header('vary', 'Authorization, accept-encoding')
      if (request.person) reply.header('cache-control', 'private, no-cache')
      if (isSeen) return reply.code(304).send()
      return toRecord(row, context, { whole, formerly: (await listArrivals(deps.db, row.id)).get(row.id) })
    },
  )

  app.get<{ Querystring: { q?: string } }>(urls.apiKeywords, { schema: keywordSchema }, async (request, reply) => {
    const state = await deps.catalogue.current(deps.db)
    return isKnownList(request, reply, deps, state) ? reply.code(304).send() : { items: suggestKeywords(state.snapshot, request.query.q ?? '') }
  })
}
