import type { FastifyInstance } from 'fastify'
import type { Deps } from '../../deps.ts'
import { isKnown } from '../../http/cache.ts'
import { langOnly } from '../../http/lang-only.ts'
import * as urls from '../../urls.ts'
import { toDataset } from './present-dataset.ts'
import { countOwnGroups, findFeedEnd } from './queries.ts'

/** The directory described as a data set (DCAT and VoID), and the way there that VoID asks for. */
export function registerDataset(app: FastifyInstance, deps: Deps): void {
  const { publicUrl } = deps.config

  app.get(urls.dataset, { schema: { querystring: langOnly } }, async (request, reply) => {
    const { own, at } = await findFeedEnd(deps.db)
    if (isKnown(request, reply, { of: ['dataset', publicUrl, own], modified: at })) return reply.code(304).send()
    const data = toDataset({ publicUrl, count: await countOwnGroups(deps.db), modified: at, words: deps.views.words })
    return reply.type('application/ld+json; charset=utf-8').send(JSON.stringify(data))
  })

  app.get(urls.wellKnownVoid, (_request, reply) => reply.redirect(urls.dataset, 302))
}
