import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import type { GroupQuery } from '../schema-types.ts'
import * as urls from '../urls.ts'
import { isKnownList } from './current.ts'
import { listGroups } from './list.ts'
import { toRecord } from './present.ts'
import { pageParams, readSearch, toParams } from './query.ts'

/** Answers with the feed of a list: the page at `path`, of one keyword's groups if `scope` is set. Last updated first unless asked otherwise. */
export async function sendAtom(
  request: FastifyRequest<{ Querystring: GroupQuery }>,
  reply: FastifyReply,
  deps: Deps,
  list: { path: string; title: string; scope?: string },
): Promise<FastifyReply> {
  const search = readSearch({ sort: 'updated', ...request.query })
  const state = await deps.catalogue.current(deps.db)
  if (isKnownList(request, reply, deps, state, { byLanguage: true })) return reply.code(304).send()
  const { rows, next } = await listGroups(deps, search, list.scope)
  const { publicUrl } = deps.config
  // The feed's own default order is not the page's: it is always said.
  const { lang } = request.query
  const choices: urls.Params = [...toParams(search).filter(([name]) => name !== 'sort'), ['sort', search.sort]]
  const at = (after?: string) => urls.absolute(publicUrl, urls.withParams(urls.twin(list.path, 'atom'), pageParams(choices, { after, lang })))
  // The XML library is loaded when a feed is first asked for: the start does not wait for it.
  const { toAtom } = await import('./atom.ts')
  const feed = toAtom({
    id: at(),
    title: list.title,
    lang: request.locale,
    page: urls.absolute(publicUrl, urls.withParams(list.path, pageParams(choices, { lang }))),
    self: at(request.query.after),
    next: next === undefined ? undefined : at(next),
    updated: state.changedAt ?? '1970-01-01T00:00:00.000Z',
    keywordScheme: urls.absolute(publicUrl, urls.ecosystem('')),
    records: rows.map((row) => toRecord(row, { publicUrl, ecosystems: state.ecosystems })),
  })
  return reply.type('application/atom+xml; charset=utf-8').send(feed)
}
