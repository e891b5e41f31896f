import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readNdjson } from './format/read-ndjson.ts'

/** Values put aside in a private temporary file, to be read again in their order. */
export interface Spool<T> {
  write(value: T): Promise<void>
  /** Everything written, in batches. Nothing may be written after. */
  read(batchSize: number): AsyncGenerator<T[]>
  remove(): Promise<void>
}

export async function openSpool<T>(): Promise<Spool<T>> {
  const folder = await mkdtemp(join(tmpdir(), 'archipel-import-'))
  const file = join(folder, 'records.ndjson')
  const out = createWriteStream(file)
  return {
    async write(value) {
      if (!out.write(`${JSON.stringify(value)}\n`)) await once(out, 'drain')
    },
    async *read(batchSize) {
      out.end()
      await once(out, 'close')
      yield* inBatches(createReadStream(file, 'utf8'), batchSize)
    },
    async remove() {
      out.destroy()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function* inBatches<T>(text: AsyncIterable<string>, size: number): AsyncGenerator<T[]> {
  yield* batched(
    map(readNdjson(text), ({ value }) => value as T),
    size,
  )
}

/** The same values, so many at a time. */
export async function* batched<T>(values: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const value of values) {
    if (batch.push(value) < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function* map<T, U>(values: AsyncIterable<T>, change: (value: T) => U): AsyncGenerator<U> {
  for await (const value of values) yield change(value)
}
