import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { notImplemented } from '../errors.ts'
import type { OembedQuery } from '../schema-types.ts'
import * as urls from '../urls.ts'
import { cacheAge, toOembed } from './oembed-present.ts'
import { findTarget } from './oembed-target.ts'

/** oEmbed 1.0 for lists, maps and groups: what a site asks when a page's address is pasted there. */
export function registerOembed(app: FastifyInstance, deps: Deps): void {
  const schema = { querystring: { $ref: '/schemas/oembed-query.json' }, response: { 200: { $ref: '/schemas/oembed.json' } } }

  app.get<{ Querystring: OembedQuery }>(urls.oembed, { schema }, async (request, reply) => {
    const { url, format = 'json', maxwidth, maxheight } = request.query
    if (format !== 'json' && format !== 'xml') throw notImplemented({ key: 'error.notImplemented.format' })
    const target = await findTarget(deps, url)
    const { lang } = target.options
    const t = lang === 'auto' ? request.t : deps.views.words[lang]
    const answer = toOembed(target, { maxwidth, maxheight }, { t, publicUrl: deps.config.publicUrl })
    reply.header('cache-control', `public, max-age=${cacheAge}`).header('vary', 'Accept-Language, accept-encoding')
    if (format !== 'xml') return answer
    const { toOembedXml } = await import('./oembed-xml.ts')
    return reply.type('text/xml; charset=utf-8').send(toOembedXml(answer))
  })
}
