import type { Entry } from './read.ts'
import { longestRecord, unreadable } from './unreadable.ts'

/** The records of a file with one JSON value a line; empty lines are passed over. */
export async function* readNdjson(text: AsyncIterable<string>): AsyncGenerator<Entry> {
  let line = 0
  for await (const content of linesOf(text)) {
    line++
    if (content.trim() !== '') yield toEntry(line, content)
  }
}

/** Split at line feeds alone: a text may hold U+2028, which other line readers take for an end. */
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let [rest, line] = ['', 1]
  for await (const chunk of text) {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop()!
    line += parts.length
    if (rest.length > longestRecord) throw unreadable('tooLong', { line })
    yield* parts
  }
  yield rest
}

function toEntry(line: number, content: string): Entry {
  try {
    return { line, value: JSON.parse(content) }
  } catch {
    return { line, value: undefined, faults: [{ field: '', message: { key: 'error.field.json' } }] }
  }
}
