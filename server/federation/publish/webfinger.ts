import type { FastifyInstance } from 'fastify'
import type { Deps } from '../../deps.ts'
import { getKeyword } from '../../ecosystem/find-keyword.ts'
import { badRequest, notFound } from '../../errors.ts'
import { findGroup, findGroupById, findNameOwner } from '../../group/queries.ts'
import type { WebfingerQuery } from '../../schema-types.ts'
import * as urls from '../../urls.ts'
import { readResource } from './rules.ts'

interface Jrd {
  subject: string
  aliases: string[]
  properties: Record<string, string>
  links: { rel: string; type: string; href: string }[]
}

/** WebFinger (RFC 7033) for groups kept here, ecosystems and keywords, by `acct:name@host` or by address. A group comes before a keyword. */
export function registerWebFinger(app: FastifyInstance, deps: Deps): void {
  const schema = { querystring: { $ref: '/schemas/webfinger-query.json' } }
  app.get<{ Querystring: WebfingerQuery }>(urls.webFinger, { schema }, async (request, reply) => {
    const { resource, rel } = request.query
    const asked = readResource(resource, deps.config.publicUrl)
    if (asked === 'malformed') throw badRequest([{ field: 'resource', message: { key: 'error.field.other' } }])
    const group = asked.kind === 'keyword' ? undefined : await findGroupJrd(deps, asked)
    const found = group ?? (asked.kind === 'keyword' || asked.kind === 'account' ? await findKeywordJrd(deps, asked.name) : undefined)
    if (!found) throw notFound()
    const links = rel ? found.links.filter((link) => rel.includes(link.rel)) : found.links
    reply.type('application/jrd+json; charset=utf-8').header('cache-control', 'no-cache')
    return reply.send(JSON.stringify({ ...found, links }))
  })
}

/** Only of a group that is kept here: others answer for their own. */
async function findGroupJrd({ db, config: { publicUrl } }: Deps, { kind, name }: { kind: string; name: string }): Promise<Jrd | undefined> {
  const current = kind === 'id' ? undefined : (await findNameOwner(db, name))?.current
  const row = kind === 'id' ? await findGroupById(db, name) : current && (await findGroup(db, current))
  if (!row || row.origin_server !== null) return undefined
  const page = urls.group(row.short_name)
  return {
    subject: `acct:${row.short_name}@${new URL(publicUrl).host}`,
    aliases: [page, urls.identity(row.id)].map((path) => urls.absolute(publicUrl, path)),
    properties: { 'https://schema.org/name': row.name },
    links: linksOf(page, publicUrl),
  }
}

async function findKeywordJrd({ db, catalogue, config: { publicUrl } }: Deps, name: string): Promise<Jrd> {
  const state = await catalogue.current(db)
  const keyword = getKeyword(state, name)
  const page = urls.ecosystem(keyword)
  return {
    subject: urls.absolute(publicUrl, page),
    aliases: [`acct:${encodeURIComponent(keyword)}@${new URL(publicUrl).host}`],
    properties: { 'https://schema.org/name': state.ecosystems.get(keyword)?.title ?? keyword },
    links: [
      ...linksOf(page, publicUrl),
      { rel: 'https://w3id.org/ldes#EventStream', type: 'application/ld+json', href: urls.absolute(publicUrl, urls.feed(keyword)) },
    ],
  }
}

function linksOf(page: string, publicUrl: string): Jrd['links'] {
  return [
    { rel: 'http://webfinger.net/rel/profile-page', type: 'text/html', href: page },
    { rel: 'describedby', type: 'application/ld+json', href: urls.twin(page, 'jsonld') },
    { rel: 'alternate', type: 'application/json', href: urls.twin(page, 'json') },
  ].map((link) => ({ ...link, href: urls.absolute(publicUrl, link.href) }))
}
