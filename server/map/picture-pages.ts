import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { listedSlots } from '../catalogue/keyword.ts'
import { activities, precisions, type Snapshot } from '../catalogue/snapshot.ts'
import type { Deps } from '../deps.ts'
import { findKeyword } from '../ecosystem/find-keyword.ts'
import { notFound } from '../errors.ts'
import { findCurrent, isKnownList, isKnownRecord } from '../group/current.ts'
import { toGroup } from '../group/row.ts'
import * as urls from '../urls.ts'
import { type Theme, toPicture } from './picture.ts'
import { type StaticPoint, staticMapSvg } from './static-map.ts'

type Themed = { Querystring: { theme?: Theme } }

const querySchema = { type: 'object', additionalProperties: false, properties: { theme: { type: 'string', enum: ['light', 'dark'] } } }
const mostPoints = 4000

/** Maps that are pictures: of a group's place, of an ecosystem, of all groups. No script, drawn from the base map's own files. */
export function registerMapPictures(app: FastifyInstance, deps: Deps): void {
  const options = { schema: { querystring: querySchema } }

  app.get<Themed & { Params: { shortName: string } }>('/g/:shortName/map.svg', options, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, urls.groupMap)
    if (!row) return reply
    if (isKnownRecord(request, reply, deps, row, await deps.catalogue.current(deps.db))) return reply.code(304).send()
    const { position, country } = toGroup(row)
    if (!position) throw notFound()
    const maxZoom = position.precision === 'country' ? 4 : 5
    return send(
      request,
      reply,
      staticMapSvg(deps.base(), { points: [{ ...position, country, type: row.type }], width: 320, height: 220, maxZoom, locale: request.locale }),
    )
  })

  app.get<Themed>(urls.mapPicture, options, async (request, reply) => {
    const state = await deps.catalogue.current(deps.db)
    if (isKnownList(request, reply, deps, state)) return reply.code(304).send()
    const slots = Array.from(state.snapshot.num, (_, slot) => slot).filter((slot) => state.snapshot.activity[slot] !== activities.indexOf('archived'))
    return sendOverview(request, reply, deps, state.snapshot, slots)
  })

  app.get<Themed & { Params: { keyword: string } }>('/e/:keyword/map.svg', options, async (request, reply) => {
    const state = await deps.catalogue.current(deps.db)
    const keyword = findKeyword(request, reply, state, request.params.keyword, urls.ecosystemMapPicture)
    if (keyword === undefined) return reply
    if (isKnownList(request, reply, deps, state)) return reply.code(304).send()
    return sendOverview(request, reply, deps, state.snapshot, listedSlots(state, keyword))
  })
}

function sendOverview(request: FastifyRequest, reply: FastifyReply, deps: Deps, snapshot: Snapshot, slots: number[]): FastifyReply {
  const points = pointsOf(snapshot, slots)
  return send(request, reply, staticMapSvg(deps.base(), { points, width: 640, height: 300, maxZoom: 4 }))
}

/** Where the groups are, each as precisely as it is known; of very many, one in so many. */
function pointsOf({ lat, lng, precision }: Snapshot, slots: number[]): StaticPoint[] {
  const placed = slots.filter((slot) => precision[slot]! > 0)
  const step = Math.ceil(placed.length / mostPoints)
  return placed
    .filter((_, at) => at % step === 0)
    .map((slot) => ({ lat: lat[slot]!, lng: lng[slot]!, precision: precisions[precision[slot]!] as StaticPoint['precision'] }))
}

function send(request: FastifyRequest, reply: FastifyReply, svg: string): FastifyReply {
  const { theme = 'light' } = request.query as Themed['Querystring']
  return reply.type('image/svg+xml').send(toPicture(svg, theme))
}
