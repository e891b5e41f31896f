import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { pageFrame } from '../http/page-frame.ts'
import type { GroupQuery } from '../schema-types.ts'
import * as urls from '../urls.ts'
import { isKnownList } from './current.ts'
import { listGroups } from './list.ts'
import { sendAtom } from './list-atom.ts'
import { toGroupList } from './present-list.ts'
import { isFiltered, readSearch } from './query.ts'
import { querySchema } from './query-schema.ts'
import { readerContext, wordsOf } from './reader.ts'
import { toListView } from './view-list.ts'

/** All groups: the page, its JSON and its feed. The whole lists are in transfer/pages.ts. */
export function registerListPages(app: FastifyInstance, deps: Deps): void {
  const { publicUrl } = deps.config

  app.get<{ Querystring: GroupQuery }>(urls.groups, { schema: { querystring: querySchema } }, async (request, reply) => {
    const result = await listGroups(deps, readSearch(request.query))
    const list = toListView(result, wordsOf(request), readerContext(request, deps, result.state), urls.groups)
    const page = pageFrame(request, deps.config, {
      title: request.t('list.title'),
      description: request.t('list.intro'),
      alternates: list.twins,
      embeddable: list.asMap.listUrl,
      robots: isFiltered(request.query) ? 'noindex, follow' : undefined,
    })
    return reply.page('group/list', { page, list })
  })

  app.get<{ Querystring: GroupQuery }>(
    urls.twin(urls.groups, 'json'),
    { schema: { querystring: querySchema, response: { 200: { $ref: '/schemas/group-list.json' } } } },
    async (request, reply) => {
      const search = readSearch(request.query)
      if (isKnownList(request, reply, deps, await deps.catalogue.current(deps.db), { byLanguage: true })) return reply.code(304).send()
      const result = await listGroups(deps, search)
      return toGroupList(
        result,
        wordsOf(request),
        { publicUrl, ecosystems: result.state.ecosystems },
        {
          path: urls.twin(urls.groups, 'json'),
          lang: request.query.lang,
        },
      )
    },
  )

  app.get<{ Querystring: GroupQuery }>(urls.twin(urls.groups, 'atom'), { schema: { querystring: querySchema } }, (request, reply) =>
    sendAtom(request, reply, deps, { path: urls.groups, title: request.t('list.title') }),
  )
}
