import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { gone, notFound } from '../errors.ts'
import { preferredType } from '../http/accept.ts'
import * as urls from '../urls.ts'
import { findGroupById, findNameOwner, findTombstone } from './queries.ts'
import { langOnly } from './query-schema.ts'

const forms = ['text/html', 'application/ld+json', 'application/json'] as const

/** Addresses that outlive names: by id, and the short form of a group's address. */
export function registerIdentityPages(app: FastifyInstance, deps: Deps): void {
  app.get<{ Params: { id: string } }>('/id/:id', { schema: { querystring: langOnly } }, async (request, reply) => {
    const row = await findGroupById(deps.db, request.params.id)
    if (!row && (await findTombstone(deps.db, request.params.id))) throw gone({ key: 'error.groupDeleted' })
    if (!row) throw notFound()
    const page = urls.group(row.short_name)
    const form = preferredType(request.headers.accept, forms)
    const to = form === 'text/html' ? page : urls.twin(page, form === 'application/json' ? 'json' : 'jsonld')
    return reply.header('vary', 'Accept').header('cache-control', 'no-cache').redirect(to, 303)
  })

  app.get<{ Params: { shortName: string } }>('/:shortName', async (request, reply) => {
    const owner = await findNameOwner(deps.db, request.params.shortName)
    if (owner?.current) return reply.redirect(urls.group(owner.current), 308)
    throw owner?.deletedAt ? gone({ key: 'error.groupDeleted' }) : notFound()
  })
}
