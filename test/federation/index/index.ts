import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { buildApp } from '../../../server/app.ts'
import { transaction } from '../../../server/db/open.ts'
import type { Db } from '../../../server/db/tables.ts'
import { putGroups } from '../../../server/group/actions.ts'
import { makeTestDeps, now } from '../../helper.ts'
import { fill, group } from '../../world.ts'

/** The cast, a copy of another server's group, and an app whose clock can be turned. */
export async function openIndex(t: Test, db: Db, many = 3) {
  const { deletedId } = await fill(db, many)
  const copy = group({ shortName: 'venu-d-ailleurs', name: 'Venu d’ailleurs', country: 'FR', keywords: [{ slug: 'jardin', label: 'Jardin' }] })
  await transaction(db, (tx) => putGroups(tx, [{ group: copy, stamp: { origin_server: 'https://ailleurs.example' } }], { at: now, via: 'import' }))
  const clock = { now: new Date(now) }
  const app = await buildApp({ ...(await makeTestDeps(db)), clock: () => clock.now })
  t.teardown(() => app.close())
  return { app, clock, deletedId }
}

/** What is answered to a question in the address. */
export async function get(app: FastifyInstance, url: string) {
  const answer = await app.inject(url)
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() }
}

/** What is answered to JSON, or to text that should be. */
export async function post(
  app: FastifyInstance,
  url: string,
  body: unknown,
  more: { remoteAddress?: string; headers?: Record<string, string> } = {},
) {
  const payload = typeof body === 'string' ? body : JSON.stringify(body)
  const headers = { 'content-type': 'application/json', ...more.headers }
  const answer = await app.inject({ method: 'POST', url, payload, ...more, headers })
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() }
}
