import type { FastifyInstance } from 'fastify'
import jsonld from 'jsonld'
import { publicUrl } from '../../helper.ts'

/** What the tests read of a node of the feed. */
export interface FeedNode {
  id: string
  type: string
  member?: Member[]
  relation?: { type: string; path: string; value: string; node: string }[]
  immutable?: boolean
}

export interface Member {
  id: string
  type: string
  published: string
  isVersionOf: string
  object: string
  version?: string
  keywords?: string[]
}

/** A page, an index or the root: its stream if it speaks of one, and its node. */
export async function read(
  app: FastifyInstance,
  url: string,
): Promise<{ stream?: FeedNode; node: FeedNode; body: string; headers: Record<string, unknown> }> {
  const { statusCode, body, headers } = await app.inject(url.replace(publicUrl, ''))
  if (statusCode !== 200) throw new Error(`${url}: ${statusCode} ${body}`)
  const graph: FeedNode[] = JSON.parse(body)['@graph']
  return { stream: graph.find(({ type }) => type === 'EventStream'), node: graph.find(({ type }) => type === 'Node')!, body, headers }
}

/** Every member from an address on, as a follower finds them; each must be within the bounds that lead to its page. */
export async function follow(app: FastifyInstance, url: string, within: { from?: string; before?: string } = {}): Promise<Member[]> {
  const { stream, node } = await read(app, url)
  const members = stream?.member ?? []
  const stray = members.find(({ published }) => (within.from && published < within.from) || (within.before && published >= within.before))
  if (stray) throw new Error(`${stray.id} is not where its time says`)
  const found = [...members]
  for (const next of new Set((node.relation ?? []).map((relation) => relation.node))) {
    const bounds = node.relation!.filter((relation) => relation.node === next)
    const value = (type: string) => bounds.find((bound) => bound.type === type)?.value
    found.push(...(await follow(app, next, { from: value('GreaterThanOrEqualToRelation'), before: value('LessThanRelation') })))
  }
  return found
}

/** JSON-LD as an independent reader understands it, without fetching anything; a word that the context does not explain is an error. */
export async function expand<T>(document: object): Promise<T[]> {
  const options = {
    safe: true,
    documentLoader: async (url: string): Promise<never> => {
      throw new Error(`${url} was asked for`)
    },
  }
  return (await jsonld.expand(document as jsonld.JsonLdDocument, options)) as unknown as T[]
}
