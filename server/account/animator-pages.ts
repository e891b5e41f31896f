import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { langAnd } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import * as urls from '../urls.ts'
import { confirmAnimator, inviteAnimator, removeAnimator } from './actions.ts'
import { countAttempt } from './limits.ts'
import { onConfirmed } from './mailed-link.ts'
import { findSubject, listAnimators } from './queries.ts'
import { readAddress } from './rules.ts'

const invitations = { max: 20, minutes: 24 * 60 }
const editors = { right: 'edit' } as const
const text = { type: 'string', maxLength: 2000 } as const
const form = { type: 'object', additionalProperties: false } as const
const pageSchema = { querystring: langAnd({ done: { type: 'string', enum: ['invited', 'removed'] } }) }
const inviteSchema = { body: { ...form, required: ['address'], properties: { address: text } } }
const removeSchema = { body: { ...form, required: ['id'], properties: { id: text, sure: { type: 'string', const: 'yes' } } } }

type Named = { Params: { shortName: string } }
type Shown = { address?: string; fault?: string; last?: string; status?: number }

/** `/g/{shortName}/animators`: who keeps the record together, invited by mail. */
export function registerAnimators(app: FastifyInstance, deps: Deps): void {
  const { db, clock } = deps
  onConfirmed(app, 'animator', confirmAnimator)

  app.get<Named>('/g/:shortName/animators', { config: editors, schema: pageSchema }, (request, reply) => sendAnimators(request, reply, deps, {}))

  app.post<Named & { Body: { address: string } }>('/g/:shortName/animators', { config: editors, schema: inviteSchema }, async (request, reply) => {
    const { person, params, body, locale } = request
    const address = readAddress(body.address)
    if (!address) return sendAnimators(request, reply, deps, { address: body.address, fault: request.t('error.field.mail'), status: 400 })
    const group = await getSubject(deps, params.shortName)
    await countAttempt(db, deps, 'invite', person!.id, invitations)
    await countAttempt(db, deps, 'invited', address, { max: 5, minutes: 24 * 60 })
    await inviteAnimator(db, person!, { ...group, shortName: params.shortName }, address, { at: clock().toISOString(), locale })
    return goBack(reply, params.shortName, 'invited')
  })

  app.post<Named & { Body: { id: string; sure?: 'yes' } }>(
    '/g/:shortName/animators/remove',
    { config: editors, schema: removeSchema },
    async (request, reply) => {
      const { person, params, body } = request
      const group = await getSubject(deps, params.shortName)
      const outcome = await removeAnimator(db, group.id, body.id, body.sure === 'yes')
      if (outcome === 'last') return sendAnimators(request, reply, deps, { last: body.id, status: 409 })
      return body.id === person!.id && !person!.operator ? reply.redirect(urls.me, 303) : goBack(reply, params.shortName, 'removed')
    },
  )
}

async function sendAnimators(request: FastifyRequest<Named>, reply: FastifyReply, deps: Deps, shown: Shown): Promise<FastifyReply> {
  const { shortName } = request.params
  const { address = '', fault, last, status = 200 } = shown
  const group = await getSubject(deps, shortName)
  const animators = (await listAnimators(deps.db, group.id)).map(({ id, address: mail, name }) => ({
    id,
    address: mail,
    name: name ?? undefined,
    you: id === request.person!.id,
    last: id === last,
  }))
  const page = pageFrame(request, deps.config, { title: request.t('animators.title'), robots: 'noindex' })
  const model = {
    group: { name: group.name, url: urls.group(shortName) },
    animators,
    address,
    done: (request.query as { done?: string }).done,
    wrong: fault,
    faults: fault ? [{ id: 'address', message: fault }] : [],
    action: urls.groupAnimators(shortName),
    removeAction: urls.groupAnimators(shortName, 'remove'),
  }
  return reply.page('account/animators', { page, ...model }, status)
}

async function getSubject({ db }: Deps, shortName: string) {
  const group = await findSubject(db, shortName)
  if (!group) throw notFound({ key: 'error.noGroup', values: { name: shortName.slice(0, 60) } })
  return group
}

function goBack(reply: FastifyReply, shortName: string, done: 'invited' | 'removed'): FastifyReply {
  return reply.redirect(urls.withParams(urls.groupAnimators(shortName), [['done', done]]), 303)
}
