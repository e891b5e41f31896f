import { readAddress, readName } from '../account/rules.ts'
import type { Fault } from '../errors.ts'
import { readMessage } from '../text/message.ts'

/** Said of a letter or an answer that is blank. */
export const noText = 'contact.wrong.text'

/** What a visitor typed, as the form sent it. */
export interface LetterForm {
  name?: string
  address?: string
  text?: string
  role?: string
}

export interface LetterDraft {
  name: string
  address: string
  text: string
  role: string | undefined
}

/** The letter that a form holds, or what is wrong with it. `wanted` are the roles that may be offered to take. */
export function readLetter(form: LetterForm, wanted: readonly string[]): { draft: LetterDraft } | { faults: Fault[] } {
  const { name = '', wrong } = readName(form.name ?? '')
  const address = readAddress(form.address ?? '')
  const { text, faults: wrongText } = readMessage(form.text, 'text', noText)
  const faults = [
    ...(wrong || !name ? [{ field: 'name', message: { key: `contact.wrong.name.${wrong ?? 'missing'}` } }] : []),
    ...(address ? [] : [{ field: 'address', message: { key: 'contact.wrong.address' } }]),
    ...wrongText,
  ]
  if (faults.length > 0 || !address) return { faults }
  return { draft: { name, address, text, role: wanted.find((role) => role === form.role) } }
}
