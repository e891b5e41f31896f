import { listNames, singles } from '../group/form-fields.ts'

const names = [
  ...singles.map(RegExp.escape),
  'publicServices',
  'revision',
  'do',
  `(${listNames.join('|')})\\.\\d{1,6}\\.\\w{1,20}`,
  // Beside the record: who asks, what they say to the readers, and what only programs fill in.
  ...['address', 'message', 'sure', 'kind', 'duplicateOf', 'website', 'stamp'],
]
const value = { type: ['string', 'array'], maxLength: 20_000, maxItems: 10, items: { type: 'string', maxLength: 20_000 } } as const

/** What forms about a record send that anybody may fill in. */
export const openForm = {
  body: { type: 'object', maxProperties: 600, additionalProperties: false, patternProperties: { [`^(${names.join('|')})$`]: value } },
} as const
