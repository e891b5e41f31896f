import type { Person } from '../account/rights.ts'
import type { Db, ProposalRow } from '../db/tables.ts'
import { countOpenProposals, listOpenProposals } from './queries.ts'

const mostListed = 500

/** Open proposals that this person may decide on, the oldest first. */
export function listReviewable(db: Db, person: Person): Promise<ProposalRow[]> {
  return listOpenProposals(db, keywordsOf(person), mostListed)
}

/** How many they are. */
export function countReviewable(db: Db, person: Person): Promise<number> {
  return countOpenProposals(db, keywordsOf(person))
}

/** As `mayReview`: operators decide on all, stewards on what carries their keywords. */
function keywordsOf({ operator, stewards }: Person): string[] | 'all' {
  return operator ? 'all' : [...stewards]
}
