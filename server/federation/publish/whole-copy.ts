import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Db } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { listArrivals } from '../../group/moved/queries.ts'
import { type PresentContext, toRecord } from '../../group/present.ts'
import { isKnown } from '../../http/cache.ts'
import { streamed } from '../../http/compress.ts'
import type { WholeCopyQuery } from '../../schema-types.ts'
import * as urls from '../../urls.ts'
import { findFeedEnd, listOwnGroups } from './queries.ts'
import { pageAfter, pageSize } from './rules.ts'

const batchSize = 200

/** Our own records one a line, for who begins to follow: as everybody sees them, with the number of the last change they hold. */
export function registerWholeCopy(app: FastifyInstance, deps: Deps): void {
  const schema = { querystring: { $ref: '/schemas/whole-copy-query.json' } }
  app.get<{ Querystring: WholeCopyQuery }>(urls.wholeCopy, { schema, compress: streamed }, async (request, reply) => {
    const { publicUrl } = deps.config
    const { keyword } = request.query
    // Read before the records: they may be newer than it says, never older.
    const end = await findFeedEnd(deps.db)
    const { ecosystems, aroundVersion } = await deps.catalogue.current(deps.db)
    const next = urls.absolute(publicUrl, urls.feed(keyword, { kind: 'page', number: pageAfter(end.last, pageSize(keyword)) }))
    reply.header('change-number', end.last).header('link', `<${next}>; rel="next"; type="application/ld+json"`)
    const of = ['ndjson', publicUrl, keyword ?? '', end.own, aroundVersion]
    if (isKnown(request, reply, { of, modified: end.at })) return reply.code(304).send()
    const lines = request.method === 'HEAD' ? [] : writeOwn(deps.db, { publicUrl, ecosystems }, keyword)
    return reply.type('application/x-ndjson; charset=utf-8').send(Readable.from(lines, { objectMode: false }))
  })
}

async function* writeOwn(db: Db, context: PresentContext, keyword: string | undefined): AsyncGenerator<string> {
  const arrivals = await listArrivals(db)
  for (let after = 0; ; ) {
    const rows = await listOwnGroups(db, after, batchSize, keyword)
    if (rows.length > 0) yield rows.map((row) => `${JSON.stringify(toRecord(row, context, { formerly: arrivals.get(row.id) }))}\n`).join('')
    if (rows.length < batchSize) return
    after = rows.at(-1)!.num
    // What is written leaves, and other requests come in.
    await setImmediate()
  }
}
