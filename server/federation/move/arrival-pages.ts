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
    const proven = await prove(deps, row, from)
    if ('key' in proven && typeof proven.key === 'string') return sendForm(request, reply, deps, row, from, proven as Message)
    await arrive(request, deps, row, proven as Proven)
    return reply.redirect(urls.group(row.short_name), 303)
  })
}

/** Asks the old home for its word and for its keys, now; or what is wrong. */
async function prove(deps: Deps, row: GroupRow, from: string): Promise<Proven | Message> {
  const found = await askElsewhere(deps, from)
  if (found.kind === 'neither') return found.message
  if (found.kind === 'record') return { key: 'arrival.wrong.still', values: { name: found.name } }
  const claim = readClaim(found.statement, deps.clock())
  if (!claim || claim.iss !== found.origin) return { key: 'arrival.wrong.statement' }
  if (claim.to !== urls.absolute(deps.config.publicUrl, urls.identity(row.id)))
    return { key: 'arrival.wrong.another', values: { address: claim.url } }
  const keys = await askKeys(deps.outbound, claim.iss)
  if (!keys) return { key: 'arrival.wrong.keys' }
  const key = keys.find(({ kid }) => kid === claim.kid)
  if (!key || !(await isSignedBy(found.statement, key))) return { key: 'arrival.wrong.statement' }
  return { claim, statement: found.statement, key }
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
