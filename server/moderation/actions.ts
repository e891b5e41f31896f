import { isDeepStrictEqual } from 'node:util'
import { v7 as uuid } from 'uuid'
import { makeLink } from '../account/mailed-link.ts'
import { findOrCreatePerson } from '../account/people.ts'
import { findPersonById, insertMembership } from '../account/queries.ts'
import type { Person } from '../account/rights.ts'
import { transaction } from '../db/open.ts'
import type { Db, GroupRow, ProposalRow, SuggestionRow, Tx } from '../db/tables.ts'
import { conflict, gone } from '../errors.ts'
import { putEdited, putGroups } from '../group/actions.ts'
import { findGroupById } from '../group/queries.ts'
import { toGroup } from '../group/row.ts'
import { mailTo } from '../mail/mail-to.ts'
import type { Group } from '../schema-types.ts'
import * as urls from '../urls.ts'
import * as queries from './queries.ts'
import { tellKeepers, tellReviewers } from './tell.ts'

type Locale = 'fr' | 'en'

/** Who asks for something: somebody signed in, or an address yet to be confirmed. */
export interface Asker {
  person?: Person
  address: string
  locale: Locale
  at: string
}

/** Keeps a proposal: reviewed at once if its address is proven, else once the link mailed to it is confirmed. Gives its id. */
export function propose(db: Db, record: Group, message: string, { person, address, locale, at }: Asker): Promise<string> {
  const id = uuid({ msecs: Date.parse(at) })
  const state = person ? ('waiting' as const) : ('unconfirmed' as const)
  const row: ProposalRow = { id, person_id: person?.id ?? null, record: JSON.stringify(record), state, message: message || null, ...undecided(at) }
  return transaction(db, async (tx) => {
    await queries.insertProposal(tx, row)
    if (person) await tellReviewers(tx, row, at)
    // Nothing of what was typed: else this mail would carry anybody's words to any address.
    else await makeLink(tx, { purpose: 'proposal', address, payload: { proposal: id }, locale, at, view: 'proposal-confirm', model: {} })
    return id
  })
}

/** The click that proves the address: the person is known from now on, and the proposal waits for review. Throws when it is gone. */
export async function confirmProposal(tx: Tx, id: string, { address, locale, at }: Omit<Asker, 'person'>): Promise<string> {
  const person = await findOrCreatePerson(tx, address, locale, at)
  const proposal = await queries.confirmProposal(tx, id, person.id, at)
  if (!proposal) throw gone({ key: 'propose.gone' })
  await tellReviewers(tx, proposal, at)
  return person.id
}

/** The proposer's new version, or answer. Throws a conflict when somebody decided meanwhile. */
export function reviseProposal(db: Db, proposal: ProposalRow, record: Group, message: string, at: string): Promise<void> {
  const values = { record: JSON.stringify(record), message: message || null, state: 'waiting' as const, updated_at: at }
  return transaction(db, async (tx) => {
    if (!(await queries.updateProposal(tx, proposal, values))) throw conflict({ key: 'propose.decidedMeanwhile' })
    if (proposal.state === 'asked') await tellReviewers(tx, { ...proposal, ...values }, at)
  })
}

/** Makes a group of a proposal, kept by who proposed it. Throws a conflict when its short name is taken, or somebody else decided. */
export function acceptProposal(db: Db, proposal: ProposalRow, shortName: string, reviewer: Person, at: string): Promise<GroupRow> {
  return transaction(db, async (tx) => {
    const proposer = proposal.person_id ? await findPersonById(tx, proposal.person_id) : undefined
    const group: Group = { ...(JSON.parse(proposal.record) as Group), shortName }
    const stamp = { claimed_at: at, checked_at: at }
    const [row] = await putGroups(tx, [{ group, stamp }], { at, via: 'form', author: proposer?.name ?? undefined })
    const values = { state: 'accepted' as const, group_id: row!.id, decided_by: reviewer.id, updated_at: at }
    if (!(await queries.updateProposal(tx, proposal, values))) throw conflict({ key: 'propose.decidedMeanwhile' })
    if (!proposer) return row!
    await insertMembership(tx, { person_id: proposer.id, role: 'animator', subject: row!.id, created_at: at })
    await mailTo(tx, [proposer], { view: 'proposal-accepted', model: { group: group.name, link: urls.group(shortName) } }, at)
    return row!
  })
}

/** Asks the proposer something, or declines with a reason. Throws a conflict when somebody else decided. */
export function answerProposal(
  db: Db,
  proposal: ProposalRow,
  state: 'asked' | 'declined',
  answer: string,
  reviewer: Person,
  at: string,
): Promise<void> {
  return transaction(db, async (tx) => {
    const decided_by = state === 'declined' ? reviewer.id : null
    if (!(await queries.updateProposal(tx, proposal, { state, answer, decided_by, updated_at: at })))
      throw conflict({ key: 'propose.decidedMeanwhile' })
    const proposer = proposal.person_id ? await findPersonById(tx, proposal.person_id) : undefined
    const { name } = JSON.parse(proposal.record) as Group
    const model = { group: name, answer, link: urls.proposal(proposal.id) }
    if (proposer) await mailTo(tx, [proposer], { view: `proposal-${state}`, model }, at)
  })
}

