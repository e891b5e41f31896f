import type { FastifyInstance } from 'fastify'
import project from '../../../package.json' with { type: 'json' }
import type { CatalogueState } from '../../catalogue/catalogue.ts'
import type { Deps } from '../../deps.ts'
import { isKnownList } from '../../group/current.ts'
import { isKnown } from '../../http/cache.ts'
import { langOnly } from '../../http/lang-only.ts'
import * as urls from '../../urls.ts'
import { countOwnGroups } from './queries.ts'

const schemaUrl = 'http://nodeinfo.diaspora.software/ns/schema/2.1'

/** NodeInfo 2.1 (FEP-f1d5): which software this is, what it holds, where its feed is. */
export function registerNodeInfo(app: FastifyInstance, deps: Deps): void {
  const { publicUrl } = deps.config

  app.get(urls.nodeInfoLinks, { schema: { querystring: langOnly } }, async (request, reply) => {
    if (isKnown(request, reply, { of: [publicUrl] })) return reply.code(304).send()
    return { links: [{ rel: schemaUrl, href: urls.absolute(publicUrl, urls.nodeInfo) }] }
  })

  app.get(urls.nodeInfo, { schema: { querystring: langOnly } }, async (request, reply) => {
    const state = await deps.catalogue.current(deps.db)
    if (isKnownList(request, reply, deps, state)) return reply.code(304).send()
    reply.type(`application/json; profile="${schemaUrl}#"; charset=utf-8`)
    return reply.send(JSON.stringify(toNodeInfo(state, await countOwnGroups(deps.db), publicUrl)))
  })
}

function toNodeInfo({ snapshot, ecosystems }: CatalogueState, own: number, publicUrl: string): object {
  const here = (path: string) => urls.absolute(publicUrl, path)
  return {
    version: '2.1',
    software: { name: project.name, version: project.version },
    // None of those that NodeInfo can name.
    protocols: [],
    services: { inbound: [], outbound: ['atom1.0'] },
    // A mailed link makes an account.
    openRegistrations: true,
    usage: { users: {} },
    metadata: {
      groups: own,
      copies: Math.max(0, snapshot.size - own),
      ecosystems: ecosystems.size,
      changes: here(urls.changes),
      wholeCopy: here(urls.wholeCopy),
      dataset: here(urls.dataset),
      api: here(urls.apiDescription),
      keys: here(urls.keySet),
    },
  }
}
