import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import type { Message } from '../errors.ts'
import { langAnd } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import * as urls from '../urls.ts'
import { askNewAddress, createToken, saveProfile } from './actions.ts'
import { confirmNewAddress, confirmOldAddress } from './change-address.ts'
import { countAttempt, countNetwork } from './limits.ts'
import { onConfirmed } from './mailed-link.ts'
import { toMeView } from './present-me.ts'
import * as queries from './queries.ts'
import type { Person } from './rights.ts'
import { readAddress, readName } from './rules.ts'

const newAddresses = { max: 5, minutes: 24 * 60 }
const fromNetwork = { max: 40, minutes: 60 }
const signedIn = { right: 'signed-in' } as const
const done = ['profile', 'address', 'sessions', 'token'] as const
const text = { type: 'string', maxLength: 2000 } as const
const form = { type: 'object', additionalProperties: false } as const
const pageSchema = { querystring: langAnd({ done: { type: 'string', enum: done } }) }
const profileSchema = { body: { ...form, required: ['name', 'locale'], properties: { name: text, locale: { type: 'string', enum: ['fr', 'en'] } } } }
const addressSchema = { body: { ...form, required: ['address'], properties: { address: text } } }
const sessionsSchema = { body: { ...form, properties: { end: text, others: { type: 'string', const: '1' } } } }
const tokenSchema = { body: { ...form, required: ['token'], properties: { token: text } } }
const revokeSchema = { body: { ...form, required: ['id'], properties: { id: text } } }

/** What was typed and what is wrong with it, when a form of the page comes back. */
interface Returned {
  field: 'name' | 'address' | 'token'
  typed: string
  message: string
}

type Done = (typeof done)[number]

/** `/me`: one's groups, roles, name, address, sessions and tokens. */
export function registerMe(app: FastifyInstance, deps: Deps): void {
  const { db, clock } = deps
  onConfirmed(app, 'address', (tx, confirmed) => confirmNewAddress(tx, confirmed, app.keepings))
  onConfirmed(app, 'address-back', (tx, confirmed) => confirmOldAddress(tx, confirmed, app.keepings))

  app.get<{ Querystring: { done?: Done } }>(urls.me, { config: signedIn, schema: pageSchema }, (request, reply) => sendMe(request, reply, deps))

  app.post<{ Body: { name: string; locale: 'fr' | 'en' } }>(urls.me, { config: signedIn, schema: profileSchema }, async (request, reply) => {
    const { name, wrong } = readName(request.body.name)
    if (wrong) return sendBack(request, reply, deps, 'name', request.body.name, { key: `error.field.personName.${wrong}` })
    await saveProfile(db, request.person!, { name: name!, locale: request.body.locale })
    return goBack(reply, 'profile')
  })

  app.post<{ Body: { address: string } }>(urls.meAddress, { config: signedIn, schema: addressSchema }, async (request, reply) => {
    const address = readAddress(request.body.address)
    if (!address) return sendBack(request, reply, deps, 'address', request.body.address, { key: 'error.field.mail' })
    await countNetwork(db, deps, 'address', request.ip, fromNetwork)
    await countAttempt(db, deps, 'address', request.person!.id, newAddresses)
    await askNewAddress(db, request.person!, address, { at: clock().toISOString(), locale: request.locale })
    return goBack(reply, 'address')
  })

  app.post<{ Body: { end?: string; others?: '1' } }>(urls.meSessions, { config: signedIn, schema: sessionsSchema }, async (request, reply) => {
    const { person, sessionId, body } = request
    if (body.end) await queries.deleteSession(db, person!.id, body.end)
    if (body.others) await queries.deleteOtherSessions(db, person!.id, sessionId!)
    return goBack(reply, 'sessions')
  })

  registerTokens(app, deps)
}

/** Tokens for programs: made, shown once, revoked. */
function registerTokens(app: FastifyInstance, deps: Deps): void {
  const { db, clock } = deps

  app.post<{ Body: { token: string } }>(urls.meTokens, { config: signedIn, schema: tokenSchema }, async (request, reply) => {
    const { name, wrong } = readName(request.body.token)
    if (!name) return sendBack(request, reply, deps, 'token', request.body.token, { key: `error.field.tokenName.${wrong ?? 'missing'}` })
    const token = await createToken(db, request.person!, name, clock().toISOString())
    const page = pageFrame(request, deps.config, { title: request.t('token.title'), robots: 'noindex' })
    return reply.page('account/token', { page, name, token }, 201)
  })

  app.post<{ Body: { id: string } }>(urls.meTokenRevoke, { config: signedIn, schema: revokeSchema }, async (request, reply) => {
    await queries.deleteToken(db, request.person!.id, request.body.id)
    return goBack(reply, 'token')
  })
}

async function sendMe(request: FastifyRequest, reply: FastifyReply, deps: Deps, returned?: Returned): Promise<FastifyReply> {
  const person = request.person!
  const found = await Promise.all(request.server.noticeFinders.map((find) => find(person)))
  const me = toMeView(person, request.sessionId, await readRows(person, deps))
  const page = pageFrame(request, deps.config, { title: request.t('me.title'), robots: 'noindex' })
  const notices = found.flat().map(({ message, url }) => ({ text: request.t(message.key, message.values), url }))
  const said = (request.query as { done?: Done }).done
  const { field = 'name', typed, message } = returned ?? {}
  const forms = {
    typed: { name: me.name, address: '', token: '', [field]: typed ?? me.name },
    wrong: { name: undefined, address: undefined, token: undefined, [field]: message },
    faults: returned ? [{ id: field, message }] : [],
  }
  return reply.page('account/me', { page, me, notices, done: said, ...forms }, returned ? 400 : 200)
}

async function readRows({ id, animates, stewards, helps, operator }: Person, { db, clock }: Deps) {
  return {
    groups: await queries.listSubjects(db, [...animates]),
    titles: await queries.listEcosystemTitles(db, [...stewards, ...helps]),
    sessions: await queries.listSessions(db, id, clock().toISOString()),
    tokens: await queries.listTokens(db, id),
    operators: operator ? await queries.listOperators(db) : [],
  }
}

function sendBack(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  field: Returned['field'],
  typed: string,
  { key, values }: Message,
): Promise<FastifyReply> {
  return sendMe(request, reply, deps, { field, typed, message: request.t(key, values) })
}

function goBack(reply: FastifyReply, what: Done): FastifyReply {
  return reply.redirect(urls.withParams(urls.me, [['done', what]]), 303)
}
