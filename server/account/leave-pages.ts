import type { FastifyInstance } from 'fastify'
import type { Db } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { pageFrame } from '../http/page-frame.ts'
import { deleteMailsTo, forgetAddress, listMailsTo } from '../mail/queries.ts'
import * as urls from '../urls.ts'
import { deleteAccount } from './actions.ts'
import { type Keeping, onLeaving } from './me-hook.ts'
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
  app.decorate('keepings', [])
  onLeaving(app, ownKeeping(clock))

  app.get(urls.meData, { config: signedIn }, async ({ person }, reply) => {
    const file = `archipel-${clock().toISOString().slice(0, 10)}.json`
    reply.type('application/json; charset=utf-8').header('content-disposition', `attachment; filename="${file}"`)
    const kept = await Promise.all(app.keepings.map(({ gather }) => gather(db, person!)))
    return JSON.stringify(Object.assign({}, ...kept), null, 2)
  })

  app.get(urls.meDelete, { config: signedIn }, async (request, reply) => {
    const orphans = await queries.listOnlyMine(db, request.person!.id)
    const page = pageFrame(request, config, { title: request.t('leave.title'), robots: 'noindex' })
    const groups = orphans.map(({ short_name, name }) => ({ name, url: urls.groupAnimators(short_name) }))
    return reply.page('account/leave', { page, address: request.person!.address, groups })
  })

  app.post(urls.meDelete, { config: signedIn, schema: { body: bodySchema } }, async (request, reply) => {
    await deleteAccount(db, request.person!, app.keepings)
    request.person = undefined
    const page = pageFrame(request, config, { title: request.t('leave.done'), robots: 'noindex' })
    return reply.header('set-cookie', sessionCookie('', config)).page('account/left', { page })
  })
}

/** The account itself and the mails to its address; of what opens doors, only that it is there. */
function ownKeeping(clock: Deps['clock']): Keeping {
  return {
    gather: async (db, person) => {
      const mails = (await listMailsTo(db, person.address)).map(({ view, state, created_at }) => ({ about: view, state, createdAt: created_at }))
      return { ...(await gatherAccount(db, person, clock().toISOString())), mails }
    },
    erase: async (tx, { id, address }) => {
      await forgetAddress(tx, address)
      // An address they had before, or had not confirmed yet, was written to about this account.
      for (const other of await queries.deleteMailedLinks(tx, { id, address })) await deleteMailsTo(tx, other, ['new-address', 'address-changed'])
      await queries.deletePerson(tx, id)
    },
  }
}

async function gatherAccount(db: Db, { id, address }: Person, at: string): Promise<object> {
  const { name, locale, operator, created_at } = (await queries.findPersonById(db, id))!
  const memberships = await queries.listMemberships(db, id)
  const subjects = memberships.map(({ subject }) => subject)
  const groups = new Map((await queries.listSubjects(db, subjects)).map((group) => [group.id, group.short_name]))
  const sessions = await queries.listSessions(db, id, at)
  const tokens = await queries.listTokens(db, id)
  return {
    person: { address, name, locale, operator: operator === 1, createdAt: created_at },
    roles: memberships.map(({ role, subject, created_at: since }) => ({ role, of: groups.get(subject) ?? subject, since })),
    sessions: sessions.map(({ agent, created_at: createdAt, seen_at, expires_at }) => ({ agent, createdAt, seenAt: seen_at, expiresAt: expires_at })),
    tokens: tokens.map(({ name: called, created_at: createdAt, used_at }) => ({ name: called, createdAt, usedAt: used_at })),
  }
}
