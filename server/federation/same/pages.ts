import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { onMe } from '../../account/me-hook.ts'
import type { Person } from '../../account/rights.ts'
import type { Deps } from '../../deps.ts'
import { forbidden } from '../../errors.ts'
import { wordsOf } from '../../group/reader.ts'
import { langAnd } from '../../http/lang-only.ts'
import { pageFrame } from '../../http/page-frame.ts'
import { listGroupsById } from '../../transfer/queries.ts'
import * as urls from '../../urls.ts'
import { decidePair, listPairs, listVerdicts, mayDecide } from './actions.ts'
import { toSide } from './present.ts'
import type { Pair } from './rules.ts'

type Verdict = 'same' | 'different' | 'undo'

const verdicts = ['same', 'different', 'undo'] as const
const id = { type: 'string', minLength: 1, maxLength: 60 } as const
const querySchema = langAnd({ done: { type: 'string', enum: verdicts } })
const decisionSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['one', 'other', 'do'],
  properties: { one: id, other: id, do: { type: 'string', enum: verdicts } },
} as const
const mostShown = 30

/** `/me/duplicates`: records that may be of one group, for operators and for the stewards of an ecosystem of theirs. */
export function registerDuplicatesPage(app: FastifyInstance, deps: Deps): void {
  const { db, clock } = deps
  // What a job found: nobody waits for the looking.
  const find = async (person: Person) => (await listPairs(db)).filter(({ one, other }) => mayDecide(person, [one, other]))

  app.get<{ Querystring: { done?: Verdict } }>(
    urls.duplicates,
    { config: { right: 'review' }, schema: { querystring: querySchema } },
    async (request, reply) => sendPairs(request, reply, deps, await find(request.person!), request.query.done),
  )

  app.post<{ Body: { one: string; other: string; do: Verdict } }>(
    urls.duplicates,
    { config: { right: 'review' }, schema: { body: decisionSchema } },
    async (request, reply) => {
      const { one, other, do: verdict } = request.body
      // One record of theirs would be enough to hide any other behind it: stewards decide on what was found alone.
      const ids = [one, other]
      if (
        verdict !== 'undo' &&
        !request.person!.operator &&
        !(await find(request.person!)).some((pair) => ids.includes(pair.one.id) && ids.includes(pair.other.id))
      )
        throw forbidden({ key: 'error.forbidden.review' })
      await decidePair(db, [one, other], verdict, request.person!, clock().toISOString())
      return reply.redirect(urls.withParams(urls.duplicates, [['done', verdict]]), 303)
    },
  )

  onMe(app, async (person) => {
    const count = person.operator || person.stewards.size > 0 ? (await find(person)).length : 0
    return count > 0 ? [{ message: { key: 'same.notice', values: { count } }, url: urls.duplicates }] : []
  })
}

async function sendPairs(request: FastifyRequest, reply: FastifyReply, deps: Deps, pairs: Pair[], done: Verdict | undefined): Promise<FastifyReply> {
  const shown = pairs.slice(0, mostShown)
  const decided = (await listVerdicts(deps.db)).filter(({ one, other }) => mayDecide(request.person!, [one, other])).slice(0, mostShown)
  const ids = [...shown, ...decided].flatMap(({ one, other }) => [one.id, other.id])
  const rows = await listGroupsById(deps.db, [...new Set(ids)])
  const { format } = wordsOf(request)
  const sides = ({ one, other }: Pick<Pair, 'one' | 'other'>) =>
    [one, other].flatMap((side) => rows.get(side.id) ?? []).map((row) => toSide(row, format))
  const model = {
    page: pageFrame(request, deps.config, { title: request.t('same.title'), robots: 'noindex' }),
    done,
    total: pairs.length,
    pairs: shown.map((pair) => ({ one: pair.one.id, other: pair.other.id, name: pair.one.name, why: pair.why, sides: sides(pair) })),
    decided: decided.map((pair) => ({ one: pair.one.id, other: pair.other.id, verdict: pair.verdict, at: pair.at, sides: sides(pair) })),
  }
  return reply.page('federation/duplicates', model)
}
