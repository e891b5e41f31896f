import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { countAttempt } from '../../account/limits.ts'
import type { GroupRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { forbidden, type Message, notFound } from '../../errors.ts'
import { daysBack } from '../../group/actions.ts'
import { authorOf, findCurrent } from '../../group/current.ts'
import { findForwarding } from '../../group/moved/queries.ts'
import { findNameOwner } from '../../group/queries.ts'
import { langOnly } from '../../http/lang-only.ts'
import { pageFrame } from '../../http/page-frame.ts'
import * as urls from '../../urls.ts'
import { originOf } from '../copies/rules.ts'
import { leaveGroup } from './actions.ts'
import { askElsewhere, type Found } from './ask.ts'
import { signingKey } from './key.ts'
import { type Claim, readClaim, signClaim } from './statement.ts'

type Named = { Params: { shortName: string } }
type Sent = Named & { Body: { address: string; to?: string } }
type Record = Found & { kind: 'record' }

const text = { type: 'string', maxLength: 2000 } as const
const bodySchema = { body: { type: 'object', additionalProperties: false, required: ['address'], properties: { address: text, to: text } } }
/** How often somebody may have another server asked. */
export const asksAnHour = { max: 30, minutes: 60 }

/** `/g/{shortName}/move`: the address of the new record, then what was found there to be confirmed; and what to do afterwards. */
export function registerDeparture(app: FastifyInstance, deps: Deps): void {
  app.get<Named>('/g/:shortName/move', { config: { right: 'edit' }, schema: { querystring: langOnly } }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, urls.groupMove)
    return row ? sendForm(request, reply, deps, row) : reply
  })

  app.post<Sent>('/g/:shortName/move', { config: { right: 'edit' }, schema: bodySchema }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, urls.groupMove)
    if (!row) return reply
    const { address, to } = request.body
    await countAttempt(deps.db, deps, 'move', request.person!.id, asksAnHour)
    const found = await askElsewhere(deps, address)
    if (found.kind !== 'record') return sendForm(request, reply, deps, row, { address, wrong: faultOf(found) })
    // What is confirmed is what was shown.
    if (to !== found.iri) return sendForm(request, reply, deps, row, { address, found })
    await leave(request, deps, row, found)
    return reply.redirect(urls.groupMove(row.short_name, 'done'), 303)
  })

  app.get<Named>('/g/:shortName/move/done', { config: { right: 'signed-in' }, schema: { querystring: langOnly } }, async (request, reply) => {
    const name = request.params.shortName
    const owner = await findNameOwner(deps.db, name)
    const move = owner && !owner.current ? await findForwarding(deps.db, owner.groupId) : undefined
    if (!owner || move?.kind !== 'left') throw notFound({ key: 'error.noGroup', values: { name: name.slice(0, 60) } })
    if (!request.person!.operator && !request.person!.animates.has(owner.groupId))
      throw forbidden({ key: 'error.forbidden.edit', values: { name: name.slice(0, 60) } })
    const { host } = new URL(move.to_url)
    const page = pageFrame(request, deps.config, { title: request.t('move.doneTitle', { host }), robots: 'noindex' })
    const more = { arrivalUrl: urls.arrivalOf(move.to_url, move.from_iri), restoreUrl: urls.groupRestore(name), days: daysBack }
    return reply.page('move/done', { page, host, url: move.to_url, from: move.from_iri, ...more })
  })
}

async function leave(request: FastifyRequest, { db, config, clock }: Deps, row: GroupRow, { iri, url }: Record): Promise<void> {
  const by = authorOf(request, { clock })
  const key = await signingKey(config)
  const sub = urls.absolute(config.publicUrl, urls.identity(row.id))
  const said: Omit<Claim, 'kid'> = { iss: originOf(config.publicUrl)!, sub, to: iri, url, at: by.at }
  const statement = await signClaim(key, said)
  // What others could not read is not signed.
  const claim = readClaim(statement, clock())
  if (!claim) throw new Error('The forwarding address does not read as one.')
  await leaveGroup(db, row, { claim, statement, key: key.public }, by)
}

function faultOf(found: Exclude<Found, Record>): Message {
  return found.kind === 'left' ? { key: 'move.wrong.left' } : found.message
}

function sendForm(
  request: FastifyRequest,
  reply: FastifyReply,
  { config }: Deps,
  row: GroupRow,
  { address = '', found, wrong }: { address?: string; found?: Record; wrong?: Message } = {},
): FastifyReply {
  const { t } = request
  const page = pageFrame(request, config, { title: t('move.title', { name: row.name }), robots: 'noindex' })
  const fault = wrong && t(wrong.key, wrong.values)
  const model = {
    ...{ page, address, days: daysBack, name: row.name, action: urls.groupMove(row.short_name), groupUrl: urls.group(row.short_name) },
    found: found && { iri: found.iri, url: found.url, name: found.name, host: new URL(found.iri).host },
    fault,
    faults: fault ? [{ id: 'address', message: fault }] : [],
  }
  return reply.page('move/form', model, fault ? 400 : 200)
}
