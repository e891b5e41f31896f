import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GroupRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { AppError, forbidden, unauthorised } from '../errors.ts'
import { pageFrame } from '../http/page-frame.ts'
import * as urls from '../urls.ts'
import { findSubject } from './queries.ts'
import { mayEdit, mayKeep, mayOperate } from './rights.ts'

/**
 * What a route asks of whoever uses it. `edit`: the group of `:shortName` (a name that no group has is left to the handler);
 * `keep`: the ecosystem of `:keyword`; `review`: keeps something here, the action asks whether it is this.
 */
export type Right = 'anyone' | 'signed-in' | 'edit' | 'keep' | 'review' | 'operate'

declare module 'fastify' {
  interface FastifyContextConfig {
    right?: Right
  }
  interface FastifyInstance {
    /** Every route that says who may use it. */
    guardedRoutes: readonly { method: string; url: string; right: Right }[]
  }
}

type GuardDeps = Pick<Deps, 'db' | 'config'>

const safe = ['GET', 'HEAD', 'OPTIONS']

/** Lets through whom a route's `config.right` names. A route that writes and does not say it stops the start. */
export function registerGuard(app: FastifyInstance, { db, config }: GuardDeps): void {
  const guarded: { method: string; url: string; right: Right }[] = []
  app.decorate('guardedRoutes', guarded)
  app.addHook('onRoute', (route) => {
    const right = route.config?.right
    for (const method of [route.method].flat()) {
      if (right) guarded.push({ method, url: route.url, right })
      else if (!safe.includes(method)) throw new Error(`${method} ${route.url} does not say who may use it (config.right).`)
    }
  })
  app.addHook('onRequest', async (request, reply) => {
    const { right = 'anyone' } = request.routeOptions.config
    if (right === 'anyone') return undefined
    if (!request.person) return isTyped(request) ? undefined : askToSignIn(app, request, reply)
    const refusal = await refusalOf(db, request, right)
    if (refusal) throw refusal
    return undefined
  })
  app.addHook('preValidation', async (request, reply) => {
    const { right = 'anyone' } = request.routeOptions.config
    if (right !== 'anyone' && !request.person) return giveBack(request, reply, config)
    return undefined
  })
}

/** Programs are told; people are led to the form, and back to a page from there. */
function askToSignIn(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (isApi(request)) throw unauthorised()
  const { url = '' } = request.routeOptions
  const back = app.hasRoute({ method: 'GET', url }) ? request.url : urls.me
  return reply.header('cache-control', 'no-store').redirect(urls.signInTo(back), 303)
}

/** Somebody's session ended while they were writing: what they typed waits on a page, to be sent again. */
function giveBack(request: FastifyRequest, reply: FastifyReply, config: Deps['config']): FastifyReply {
  const typed = Object.entries((request.body ?? {}) as Record<string, string | string[]>)
  const fields = typed.flatMap(([name, values]) => [values].flat().map((value) => ({ name, value })))
  const page = pageFrame(request, config, { title: request.t('sendAgain.title'), robots: 'noindex' })
  return reply.page('account/send-again', { page: { ...page, back: urls.home }, action: page.back, signInUrl: urls.signIn, fields }, 403)
}

/** A form that people fill in, as browsers send it. */
function isTyped(request: FastifyRequest): boolean {
  const type = request.headers['content-type'] ?? ''
  return request.method === 'POST' && type.startsWith('application/x-www-form-urlencoded') && !isApi(request)
}

function isApi({ routeOptions: { url = '' } }: FastifyRequest): boolean {
  return url.startsWith('/api/')
}

async function refusalOf(db: Deps['db'], { person, params }: FastifyRequest, right: Right): Promise<AppError | undefined> {
  const { shortName = '', keyword = '' } = params as { shortName?: string; keyword?: string }
  if (right === 'edit') {
    const group = await findSubject(db, shortName)
    return group && !mayEdit(person, group) ? notYourGroup(group, urls.group(shortName)) : undefined
  }
  const may =
    right === 'signed-in' ||
    (right === 'keep' && mayKeep(person, keyword)) ||
    (right === 'review' && (person?.operator || person!.stewards.size > 0)) ||
    (right === 'operate' && mayOperate(person))
  return may ? undefined : forbidden({ key: `error.forbidden.${right}` })
}

/** Who may not edit is led to the page, or to where a copy is kept. */
function notYourGroup(group: Pick<GroupRow, 'id' | 'name' | 'origin_server' | 'source_url'>, page: string): AppError {
  const { origin_server } = group
  const url = origin_server ? urls.elsewhere({ ...group, origin_server }) : page
  const detail = { key: origin_server ? 'error.forbidden.copy' : 'error.forbidden.edit', values: { name: group.name } }
  return new AppError('forbidden', { detail, suggestions: [{ label: group.name, url }] })
}
