import type { Fault } from '../errors.ts'
import { toFaults, validatorFor } from '../schema.ts'
import type { Group } from '../schema-types.ts'
import { groupFaults, normaliseGroup } from './rules.ts'

const validate = validatorFor('/schemas/group.json')

/** The record in its one normal form, and everything that is wrong with it; use `group` only if `faults` is empty. */
export function checkGroup(input: unknown): { group: Group; faults: Fault[] } {
  const group = normaliseGroup(input) as Group
  const faults = toFaults(validate(group))
  return { group, faults: faults.length > 0 ? faults : groupFaults(group).map(({ field, key }) => ({ field, message: { key } })) }
}
