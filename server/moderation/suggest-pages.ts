import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { onConfirmed } from '../account/mailed-link.ts'
import { findFlood, findHaste, stampFor } from '../account/open-form.ts'
import type { GroupRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import type { Fault } from '../errors.ts'
import { placeChoices } from '../group/form-choices.ts'
import type { FormBody } from '../group/form-fields.ts'
import { changeRows } from '../group/form-rows.ts'
import { findCurrent } from '../group/pages.ts'
import { homeOf, languageOf } from '../group/present.ts'
import { findGroup } from '../group/queries.ts'
import { readerContext, wordsOf } from '../group/reader.ts'
import { toGroup } from '../group/row.ts'
import { langAnd } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import { longestMessage, readMessage } from '../text/message.ts'
import * as urls from '../urls.ts'
import { confirmSuggestion, type SuggestionDraft, suggest } from './actions.ts'
import { readAsker, textOf } from './asker.ts'
import { openForm } from './form-schema.ts'
import { toFormView } from './present-form.ts'
import { type Correction, checkCorrection, findSeen, readCorrection, type Seen, startCorrection } from './suggest-draft.ts'

type Named = { Params: { shortName: string } }
type Done = 'asked' | 'sent'

const kinds = ['correction', 'dead', 'duplicate', 'not-a-group', 'charter'] as const
const askedSchema = langAnd({ done: { type: 'string', enum: ['asked', 'sent'] } })

/** What was typed beside the record. */
interface Beside extends SuggestionDraft {
  address: string
  duplicate: string
}

/** `/g/{shortName}/suggest`: anybody corrects a record, or says what is wrong with it. */
export function registerSuggestPages(app: FastifyInstance, deps: Deps): void {
  app.get<Named & { Querystring: { done?: Done } }>('/g/:shortName/suggest', { schema: { querystring: askedSchema } }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, urls.groupSuggest)
    if (!row) return reply
    const { done } = request.query
    if (done || row.origin_server) return sendOther(request, reply, deps, row, done)
    const seen = await findSeen(deps, row, String(row.revision))
    return sendForm(request, reply, deps, row, startCorrection(seen, request.locale), { ...blank, revision: seen.revision })
  })

  app.post<Named>('/g/:shortName/suggest', { config: { right: 'anyone' }, schema: openForm }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, urls.groupSuggest)
    if (!row) return reply
    if (row.origin_server) return sendOther(request, reply, deps, row)
    return answer(request, reply, deps, row)
  })

  onConfirmed(app, 'suggestion', async (_tx, { payload, at }) => {
    const shortName = await confirmSuggestion(_tx, payload.suggestion, at)
    return { to: urls.withParams(urls.groupSuggest(shortName), [['done', 'sent']]) }
  })
}

async function answer(request: FastifyRequest, reply: FastifyReply, deps: Deps, row: GroupRow): Promise<FastifyReply> {
  const body = request.body as FormBody
  const seen = await findSeen(deps, row, textOf(body, 'revision'))
  const correction = readCorrection(request, seen)
  const { beside, faults } = await readBeside(deps, row, body, correction, seen)
  const doing = textOf(body, 'do')
  if (doing && doing !== 'save') {
    const changed = changeRows(correction.fields, doing) ?? { fields: correction.fields, focus: doing === 'regions' ? 'region' : '' }
    const next = checkCorrection(changed.fields, seen, request.locale)
    return sendForm(request, reply, deps, row, { ...next, faults: [] }, beside, { focus: changed.focus })
  }
  const { asker, faults: unknown } = readAsker(request, deps)
  const wrong = [...correction.faults, ...faults, ...unknown]
  if (wrong.length > 0) return sendForm(request, reply, deps, row, { ...correction, faults: wrong }, beside, { status: 400 })
  const done = (state: Done) => reply.redirect(urls.withParams(urls.groupSuggest(row.short_name), [['done', state]]), 303)
  if (textOf(body, 'website')) return done('asked')
  const hindrance = findHaste(request, deps) ?? (await findFlood(request, deps, 'suggestion', asker.address))
  if (hindrance) {
    const { fault, status, headers } = hindrance
    return sendForm(request, reply.headers(headers), deps, row, { ...correction, faults: [fault] }, beside, { status })
  }
  await suggest(deps.db, row, beside, asker)
  return done(asker.person ? 'sent' : 'asked')
}

const blank: Omit<Beside, 'revision'> = { kind: 'correction', message: '', duplicate: '', address: '', changes: {} }

async function readBeside(
  deps: Deps,
  row: GroupRow,
  body: FormBody,
  { changes }: Correction,
  { revision }: Seen,
): Promise<{ beside: Beside; faults: Fault[] }> {
  const kind = kinds.find((one) => one === textOf(body, 'kind')) ?? 'correction'
  const { text: message, faults } = readMessage(textOf(body, 'message'), 'message')
  const duplicate = textOf(body, 'duplicateOf')
    .trim()
    .replace(/^.*\/(?=[^/]+$)/, '')
    .slice(0, 100)
  const other = kind === 'duplicate' ? await findGroup(deps.db, duplicate) : undefined
  if (kind === 'duplicate' && (!other || other.id === row.id)) faults.push({ field: 'duplicateOf', message: { key: 'error.field.noGroup' } })
  const isEmpty = !message && Object.keys(changes).length === 0
  if (kind === 'correction' && isEmpty) faults.push({ field: 'message', message: { key: 'suggest.wrong.nothing' } })
  if ((kind === 'not-a-group' || kind === 'charter') && !message) faults.push({ field: 'message', message: { key: 'suggest.wrong.why' } })
  const address = textOf(body, 'address')
  return { beside: { kind, message, duplicate, duplicateOf: other?.short_name, address, changes, revision }, faults }
}

async function sendForm(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  row: GroupRow,
  correction: Correction,
  beside: Beside,
  { status = 200, focus }: { status?: number; focus?: string } = {},
): Promise<FastifyReply> {
  const words = wordsOf(request)
  const { values } = correction.fields
  const choices = placeChoices(await deps.gazetteer(), { country: values.country, region: values.region }, words)
  const context = readerContext(request, deps, await deps.catalogue.current(deps.db))
  const { address, message, duplicate } = beside
  const view = toFormView({ ...correction, beside: { address, message, duplicateOf: duplicate }, choices, focus }, words, context)
  const model = {
    page: pageFrame(request, deps.config, { title: request.t('suggest.title', { name: row.name }), robots: 'noindex' }),
    ...view,
    group: subjectOf(row),
    action: urls.groupSuggest(row.short_name),
    kinds: kinds.map((kind) => ({ kind, chosen: kind === beside.kind })),
    isOpen: status !== 200 || focus !== undefined,
    revision: beside.revision,
    known: request.person?.address,
    limit: longestMessage,
    stamp: stampFor(request, deps),
  }
  return reply.header('cache-control', 'no-store').page('moderation/suggest', model, status)
}

/** It was sent; or it is a copy, and its home is elsewhere. */
function sendOther(request: FastifyRequest, reply: FastifyReply, { config }: Deps, row: GroupRow, done?: Done): FastifyReply {
  const state = row.origin_server ? 'copy' : (done ?? 'sent')
  const page = pageFrame(request, config, { title: request.t(`suggest.done.${state}.title`), robots: 'noindex' })
  return reply.page('moderation/suggested', { page, state, group: subjectOf(row), originUrl: homeOf(row)?.url })
}

function subjectOf(row: GroupRow) {
  return { name: row.name, ...languageOf(toGroup(row).languages), url: urls.group(row.short_name) }
}
