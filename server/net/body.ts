import { pipeline, Readable, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { type Answer, Failure, toFailure } from './outcome.ts'

/** Reads a body as it comes, decompressed. What it throws is thrown to the caller, save when the body itself broke off. */
export type Read<T> = (body: AsyncIterable<Buffer>, answer: Answer) => Promise<T>

export const acceptedEncodings = 'gzip, br, deflate'

/** What `read` makes of a body of at most `maxBytes`, as received and as given. Throws `Failure`, whatever `read` made of half a body. */
export async function readWith<T>(raw: Readable, answer: Answer, maxBytes: number, read: Read<T>): Promise<T> {
  let failure: Failure | undefined
  async function* watched(): AsyncGenerator<Buffer> {
    try {
      yield* readBody(raw, answer.headers, maxBytes)
    } catch (error) {
      failure = toFailure(error)
      throw failure
    }
  }
  try {
    const made = await read(watched(), answer)
    if (!failure) return made
  } catch (error) {
    if (!failure) throw error
  }
  throw failure
}

function readBody(raw: Readable, headers: Answer['headers'], maxBytes: number): AsyncIterable<Buffer> {
  const received = atMost(raw, maxBytes, Number(headers['content-length'] ?? 0))
  const encoding = String(headers['content-encoding'] ?? '')
    .trim()
    .toLowerCase()
  return encoding === '' || encoding === 'identity' ? received : atMost(decode(received, encoding), maxBytes)
}

async function* decode(received: AsyncGenerator<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = makeDecoder(encoding)
  const first = await received.next()
  // No body at all is well encoded, whatever was announced: the answer to HEAD, a 204.
  if (first.done) return
  async function* whole() {
    yield first.value
    yield* received
  }
  // The callback only keeps errors from being thrown twice: whoever reads the last stream meets them.
  yield* pipeline(Readable.from(whole()), decoder, () => undefined)
}

function makeDecoder(encoding: string): Transform {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip()
  if (encoding === 'br') return createBrotliDecompress()
  if (encoding === 'deflate') return createInflate()
  throw new Failure('bad-encoding')
}

/** `announced` is believed when it is too much already, once there is a body: the answer to HEAD has none. */
async function* atMost(chunks: AsyncIterable<Buffer>, maxBytes: number, announced = 0): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > maxBytes || announced > maxBytes) throw new Failure('too-large')
    yield chunk
  }
}
