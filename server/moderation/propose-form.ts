import type { FastifyReply, FastifyRequest } from 'fastify'
import { stampFor } from '../account/open-form.ts'
import type { GroupRow, ProposalRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import type { Fault } from '../errors.ts'
import { checkFields } from '../group/edit-draft.ts'
import { placeChoices } from '../group/form-choices.ts'
import { type FormBody, type FormFields, readFields, toFields } from '../group/form-fields.ts'
import { addRow, changeRows } from '../group/form-rows.ts'
import { readerContext, wordsOf } from '../group/reader.ts'
import { pageFrame } from '../http/page-frame.ts'
import type { Group } from '../schema-types.ts'
import { longestMessage, readMessage } from '../text/message.ts'
import * as urls from '../urls.ts'
import { textOf } from './asker.ts'
import { toCandidate } from './present.ts'
import { toBlankPreview, toFormView } from './present-form.ts'
import { askShortName, type ShortNameAnswer } from './short-names.ts'

/** A group that is being proposed. */
export interface ProposalDraft {
  fields: FormFields
  group: Group
  faults: Fault[]
  message: string
  address: string
  sure: boolean
}

export interface FormOptions {
  status?: number
  focus?: string
  /** The one that is revised. */
  proposal?: ProposalRow
  duplicates?: GroupRow[]
  shortName?: ShortNameAnswer
  /** It was just sent. */
  done?: boolean
}

/** What was typed; places without a zone of their own take none, for meetings come later. */
export function readProposal({ body, locale }: FastifyRequest): ProposalDraft {
  const sent = (body ?? {}) as FormBody
  const checked = checkFields(readFields(sent), locale)
  const { text, faults } = readMessage(textOf(sent, 'message'), 'message')
  return { ...checked, faults: [...checked.faults, ...faults], message: text, address: textOf(sent, 'address'), sure: sent.sure !== undefined }
}

/** A form nobody has written in yet, or a proposal as it was sent. */
export function startProposal(locale: 'fr' | 'en', group: Partial<Group>, message = ''): ProposalDraft {
  const fields = withLinkRows(toFields(group, { locale, zone: 'UTC' }))
  return { ...checkFields(fields, locale), faults: [], message, address: '', sure: false }
}

/** What a button of the form other than sending does to the draft; while it is written, nothing is wrong yet. */
export function changeProposal(draft: ProposalDraft, doing: string, locale: 'fr' | 'en'): { draft: ProposalDraft; focus: string } {
  const changed = changeRows(draft.fields, doing)
  const fields = changed?.fields ?? draft.fields
  const focus = changed?.focus ?? (doing === 'regions' ? 'region' : doing === 'preview' ? 'preview-title' : '')
  return { draft: { ...draft, ...checkFields(fields, locale), faults: [] }, focus }
}

export async function sendProposalForm(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  draft: ProposalDraft,
  { status = 200, focus, proposal, duplicates = [], shortName, done = false }: FormOptions = {},
): Promise<FastifyReply> {
  const words = wordsOf(request)
  const { values } = draft.fields
  const told = shortName ?? (await askShortName(deps.db, values.shortName, values))
  // Nobody has to think of one: what is free is written down, to be changed.
  if (!values.shortName.trim()) values.shortName = told.shortName
  const choices = placeChoices(await deps.gazetteer(), { country: values.country, region: values.region }, words)
  const context = readerContext(request, deps, await deps.catalogue.current(deps.db))
  const beside = { address: draft.address, message: draft.message }
  const view = toFormView({ ...draft, beside, choices, focus }, words, context)
  const preview = toBlankPreview({ group: draft.group, faults: checkFields(draft.fields, request.locale).faults }, words, context)
  const title = request.t(proposal ? 'propose.reviseTitle' : 'propose.title')
  const page = pageFrame(request, deps.config, { title, robots: proposal ? 'noindex' : undefined, canonical: proposal ? undefined : urls.newGroup() })
  const model = {
    page,
    ...view,
    preview,
    action: proposal ? urls.proposal(proposal.id) : urls.newGroup(),
    previewUrl: urls.newGroup('preview'),
    shortNameUrl: urls.newGroup('short-name'),
    revision: proposal?.revision,
    question: proposal?.state === 'asked' ? proposal.answer : undefined,
    known: request.person?.address,
    duplicates: duplicates.map((row) => toCandidate(row, context)),
    sure: draft.sure,
    // What is one's own already needs no word.
    shortName: proposal && !shortName ? { ...told, state: 'empty', free: [] } : told,
    optionalOpen: proposal !== undefined || focus !== undefined || view.faults.length > 0,
    done,
    limit: longestMessage,
    stamp: stampFor(request, deps),
  }
  return reply.header('cache-control', 'no-store').page('moderation/propose', model, status)
}

/** Somewhere to write the two addresses that matter most. */
function withLinkRows(fields: FormFields): FormFields {
  if (fields.lists.links.length > 0) return fields
  return addRow(addRow(fields, 'links', { service: 'home' }).fields, 'links', { service: 'subscribe' }).fields
}
