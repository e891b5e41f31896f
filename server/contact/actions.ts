import { v7 as uuid } from 'uuid'
import { makeLink } from '../account/mailed-link.ts'
import { listAnimators } from '../account/queries.ts'
import type { Person } from '../account/rights.ts'
import { transaction } from '../db/open.ts'
import type { Db, GroupRow, LetterRow, Tx } from '../db/tables.ts'
import { conflict, gone } from '../errors.ts'
import { findGroupById } from '../group/queries.ts'
import { mailTo } from '../mail/mail-to.ts'
import * as urls from '../urls.ts'
import * as queries from './queries.ts'
import type { LetterDraft } from './rules.ts'

type Addressee = Pick<GroupRow, 'id' | 'short_name' | 'name'>

/** Keeps a letter to a group's animators: it leaves at once if its address is `proven`, else once the link mailed to it is confirmed. */
export function writeLetter(
  db: Db,
  group: Addressee,
  draft: LetterDraft,
  { proven, locale, at }: { proven: boolean; locale: 'fr' | 'en'; at: string },
): Promise<void> {
  const { name, address, text } = draft
  const id = uuid({ msecs: Date.parse(at) })
  const state = proven ? ('sent' as const) : ('unconfirmed' as const)
  const row: LetterRow = { id, group_id: group.id, address, name, locale, role: draft.role ?? null, text, state, ...unanswered, created_at: at }
  return transaction(db, async (tx) => {
    await queries.insertLetter(tx, row)
    if (proven) return passOn(tx, group, row, at)
    // Nothing of what was typed: else this mail would carry anybody's words to any address.
    const model = { group: group.name }
    return makeLink(tx, { purpose: 'letter', address, payload: { letter: id }, locale, at, view: 'letter-confirm', model })
  })
}

/** The click that proves the writer's address: the letter leaves. Gives the group's short name; throws when group or letter are gone. */
export async function confirmLetter(tx: Tx, id: string, at: string): Promise<string> {
  const letter = await queries.confirmLetter(tx, id, at)
  const group = letter && (await findGroupById(tx, letter.group_id))
  if (!letter || !group) throw gone({ key: 'contact.gone' })
  await passOn(tx, group, letter, at)
  return group.short_name
}

/** Mails an animator's answer to the writer, who learns the animator's address by it. Throws a conflict when somebody answered before. */
export function answerLetter(
  db: Db,
  { group, letter, person, text, at }: { group: Addressee; letter: LetterRow; person: Person; text: string; at: string },
): Promise<void> {
  return transaction(db, async (tx) => {
    if (!(await queries.answerLetter(tx, letter.id, person.id, at))) throw conflict({ key: 'contact.answeredMeanwhile' })
    const model = { group: group.name, animator: person.name ?? '', text, letter: letter.text, link: urls.group(group.short_name) }
    await mailTo(tx, [letter], { view: 'letter-answer', model, replyTo: person.address }, at)
  })
}

const unanswered = { answered_at: null, answered_by: null }

/** To each animator, without the writer's address. */
async function passOn(tx: Tx, group: Addressee, { id, name, role, text }: LetterRow, at: string): Promise<void> {
  const model = { group: group.name, name, role, text, link: urls.groupLetter(group.short_name, id) }
  await mailTo(tx, await listAnimators(tx, group.id), { view: 'letter', model }, at)
}
