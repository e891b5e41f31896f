import type { Db } from '../db/tables.ts'
import type { Fault } from '../errors.ts'
import { checkGroup } from '../group/check.ts'
import { listNameOwners } from '../group/queries.ts'
import { shortNamesFor } from './rules.ts'

/** What can be said of a short name while it is chosen. */
export interface ShortNameAnswer {
  shortName: string
  state: 'empty' | 'wrong' | 'taken' | 'free'
  /** Others that are free, best first. */
  free: string[]
}

interface Named {
  name: string
  place?: string
  country?: string
}

/** Whether this short name can be had, and which others; one is taken from the name when there is none. */
export async function askShortName(db: Db, typed: string, named: Named): Promise<ShortNameAnswer> {
  const free = await findFree(db, named)
  const shortName = typed.trim() || (free[0] ?? '')
  const others = free.filter((name) => name !== shortName)
  if (!shortName) return { shortName, state: 'empty', free: others }
  if (wrongShortName(shortName)) return { shortName, state: 'wrong', free: others }
  const owners = await listNameOwners(db, [shortName])
  return { shortName, state: owners.has(shortName) ? 'taken' : 'free', free: others }
}

/** What is wrong with a short name, whoever has it. */
export function wrongShortName(shortName: string): Fault | undefined {
  const { faults } = checkGroup({ name: 'x', summary: 'x', type: 'thematic', shortName })
  return faults.find(({ field }) => field === 'shortName')
}

async function findFree(db: Db, named: Named): Promise<string[]> {
  const names = shortNamesFor(named).filter((name) => !wrongShortName(name))
  const owners = await listNameOwners(db, names)
  return names.filter((name) => !owners.has(name)).slice(0, 3)
}
