import { isDeepStrictEqual } from 'node:util'
import type { Group } from '../schema-types.ts'

export type GroupField = keyof Group

/** What became of two people's changes: fields changed by one of them are settled, those in `conflicts` are not. */
export interface Merged {
  /** With mine where both changed a field. */
  group: Group
  conflicts: GroupField[]
}

/** Brings my record and theirs together, field by field; both began from `base`. */
export function mergeThree(base: Partial<Group>, mine: Group, theirs: Group): Merged {
  const fields = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])] as GroupField[]
  const conflicts = fields.filter(
    (field) =>
      !isDeepStrictEqual(mine[field], theirs[field]) &&
      !isDeepStrictEqual(mine[field], base[field]) &&
      !isDeepStrictEqual(theirs[field], base[field]),
  )
  const fromTheirs = fields.filter((field) => isDeepStrictEqual(mine[field], base[field]))
  return { group: takeFields(mine, theirs, fromTheirs), conflicts }
}

/** `mine` with these fields as they are in `theirs`. */
export function takeFields(mine: Group, theirs: Group, fields: readonly GroupField[]): Group {
  const taken = Object.fromEntries(fields.map((field) => [field, theirs[field]]))
  const group = Object.entries({ ...mine, ...taken }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(group) as unknown as Group
}
