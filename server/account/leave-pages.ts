import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { pageFrame } from '../http/page-frame.ts'
import * as urls from '../urls.ts'
import { deleteAccount } from './actions.ts'
import * as queries from './queries.ts'
import type { Person } from './rights.ts'
import { sessionCookie } from './session.ts'

const signedIn = { right: 'signed-in' } as const
const bodySchema = {
  type: 'object',
  additionalProperties: false,
  required: ['sure'],
  properties: { sure: { type: 'string', const: 'yes' } },
} as const

/** Taking one's data along, and going. */
export function registerLeave(app: FastifyInstance, deps: Deps): void {
  const { config, db, clock } = deps

  app.get(urls.meData, { config: signedIn }, async ({ person }, reply) => {
    const file = `archipel-${clock().toISOString().slice(0, 10)}.json`
    reply.type('application/json; charset=utf-8').header('content-disposition', `attachment; filename="${file}"`)
    return JSON.stringify(await gather(deps, person!), null, 2)
  })

  app.get(urls.meDelete, { config: signedIn }, async (request, reply) => {
    const orphans = await queries.listOnlyMine(db, request.person!.id)
    const page = pageFrame(request, config, { title: request.t('leave.title'), robots: 'noindex' })
    const groups = orphans.map(({ short_name, name }) => ({ name, url: urls.groupAnimators(short_name) }))
    return reply.page('account/leave', { page, address: request.person!.address, groups })
  })

  app.post(urls.meDelete, { config: signedIn, schema: { body: bodySchema } }, async (request, reply) => {
    await deleteAccount(db, request.person!)
    request.person = undefined
    const page = pageFrame(request, config, { title: request.t('leave.done'), robots: 'noindex' })
    return reply.header('set-cookie', sessionCookie('', config)).page('account/left', { page })
  })
}

/** All that is kept of a person, but for what opens doors. */
async function gather({ db, clock }: Deps, { id, address }: Person): Promise<object> {
  const { name, locale, operator, created_at } = (await queries.findPersonById(db, id))!
  const memberships = await queries.listMemberships(db, id)
  const groups = new Map(
    (
      await queries.listSubjects(
        db,
        memberships.map(({ subject }) => subject),
      )
    ).map((group) => [group.id, group.short_name]),
  )
  const sessions = await queries.listSessions(db, id, clock().toISOString())
  const tokens = await queries.listTokens(db, id)
  const { proposals, suggestions, letters } = await queries.listWritings(db, { id, address })
  return {
    person: { address, name, locale, operator: operator === 1, createdAt: created_at },
    roles: memberships.map(({ role, subject, created_at: since }) => ({ role, of: groups.get(subject) ?? subject, since })),
    sessions: sessions.map(({ agent, created_at: createdAt, seen_at, expires_at }) => ({ agent, createdAt, seenAt: seen_at, expiresAt: expires_at })),
    tokens: tokens.map(({ name: called, created_at: createdAt, used_at }) => ({ name: called, createdAt, usedAt: used_at })),
    proposals: proposals.map(({ record, ...more }) => ({ ...more, record: JSON.parse(record) as unknown })),
    suggestions: suggestions.map(({ changes, ...more }) => ({ ...more, changes: changes && (JSON.parse(changes) as unknown) })),
    letters,
  }
}
