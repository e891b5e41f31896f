import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { findKeyword } from '../ecosystem/find-keyword.ts'
import { toKeywordRecord } from '../ecosystem/present.ts'
import { findEcosystem } from '../ecosystem/queries.ts'
import { findCurrent } from '../group/current.ts'
import { listGroups } from '../group/list.ts'
import { readSearch } from '../group/query.ts'
import { wordsOf } from '../group/reader.ts'
import { pageFrame } from '../http/page-frame.ts'
import type { GeneratorQuery } from '../schema-types.ts'
import * as urls from '../urls.ts'
import { readDraft, tidyForm } from './generator-query.ts'
import { toGeneratorView } from './generator-view.ts'
import type { Scope } from './generator-words.ts'
import { listKinds } from './options.ts'

const groupKinds = ['group', 'neighbours'] as const

/** The forms that make widgets: of all groups, of a keyword's, of one group. What they refuse comes back in the form. */
export function registerGenerator(app: FastifyInstance, deps: Deps): void {
  const form = {
    schema: { querystring: { $ref: '/schemas/generator-query.json' } },
    attachValidation: true,
    preValidation: async ({ query }: FastifyRequest) => tidyForm(query as Record<string, unknown>),
  }

  app.get(urls.widgetsOf(urls.groups), form, (request, reply) => sendForm(request, reply, deps, { of: 'all', title: request.t('list.title') }))

  app.get('/e/:keyword/widgets', form, async (request, reply) => {
    const state = await deps.catalogue.current(deps.db)
    const { keyword } = request.params as { keyword: string }
    const name = findKeyword(request, reply, state, keyword, (slug) => urls.widgetsOf(urls.ecosystem(slug)))
    if (name === undefined) return undefined
    const row = await findEcosystem(deps.db, name)
    return sendForm(request, reply, deps, { of: 'keyword', name, title: row?.title ?? toKeywordRecord(name, state, '').title })
  })

  app.get('/g/:shortName/widgets', form, async (request, reply) => {
    const { shortName } = request.params as { shortName: string }
    const row = await findCurrent(deps, reply, shortName, (name) => urls.widgetsOf(urls.group(name)))
    return row && sendForm(request, reply, deps, { of: 'group', name: row.short_name, title: row.name })
  })
}

async function sendForm(request: FastifyRequest, reply: FastifyReply, deps: Deps, scope: Scope): Promise<FastifyReply> {
  const kinds = scope.of === 'group' ? groupKinds : listKinds
  const draft = readDraft(request.query as GeneratorQuery, kinds, request.validationError)
  const search = draft.options?.locked ?? readSearch({})
  const found = scope.of === 'group' ? undefined : await listGroups(deps, { ...search, size: 1 }, scope.of === 'all' ? undefined : scope.name)
  const lang = draft.options?.lang ?? 'auto'
  const t = lang === 'auto' ? request.t : deps.views.words[lang]
  const page = pageFrame(request, deps.config, {
    title: scope.of === 'all' ? request.t('generator.title') : request.t('generator.titleOf', { title: scope.title }),
    description: request.t('generator.lead'),
    robots: 'noindex, follow',
  })
  const maker = toGeneratorView({ scope, kinds, draft, found, words: wordsOf(request), t, publicUrl: deps.config.publicUrl })
  return reply.page('widget/generator', { page, ...maker }, draft.faults.length > 0 ? 400 : 200)
}
