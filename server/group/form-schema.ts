import { listNames, singles } from './form-fields.ts'

const names = [...singles.map(RegExp.escape), 'publicServices', 'revision', 'do', `(${listNames.join('|')})\\.\\d{1,6}\\.\\w{1,20}`]
const value = { type: ['string', 'array'], maxLength: 20_000, maxItems: 10, items: { type: 'string', maxLength: 20_000 } } as const

/** What a form about a record sends: its fields, and others beside them, by name or pattern. */
export function recordForm(beside: string[], maxProperties: number) {
  const patternProperties = { [`^(${[...names, ...beside].join('|')})$`]: value }
  return { body: { type: 'object', maxProperties, additionalProperties: false, patternProperties } } as const
}
