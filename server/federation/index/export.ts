import type { FastifyInstance } from 'fastify'
import type { Deps } from '../../deps.ts'
import { validatorFor } from '../../schema.ts'
import type { ExportQuestion } from '../../schema-types.ts'
import * as urls from '../../urls.ts'
import type { Entries, Entry } from './entries.ts'
import { answerIndexError } from './errors.ts'
import { addressOf, toNodes } from './nodes.ts'
import { IndexRefusal, refuse, toWrong } from './refusal.ts'
import { ownSchema } from './rules.ts'

const check = validatorFor('/schemas/murmurations-export.json#/definitions/exportQuestion')

/** All nodes in the order of their changes, from wherever the reader is: whoever comes back with the last place hears of what changed since. */
export function registerExport(app: FastifyInstance, deps: Deps, entries: () => Promise<Entries>): void {
  app.post(
    urls.indexExport,
    { schema: { response: { 200: { $ref: '/schemas/murmurations-export.json' } } }, config: { right: 'anyone' }, errorHandler: answerIndexError },
    async (request, reply) => {
      const { schema = '', page_size = 100, search_after: after } = readQuestion(request.body)
      const known = await entries()
      const list = ownSchema.startsWith(schema) ? known.list : []
      const from = after ? firstAfter(list, after, (name) => addressOf(deps, name)) : 0
      const shown = list.slice(from, from + Math.min(page_size, 500))
      const last = shown.at(-1)
      const sort = last ? [last.at, addressOf(deps, last.name)] : after
      reply.header('cache-control', 'no-store').code(200)
      return { data: await toNodes(deps, known, shown), ...(sort ? { meta: { sort } } : {}) }
    },
  )
}

function readQuestion(body: unknown): Omit<ExportQuestion, 'search_after'> & { search_after?: [number, string] } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refuse('JSON Error', 'object')
  const errors = check(body)
  if (errors.length > 0) throw new IndexRefusal(errors.map((error) => toWrong(error, { pointer: `/${error.field}` })))
  const { search_after: after, ...rest } = body as ExportQuestion
  if (!after) return rest
  const [at, address] = after
  if (typeof at !== 'number' || typeof address !== 'string') throw refuse('Invalid Type', 'searchAfter', { source: { pointer: '/search_after' } })
  return { ...rest, search_after: [at, address] }
}

function firstAfter(list: Entry[], [at, address]: [number, string], addressOf: (name: string) => string): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const entry = list[middle]!
    if (entry.at < at || (entry.at === at && addressOf(entry.name) <= address)) low = middle + 1
    else high = middle
  }
  return low
}
