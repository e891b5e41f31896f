/** Where a command tells how far it is. */
export interface Terminal {
  write(text: string): unknown
  isTTY?: boolean
}

export type Progress = (doing: 'checked' | 'written' | 'exported', count: number) => void

/** Counts on a terminal, on one line that what is said next overwrites; nothing where nobody watches. */
export function progressOn(out: Terminal): Progress | undefined {
  if (!out.isTTY) return undefined
  return (doing, count) => void out.write(`\r${count} ${doing}\u001b[K\r`)
}

/** The same batches, counted as they pass. */
export async function* counted<T>(batches: AsyncIterable<T[]>, onProgress: Progress | undefined): AsyncGenerator<T[]> {
  let count = 0
  for await (const batch of batches) {
    yield batch
    count += batch.length
    onProgress?.('exported', count)
  }
}
