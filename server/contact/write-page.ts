import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { onConfirmed } from '../account/mailed-link.ts'
import { findFlood, findHaste, type Hindrance, stampFor } from '../account/open-form.ts'
import { listAnimators } from '../account/queries.ts'
import type { GroupRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import type { Fault } from '../errors.ts'
import { findCurrent } from '../group/pages.ts'
import { langAnd } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import { longestMessage } from '../text/message.ts'
import * as urls from '../urls.ts'
import { confirmLetter, writeLetter } from './actions.ts'
import { toAddressee, toForm } from './present.ts'
import { type LetterForm, readLetter } from './rules.ts'

interface Named {
  shortName: string
}

interface Asked {
  role?: string
  done?: 'asked' | 'sent'
}

/** `website` is for programs only: people do not see it. */
interface Body extends LetterForm {
  website?: string
  stamp?: string
}

const askedSchema = langAnd({ role: { type: 'string', maxLength: 40 }, done: { type: 'string', enum: ['asked', 'sent'] } })

// What is too long comes back to be shortened: only the form's own limits are said in the page.
const text = { type: 'string' } as const
const bodySchema = {
  type: 'object',
  additionalProperties: false,
  properties: { name: text, address: text, text, role: text, website: text, stamp: text },
} as const

/** `/g/{shortName}/write`: a visitor writes to the animators, who answer without either address being shown before. */
export function registerWritePage(app: FastifyInstance, deps: Deps): void {
  const { db } = deps
  const path = '/g/:shortName/write'

  app.get<{ Params: Named; Querystring: Asked }>(path, { schema: { querystring: askedSchema } }, async (request, reply) => {
    const { role, done } = request.query
    const group = await findCurrent(deps, reply, request.params.shortName, (name) => urls.groupWrite(name, role))
    if (!group) return undefined
    if (done) return sendDone(request, reply, deps, group, done)
    return sendForm(request, reply, deps, group, { role, name: request.person?.name })
  })

  app.post<{ Params: Named; Body: Body }>(path, { config: { right: 'anyone' }, schema: { body: bodySchema } }, async (request, reply) => {
    const group = await findCurrent(deps, reply, request.params.shortName, urls.groupWrite)
    if (!group) return undefined
    const { person, body, locale } = request
    const done = (state: 'asked' | 'sent') => reply.redirect(urls.withParams(urls.groupWrite(group.short_name), [['done', state]]), 303)
    const form = { ...body, address: person?.address ?? body.address }
    const letter = readLetter(form, toAddressee(group).wanted)
    if ('faults' in letter) return sendForm(request, reply, deps, group, body, letter.faults)
    if (!(await canReceive(deps, group))) return sendForm(request, reply, deps, group, body)
    // A program that fills in everything is left to think that it was understood.
    if (body.website) return done('asked')
    const hindrance = findHaste(request, deps) ?? (await findFlood(request, deps, 'letter', letter.draft.address))
    if (hindrance) return sendHindered(request, reply, deps, group, body, hindrance)
    await writeLetter(db, group, letter.draft, { proven: person !== undefined, locale, at: deps.clock().toISOString() })
    return done(person ? 'sent' : 'asked')
  })

  onConfirmed(app, 'letter', async (tx, { payload, at }) => {
    const shortName = await confirmLetter(tx, payload.letter, at)
    return { to: urls.withParams(urls.groupWrite(shortName), [['done', 'sent']]) }
  })
}

/** Kept here, and somebody would read it. */
async function canReceive({ db }: Pick<Deps, 'db'>, group: GroupRow): Promise<boolean> {
  return group.origin_server === null && (await listAnimators(db, group.id)).length > 0
}

/** The letter comes back instead of being lost. */
function sendHindered(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  group: GroupRow,
  typed: LetterForm,
  { fault, status, headers }: Hindrance,
): Promise<FastifyReply> {
  return sendForm(request, reply.headers(headers), deps, group, typed, [fault], status)
}

async function sendForm(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  group: GroupRow,
  typed: LetterForm,
  faults: Fault[] = [],
  status = faults.length > 0 ? 400 : 200,
): Promise<FastifyReply> {
  const addressee = toAddressee(group)
  const { name, address, text: letter, role } = typed
  const page = pageFrame(request, deps.config, { title: request.t('contact.title', { group: group.name }), robots: 'noindex' })
  const open = await canReceive(deps, group)
  const roles = addressee.wanted.map((one) => ({ role: one, chosen: one === role }))
  const known = request.person ? { address: request.person.address } : undefined
  const form = toForm({ name, address, text: letter }, faults, request.t)
  const model = { page, group: addressee, open, roles, known, ...form, limit: longestMessage, stamp: stampFor(request, deps) }
  return reply.header('cache-control', 'no-store').page('contact/write', model, status)
}

function sendDone(request: FastifyRequest, reply: FastifyReply, { config }: Deps, group: GroupRow, done: 'asked' | 'sent'): FastifyReply {
  const page = pageFrame(request, config, { title: request.t(`contact.done.${done}.title`), robots: 'noindex' })
  return reply.page('contact/done', { page, done, group: toAddressee(group) })
}
