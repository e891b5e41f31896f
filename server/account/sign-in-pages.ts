import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { langAnd } from '../http/lang-only.ts'
import { onThisSite, pageFrame } from '../http/page-frame.ts'
import * as urls from '../urls.ts'
import { confirmLink, confirmSignIn, sendSignInLink } from './actions.ts'
import { countAttempt, countNetwork } from './limits.ts'
import { onConfirmed } from './mailed-link.ts'
import { deleteSession, findMailedLink } from './queries.ts'
import { describeAgent, readAddress } from './rules.ts'
import { hashOf, isSecret } from './secret.ts'
import { sessionCookie } from './session.ts'

const perAddress = { max: 5, minutes: 60 }
const perNetwork = { max: 40, minutes: 60 }

const querySchema = langAnd({ back: { type: 'string', maxLength: 4000 } })
const bodySchema = {
  type: 'object',
  additionalProperties: false,
  required: ['address'],
  properties: { address: { type: 'string', maxLength: 2000 }, back: { type: 'string', maxLength: 4000 } },
} as const

type SignIn = { address: string; back?: string }
type Secret = { Params: { secret: string } }

/** Signing in by a mailed link, whatever else such a link confirms, signing out. */
export function registerSignIn(app: FastifyInstance, deps: Deps): void {
  const { config, db, clock } = deps
  registerLinks(app, deps)

  app.get<{ Querystring: { back?: string } }>(urls.signIn, { schema: { querystring: querySchema } }, async (request, reply) => {
    const back = onThisSite(request.query.back, config.publicUrl, urls.me)
    return request.person ? reply.redirect(back, 303) : sendForm(request, reply, deps, { address: '', back })
  })

  app.post<{ Body: SignIn }>(urls.signIn, { config: { right: 'anyone' }, schema: { body: bodySchema } }, async (request, reply) => {
    const back = onThisSite(request.body.back, config.publicUrl, urls.me)
    const address = readAddress(request.body.address)
    if (!address) return sendForm(request, reply, deps, { address: request.body.address, back, refused: true })
    await countNetwork(db, deps, 'sign-in', request.ip, perNetwork)
    await countAttempt(db, deps, 'sign-in', address, perAddress)
    await sendSignInLink(db, address, back, { at: clock().toISOString(), locale: request.locale })
    return privately(reply).page('account/sent', {
      page: frame(request, deps, 'signIn.sent.title'),
      address,
      again: urls.signInTo(back),
      demo: config.demo === true,
    })
  })

  app.post(urls.signOut, { config: { right: 'anyone' } }, async (request, reply) => {
    if (request.person && request.sessionId) await deleteSession(db, request.person.id, request.sessionId)
    return privately(reply).header('set-cookie', sessionCookie('', config)).redirect(urls.home, 303)
  })
}

/** What a mailed link opens, and the click that confirms it. */
function registerLinks(app: FastifyInstance, deps: Deps): void {
  const { config, db, clock } = deps
  onConfirmed(app, 'sign-in', confirmSignIn)

  app.get<Secret>('/sign-in/:secret', { schema: { querystring: querySchema } }, async (request, reply) => {
    const link = await findGoodLink(deps, request.params.secret)
    if (!link) return sendOver(request, reply, deps)
    const page = { ...frame(request, deps, `confirm.title.${link.purpose}`), canonical: config.publicUrl + urls.signIn }
    return privately(reply).page('account/confirm', {
      page,
      purpose: link.purpose,
      address: link.address,
      action: urls.mailedLink(request.params.secret),
      elsewhere: link.purpose === 'address' && JSON.parse(link.payload ?? '{}').personId !== request.person?.id,
      wrong: undefined,
    })
  })

  app.post<Secret>('/sign-in/:secret', { config: { right: 'anyone' } }, async (request, reply) => {
    const { secret } = request.params
    const browser = { person: request.person, sessionId: request.sessionId, agent: describeAgent(request.headers['user-agent']) }
    const moment = { at: clock().toISOString(), locale: request.locale }
    const confirmed = isSecret(secret) ? await confirmLink(db, config, app.confirmations, { secret, browser, ...moment }) : undefined
    if (!confirmed) return sendOver(request, reply, deps)
    if (confirmed.setCookie) reply.header('set-cookie', confirmed.setCookie)
    return privately(reply).redirect(confirmed.to, 303)
  })
}

function sendForm(request: FastifyRequest, reply: FastifyReply, deps: Deps, form: SignIn & { refused?: boolean }): FastifyReply {
  const { address, back = urls.me, refused = false } = form
  const wrong = refused ? request.t('error.field.mail') : undefined
  const faults = wrong ? [{ id: 'address', message: wrong }] : []
  return privately(reply).page('account/sign-in', { page: frame(request, deps, 'signIn.title'), address, back, wrong, faults }, wrong ? 400 : 200)
}

/** A link that is used up, too old or none of ours: why, and the form for a new one. Its second click, by whom it signed in, is no mishap. */
async function sendOver(request: FastifyRequest<Secret>, reply: FastifyReply, deps: Deps): Promise<FastifyReply> {
  const { secret } = request.params
  const link = isSecret(secret) ? await findMailedLink(deps.db, hashOf(secret)) : undefined
  if (link?.used_at && link.address === request.person?.address) return privately(reply).redirect(urls.me, 303)
  const state = link ? (link.used_at ? 'used' : 'expired') : 'unknown'
  const page = { ...frame(request, deps, 'signIn.over.title'), canonical: deps.config.publicUrl + urls.signIn }
  return privately(reply).page('account/over', { page, state, address: '', back: urls.me, wrong: undefined, faults: [] }, link ? 410 : 404)
}

async function findGoodLink({ db, clock }: Deps, secret: string) {
  const link = isSecret(secret) ? await findMailedLink(db, hashOf(secret)) : undefined
  return link && !link.used_at && link.expires_at > clock().toISOString() ? link : undefined
}

/** Kept by nobody, and its address is told to no other site. `no-referrer` would also take the Origin off the click, which is refused then. */
function privately(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store').header('referrer-policy', 'same-origin')
}

function frame(request: FastifyRequest, { config }: Deps, title: string) {
  return pageFrame(request, config, { title: request.t(title), robots: 'noindex' })
}
