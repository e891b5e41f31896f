import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../../deps.ts'
import { toRecord } from '../../group/present.ts'
import { listGroupsByNum } from '../../group/queries.ts'
import { isKnown } from '../../http/cache.ts'
import type { MurmurationsNode, MurmurationsQuery } from '../../schema-types.ts'
import * as urls from '../../urls.ts'
import { chooseEntries } from './choose.ts'
import type { Entries, Entry } from './entries.ts'
import { answerIndexError } from './errors.ts'
import { toGoneNode, toNode, toPageLinks, toProfile } from './present.ts'
import { refuse } from './refusal.ts'
import { mostResults, readPage } from './rules.ts'

type Asked = FastifyRequest<{ Querystring: MurmurationsQuery }>

const querystring = { $ref: '/schemas/murmurations-query.json' }

/** The list of nodes page by page, and where they are on a map. */
export function registerNodes(app: FastifyInstance, deps: Deps, entries: () => Promise<Entries>): void {
  const options = (answer: string) => ({ schema: { querystring, response: { 200: { $ref: answer } } }, errorHandler: answerIndexError })

  app.get<{ Querystring: MurmurationsQuery }>(urls.indexNodes, options('/schemas/murmurations-nodes.json'), async (request, reply) => {
    const known = await entries()
    if (isKnownIndex(request, reply, deps, known)) return reply.code(304).send()
    const { shown, ...around } = await findPage(request, deps, known, { most: 500 })
    return { data: await toNodes(deps, known, shown), ...around }
  })

  app.get<{ Querystring: MurmurationsQuery }>(urls.indexMap, options('/schemas/murmurations-map.json'), async (request, reply) => {
    const known = await entries()
    if (isKnownIndex(request, reply, deps, known)) return reply.code(304).send()
    const { shown, ...around } = await findPage(request, deps, known, { most: mostResults, placed: true })
    const { slotOf, lat, lng } = known.state.snapshot
    const spot = (entry: Entry) => [lng[slotOf[entry.num!]!]!, lat[slotOf[entry.num!]!]!, addressOf(deps, entry.name)]
    return { data: shown.map(spot), ...around }
  })
}

/** The nodes of these entries, in their order; one that was deleted this very moment is left out. */
export async function toNodes(deps: Pick<Deps, 'db' | 'config'>, { state }: Entries, entries: Entry[]): Promise<MurmurationsNode[]> {
  const { publicUrl } = deps.config
  const rows = await listGroupsByNum(
    deps.db,
    entries.flatMap(({ num }) => num ?? []),
  )
  const byNum = new Map(rows.map((row) => [row.num, row]))
  return entries.flatMap(({ num, name, at }) => {
    const row = byNum.get(num ?? -1)
    if (num === undefined) return toGoneNode(addressOf(deps, name), at)
    return row ? toNode(toProfile(toRecord(row, { publicUrl, ecosystems: state.ecosystems }), publicUrl), addressOf(deps, name), at) : []
  })
}

/** Where a group's profile is. */
export function addressOf({ config }: Pick<Deps, 'config'>, name: string): string {
  return urls.absolute(config.publicUrl, urls.murmurationsProfile(name))
}

/** What is gone is told of for a while: an answer holds for an hour at most. */
function isKnownIndex(request: FastifyRequest, reply: FastifyReply, { config, clock }: Deps, { state, list }: Entries): boolean {
  return isKnown(request, reply, {
    of: [config.publicUrl, state.version, list.length, Math.floor(clock().getTime() / 3600_000)],
    modified: state.changedAt,
  })
}

async function findPage({ query }: Asked, deps: Deps, known: Entries, { most, placed }: { most: number; placed?: true }) {
  const { page: asked, page_size, ...rest } = query
  const place = readPage({ page: asked, page_size }, most)
  if (!place) throw refuse('Max Results Exceeded', 'maxResults', { source: { parameter: 'page' }, values: { most: mostResults } })
  const { publicUrl } = deps.config
  const chosen = await chooseEntries(deps, known, rest, { homeOf: (name) => urls.absolute(publicUrl, urls.group(name)), placed })
  const { page, size } = place
  const pages = Math.ceil(chosen.length / size)
  const params = Object.entries(rest).map(([name, value]): [string, string] => [name, String(value)])
  return {
    shown: chosen.slice((page - 1) * size, page * size),
    links: toPageLinks(placed ? urls.indexMap : urls.indexNodes, params, { page, size, pages }, publicUrl),
    meta: { number_of_results: chosen.length, total_pages: pages },
  }
}
