import { scratch } from './scratch.ts'
import { activities, type Dictionary, indexIn, type Snapshot, types } from './snapshot.ts'

export type FacetName = 'type' | 'activity' | 'country' | 'region' | 'language' | 'server'

export const facetNames: FacetName[] = ['type', 'activity', 'country', 'region', 'language', 'server']

/** What `slots` fail. */
export interface Failed {
  /** For each of them, one bit for each facet whose choice it fails; until the next question. */
  bits: Uint8Array
  /** One bit for each facet that some value fails. */
  by: number
}

const bitsOf = scratch((size) => new Uint8Array(size))

export function failedFacets(snapshot: Snapshot, facets: Partial<Record<FacetName, string[]>>, slots: Int32Array): Failed {
  const failed = { bits: bitsOf(slots.length).fill(0), by: 0 }
  for (const [bit, name] of facetNames.entries()) {
    const passing = passingValues(snapshot, name, facets[name] ?? [])
    if (!passing) continue
    failed.by |= 1 << bit
    mark(
      snapshot[name],
      passing.map((passes) => (passes ? 0 : 1 << bit)),
      slots,
      failed.bits,
    )
  }
  return failed
}

/** 1 for each value of the column that passes, or undefined when all do. Archived groups are left out unless they are asked for. */
function passingValues(snapshot: Snapshot, name: FacetName, chosen: string[]): Uint8Array | undefined {
  if (name === 'activity' && chosen.includes('any')) return undefined
  if (name === 'activity' && chosen.length === 0) return Uint8Array.from(activities, (activity) => (activity === 'archived' ? 0 : 1))
  if (chosen.length === 0) return undefined
  const passing = new Uint8Array(facetSize(snapshot, name))
  for (const value of chosen) {
    const index = facetIndex(snapshot, name, value)
    if (index !== undefined) passing[index] = 1
  }
  return name === 'language' ? Uint8Array.from(snapshot.languageLists, (list) => (list.some((value) => passing[value] === 1) ? 1 : 0)) : passing
}

function mark(column: Uint32Array, bitOf: Uint8Array, slots: Int32Array, bits: Uint8Array): void {
  for (let at = 0; at < slots.length; at++) bits[at]! |= bitOf[column[slots[at]!]!]!
}

function facetIndex(snapshot: Snapshot, name: FacetName, value: string): number | undefined {
  if (name === 'type') return types.indexOf(value as never)
  if (name === 'activity') return activities.indexOf(value as never)
  // The first server is this one; elsewhere the first value is none.
  if (name === 'server') return snapshot.serverNames.index.get(value)
  return indexIn(dictionaryOf(snapshot, name), value) || undefined
}

export function facetSize(snapshot: Snapshot, name: FacetName): number {
  return name === 'type' ? types.length : name === 'activity' ? activities.length : dictionaryOf(snapshot, name).values.length
}

export function dictionaryOf(snapshot: Snapshot, name: 'country' | 'region' | 'language' | 'server'): Dictionary {
  return snapshot[`${name}Names`]
}
