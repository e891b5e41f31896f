import type { Fault } from '../errors.ts'
import { checkGroup } from '../group/check.ts'
import type { Group } from '../schema-types.ts'

/** `checkGroup`, telling a line break from a character that nothing can show: files hold both, forms seldom. */
export function checkRecord(input: unknown): { group: Group; faults: Fault[] } {
  const { group, faults } = checkGroup(input)
  return {
    group,
    faults: faults.map((fault) => (isUnreadable(fault, group) ? { ...fault, message: { key: 'error.field.pattern.markdown' } } : fault)),
  }
}

function isUnreadable({ field, message }: Fault, group: unknown): boolean {
  if (message.key !== 'error.field.pattern.line') return false
  const value = field.split('/').reduce<unknown>((part, step) => (part as Record<string, unknown> | undefined)?.[step], group)
  // Tabs and ends of lines are what people paste.
  return typeof value === 'string' && /[\p{Cc}\p{Cs}]/u.test(value.replace(/[\t\n\r\v\f\u0085]/g, ''))
}
