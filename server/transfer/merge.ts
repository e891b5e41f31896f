import { isDeepStrictEqual } from 'node:util'

/**
 * Brings what a source says now into a record, field by field: `base` is what it said last time.
 * A field that was edited here stays, and is named in `kept` while it differs from the source.
 */
export function merge<T extends object>(current: T, base: Partial<T>, next: Partial<T>): { merged: T; kept: string[] } {
  const merged = { ...current }
  const kept: string[] = []
  const fields = new Set([...Object.keys(base), ...Object.keys(next)]) as Set<keyof T & string>
  for (const field of fields) {
    if (isDeepStrictEqual(current[field], next[field])) continue
    if (!isDeepStrictEqual(current[field], base[field])) kept.push(field)
    else if (next[field] === undefined) delete merged[field]
    else merged[field] = next[field] as T[typeof field]
  }
  return { merged, kept }
}
