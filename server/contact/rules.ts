import { readAddress, readName } from '../account/rules.ts'
import type { Fault } from '../errors.ts'

export const longestText = 2000

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
  const { text, fault } = readText(form.text)
  const faults = [
    ...(wrong || !name ? [{ field: 'name', message: { key: `contact.wrong.name.${wrong ?? 'missing'}` } }] : []),
    ...(address ? [] : [{ field: 'address', message: { key: 'contact.wrong.address' } }]),
    ...(fault ? [fault] : []),
  ]
  if (faults.length > 0 || !address) return { faults }
  return { draft: { name, address, text, role: wanted.find((role) => role === form.role) } }
}

/** The text of a letter or an answer: not blank, at most 2,000 characters, line breaks as one sign. */
export function readText(typed = ''): { text: string; fault?: Fault } {
  const text = typed.replaceAll(/\r\n?/g, '\n').replaceAll('\0', '').trim().normalize('NFC')
  const length = [...text].length
  if (length > 0 && length <= longestText) return { text }
  const key = length === 0 ? 'contact.wrong.text.missing' : 'contact.wrong.text.long'
  return { text, fault: { field: 'text', message: { key, values: { limit: longestText, length } } } }
}
