import { recordForm } from '../group/form-schema.ts'

/** What forms about a record send that anybody may fill in: also who asks, what they say to the readers, and what only programs fill in. */
export const openForm = recordForm(['address', 'message', 'sure', 'kind', 'duplicateOf', 'website', 'stamp'], 600)
