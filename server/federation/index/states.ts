import type { FastifyInstance } from 'fastify'
import type { Deps } from '../../deps.ts'
import type { NodeState } from '../../schema-types.ts'
import * as urls from '../../urls.ts'
import type { Entries } from './entries.ts'
import { answerIndexError } from './errors.ts'
import { addressOf } from './nodes.ts'
import { findItem, findSubmitted } from './queries.ts'
import { IndexRefusal, refuse } from './refusal.ts'
import { toSeconds } from './rules.ts'

/** What became of one profile: a group's of this server, or one that somebody asked to be looked at. */
export function registerStates(app: FastifyInstance, deps: Deps, entries: () => Promise<Entries>): void {
  app.get<{ Params: { nodeId: string } }>(
    urls.indexNode(':nodeId'),
    { schema: { response: { 200: { $ref: '/schemas/murmurations-state.json' } } }, errorHandler: answerIndexError },
    async (request, reply) => {
      const { nodeId } = request.params
      const data = /^[0-9a-f]{64}$/.test(nodeId) ? ((await findOwn(deps, nodeId, await entries())) ?? (await readSubmitted(deps, nodeId))) : undefined
      if (!data) throw refuse('Node Not Found', 'noNode', { status: 404 })
      reply.header('cache-control', 'no-cache')
      return { data }
    },
  )
}

async function findOwn(deps: Deps, nodeId: string, { list, findName }: Entries): Promise<NodeState | undefined> {
  const name = findName(nodeId)
  const entry = name === undefined ? undefined : list.findLast((one) => one.name === name)
  if (!entry) return undefined
  return { node_id: nodeId, profile_url: addressOf(deps, entry.name), status: entry.num === undefined ? 'deleted' : 'posted', last_updated: entry.at }
}

const statusOf = { new: 'validated', changed: 'validated', dismissed: 'validated', published: 'posted', gone: 'deleted' } as const

/** Throws what is wrong with it when it was refused. Whether a person set it aside is not told. */
async function readSubmitted({ db }: Deps, nodeId: string): Promise<NodeState | undefined> {
  const source = await findSubmitted(db, nodeId)
  if (!source) return undefined
  const about = { node_id: nodeId, profile_url: source.url }
  const item = await findItem(db, source.id)
  if (!item) return { ...about, status: 'received', last_updated: toSeconds(source.created_at) }
  if (item.state !== 'refused') return { ...about, status: statusOf[item.state], last_updated: toSeconds(item.changed_at) }
  throw new IndexRefusal([{ title: 'Invalid Profile', detail: { key: 'index.refused', values: { reason: item.reason ?? '' } } }], about)
}
