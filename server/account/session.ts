import type { FastifyInstance, FastifyRequest } from 'fastify'
import { v7 as uuid } from 'uuid'
import type { Tx } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { unauthorised } from '../errors.ts'
import { cookie } from '../http/language.ts'
import { pathOf } from '../http/security-headers.ts'
import { daysAfter } from '../text/days.ts'
import { toPerson } from './people.ts'
import { findSession, findToken, insertSession, markPersonSeen, markTokenUsed, renewSession } from './queries.ts'
import type { Person } from './rights.ts'
import { hashOf, isSecret, newSecret } from './secret.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, if they are signed in (by the session's cookie, or under /api/ by a token). */
    person: Person | undefined
    /** Which of their sessions it is. */
    sessionId: string | undefined
  }
}

type SessionDeps = Pick<Deps, 'config' | 'db' | 'clock'>

export const tokenStart = 'arch_'
const day = 24 * 3600 * 1000
const sessionDays = 60

/** Gives `request.person`. What is public and the same for all (widgets, twins, files, reading the API) never looks at the cookie. */
export function registerSession(app: FastifyInstance, deps: SessionDeps): void {
  app.decorateRequest('person', undefined)
  app.decorateRequest('sessionId', undefined)
  app.decorate('noticeFinders', [])
  app.decorate('confirmations', new Map())
  app.addHook('onRequest', async (request, reply) => {
    const path = pathOf(request.url)
    const bearer = path.startsWith('/api/') ? /^Bearer +(.*)$/i.exec(request.headers.authorization ?? '')?.[1] : undefined
    if (bearer !== undefined) request.person = await personOfToken(deps, bearer)
    else if (hasReader(request.method, path)) {
      const renewed = await readCookie(request, deps)
      if (renewed) reply.header('set-cookie', renewed)
    }
  })
  app.addHook('onSend', async (request, reply) => {
    const right = request.routeOptions.config.right ?? 'anyone'
    const isPage = String(reply.getHeader('content-type')).startsWith('text/html')
    // Whatever keeps an answer must not hand its session to others.
    const givesSession = String(reply.getHeader('set-cookie') ?? '').includes(`${cookieName(deps.config)}=`)
    if (right !== 'anyone' || givesSession || (request.person && isPage)) reply.header('cache-control', 'no-store')
    // Nothing of a page can be asked for again by it; what the API wrote can be changed again.
    if (isPage && reply.getHeader('cache-control') === 'no-store') reply.removeHeader('etag')
  })
}

/** A new session in the caller's transaction: its `Set-Cookie` value. `agent` names the browser in two words. */
export async function startSession(tx: Tx, config: { publicUrl: string }, personId: string, at: string, agent?: string): Promise<string> {
  const secret = newSecret()
  const times = { created_at: at, seen_at: at, expires_at: endOf(at) }
  await insertSession(tx, { hash: hashOf(secret), id: uuid(), person_id: personId, agent: agent ?? null, ...times })
  return sessionCookie(secret, config)
}

/** A `Set-Cookie` value; an empty secret forgets it. */
export function sessionCookie(secret: string, config: { publicUrl: string }): string {
  const secure = config.publicUrl.startsWith('https:') ? '; Secure' : ''
  const age = secret ? sessionDays * 24 * 3600 : 0
  return `${cookieName(config)}=${secret}; Path=/; Max-Age=${age}; SameSite=Lax; HttpOnly${secure}`
}

/** Under https, a name that no other host or path can set. */
function cookieName({ publicUrl }: { publicUrl: string }): string {
  return publicUrl.startsWith('https:') ? '__Host-session' : 'session'
}

function hasReader(method: string, path: string): boolean {
  if (/^\/(embed|static|uploads|schemas|v2)\/|^\/(changes|healthz|oembed|readyz)$|\.\w+$/.test(path)) return false
  return !path.startsWith('/api/') || !['GET', 'HEAD', 'OPTIONS'].includes(method)
}

/** Sets the person; gives the cookie anew when the session was prolonged, at most once a day. */
async function readCookie(request: FastifyRequest, { config, db, clock }: SessionDeps): Promise<string | undefined> {
  const secret = cookie(request.raw.headers.cookie, cookieName(config))
  if (!isSecret(secret)) return undefined
  const at = clock().toISOString()
  const found = await findSession(db, hashOf(secret), at)
  if (!found) return undefined
  request.person = await toPerson(db, found.person)
  request.sessionId = found.session.id
  if (Date.parse(at) - Date.parse(found.session.seen_at) < day) return undefined
  await renewSession(db, found.session.hash, at, endOf(at))
  await markPersonSeen(db, found.person.id, at)
  return sessionCookie(secret, config)
}

async function personOfToken({ db, clock }: SessionDeps, text: string): Promise<Person> {
  const secret = text.startsWith(tokenStart) ? text.slice(tokenStart.length) : undefined
  const found = isSecret(secret) ? await findToken(db, hashOf(secret)) : undefined
  if (!found) throw unauthorised({ key: 'error.unauthorised.token' })
  const at = clock().toISOString()
  // To the hour: reading and writing through the API should not cost a write more each time.
  if (!found.token.used_at || Date.parse(at) - Date.parse(found.token.used_at) > 3600_000) await markTokenUsed(db, found.token.hash, at)
  return toPerson(db, found.person)
}

function endOf(at: string): string {
  return daysAfter(sessionDays, at)
}
