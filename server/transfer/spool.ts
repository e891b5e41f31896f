import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readNdjson } from './format/read-ndjson.ts'

/** Values put aside in a private temporary file, to be read again in their order. */
export interface Spool<T> {
  write(values: T[]): Promise<void>
  /** Everything written, in batches. */
  read(batchSize: number): AsyncGenerator<T[]>
  remove(): Promise<void>
}

export async function openSpool<T>(): Promise<Spool<T>> {
  const folder = await mkdtemp(join(tmpdir(), 'archipel-import-'))
  const path = join(folder, 'records.ndjson')
  const file = await open(path, 'a')
  return {
    async write(values) {
      await file.appendFile(values.map((value) => `${JSON.stringify(value)}\n`).join(''))
    },
    async *read(batchSize) {
      for await (const batch of batched(readNdjson(createReadStream(path, 'utf8')), batchSize)) yield batch.map(({ value }) => value as T)
    },
    async remove() {
      await file.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
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
