import { activities, type Dictionary, indexIn, type Lists, type Snapshot, types } from './snapshot.ts'

export type FacetName = 'type' | 'activity' | 'country' | 'region' | 'language' | 'server'

export const facetNames: FacetName[] = ['type', 'activity', 'country', 'region', 'language', 'server']

type ColumnName = Exclude<FacetName, 'language'>

/** For each slot, one bit for each facet whose choice it fails. */
export function failedFacets(snapshot: Snapshot, facets: Partial<Record<FacetName, string[]>>, slots: Int32Array): Uint8Array {
  const failed = new Uint8Array(slots.length)
  for (const [bit, name] of facetNames.entries()) {
    const passing = passingValues(snapshot, name, facets[name] ?? [])
    if (passing && name === 'language') markLanguages(snapshot.languages, passing, slots, failed, 1 << bit)
    else if (passing) markColumn(snapshot[name as ColumnName], passing, slots, failed, 1 << bit)
  }
  return failed
}

/** 1 for each value that passes, or undefined when all do. Archived groups are left out unless they are asked for. */
function passingValues(snapshot: Snapshot, name: FacetName, chosen: string[]): Uint8Array | undefined {
  if (name === 'activity' && chosen.includes('any')) return undefined
  if (name === 'activity' && chosen.length === 0) return Uint8Array.from(activities, (activity) => (activity === 'archived' ? 0 : 1))
  if (chosen.length === 0) return undefined
  const passing = new Uint8Array(facetSize(snapshot, name))
  for (const value of chosen) {
    const index = facetIndex(snapshot, name, value)
    if (index !== undefined) passing[index] = 1
  }
  return passing
}

function markColumn(column: Uint8Array | Uint16Array, passing: Uint8Array, slots: Int32Array, failed: Uint8Array, bit: number): void {
  for (let at = 0; at < slots.length; at++) if (passing[column[slots[at]!]!] === 0) failed[at]! |= bit
}

function markLanguages({ starts, values }: Lists, passing: Uint8Array, slots: Int32Array, failed: Uint8Array, bit: number): void {
  for (let at = 0; at < slots.length; at++) {
    let spoken = false
    for (let entry = starts[slots[at]!]!; entry < starts[slots[at]! + 1]!; entry++) spoken ||= passing[values[entry]!] === 1
    if (!spoken) failed[at]! |= bit
  }
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
