import type { Test } from 'tap'
import { buildApp } from '../../server/app.ts'
import type { Db, MailRow } from '../../server/db/tables.ts'
import { makeTestDeps, now } from '../helper.ts'
import { addPerson } from '../people.ts'
import { fill } from '../world.ts'
import { post, stampAt } from './pages.ts'

/** The site with its cast, an operator and two stewards; forms have been open for ten seconds. `pass` lets time go by (milliseconds). */
export async function openSite(t: Test, db: Db) {
  await fill(db, 3)
  for (const who of ['operator', 'steward', 'otherSteward', 'animator'] as const) await addPerson(db, who)
  let time = Date.parse(now)
  const app = await buildApp({ ...(await makeTestDeps(db)), clock: () => new Date(time) })
  t.teardown(() => app.close())
  const send = (url: string, fields: Record<string, string>, cookie = '', ip = '') => {
    const stamp = stampAt(10, new Date(time).toISOString())
    return post(app, url, { stamp, ...fields }, { 'accept-language': 'fr', cookie, ...(ip ? { 'x-forwarded-for': ip } : {}) })
  }
  /** A decision: no stamp. */
  const decide = (url: string, fields: Record<string, string>, cookie: string) => post(app, url, fields, { 'accept-language': 'fr', cookie })
  const get = (url: string, cookie = '') => app.inject({ url, headers: { 'accept-language': 'fr', cookie } })
  const pass = (ms: number) => {
    time += ms
  }
  return { app, send, decide, get, pass }
}

/** Mails of a view in the order of their addresses. */
export async function mailsOf(db: Db, view: string): Promise<(MailRow & { said: Record<string, unknown> })[]> {
  const rows = await db.selectFrom('mail').selectAll().where('view', '=', view).orderBy('address').execute()
  return rows.map((row) => ({ ...row, said: JSON.parse(row.model) }))
}
