import type { Db, PersonRow, ProposalRow, SuggestionRow, Tx } from '../db/tables.ts'

const open = ['waiting', 'asked'] as const

export async function insertProposal(tx: Tx, row: ProposalRow): Promise<void> {
  await tx.insertInto('proposal').values(row).execute()
}

/** A proposal whose address was confirmed. */
export function findProposal(db: Db, id: string): Promise<ProposalRow | undefined> {
  return db.selectFrom('proposal').selectAll().where('id', '=', id).where('state', '!=', 'unconfirmed').executeTakeFirst()
}

/** The proposal, if it was waiting for its address to be confirmed and is not any more. */
export function confirmProposal(tx: Tx, id: string, personId: string, at: string): Promise<ProposalRow | undefined> {
  return tx
    .updateTable('proposal')
    .set({ person_id: personId, state: 'waiting', updated_at: at })
    .where('id', '=', id)
    .where('state', '=', 'unconfirmed')
    .returningAll()
    .executeTakeFirst()
}

/** Changes an open proposal, unless somebody did since that revision; says whether it did. */
export async function updateProposal(tx: Tx, { id, revision }: Pick<ProposalRow, 'id' | 'revision'>, values: Partial<ProposalRow>): Promise<boolean> {
  const result = await tx
    .updateTable('proposal')
    .set({ ...values, revision: revision + 1 })
    .where('id', '=', id)
    .where('revision', '=', revision)
    .where('state', 'in', open)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** What waits for somebody's decision or answer and carries one of these keywords, the oldest first. */
export async function listOpenProposals(db: Db, keywords: string[] | 'all', limit: number): Promise<ProposalRow[]> {
  if (keywords.length === 0) return []
  return openProposals(db, keywords).selectAll().orderBy('created_at').orderBy('id').limit(limit).execute()
}

/** How many they are. */
export async function countOpenProposals(db: Db, keywords: string[] | 'all'): Promise<number> {
  if (keywords.length === 0) return 0
  const { many } = await openProposals(db, keywords)
    .select(({ fn }) => fn.countAll<number | string>().as('many'))
    .executeTakeFirstOrThrow()
  return Number(many)
}

/** In a record's JSON, quotes inside texts are escaped: only a keyword's own slug reads like this. */
function openProposals(db: Db, keywords: string[] | 'all') {
  const proposals = db.selectFrom('proposal').where('state', 'in', open)
  if (keywords === 'all') return proposals
  return proposals.where(({ eb, or }) => or(keywords.map((slug) => eb('record', 'like', `%"slug":${JSON.stringify(slug).replace(/[\\%_]/g, '_')}%`))))
}

export function listProposalsOf(db: Db, personId: string): Promise<ProposalRow[]> {
  return db.selectFrom('proposal').selectAll().where('person_id', '=', personId).where('state', 'in', open).orderBy('created_at').limit(50).execute()
}

/** Numbers of groups one of whose links holds this text: perhaps its home. */
export async function listNumsByLink(db: Db, text: string, limit: number): Promise<number[]> {
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, '_')}%`
  const rows = await db
    .selectFrom('group_record')
    .select('num')
    .where(({ eb, fn }) => eb(fn<string>('lower', ['links']), 'like', pattern))
    .limit(limit)
    .execute()
  return rows.map(({ num }) => num)
}

export async function insertSuggestion(tx: Tx, row: SuggestionRow): Promise<void> {
  await tx.insertInto('suggestion').values(row).execute()
}

/** The suggestion, if it was waiting for its address to be confirmed and is not any more. */
export function confirmSuggestion(tx: Tx, id: string): Promise<SuggestionRow | undefined> {
  return tx.updateTable('suggestion').set({ state: 'open' }).where('id', '=', id).where('state', '=', 'unconfirmed').returningAll().executeTakeFirst()
}

/** What waits for those who keep a record, the oldest first. */
export function listSuggestions(db: Db, groupId: string): Promise<SuggestionRow[]> {
  return db
    .selectFrom('suggestion')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('state', '=', 'open')
    .orderBy('created_at')
    .orderBy('id')
    .limit(100)
    .execute()
}

/** Changes an open suggestion, unless part of it was taken meanwhile; says whether it did. */
export async function updateSuggestion(tx: Tx, { id, taken }: Pick<SuggestionRow, 'id' | 'taken'>, values: Partial<SuggestionRow>): Promise<boolean> {
  const result = await tx
    .updateTable('suggestion')
    .set(values)
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where('taken', taken === null ? 'is' : '=', taken)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** What somebody wrote, for their copy of it. */
export async function listWritings(db: Db, { id, address }: Pick<PersonRow, 'id' | 'address'>) {
  const proposals = db.selectFrom('proposal').select(['record', 'state', 'message', 'answer', 'created_at', 'updated_at']).where('person_id', '=', id)
  const suggestions = db.selectFrom('suggestion').select(['group_id', 'kind', 'message', 'changes', 'state', 'created_at'])
  return { proposals: await proposals.execute(), suggestions: await suggestions.where('address', '=', address).execute() }
}

/** Gives all of it to the same person's other account or address. What nobody confirmed may have been typed by anybody, and stays. */
export async function moveWritings(tx: Tx, from: Pick<PersonRow, 'id' | 'address'>, to: Pick<PersonRow, 'id' | 'address'>): Promise<void> {
  await tx.updateTable('proposal').set({ person_id: to.id }).where('person_id', '=', from.id).execute()
  await tx.updateTable('suggestion').set({ address: to.address }).where('address', '=', from.address).where('state', '!=', 'unconfirmed').execute()
}

/** Forgets who suggested something; what waited for this address to be confirmed goes. */
export async function forgetAddress(tx: Tx, address: string): Promise<void> {
  await tx.deleteFrom('suggestion').where('address', '=', address).where('state', '=', 'unconfirmed').execute()
  await tx.updateTable('suggestion').set({ address: null }).where('address', '=', address).execute()
}

export interface Waiting {
  short_name: string
  name: string
  many: number
}

/** Groups for which something was suggested: of these, and `alsoNobodys` those that nobody animates. */
export async function listWaiting(db: Db, groupIds: string[], alsoNobodys: boolean): Promise<Waiting[]> {
  const rows = await db
    .selectFrom('suggestion')
    .innerJoin('group_record', 'group_record.id', 'suggestion.group_id')
    .select(({ fn }) => ['group_record.short_name', 'group_record.name', fn.countAll<number | string>().as('many')])
    .where('suggestion.state', '=', 'open')
    .where(({ eb, or, not, exists, selectFrom }) =>
      or([
        eb('group_record.id', 'in', groupIds.length > 0 ? groupIds.slice(0, 500) : ['']),
        ...(alsoNobodys
          ? [not(exists(selectFrom('membership').select('person_id').where('role', '=', 'animator').whereRef('subject', '=', 'group_record.id')))]
          : []),
      ]),
    )
    .groupBy(['group_record.short_name', 'group_record.name', 'group_record.sort_key'])
    .orderBy('group_record.sort_key')
    .limit(50)
    .execute()
  return rows.map((row) => ({ ...row, many: Number(row.many) }))
}

/** Forgets what nobody confirmed, what was decided, and suggestions that nobody decided on; ISO times. */
export async function deleteOldModeration(db: Db, before: { unconfirmed: string; decided: string; undecided: string }): Promise<void> {
  for (const table of ['proposal', 'suggestion'] as const) {
    await db.deleteFrom(table).where('state', '=', 'unconfirmed').where('created_at', '<', before.unconfirmed).execute()
  }
  await db.deleteFrom('proposal').where('state', 'in', ['accepted', 'declined']).where('updated_at', '<', before.decided).execute()
  await db.deleteFrom('suggestion').where('decided_at', '<', before.decided).execute()
  await db.deleteFrom('suggestion').where('state', '=', 'open').where('created_at', '<', before.undecided).execute()
}
