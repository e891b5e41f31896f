import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { findKeyword } from '../ecosystem/find-keyword.ts'
import { isKnownList } from '../group/current.ts'
import { orderGroups } from '../group/list.ts'
import { readSearch } from '../group/query.ts'
import { querySchema } from '../group/query-schema.ts'
import { streamed } from '../http/compress.ts'
import type { GroupQuery } from '../schema-types.ts'
import * as urls from '../urls.ts'
import { contentTypes, writers } from './format/formats.ts'
import { listRecords } from './records.ts'

/** Whole lists, as they are exported: `.csv` and `.geojson` of all groups and of one keyword's. */
export function registerWholeLists(app: FastifyInstance, deps: Deps): void {
  for (const format of ['csv', 'geojson'] as const) {
    app.get<{ Querystring: GroupQuery }>(
      urls.twin(urls.groups, format),
      { schema: { querystring: querySchema }, compress: streamed },
      (request, reply) => sendWhole(request, reply, deps, { format, name: 'groups' }),
    )

    app.get<{ Params: { keyword: string }; Querystring: GroupQuery }>(
      `/e/:keyword.${format}`,
      { schema: { querystring: querySchema }, compress: streamed },
      async (request, reply) => {
        const state = await deps.catalogue.current(deps.db)
        const keyword = findKeyword(request, reply, state, request.params.keyword, (slug) => urls.twin(urls.ecosystem(slug), format))
        return keyword === undefined ? undefined : sendWhole(request, reply, deps, { format, name: keyword, scope: keyword })
      },
    )
  }
}

interface WholeList {
  format: 'csv' | 'geojson'
  /** Of the file, without its ending. */
  name: string
  scope?: string
}

/** Streams every group that matches, or one page if a size is asked for. It stops when the reader leaves; a HEAD reads nothing. */
async function sendWhole(
  request: FastifyRequest<{ Querystring: GroupQuery }>,
  reply: FastifyReply,
  deps: Deps,
  { format, name, scope }: WholeList,
): Promise<FastifyReply> {
  const search = readSearch(request.query)
  if (isKnownList(request, reply, deps, await deps.catalogue.current(deps.db))) return reply.code(304).send()
  reply.type(contentTypes[format])
  if (format === 'csv') reply.header('content-disposition', `inline; filename="${plain(name)}.csv"; filename*=UTF-8''${encodeURIComponent(name)}.csv`)
  if (request.method === 'HEAD') return reply.send(Readable.from([]))
  const { nums, omitted } = await orderGroups(deps, search, { scope, paged: request.query.size !== undefined })
  return reply.send(Readable.from(writers[format](breathing(listRecords(deps, nums)), { omitted }), { objectMode: false }))
}

/** Waits a turn before each batch: what is already written leaves, and other requests come in. */
async function* breathing<T>(batches: AsyncIterable<T>): AsyncGenerator<T> {
  await setImmediate()
  for await (const batch of batches) {
    yield batch
    await setImmediate()
  }
}

/** What old clients read of a file's name. */
function plain(name: string): string {
  return name.replace(/[^a-z0-9-]/g, '_')
}
