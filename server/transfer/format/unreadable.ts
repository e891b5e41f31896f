import { isUtf8 } from 'node:buffer'
import { type AppError, badRequest } from '../../errors.ts'

/** No record of our format is longer, in characters: 60 links, 30 partners and a description at their limits. */
export const longestRecord = 2_000_000

/** 400: the file as a whole cannot be read. `key` is below `error.file`. */
export function unreadable(key: string, values: Record<string, string | number> = {}): AppError {
  return badRequest({ key: `error.file.${key}`, values })
}

/** The text of a file, without its byte order mark. Throws a 400 that says the line if it is not UTF-8. */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let [line, chunk]: [number, Uint8Array] = [1, new Uint8Array()]
  try {
    for await (chunk of bytes) {
      const text = decoder.decode(chunk, { stream: true })
      line += text.split('\n').length - 1
      yield text
    }
    chunk = new Uint8Array()
    yield decoder.decode()
  } catch (error) {
    if (!(error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA')) throw error
    throw unreadable('encoding', { line: line + linesBefore(chunk) })
  }
}

/** How many whole lines of these bytes come before the first that is not UTF-8; 0 when it began in the piece before. */
function linesBefore(bytes: Uint8Array): number {
  // What the piece before began goes on here.
  let from = Math.max(
    0,
    bytes.findIndex((byte) => byte >> 6 !== 0b10),
  )
  for (let lines = 0; ; lines++) {
    const end = bytes.indexOf(0x0a, from)
    if (!isUtf8(bytes.subarray(from, end < 0 ? undefined : end))) return lines
    if (end < 0) return 0
    from = end + 1
  }
}
