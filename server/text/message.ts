import type { Fault } from '../errors.ts'

export const longestMessage = 2000

/**
 * What somebody writes to somebody: at most 2,000 characters, line breaks as one sign. It may be empty, unless `missing` is the
 * sentence that says otherwise.
 */
export function readMessage(typed: string | undefined, field: string, missing?: string): { text: string; faults: Fault[] } {
  const text = (typed ?? '').replaceAll(/\r\n?/g, '\n').replaceAll('\0', '').trim().normalize('NFC')
  const length = [...text].length
  if (length > longestMessage)
    return { text, faults: [{ field, message: { key: 'error.field.message', values: { limit: longestMessage, length } } }] }
  return { text, faults: length === 0 && missing ? [{ field, message: { key: missing } }] : [] }
}

/** Text as paragraphs of lines. */
export function toParagraphs(text: string): string[][] {
  return text.split(/\n{2,}/).map((paragraph) => paragraph.split('\n'))
}
