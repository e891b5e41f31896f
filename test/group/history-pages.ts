import type { FastifyInstance } from 'fastify'
import type { Db } from '../../server/db/tables.ts'
import { editGroup } from '../../server/group/actions.ts'
import { findGroup } from '../../server/group/queries.ts'
import { toGroup } from '../../server/group/row.ts'
import { now } from '../helper.ts'
import { signInAs } from '../people.ts'

type Answers = Record<string, { statusCode: number; body: string }>

/** The history of the group `tout`, in which every field changes, and one revision of it beside today's. */
export async function askHistoryPages(app: FastifyInstance, db: Db, locale: 'fr' | 'en'): Promise<Answers> {
  const row = (await findGroup(db, 'tout'))!
  const { shortName, type, name, summary, description, welcome, place } = toGroup(row)
  // Only what a record cannot do without, and back: each field is seen coming and going.
  const bare = { shortName, type, name: `${name} !`, summary: `Avant, ${summary}` }
  const changed = await editGroup(
    db,
    row,
    { ...bare, description: `${description} `, place, welcome: welcome?.toReversed() },
    { at: now, via: 'form' },
  )
  const bared = await editGroup(db, changed, bare, { at: now, via: 'api', author: 'Ana' })
  const last = await editGroup(db, bared, toGroup(row), { at: now, via: 'import' })
  const cookie = await signInAs(app, db, 'operator')
  const headers = { 'accept-language': locale }
  const path = '/g/tout/history'
  const restore = (against: number, field: string) =>
    app.inject({
      method: 'POST',
      url: `${path}/${changed.revision}`,
      headers: { ...headers, cookie, 'content-type': 'application/x-www-form-urlencoded' },
      payload: `against=${against}&field=${field}`,
    })
  return {
    history: await app.inject({ url: path, headers }),
    'of an animator': await app.inject({ url: `${path}?before=${last.revision}`, headers: { ...headers, cookie } }),
    revision: await app.inject({ url: `${path}/${changed.revision}`, headers }),
    'to restore': await app.inject({ url: `${path}/${bared.revision}`, headers: { ...headers, cookie } }),
    same: await app.inject({ url: `${path}/${last.revision}`, headers }),
    conflict: await restore(1, 'name'),
    deleted: await app.inject({ url: '/g/epave/history', headers: { ...headers, cookie } }),
  }
}
