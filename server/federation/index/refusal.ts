import { AppError, type ErrorCode, type Message, statuses } from '../../errors.ts'
import { type FieldError, toFaults } from '../../schema.ts'
import type { IndexError, IndexErrorMeta } from '../../schema-types.ts'

/** One thing that is wrong; `title` is one of those that Murmurations' programs know. */
export interface Wrong {
  title: string
  detail: Message
  source?: IndexError['source']
  /** 400 unless said. */
  status?: number
}

/** What an index refuses, as its clients expect to be told. */
export class IndexRefusal extends AppError {
  override name = 'IndexRefusal'
  readonly wrong: Wrong[]
  readonly meta?: IndexErrorMeta

  constructor(wrong: Wrong[], meta?: IndexErrorMeta) {
    const status = wrong[0]?.status ?? 400
    super((Object.entries(statuses).find(([, one]) => one === status)?.[0] ?? 'badRequest') as ErrorCode)
    this.wrong = wrong
    this.meta = meta
  }
}

export function refuse(title: string, key: string, more: Omit<Wrong, 'title' | 'detail'> & { values?: Message['values'] } = {}): IndexRefusal {
  const { values, ...rest } = more
  return new IndexRefusal([{ title, detail: { key: `index.${key}`, values }, ...rest }])
}

/** What breaks a rule, where it stands, under the title that Murmurations gives to the rule. */
export function toWrong(error: FieldError, source: IndexError['source']): Wrong {
  return { title: titles[error.keyword] ?? 'Invalid Value', detail: toFaults([error])[0]!.message, source }
}

const titles: Record<string, string> = {
  type: 'Invalid Type',
  minimum: 'Invalid Amount',
  maximum: 'Invalid Amount',
  required: 'Missing Required Property',
  minItems: 'Not Enough Items',
  maxItems: 'Too Many Items',
  pattern: 'Pattern Mismatch',
  uniqueItems: 'Duplicate Value',
  minLength: 'Invalid Length',
  maxLength: 'Invalid Length',
}
