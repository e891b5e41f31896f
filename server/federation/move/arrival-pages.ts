import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { countAttempt } from '../../account/limits.ts'
import type { GroupRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import type { Message } from '../../errors.ts'
import { authorOf, findCurrent } from '../../group/current.ts'
import { langOnly } from '../../http/lang-only.ts'
import { pageFrame } from '../../http/page-frame.ts'
import * as urls from '../../urls.ts'
import { arriveGroup, type Proven, settleMoves } from './actions.ts'
import { askElsewhere } from './ask.ts'
import { asksAnHour } from './departure-pages.ts'
import { askKeys } from './keys.ts'
import { findForwarding } from './queries.ts'
import { isSignedBy, readClaim } from './statement.ts'

type Named = { Params: { shortName: string } }
type Proof = { kind: 'proven'; proven: Proven } | { kind: 'wrong'; message: Message }

const text = { type: 'string', maxLength: 2000 } as const
const querySchema = { type: 'object', additionalProperties: false, properties: { from: text, lang: langOnly.properties.lang } } as const
const bodySchema = { body: { type: 'object', additionalProperties: false, required: ['from'], properties: { from: text } } }

/** `/g/{shortName}/arrival`: a group that came from another server says from where, and that server's word is checked. */
export function registerArrival(app: FastifyInstance, deps: Deps): void {
  app.get<Named & { Querystring: { from?: string } }>(
    '/g/:shortName/arrival',
    { config: { right: 'edit' }, schema: { querystring: querySchema } },
    async (request, reply) => {
      const { from } = request.query
      const row = await findCurrent(deps, reply, request.params.shortName, (name) => urls.groupArrival(name, from))
      return row ? sendForm(request, reply, deps, row, from) : reply
    },
  )

  app.post<Named & { Body: { from: string } }>('/g/:shortName/arrival', { config: { right: 'edit' }, schema: bodySchema }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, urls.groupArrival)
    if (!row) return reply
    const { from } = request.body
    await countAttempt(deps.db, deps, 'move', request.person!.id, asksAnHour)
    const proof = await prove(deps, row, from)
    if (proof.kind === 'wrong') return sendForm(request, reply, deps, row, from, proof.message)
    await arrive(request, deps, row, proof.proven)
    return reply.redirect(urls.group(row.short_name), 303)
  })
}

/** Asks the old home for its word and for its keys, now; or what is wrong. */
async function prove(deps: Deps, row: GroupRow, from: string): Promise<Proof> {
  const found = await askElsewhere(deps, from)
  if (found.kind === 'neither') return { kind: 'wrong', message: found.message }
  if (found.kind === 'record') return wrong('still', { name: found.name })
  const claim = readClaim(found.statement, deps.clock())
  if (!claim || claim.iss !== found.origin) return wrong('statement')
  if (claim.to !== urls.absolute(deps.config.publicUrl, urls.identity(row.id))) return wrong('another', { address: claim.url })
  const keys = await askKeys(deps.outbound, claim.iss)
  if (!keys) return wrong('keys')
  const key = keys.find(({ kid }) => kid === claim.kid)
  if (!key || !(await isSignedBy(found.statement, key))) return wrong('statement')
  return { kind: 'proven', proven: { claim, statement: found.statement, key } }
}

function wrong(why: string, values?: Message['values']): Proof {
  return { kind: 'wrong', message: { key: `arrival.wrong.${why}`, values } }
}

/** Said twice, it changes nothing the second time. */
async function arrive(request: FastifyRequest, deps: Deps, row: GroupRow, proven: Proven): Promise<void> {
  const known = await findForwarding(deps.db, proven.claim.sub)
  const isKnown = known?.kind === 'arrived' && known.own_id === row.id && known.statement === proven.statement && !known.revoked_at
  if (!isKnown) await arriveGroup(deps.db, row, proven, authorOf(request, deps))
  await settleMoves(deps.db, deps.clock())
}

function sendForm(request: FastifyRequest, reply: FastifyReply, { config }: Deps, row: GroupRow, from = '', wrong?: Message): FastifyReply {
  const { t } = request
  const page = pageFrame(request, config, { title: t('arrival.title', { name: row.name }), robots: 'noindex' })
  const fault = wrong && t(wrong.key, wrong.values)
  const model = {
    ...{ page, from, action: urls.groupArrival(row.short_name), groupUrl: urls.group(row.short_name) },
    fault,
    faults: fault ? [{ id: 'from', message: fault }] : [],
  }
  return reply.page('move/arrival', model, fault ? 400 : 200)
}
