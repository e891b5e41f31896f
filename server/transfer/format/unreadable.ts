import { type AppError, badRequest } from '../../errors.ts'

/** No record of our format is longer, in characters: 60 links, 30 partners and a description at their limits. */
export const longestRecord = 2_000_000

/** 400: the file as a whole cannot be read. `key` is below `error.file`. */
export function unreadable(key: string, values: Record<string, string | number> = {}): AppError {
  return badRequest({ key: `error.file.${key}`, values })
}

/** The text of a file, without its byte order mark. Throws a 400 if it is not UTF-8. */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true })
    yield decoder.decode()
  } catch (error) {
    throw error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? unreadable('encoding') : error
  }
}
