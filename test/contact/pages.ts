import type { FastifyInstance } from 'fastify'
import type { Db } from '../../server/db/tables.ts'
import { post } from '../account/mails.ts'
import { mailId, newMail, queue } from '../mail/world.ts'
import { signInAs } from '../people.ts'

type Answers = Record<string, { statusCode: number; body: string }>

const at = '2026-11-20T12:00:00.000Z'
const group = '/g/jardin-de-la-rade'

/** Every page of the relay and of the mails, as it may come, for the tests of views. The cast must be there, in a demo; once a language. */
export async function askContactPages(app: FastifyInstance, db: Db, locale: 'fr' | 'en'): Promise<Answers> {
  const [animator, operator] = [await signInAs(app, db, 'animator'), await signInAs(app, db, 'operator')]
  const get = (url: string, cookie = '') => app.inject({ url, headers: { 'accept-language': locale, cookie } })
  const send = (url: string, fields: Record<string, string>, cookie = '') => post(app, url, fields, { 'accept-language': locale, cookie })
  const letter = await addLetter(db, locale)
  await addMails(db, locale, letter)
  return {
    form: await get(`${group}/write?role=facilitator`),
    'form, signed in': await get(`${group}/write`, animator),
    wrong: await send(`${group}/write`, { name: '', address: 'x', text: '' }),
    'too quick': await send(`${group}/write`, { name: 'Zoé', address: 'zoe@people.example', text: 'Bonjour' }),
    asked: await get(`${group}/write?done=asked`),
    sent: await get(`${group}/write?done=sent`),
    nobody: await get('/g/phare-citoyen/write'),
    'nobody, no link': await get('/g/grenier/write'),
    letter: await get(letter, animator),
    'letter, wrong': await send(letter, { text: '' }, animator),
    answered: await send(letter, { text: 'Oui' }, animator),
    'letter, too late': await send(letter, { text: 'Oui aussi' }, operator),
    'letter answered': await get(letter, animator),
    'letter answered by another': await get(letter, operator),
    outbox: await get('/outbox'),
    'mail of the outbox': await get(`/outbox/${mailId(locale === 'fr' ? 1 : 2)}`),
    'mails in trouble': await get('/me/mail?done=retry', operator),
  }
}

/** A confirmed letter: its page. */
async function addLetter(db: Db, locale: 'fr' | 'en'): Promise<string> {
  const { id: group_id } = await db.selectFrom('group_record').select('id').where('short_name', '=', 'jardin-de-la-rade').executeTakeFirstOrThrow()
  const id = mailId(locale === 'fr' ? 1 : 2)
  const facts = { id, group_id, address: 'zoe@people.example', name: 'Zoé', locale, role: 'facilitator', text: 'Bonjour.\n\nEt bonsoir,\nà tous.' }
  const unanswered = { state: 'sent' as const, answered_at: null, answered_by: null }
  await db
    .insertInto('letter')
    .values({ ...facts, ...unanswered, created_at: at })
    .execute()
  return `${group}/letters/${id}`
}

/** One of each sort, the first of them in trouble. */
async function addMails(db: Db, locale: 'fr' | 'en', link: string): Promise<void> {
  const first = locale === 'fr' ? 1 : 2
  const letter = { group: 'Jardin', name: 'Zoé', text: 'Bonjour', link }
  await queue(
    db,
    newMail(first, { view: 'letter', model: { ...letter, role: null }, locale, replyTo: 'ana@people.example' }),
    newMail(first + 10, { view: 'letter', model: { ...letter, role: 'facilitator' }, locale }),
    newMail(first + 20, { view: 'letter-confirm', model: letter, locale }),
    newMail(first + 30, { view: 'letter-answer', model: { ...letter, animator: '', letter: 'Bonjour' }, locale }),
  )
  await db.updateTable('mail').set({ state: 'failed', error: '550 nobody', ended_at: at }).where('id', '=', mailId(first)).execute()
}
