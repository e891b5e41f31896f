import type { FastifyInstance, InjectOptions } from 'fastify'
import type { Db } from '../../server/db/tables.ts'
import { publicUrl } from '../helper.ts'

/** The mails in the queue to this address, the last one first. */
export async function mailsTo(db: Db, address: string): Promise<{ view: string; locale: string; model: Record<string, string> }[]> {
  const rows = await db.selectFrom('mail').selectAll().where('address', '=', address).orderBy('id', 'desc').execute()
  return rows.map(({ view, locale, model }) => ({ view, locale, model: JSON.parse(model) }))
}

/** The link in the last mail to this address. */
export async function linkTo(db: Db, address: string): Promise<string> {
  return (await mailsTo(db, address))[0]!.model.link!
}

/** Sends a form as a browser does. */
export function post(app: FastifyInstance, url: string, fields: Record<string, string> = {}, headers: InjectOptions['headers'] = {}) {
  const sent = { 'content-type': 'application/x-www-form-urlencoded', origin: publicUrl, 'sec-fetch-site': 'same-origin', ...headers }
  return app.inject({ method: 'POST', url, payload: new URLSearchParams(fields).toString(), headers: sent })
}

/** The cookie that an answer sets, to send along. */
export function cookieOf({ headers }: { headers: Record<string, unknown> }): string {
  const cookie = [headers['set-cookie']].flat().find((one) => /session=/.test(String(one)))
  return String(cookie).split(';')[0]!
}
