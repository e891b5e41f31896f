import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { langAnd } from '../http/lang-only.ts'
import { ownPath, pageFrame } from '../http/page-frame.ts'
import type { Place } from '../schema-types.ts'
import * as urls from '../urls.ts'
import { readerCountry } from './reader-country.ts'
import { findPlace } from './suggest.ts'

interface Asked {
  place?: string
  back?: string
}

const askedSchema = langAnd({ place: { type: 'string', maxLength: 200 }, back: { type: 'string', maxLength: 4000 } })

/** A place typed into a form: leads back to the list around it, or asks which one is meant. */
export function registerPlacePages(app: FastifyInstance, deps: Deps): void {
  app.get<{ Querystring: Asked }>(urls.near, { schema: { querystring: askedSchema } }, async (request, reply) => {
    const list = listAddress(request.query.back, deps.config.publicUrl)
    const text = (request.query.place ?? '').trim()
    if (!text) return reply.redirect(pathOf(list), 303)
    const country = readerCountry(request.headers['accept-language'])
    const { place, choices } = findPlace(await deps.gazetteer(), text, { country, locale: request.locale })
    return place ? reply.redirect(around(list, place), 303) : sendChoices(request, reply, deps, { text, list, choices })
  })
}

function sendChoices(
  request: FastifyRequest,
  reply: FastifyReply,
  { config }: Pick<Deps, 'config'>,
  { text, list, choices }: { text: string; list: URL; choices: Place[] },
): FastifyReply {
  const found = choices.length > 0
  const page = pageFrame(request, config, { title: request.t(found ? 'place.which' : 'place.unknown', { text }), robots: 'noindex' })
  const links = choices.map((place) => ({ label: place.label, url: around(list, place) }))
  return reply.page('place/choose', { page, text, choices: links, action: urls.near, back: pathOf(list) }, found ? 200 : 404)
}

/** A list or map of this site, without what goes with another place; anything else is the list of all groups. */
function listAddress(back: string | undefined, publicUrl: string): URL {
  const home = new URL(urls.groups, publicUrl)
  const asked = back?.startsWith('/') ? URL.parse(back, publicUrl) : null
  const path = asked?.origin === home.origin ? urls.listOf(ownPath(asked.pathname)) : ''
  const list = asked && (path === urls.groups || /^\/e\/[^/]+$/.test(path)) ? asked : home
  for (const name of ['near', 'after']) list.searchParams.delete(name)
  return list
}

function around(list: URL, { lat, lng }: Pick<Place, 'lat' | 'lng'>): string {
  const address = new URL(list)
  address.searchParams.set('near', `${lat},${lng}`)
  address.searchParams.set('sort', 'distance')
  return pathOf(address)
}

/** Without a place, distance and radius mean nothing. */
function pathOf({ pathname, searchParams }: URL): string {
  const params = [...searchParams].filter(
    ([name, value]) => searchParams.has('near') || (name !== 'radius' && !(name === 'sort' && value === 'distance')),
  )
  return urls.withParams(ownPath(pathname), params)
}
