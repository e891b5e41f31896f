import type { CatalogueState } from './catalogue.ts'
import { activities, indexIn, type Snapshot } from './snapshot.ts'

const archived = activities.indexOf('archived')

/** The slots of the groups an ecosystem lists, archived ones left out. */
export function listedSlots({ snapshot, ecosystems, twins: { hidden } }: CatalogueState, keyword: string): number[] {
  const { keywordNames, groupsOf, activity, num } = snapshot
  const index = indexIn(keywordNames, keyword)
  const accepted = ecosystems.get(keyword)?.accepted
  const listed: number[] = []
  if (index === 0) return listed
  for (let at = groupsOf.starts[index]!; at < groupsOf.starts[index + 1]!; at++) {
    const slot = groupsOf.values[at]!
    if (activity[slot] !== archived && hidden?.[num[slot]!] !== 1 && (!accepted || accepted.has(num[slot]!))) listed.push(slot)
  }
  return listed
}

/** A keyword as most groups write it. */
export function keywordLabel({ keywordNames, keywordLabels }: Snapshot, keyword: string): string {
  return keywordLabels[indexIn(keywordNames, keyword)] || keyword
}
