/**
 * An array to work in, the same each time: large ones are slow to make and stay long. What is in it holds until the next call, so only for code that
 * waits for nothing; it is not empty.
 */
export function scratch<T extends Int32Array | Uint8Array | Float32Array>(make: (size: number) => T): (size: number) => T {
  let kept = make(0)
  return (size) => {
    if (kept.length < size) kept = make(size)
    return kept.subarray(0, size) as T
  }
}
