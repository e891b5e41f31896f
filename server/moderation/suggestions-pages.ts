import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GroupRow, SuggestionRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { AppError, type Fault } from '../errors.ts'
import { placed } from '../group/edit-draft.ts'
import { changesOf } from '../group/history-changes.ts'
import { findCurrent } from '../group/pages.ts'
import { languageOf } from '../group/present.ts'
import { findGroup, findRevision } from '../group/queries.ts'
import { wordsOf } from '../group/reader.ts'
import { toGroup } from '../group/row.ts'
import { langOnly } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import type { Group } from '../schema-types.ts'
import { readMessage, toParagraphs } from '../text/message.ts'
import * as urls from '../urls.ts'
import { closeSuggestion, takeChange } from './actions.ts'
import { listSuggestions } from './queries.ts'
import { changedMeanwhile, units, withChanges } from './suggest-draft.ts'

type Named = { Params: { shortName: string } }
type Decision = { id: string; do: 'accept' | 'handled' | 'decline'; revision?: string; field?: string; word?: string }

/** What comes back of a decision, with the word that was written to the visitor. */
type Returned = { faults: Fault[]; typed: Pick<Decision, 'id' | 'word'>; status: number }

const keepers = { right: 'edit' } as const
const text = { type: 'string', maxLength: 20_000 } as const
const decisionSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'do'],
  properties: {
    id: { type: 'string', maxLength: 60 },
    do: { type: 'string', enum: ['accept', 'handled', 'decline'] },
    revision: { type: 'string', pattern: '^[1-9][0-9]{0,8}$' },
    field: { type: 'string', maxLength: 40 },
    word: text,
  },
} as const

/** `/g/{shortName}/suggestions`: what visitors suggested, for those who keep the record to take or decline. */
export function registerSuggestionsPages(app: FastifyInstance, deps: Deps): void {
  app.get<Named>('/g/:shortName/suggestions', { config: keepers, schema: { querystring: langOnly } }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, urls.groupSuggestions)
    return row ? sendSuggestions(request, reply, deps, row) : reply
  })

  app.post<Named & { Body: Decision }>('/g/:shortName/suggestions', { config: keepers, schema: { body: decisionSchema } }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, urls.groupSuggestions)
    if (!row) return reply
    const suggestion = (await listSuggestions(deps.db, row.id)).find(({ id }) => id === request.body.id)
    // What only ends a suggestion does not write the record.
    const isLate = !suggestion || (request.body.do === 'accept' && request.body.revision !== String(row.revision))
    const faults = isLate ? [meanwhile] : await decide(request, deps, row, suggestion, request.body)
    if (faults.length === 0) return reply.redirect(urls.groupSuggestions(row.short_name), 303)
    const current = (await findGroup(deps.db, row.short_name)) ?? row
    return sendSuggestions(request, reply, deps, current, { faults, typed: request.body, status: faults.includes(meanwhile) ? 409 : 400 })
  })
}

const meanwhile: Fault = { field: '', message: { key: 'suggestions.meanwhile' } }

/** What stands against it, or nothing when it is done. */
async function decide({ person }: FastifyRequest, deps: Deps, row: GroupRow, suggestion: SuggestionRow, decision: Decision): Promise<Fault[]> {
  const at = deps.clock().toISOString()
  try {
    if (decision.do !== 'accept') {
      const { text: word, faults } = readMessage(decision.word, `word-${suggestion.id}`)
      if (faults.length > 0) return faults
      await closeSuggestion(deps.db, row, suggestion, { kept: decision.do === 'handled', word, person: person!, at })
      return []
    }
    const changes = JSON.parse(suggestion.changes ?? '{}') as Record<string, unknown>
    const fields = (units.find((unit) => unit.includes(decision.field as keyof Group)) ?? []).filter((field) => field in changes)
    if (fields.length === 0) return [meanwhile]
    const { group, faults } = withChanges(row, changes, fields)
    if (faults.length > 0) return faults.map(({ message }) => ({ field: '', message }))
    await takeChange(deps.db, { row, suggestion, group: await placed(deps, group, toGroup(row)), fields, person: person!, at })
    return []
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return [meanwhile]
    throw error
  }
}

async function sendSuggestions(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  row: GroupRow,
  { faults, typed, status }: Partial<Returned> = {},
): Promise<FastifyReply> {
  const rows = await listSuggestions(deps.db, row.id)
  const told = (faults ?? []).map(({ field, message }) => ({ id: field || undefined, message: request.t(message.key, message.values) }))
  const suggestions = await Promise.all(
    rows.map(async (suggestion) => ({
      ...(await toView(request, deps, row, suggestion)),
      word: suggestion.id === typed?.id ? (typed.word ?? '') : '',
      wrong: told.find(({ id }) => id === `word-${suggestion.id}`)?.message,
    })),
  )
  const model = {
    page: pageFrame(request, deps.config, { title: request.t('suggestions.title', { name: row.name }), robots: 'noindex' }),
    group: { name: row.name, ...languageOf(toGroup(row).languages), url: urls.group(row.short_name), editUrl: urls.groupEdit(row.short_name) },
    action: urls.groupSuggestions(row.short_name),
    revision: row.revision,
    suggestions,
    faults: told,
    // Somebody else ended it: the word has nowhere to go, and can be copied.
    unsent: rows.some(({ id }) => id === typed?.id) ? undefined : typed?.word,
  }
  return reply.page('moderation/suggestions', model, status)
}

async function toView(request: FastifyRequest, { db }: Deps, row: GroupRow, suggestion: SuggestionRow) {
  const changes = JSON.parse(suggestion.changes ?? '{}') as Record<string, unknown>
  const then = suggestion.group_revision === row.revision ? undefined : await findRevision(db, row.id, suggestion.group_revision)
  const seen = then && (JSON.parse(then.record) as Group)
  const parts = units.flatMap((unit) => {
    const fields = unit.filter((field) => field in changes)
    if (fields.length === 0) return []
    const { group } = withChanges(row, changes, fields)
    const told = changesOf(toGroup(row), group, wordsOf(request)).filter(({ field }) => fields.includes(field))
    return [{ unit: fields[0], changes: told, meanwhile: changedMeanwhile(seen, row, fields) }]
  })
  return {
    id: suggestion.id,
    kind: suggestion.kind,
    at: suggestion.created_at,
    message: suggestion.message ? toParagraphs(suggestion.message) : undefined,
    duplicate: suggestion.duplicate_of ? { name: suggestion.duplicate_of, url: urls.group(suggestion.duplicate_of) } : undefined,
    parts,
  }
}
