import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { preferredType } from '../http/accept.ts'
import { langOnly } from '../http/lang-only.ts'
import * as urls from '../urls.ts'
import { answerDeleted } from './moved/answer.ts'
import { findGroupById, findNameOwner, findTombstone } from './queries.ts'

const forms = ['text/html', 'application/ld+json', 'application/json'] as const
const extensions = { 'application/ld+json': 'jsonld', 'application/json': 'json' } as const

/** Addresses that outlive names: by id, and the short form of a group's address. */
export function registerIdentityPages(app: FastifyInstance, deps: Deps): void {
  app.get<{ Params: { id: string } }>('/id/:id', { schema: { querystring: langOnly } }, async (request, reply) => {
    const row = await findGroupById(deps.db, request.params.id)
    const form = preferredType(request.headers.accept, forms)
    const addressOf = (name: string) => (form === 'text/html' ? urls.group(name) : urls.twin(urls.group(name), extensions[form]))
    reply.header('vary', 'Accept').header('cache-control', 'no-cache')
    if (row) return reply.redirect(urls.withQueryOf(request.url, addressOf(row.short_name)), 303)
    if (!(await findTombstone(deps.db, request.params.id))) throw notFound()
    // Browsers name pages; whoever takes anything is a program, and told where it went.
    const isPage = /text\/(html|\*)/i.test(request.headers.accept ?? '')
    return (await answerDeleted(deps, reply, request.params.id, { here: addressOf, isPage })) ?? reply
  })

  app.get<{ Params: { shortName: string } }>('/:shortName', async (request, reply) => {
    const owner = await findNameOwner(deps.db, request.params.shortName)
    if (owner?.current) return reply.redirect(urls.withQueryOf(request.url, urls.group(owner.current)), 308)
    if (!owner?.deletedAt) throw notFound()
    return (await answerDeleted(deps, reply, owner.groupId, { here: urls.group, isPage: true })) ?? reply
  })
}
