import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../../deps.ts'
import { notFound } from '../../errors.ts'
import { isKnown } from '../../http/cache.ts'
import type { ChangesQuery } from '../../schema-types.ts'
import * as urls from '../../urls.ts'
import { type FeedContext, toFeedIndex, toFeedPage, toFeedRoot } from './present-feed.ts'
import { findFeedEnd, listOwnChanges, listTimes } from './queries.ts'
import { indexParts, type Part, pageBounds, pageSize, rootParts } from './rules.ts'

type Asked = FastifyRequest<{ Querystring: ChangesQuery }>
type End = Awaited<ReturnType<typeof findFeedEnd>>

const forEver = 'public, max-age=31536000, immutable'

/** What changed in our own records, as a Linked Data Event Stream: /changes, its pages and indexes, of all groups or of one keyword's. */
export function registerFeed(app: FastifyInstance, deps: Deps): void {
  app.get<{ Querystring: ChangesQuery }>(
    urls.changes,
    { schema: { querystring: { $ref: '/schemas/changes-query.json' } } },
    async (request, reply) => {
      const { keyword, page, index } = request.query
      const about = { publicUrl: deps.config.publicUrl, ...(keyword === undefined ? {} : { keyword }) }
      // Read before anything else: what is committed later has a higher number, and is left for later.
      const end = await findFeedEnd(deps.db)
      if (page !== undefined) return sendPage(request, reply, deps, { about, end, page })
      if (index !== undefined) return sendIndex(request, reply, deps, { about, end, index })
      if (isKnown(request, reply, { of: ['feed', about.publicUrl, keyword ?? '', end.own, end.at ?? ''], modified: end.at }))
        return reply.code(304).send()
      const parts = rootParts(end.own, pageSize(keyword))
      return send(reply, toFeedRoot(parts, await timesOf(deps, parts), about))
    },
  )
}

async function sendPage(request: Asked, reply: FastifyReply, deps: Deps, { about, end, page }: { about: FeedContext; end: End; page: number }) {
  const bounds = pageBounds(page, end.last, pageSize(about.keyword))
  if (!bounds) throw notFound()
  const { closed, from, to } = bounds
  const of = ['page', about.publicUrl, about.keyword ?? '', page, ...(closed ? [] : [end.own, end.at ?? ''])]
  if (isKnown(request, reply, { of, ...(closed ? { cacheControl: forEver } : {}) })) return reply.code(304).send()
  const changes = await listOwnChanges(deps.db, from, Math.min(to, end.last), about.keyword)
  return send(reply, toFeedPage(page, closed, changes, about))
}

async function sendIndex(request: Asked, reply: FastifyReply, deps: Deps, { about, end, index }: { about: FeedContext; end: End; index: number }) {
  const parts = indexParts(index, end.own, pageSize(about.keyword))
  if (parts.length === 0) throw notFound()
  const of = ['index', about.publicUrl, about.keyword ?? '', index]
  if (isKnown(request, reply, { of, cacheControl: forEver })) return reply.code(304).send()
  return send(reply, toFeedIndex(index, parts, await timesOf(deps, parts), about))
}

function timesOf({ db }: Deps, parts: Part[]): Promise<Map<number, string>> {
  return listTimes(db, [...new Set(parts.flatMap(({ first, next }) => [first, ...(next === undefined ? [] : [next])]))])
}

function send(reply: FastifyReply, data: object): FastifyReply {
  return reply.type('application/ld+json; charset=utf-8').send(JSON.stringify(data))
}
