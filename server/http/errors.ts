import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, badRequest, notFound, wrongMethod } from '../errors.ts'
import { type Asker, type ErrorDeps, errorAnswer, toAppError } from './error-answer.ts'
import { readerOf } from './language.ts'
import { pathOf } from './security-headers.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** What is thrown for an address that no route answers, and what OPTIONS is answered: for rooms that say errors in a way of their own. */
    answerUnknown: (request: FastifyRequest, reply: FastifyReply) => FastifyReply
  }
}

const longestTarget = 40_000

/** Answers every error in the house's way. Register it first: it watches the routes, to say 405 where another method would do. */
export function registerErrors(app: FastifyInstance, deps: ErrorDeps): void {
  const routes: { method: string; pattern: RegExp }[] = []
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, pattern: toPattern(url) })
  })
  app.addHook('onRequest', async ({ raw }) => refuseOddRequest(raw))
  // Node would answer the first by a bare 417 and hang up on the second.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
  app.server.on('connect', (_request, socket) => app.server.emit('clientError', new Error('no tunnels here'), socket))
  app.setErrorHandler((error, request, reply) => answer(deps, request, reply, error))
  const answerUnknown = (request: FastifyRequest, reply: FastifyReply) => {
    const path = pathOf(request.url)
    const allowed = [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))]
    if (allowed.length) allowed.push('OPTIONS')
    if (request.method === 'OPTIONS' && allowed.length) return answerOptions(reply, allowed)
    throw allowed.length && !allowed.includes(request.method) ? wrongMethod(allowed) : notFound()
  }
  app.setNotFoundHandler(answerUnknown)
  app.decorate('answerUnknown', answerUnknown)
}

/** For Fastify's `frameworkErrors`: addresses that the router cannot read, before any hook. */
export function frameworkErrors(deps: ErrorDeps): (error: Error, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    answer(deps, request, reply, error)
  }
}

/** What may be asked of this address; where any site may read, also what its scripts may send along (a CORS preflight, kept for a day). */
function answerOptions(reply: FastifyReply, methods: string[]): FastifyReply {
  const allow = methods.join(', ')
  const preflight = {
    'access-control-allow-methods': allow,
    'access-control-allow-headers': 'Accept, Accept-Language, Authorization, Content-Type, If-Match, If-None-Match',
    'access-control-max-age': '86400',
  }
  const isShared = reply.getHeader('access-control-allow-origin') !== undefined
  return reply
    .code(204)
    .headers({ allow, ...(isShared ? preflight : {}) })
    .send()
}

function answer(deps: ErrorDeps, request: FastifyRequest, reply: FastifyReply, thrown: unknown): FastifyReply {
  const error = toAppError(thrown)
  if (error.status >= 500) request.log.error({ err: thrown }, 'request failed')
  const { status, headers, body } = safeAnswer(deps, askerOf(request, deps.config.defaultLocale), error, (failure) =>
    request.log.error({ err: failure }, 'error page failed'),
  )
  return reply.code(status).headers(headers).serializer(String).send(body)
}

/** The error page must not fail: should it, a line of text stands in. */
function safeAnswer(deps: ErrorDeps, asker: Asker, error: AppError, tell: (failure: unknown) => void): ReturnType<typeof errorAnswer> {
  try {
    return errorAnswer(deps, asker, error)
  } catch (failure) {
    tell(failure)
    return { status: error.status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${error.status} ${error.code} (${asker.id})\n` }
  }
}

function askerOf({ raw, id, person }: { raw: IncomingMessage; id: string; person?: object | undefined }, fallback: 'fr' | 'en'): Asker {
  const url = raw.url ?? '/'
  return { ...readerOf(url, raw.headers, fallback), person, url, accept: raw.headers.accept, id }
}

function refuseOddRequest({ url = '/', headers, httpVersion }: IncomingMessage): void {
  if (url.length > longestTarget) throw new AppError('tooLong')
  const { host } = headers
  if (host === undefined ? httpVersion === '1.1' : !/^([\w.~-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i.test(host))
    throw badRequest({ key: 'error.badRequest.host' })
}

/** `/g/:shortName/*` as a regular expression: near enough to know whether an address exists for another method. */
function toPattern(url: string): RegExp {
  const parts = url.split(/(:\w+(?:\([^)]*\))?|\*)/)
  const source = parts.map((part, index) => (index % 2 === 0 ? RegExp.escape(part) : part === '*' ? '.*' : '[^/]+'))
  return new RegExp(`^${source.join('')}$`)
}
