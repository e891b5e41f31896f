import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findPersonById } from '../account/queries.ts'
import type { GroupRow, LetterRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { type Fault, notFound } from '../errors.ts'
import { findCurrent, langOnly } from '../group/pages.ts'
import { pageFrame } from '../http/page-frame.ts'
import * as urls from '../urls.ts'
import { answerLetter } from './actions.ts'
import { toAddressee, toForm } from './present.ts'
import { findLetter } from './queries.ts'
import { longestText, readText } from './rules.ts'

interface Named {
  shortName: string
  id: string
}

const bodySchema = { type: 'object', additionalProperties: false, properties: { text: { type: 'string' } } } as const

/** `/g/{shortName}/letters/{id}`: what a visitor wrote, and the answer. Who answers sees the writer's address from then on. */
export function registerLetterPage(app: FastifyInstance, deps: Deps): void {
  const path = '/g/:shortName/letters/:id'

  app.get<{ Params: Named }>(path, { config: { right: 'edit' }, schema: { querystring: langOnly } }, async (request, reply) => {
    const found = await find(request, reply, deps)
    return found && sendLetter(request, reply, deps, found)
  })

  app.post<{ Params: Named; Body: { text?: string } }>(path, { config: { right: 'edit' }, schema: { body: bodySchema } }, async (request, reply) => {
    const found = await find(request, reply, deps)
    if (!found) return undefined
    const { text, fault } = readText(request.body.text)
    if (fault) return sendLetter(request, reply, deps, found, request.body.text, [fault])
    const at = deps.clock().toISOString()
    await answerLetter(deps.db, { ...found, person: request.person!, text, at })
    return reply.redirect(urls.groupLetter(found.group.short_name, found.letter.id), 303)
  })
}

interface Found {
  group: GroupRow
  letter: LetterRow
}

async function find(request: FastifyRequest<{ Params: Named }>, reply: FastifyReply, deps: Deps): Promise<Found | undefined> {
  const { shortName, id } = request.params
  const group = await findCurrent(deps, reply, shortName, (name) => urls.groupLetter(name, id))
  if (!group) return undefined
  const letter = await findLetter(deps.db, group.id, id)
  if (!letter) throw notFound({ key: 'contact.noLetter' })
  return { group, letter }
}

async function sendLetter(
  request: FastifyRequest,
  reply: FastifyReply,
  { db, config }: Deps,
  { group, letter }: Found,
  typed?: string,
  faults: Fault[] = [],
): Promise<FastifyReply> {
  const { name, role, text, created_at, answered_at, answered_by } = letter
  const page = pageFrame(request, config, { title: request.t('contact.letter', { name }), robots: 'noindex' })
  const answeredBy = answered_by ? await findPersonById(db, answered_by) : undefined
  const answer = answered_at ? { at: answered_at, by: answeredBy?.name ?? undefined, mine: answered_by === request.person?.id } : undefined
  const said = { name, role, paragraphs: text.split(/\n{2,}/).map((one) => one.split('\n')), at: created_at }
  const form = toForm({ text: typed }, faults, request.t)
  const model = {
    page,
    group: toAddressee(group),
    letter: said,
    answer,
    address: answer?.mine ? letter.address : undefined,
    own: request.person?.address,
    limit: longestText,
    ...form,
  }
  return reply.page('contact/letter', model, faults.length > 0 ? 400 : 200)
}
