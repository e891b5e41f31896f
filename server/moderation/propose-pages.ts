import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { onConfirmed } from '../account/mailed-link.ts'
import { findFlood, findHaste, type Hindrance } from '../account/open-form.ts'
import { mayReview } from '../account/rights.ts'
import type { ProposalRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { AppError, notFound } from '../errors.ts'
import { checkFields, placed } from '../group/edit-draft.ts'
import type { FormBody } from '../group/form-fields.ts'
import { readerContext, wordsOf } from '../group/reader.ts'
import { langAnd } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import type { Group } from '../schema-types.ts'
import { toSlug } from '../text/fold.ts'
import * as urls from '../urls.ts'
import { confirmProposal, propose, reviseProposal } from './actions.ts'
import { readAsker, textOf } from './asker.ts'
import { findLike } from './duplicates.ts'
import { openForm } from './form-schema.ts'
import { toBlankPreview } from './present-form.ts'
import { changeProposal, type FormOptions, type ProposalDraft, readProposal, sendProposalForm, startProposal } from './propose-form.ts'
import { findProposal } from './queries.ts'
import { askShortName } from './short-names.ts'

type Identified = { Params: { id: string } }

const text = { type: 'string', maxLength: 200 } as const
const askedSchema = langAnd({ done: { type: 'string', enum: ['asked'] }, keyword: text })
const doneSchema = langAnd({ done: { type: 'string', enum: ['sent'] } })
const nameSchema = langAnd({ name: text, 'short-name': text, place: text, country: text })

/** `/new`: anybody proposes a group, and follows what becomes of it at `/new/{id}`. */
export function registerProposePages(app: FastifyInstance, deps: Deps): void {
  const { db } = deps
  registerHelp(app, deps)

  app.get<{ Querystring: { done?: 'asked'; keyword?: string } }>('/new', { schema: { querystring: askedSchema } }, (request, reply) => {
    const { done, keyword } = request.query
    if (done) return sendAsked(request, reply, deps)
    const keywords = keyword && toSlug(keyword) ? [{ slug: toSlug(keyword), label: keyword }] : undefined
    return sendProposalForm(request, reply, deps, startProposal(request.locale, { languages: [request.locale], keywords }))
  })

  app.post('/new', { config: { right: 'anyone' }, schema: openForm }, async (request, reply) => {
    const draft = readProposal(request)
    const doing = textOf(request.body as FormBody, 'do')
    if (doing && doing !== 'save') return sendChanged(request, reply, deps, draft, doing)
    const { asker, faults } = readAsker(request, deps)
    if (draft.faults.length + faults.length > 0) return sendBack(request, reply, deps, { ...draft, faults: [...draft.faults, ...faults] })
    // A program that fills in everything is left to think that it was understood.
    if (textOf(request.body as FormBody, 'website')) return reply.redirect(urls.withParams(urls.newGroup(), [['done', 'asked']]), 303)
    const haste = findHaste(request, deps)
    if (haste) return sendHindered(request, reply, deps, draft, haste)
    const ready = await settle(request, reply, deps, draft)
    if (!ready) return reply
    const flood = await findFlood(request, deps, 'proposal', asker.address)
    if (flood) return sendHindered(request, reply, deps, draft, flood)
    const id = await propose(db, ready, draft.message, asker)
    return reply.redirect(asker.person ? sentTo(id) : urls.withParams(urls.newGroup(), [['done', 'asked']]), 303)
  })

  registerProposal(app, deps)
  onConfirmed(app, 'proposal', async (tx, { address, payload, locale, at }) => {
    return { to: sentTo(payload.proposal), personId: await confirmProposal(tx, payload.proposal, { address, locale, at }) }
  })
}

/** What the form asks for while it is filled in: how the group will look, and whether its short name is free. Parts of pages. */
function registerHelp(app: FastifyInstance, deps: Deps): void {
  app.post('/new/preview', { config: { right: 'anyone' }, schema: openForm }, async (request, reply) => {
    const { group, faults } = checkFields(readProposal(request).fields, request.locale)
    const context = readerContext(request, deps, await deps.catalogue.current(deps.db))
    return reply.page('part/edit-preview', toBlankPreview({ group, faults }, wordsOf(request), context))
  })

  app.get<{ Querystring: { name?: string; 'short-name'?: string; place?: string; country?: string } }>(
    '/new/short-name',
    { schema: { querystring: nameSchema } },
    async (request, reply) => {
      const { name = '', place, country, 'short-name': typed = '' } = request.query
      const answer = await askShortName(deps.db, typed, { name, place, country })
      return reply.header('cache-control', 'no-store').page('moderation/short-name', answer)
    },
  )
}

/** A proposal, for who made it: changed until somebody decides. */
function registerProposal(app: FastifyInstance, deps: Deps): void {
  const signedIn = { right: 'signed-in' } as const

  app.get<Identified & { Querystring: { done?: 'sent' } }>(
    '/new/:id',
    { config: signedIn, schema: { querystring: doneSchema } },
    async (request, reply) => {
      const proposal = await findProposal(deps.db, request.params.id)
      const record = proposal && (JSON.parse(proposal.record) as Group)
      if (!proposal || !record) throw notFound({ key: 'propose.gone' })
      if (proposal.person_id !== request.person!.id) return leadReviewer(request, reply, proposal, record)
      if (proposal.state === 'accepted' || proposal.state === 'declined') return sendDecided(request, reply, deps, proposal, record)
      const draft = startProposal(request.locale, record, proposal.message ?? '')
      return sendProposalForm(request, reply, deps, draft, { proposal, done: request.query.done === 'sent' })
    },
  )

  app.post<Identified>('/new/:id', { config: signedIn, schema: openForm }, async (request, reply) => {
    const found = await findProposal(deps.db, request.params.id)
    if (!found || found.person_id !== request.person!.id) throw notFound({ key: 'propose.gone' })
    if (found.state === 'accepted' || found.state === 'declined') return reply.redirect(urls.proposal(found.id), 303)
    const body = request.body as FormBody
    const proposal: ProposalRow = { ...found, revision: Number(textOf(body, 'revision')) || 0 }
    const draft = readProposal(request)
    const doing = textOf(body, 'do')
    if (doing && doing !== 'save') return sendChanged(request, reply, deps, draft, doing, { proposal })
    if (draft.faults.length > 0) return sendBack(request, reply, deps, draft, { proposal })
    const ready = await settle(request, reply, deps, { ...draft, sure: true }, { proposal })
    if (!ready) return reply
    try {
      await reviseProposal(deps.db, proposal, ready, draft.message, deps.clock().toISOString())
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict' || !error.detail) throw error
      const faults = [{ field: 'send', message: error.detail }]
      return sendBack(request, reply, deps, { ...draft, faults }, { proposal: found, status: 409 })
    }
    return reply.redirect(sentTo(found.id), 303)
  })
}

/** The record with its place filled in; undefined when the form was sent back, for its short name is taken or it may be here already. */
async function settle(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  draft: ProposalDraft,
  options: FormOptions = {},
): Promise<Group | undefined> {
  const group = await placed(deps, draft.group, {})
  const shortName = await askShortName(deps.db, group.shortName, group)
  const duplicates = draft.sure ? [] : await findLike(deps, group)
  const faults =
    shortName.state === 'taken' ? [{ field: 'shortName', message: { key: 'error.shortNameTaken', values: { shortName: group.shortName } } }] : []
  if (faults.length === 0 && duplicates.length === 0) return group
  const asked = duplicates.length > 0 ? [{ field: 'sure', message: { key: 'propose.maybe' } }] : []
  await sendBack(request, reply, deps, { ...draft, faults: [...faults, ...asked] }, { ...options, duplicates, shortName, status: 409 })
  return undefined
}

function sendBack(request: FastifyRequest, reply: FastifyReply, deps: Deps, draft: ProposalDraft, options: FormOptions = {}) {
  return sendProposalForm(request, reply, deps, draft, { status: 400, ...options })
}

function sendHindered(request: FastifyRequest, reply: FastifyReply, deps: Deps, draft: ProposalDraft, { fault, status, headers }: Hindrance) {
  return sendBack(request, reply.headers(headers), deps, { ...draft, faults: [fault] }, { status })
}

function sendChanged(request: FastifyRequest, reply: FastifyReply, deps: Deps, draft: ProposalDraft, doing: string, options: FormOptions = {}) {
  const { draft: changed, focus } = changeProposal(draft, doing, request.locale)
  return sendProposalForm(request, reply, deps, changed, { ...options, focus })
}

function sendAsked(request: FastifyRequest, reply: FastifyReply, { config }: Deps): FastifyReply {
  return reply.page('moderation/asked', { page: pageFrame(request, config, { title: request.t('propose.asked.title'), robots: 'noindex' }) })
}

function sendDecided(request: FastifyRequest, reply: FastifyReply, { config }: Deps, { state, answer, group_id }: ProposalRow, record: Group) {
  const page = pageFrame(request, config, { title: request.t(`propose.decided.${state}.title`), robots: 'noindex' })
  return reply.page('moderation/decided', { page, state, name: record.name, answer, url: group_id ? urls.identity(group_id) : undefined })
}

function leadReviewer({ person }: FastifyRequest, reply: FastifyReply, { id }: ProposalRow, { keywords = [] }: Group): FastifyReply {
  if (
    !mayReview(
      person,
      keywords.map(({ slug }) => slug),
    )
  )
    throw notFound({ key: 'propose.gone' })
  return reply.redirect(urls.review(id), 303)
}

function sentTo(id: string): string {
  return urls.withParams(urls.proposal(id), [['done', 'sent']])
}
