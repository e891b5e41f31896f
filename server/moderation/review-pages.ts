import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findPersonById } from '../account/queries.ts'
import { mayReview } from '../account/rights.ts'
import type { ProposalRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { AppError, type Fault, forbidden, notFound } from '../errors.ts'
import { readerContext, wordsOf } from '../group/reader.ts'
import { langOnly } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import type { Group } from '../schema-types.ts'
import { readMessage, toParagraphs } from '../text/message.ts'
import * as urls from '../urls.ts'
import { acceptProposal, answerProposal } from './actions.ts'
import { findLike } from './duplicates.ts'
import { toCandidate, toFacts, toLine } from './present.ts'
import { toBlankPreview } from './present-form.ts'
import { findProposal } from './queries.ts'
import { listReviewable } from './reviewable.ts'
import { askShortName, wrongShortName } from './short-names.ts'

type Identified = { Params: { id: string } }
type Decision = { do: 'accept' | 'ask' | 'decline'; revision: string; shortName?: string; question?: string; reason?: string }

interface Returned {
  status: number
  faults: Fault[]
  typed: Decision
}

const reviewers = { right: 'review' } as const
const text = { type: 'string', maxLength: 20_000 } as const
const decisionSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['do', 'revision'],
  properties: {
    do: { type: 'string', enum: ['accept', 'ask', 'decline'] },
    revision: { type: 'string', pattern: '^[1-9][0-9]{0,8}$' },
    shortName: text,
    question: text,
    reason: text,
  },
} as const

/** `/me/proposals`: what waits for a reader's decision. */
export function registerReviewPages(app: FastifyInstance, deps: Deps): void {
  app.get(urls.review(), { config: reviewers, schema: { querystring: langOnly } }, async (request, reply) => {
    const proposals = (await listReviewable(deps.db, request.person!)).map(toLine)
    const page = pageFrame(request, deps.config, { title: request.t('review.title'), robots: 'noindex' })
    return reply.page('moderation/proposals', { page, proposals, operator: request.person!.operator })
  })

  app.get<Identified>('/me/proposals/:id', { config: reviewers, schema: { querystring: langOnly } }, async (request, reply) => {
    return sendReview(request, reply, deps, await getReviewable(request, deps))
  })

  app.post<Identified & { Body: Decision }>('/me/proposals/:id', { config: reviewers, schema: { body: decisionSchema } }, async (request, reply) => {
    const found = await getReviewable(request, deps)
    const typed = request.body
    const faults = readFaults(typed)
    if (faults.length > 0) return sendReview(request, reply, deps, found, { status: 400, faults, typed })
    try {
      await decide(request, deps, { ...found, revision: Number(typed.revision) }, typed)
      return reply.redirect(typed.do === 'ask' ? urls.review() : urls.review(found.id), 303)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict' || !error.detail) throw error
      const field = error.detail.key === 'error.shortNameTaken' ? 'shortName' : ''
      const current = await getReviewable(request, deps)
      return sendReview(request, reply, deps, current, { status: 409, faults: [{ field, message: error.detail }], typed })
    }
  })
}

async function getReviewable({ params, person }: FastifyRequest, { db }: Pick<Deps, 'db'>): Promise<ProposalRow> {
  const proposal = await findProposal(db, (params as { id: string }).id)
  if (!proposal) throw notFound({ key: 'propose.gone' })
  if (!mayReview(person, slugsOf(proposal))) throw forbidden({ key: 'error.forbidden.review' })
  return proposal
}

function slugsOf({ record }: ProposalRow): string[] {
  return ((JSON.parse(record) as Group).keywords ?? []).map(({ slug }) => slug)
}

function readFaults(typed: Decision): Fault[] {
  if (typed.do === 'accept') {
    const wrong = wrongShortName((typed.shortName ?? '').trim())
    return wrong ? [wrong] : []
  }
  const field = typed.do === 'ask' ? 'question' : 'reason'
  return readMessage(typed[field], field, `review.missing.${field}`).faults
}

async function decide({ person }: FastifyRequest, { db, clock }: Deps, proposal: ProposalRow, typed: Decision): Promise<void> {
  const at = clock().toISOString()
  if (typed.do === 'accept') {
    await acceptProposal(db, proposal, (typed.shortName ?? '').trim(), person!, at)
    return
  }
  const field = typed.do === 'ask' ? 'question' : 'reason'
  await answerProposal(db, proposal, typed.do === 'ask' ? 'asked' : 'declined', readMessage(typed[field], field).text, person!, at)
}

async function sendReview(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  proposal: ProposalRow,
  { status = 200, faults = [], typed }: Partial<Returned> = {},
): Promise<FastifyReply> {
  const record = JSON.parse(proposal.record) as Group
  const open = proposal.state === 'waiting' || proposal.state === 'asked'
  const [words, context] = [wordsOf(request), readerContext(request, deps, await deps.catalogue.current(deps.db))]
  const [proposer, decider] = [await nameOf(deps, proposal.person_id), await nameOf(deps, proposal.decided_by)]
  const told = faults.map(({ field, message }) => ({ id: field || undefined, field, message: request.t(message.key, message.values) }))
  const wanted = typed?.shortName ?? record.shortName
  const field = (name: 'shortName' | 'question' | 'reason', value: string) => ({ value, error: told.find((one) => one.field === name)?.message })
  const model = {
    page: pageFrame(request, deps.config, { title: request.t('review.oneTitle', { name: record.name }), robots: 'noindex' }),
    state: proposal.state,
    open,
    revision: proposal.revision,
    action: urls.review(proposal.id),
    backUrl: urls.review(),
    preview: toBlankPreview({ group: record, faults: [] }, words, context),
    lang: record.languages?.[0] ?? '',
    facts: toFacts(record, words),
    links: (record.links ?? []).map(({ service, url, label }) => ({ service, url, label })),
    message: proposal.message ? toParagraphs(proposal.message) : undefined,
    answer: proposal.answer ? toParagraphs(proposal.answer) : undefined,
    proposer,
    mine: proposal.person_id === request.person?.id,
    at: proposal.created_at,
    decided: open ? undefined : { by: decider, at: proposal.updated_at, url: proposal.group_id ? urls.identity(proposal.group_id) : '' },
    duplicates: open ? (await findLike(deps, record)).map((row) => toCandidate(row, context)) : [],
    free: open ? await freeNames(deps, wanted, record) : [],
    shortName: field('shortName', wanted),
    question: field('question', typed?.question ?? ''),
    reason: field('reason', typed?.reason ?? ''),
    faults: told,
  }
  return reply.page('moderation/review', model, status)
}

async function nameOf({ db }: Deps, id: string | null): Promise<string | undefined> {
  return id ? ((await findPersonById(db, id))?.name ?? undefined) : undefined
}

/** Other short names, when the one wished for cannot be had. */
async function freeNames({ db }: Deps, wanted: string, record: Group): Promise<string[]> {
  const { state, free } = await askShortName(db, wanted, record)
  return state === 'free' ? [] : free
}
