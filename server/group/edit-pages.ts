import { isDeepStrictEqual } from 'node:util'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GroupRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { AppError, conflict, type Fault } from '../errors.ts'
import { langOnly } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import type { Group } from '../schema-types.ts'
import * as urls from '../urls.ts'
import { confirmGroup, editGroup } from './actions.ts'
import { authorOf, findCurrent } from './current.ts'
import { sendConflict } from './edit-conflict.ts'
import { asksOf, checkFields, type Draft, findMore, placed, previewOf, readDraft, startDraft } from './edit-draft.ts'
import { mergeThree } from './edit-merge.ts'
import { placeChoices } from './form-choices.ts'
import type { FormFields } from './form-fields.ts'
import { addRow, changeRows } from './form-rows.ts'
import { recordForm } from './form-schema.ts'
import { toEditView, toPreview } from './present-edit.ts'
import { findGroup } from './queries.ts'
import { readerContext, wordsOf } from './reader.ts'
import { toGroup } from './row.ts'

type Named = { Params: { shortName: string } }
type Sent = FastifyRequest<Named & { Body: { do?: string; revision?: string } }>

const editors = { right: 'edit' } as const
const formSchema = recordForm(['(charter|choice)\\..{1,90}'], 1500)
// Each time somebody else must have saved in between.
const mostTries = 5

/** `/g/{shortName}/edit`: the whole record on one page, with a preview, and « still true ». */
export function registerEditPages(app: FastifyInstance, deps: Deps): void {
  app.get<Named>('/g/:shortName/edit', { config: editors, schema: { querystring: langOnly } }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, urls.groupEdit)
    return row ? sendForm(request, reply, deps, await startDraft(deps, request.locale, row)) : reply
  })

  app.post<Named>('/g/:shortName/edit', { config: editors, schema: formSchema }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, urls.groupEdit)
    return row ? answer(request as Sent, reply, deps, await readDraft(deps, request, row)) : reply
  })

  app.post<Named>('/g/:shortName/edit/preview', { config: editors, schema: formSchema }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, (name) => urls.groupEdit(name, 'preview'))
    if (!row) return reply
    const context = readerContext(request, deps, await deps.catalogue.current(deps.db))
    return reply.page('part/edit-preview', toPreview(row, previewOf(await readDraft(deps, request, row)), context))
  })

  app.post<Named>('/g/:shortName/edit/checked', { config: editors, schema: formSchema }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, (name) => urls.groupEdit(name, 'checked'))
    if (!row) return reply
    // Whoever has not seen today's words cannot say that they are true.
    if (String(row.revision) !== (request as Sent).body.revision) return reply.redirect(urls.groupEdit(row.short_name), 303)
    await confirmGroup(deps.db, row, authorOf(request, deps))
    return reply.redirect(urls.group(row.short_name), 303)
  })
}

function answer(request: Sent, reply: FastifyReply, deps: Deps, draft: Draft): Promise<FastifyReply> {
  const doing = request.body.do ?? 'save'
  if (doing === 'save') return save(request, reply, deps, draft)
  const { fields, focus } = changeFields(draft, doing)
  const checked = checkFields(fields, request.locale)
  // While it is being written, nothing is wrong yet.
  return sendForm(request, reply, deps, { ...draft, ...checked, faults: [], group: previewOf({ ...draft, ...checked }) }, { focus })
}

function changeFields({ fields, terms }: Draft, doing: string): { fields: FormFields; focus: string } {
  const [, keyword, at] = /^tool\.([^.]+)\.(\d+)$/.exec(doing) ?? []
  const tool = terms.ecosystems.find((one) => one.keyword === keyword)?.tools?.[Number(at)]
  if (tool) return addRow(fields, 'links', { service: tool.service, url: tool.url, label: tool.name })
  return changeRows(fields, doing) ?? { fields, focus: doing === 'preview' ? 'preview-title' : doing === 'regions' ? 'region' : '' }
}

/** Writes what was typed, brought together with what somebody else wrote meanwhile; or shows what stands against it. */
async function save(request: Sent, reply: FastifyReply, deps: Deps, draft: Draft, tries = 1): Promise<FastifyReply> {
  const { row, base, faults } = draft
  if (faults.length > 0) return sendForm(request, reply, deps, draft, { status: 400 })
  const merged = draft.revision === row.revision ? { group: draft.group, conflicts: [] } : mergeThree(base, draft.group, toGroup(row))
  if (merged.conflicts.length > 0) return sendConflict(request, reply, deps, row, merged)
  const group = await placed(deps, merged.group, base)
  const isAsTyped = group === draft.group
  const ready: Draft = isAsTyped ? draft : { ...(await startDraft(deps, request.locale, row, group)), terms: draft.terms }
  const wrong = [...ready.faults, ...(await findMore(deps, group, draft))]
  if (wrong.length > 0) return sendForm(request, reply, deps, { ...ready, faults: wrong }, { status: 400 })
  const failure = await write(request, deps, row, group, asksOf(draft.terms))
  if (!failure) return reply.redirect(urls.group(group.shortName), 303)
  if (failure !== 'changed') return sendForm(request, reply, deps, { ...ready, faults: [failure] }, { status: 409 })
  const current = await findGroup(deps.db, row.short_name)
  if (!current || tries === mostTries) throw conflict({ key: 'error.changedMeanwhile' })
  return save(request, reply, deps, { ...draft, row: current }, tries + 1)
}

/** Undefined when it is written, or was there already. */
async function write(request: Sent, deps: Deps, row: GroupRow, group: Group, asks: string[]): Promise<Fault | 'changed' | undefined> {
  if (asks.length === 0 && isDeepStrictEqual(group, toGroup(row))) return undefined
  try {
    await editGroup(deps.db, row, group, authorOf(request, deps), asks)
    return undefined
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict' || !error.detail) throw error
    return error.detail.key === 'error.shortNameTaken' ? { field: 'shortName', message: error.detail } : 'changed'
  }
}

async function sendForm(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  draft: Draft,
  { status = 200, focus }: { status?: number; focus?: string } = {},
): Promise<FastifyReply> {
  const words = wordsOf(request)
  const { values } = draft.fields
  const choices = placeChoices(await deps.gazetteer(), { country: values.country, region: values.region }, words)
  const context = readerContext(request, deps, await deps.catalogue.current(deps.db))
  const view = toEditView({ ...draft, ...draft.terms, choices, focus, preview: previewOf(draft) }, words, context)
  const page = pageFrame(request, deps.config, { title: request.t('edit.title'), robots: 'noindex' })
  return reply.page('group/edit', { page, ...view }, status)
}
