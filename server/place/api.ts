import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { isKnown } from '../http/cache.ts'
import type { PlaceQuery } from '../schema-types.ts'
import * as urls from '../urls.ts'
import { readerCountry } from './reader-country.ts'
import { suggest } from './suggest.ts'

/** Places whose name begins like what is typed; those of the reader's country come first unless another one is named. */
export function registerPlaceApi(app: FastifyInstance, deps: Pick<Deps, 'gazetteer'>): void {
  const schema = { querystring: { $ref: '/schemas/place-query.json' }, response: { 200: { $ref: '/schemas/place-list.json' } } }

  app.get<{ Querystring: PlaceQuery }>(urls.places, { schema }, async (request, reply) => {
    const { q = '', country = readerCountry(request.headers['accept-language']), limit } = request.query
    const gazetteer = await deps.gazetteer()
    if (isKnown(request, reply, { of: [gazetteer.version, country ?? ''], byLanguage: true })) return reply.code(304).send()
    return { items: suggest(gazetteer, q, { country, locale: request.locale, limit }) }
  })
}