/** What somebody suggests about a group, which was at this revision when they saw it. */
export type SuggestionDraft = Pick<SuggestionRow, 'kind'> & {
  message: string
  duplicateOf?: string
  changes: Record<string, unknown>
  revision: number
}

/** Keeps a suggestion for a group's animators, or for operators when there are none; once its address is confirmed, if nobody is signed in. */
export function suggest(db: Db, group: GroupRow, draft: SuggestionDraft, { person, address, locale, at }: Asker): Promise<void> {
  const { kind, message, duplicateOf, changes, revision } = draft
  const id = uuid({ msecs: Date.parse(at) })
  const said = {
    message: message || null,
    duplicate_of: duplicateOf ?? null,
    changes: Object.keys(changes).length > 0 ? JSON.stringify(changes) : null,
  }
  const state = person ? ('open' as const) : ('unconfirmed' as const)
  const row: SuggestionRow = {
    id,
    group_id: group.id,
    kind,
    address,
    locale,
    ...said,
    taken: null,
    group_revision: revision,
    state,
    ...open(at),
  }
  return transaction(db, async (tx) => {
    await queries.insertSuggestion(tx, row)
    if (person) return tellKeepers(tx, group, kind, at)
    const model = { group: group.name }
    return makeLink(tx, { purpose: 'suggestion', address, payload: { suggestion: id }, locale, at, view: 'suggestion-confirm', model })
  })
}

/** The click that proves the address. Gives the group's short name; throws when suggestion or group are gone. */
export async function confirmSuggestion(tx: Tx, id: string, at: string): Promise<string> {
  const suggestion = await queries.confirmSuggestion(tx, id)
  const group = suggestion && (await findGroupById(tx, suggestion.group_id))
  if (!suggestion || !group) throw gone({ key: 'suggest.gone' })
  await tellKeepers(tx, group, suggestion.kind, at)
  return group.short_name
}

/** Writes part of a suggestion into the record; `group` is the record with it. Throws a conflict when the record changed meanwhile. */
export function takeChange(
  db: Db,
  {
    row,
    suggestion,
    group,
    fields,
    person,
    at,
  }: { row: GroupRow; suggestion: SuggestionRow; group: Group; fields: string[]; person: Person; at: string },
): Promise<void> {
  const changes = Object.entries(JSON.parse(suggestion.changes ?? '{}') as object).filter(([field]) => !fields.includes(field))
  const taken = JSON.stringify([...(JSON.parse(suggestion.taken ?? '[]') as string[]), ...fields])
  return transaction(db, async (tx) => {
    if (!isDeepStrictEqual(group, toGroup(row))) await putEdited(tx, row, group, { at, via: 'form', author: person.name })
    if (changes.length === 0) return endSuggestion(tx, row, suggestion, { taken, kept: true, word: '', person, at })
    if (!(await queries.updateSuggestion(tx, suggestion, { taken, changes: JSON.stringify(Object.fromEntries(changes)) })))
      throw conflict({ key: 'error.changedMeanwhile' })
  })
}

/** Ends what is left of a suggestion: done by other means, or declined with a word for the visitor. Their address is forgotten. */
export function closeSuggestion(db: Db, row: GroupRow, suggestion: SuggestionRow, end: { kept: boolean; word: string; person: Person; at: string }) {
  const kept = end.kept || suggestion.taken !== null
  return transaction(db, (tx) => endSuggestion(tx, row, suggestion, { ...end, kept, taken: suggestion.taken }))
}

async function endSuggestion(
  tx: Tx,
  row: GroupRow,
  suggestion: SuggestionRow,
  { kept, word, person, at, taken }: { kept: boolean; word: string; person: Person; at: string; taken: string | null },
): Promise<void> {
  const values = { state: kept ? ('accepted' as const) : ('declined' as const), taken, address: null, decided_at: at, decided_by: person.id }
  if (!(await queries.updateSuggestion(tx, suggestion, values))) throw conflict({ key: 'error.changedMeanwhile' })
  const { address, locale } = suggestion
  const model = { group: row.name, kept, word, link: urls.group(row.short_name) }
  if (address) await mailTo(tx, [{ address, locale }], { view: 'suggestion-decided', model }, at)
}

function undecided(at: string) {
  return { answer: null, group_id: null, created_at: at, updated_at: at, decided_by: null, revision: 1 }
}

function open(at: string) {
  return { created_at: at, decided_at: null, decided_by: null }
}
