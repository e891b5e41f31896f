import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findPersonById } from '../account/queries.ts'
import type { GroupRow, LetterRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { AppError, type Fault, notFound } from '../errors.ts'
import { findCurrent } from '../group/pages.ts'
import { langOnly } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import { longestMessage, readMessage, toParagraphs } from '../text/message.ts'
import * as urls from '../urls.ts'
import { answerLetter } from './actions.ts'
import { toAddressee, toForm } from './present.ts'
import { findLetter } from './queries.ts'
import { noText } from './rules.ts'

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
    const { text, faults } = readMessage(request.body.text, 'text', noText)
    if (faults.length > 0) return sendLetter(request, reply, deps, found, { typed: request.body.text, faults, status: 400 })
    const at = deps.clock().toISOString()
    try {
      await answerLetter(deps.db, { ...found, person: request.person!, text, at })
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict' || !error.detail) throw error
      const current = await find(request, reply, deps)
      const returned = { unsent: text, faults: [{ field: '', message: error.detail }], status: 409 }
      return current && sendLetter(request, reply, deps, current, returned)
    }
    return reply.redirect(urls.groupLetter(found.group.short_name, found.letter.id), 303)
  })
}

interface Found {
  group: GroupRow
  letter: LetterRow
}

/** What comes back of an answer: to be mended, or, when somebody else was quicker, only to be copied. */
interface Returned {
  typed?: string
  unsent?: string
  faults: Fault[]
  status: number
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
  { typed, unsent, faults, status }: Returned = { faults: [], status: 200 },
): Promise<FastifyReply> {
  const { name, role, text, created_at, answered_at, answered_by } = letter
  const page = pageFrame(request, config, { title: request.t('contact.letter', { name }), robots: 'noindex' })
  const answeredBy = answered_by ? await findPersonById(db, answered_by) : undefined
  const answer = answered_at ? { at: answered_at, by: answeredBy?.name ?? undefined, mine: answered_by === request.person?.id } : undefined
  const said = { name, role, paragraphs: toParagraphs(text), at: created_at }
  const form = toForm({ text: typed }, faults, request.t)
  const model = {
    page,
    group: toAddressee(group),
    letter: said,
    answer,
    address: answer?.mine ? letter.address : undefined,
    own: request.person?.address,
    limit: longestMessage,
    unsent,
    ...form,
  }
  return reply.page('contact/letter', model, status)
}
