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

/** The file has no name from the start: however the program ends, nothing stays of it. */
export async function openSpool<T>(): Promise<Spool<T>> {
  const folder = await mkdtemp(join(tmpdir(), 'archipel-import-'))
  try {
    const file = await open(join(folder, 'records.ndjson'), 'ax+')
    return {
      async write(values) {
        await file.appendFile(values.map((value) => `${JSON.stringify(value)}\n`).join(''))
      },
      async *read(batchSize) {
        const text = file.createReadStream({ encoding: 'utf8', start: 0, autoClose: false })
        for await (const batch of batched(readNdjson(text), batchSize)) yield batch.map(({ value }) => value as T)
      },
      remove: () => file.close(),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
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
