import type { CatalogueState } from './catalogue.ts'
import { activities, indexIn, type Snapshot } from './snapshot.ts'

/** The slots of the groups an ecosystem lists, archived ones left out. */
export function listedSlots({ snapshot, ecosystems }: CatalogueState, keyword: string): number[] {
  const index = indexIn(snapshot.keywordNames, keyword)
  const accepted = ecosystems.get(keyword)?.accepted
  const archived = activities.indexOf('archived')
  const carriers = index === 0 ? [] : [...snapshot.groupsOf.values.subarray(snapshot.groupsOf.starts[index], snapshot.groupsOf.starts[index + 1])]
  return carriers.filter((slot) => snapshot.activity[slot] !== archived && (!accepted || accepted.has(snapshot.num[slot]!)))
}

/** A keyword as most groups write it. */
export function keywordLabel({ tags, tagNames, keywordOf, keywordNames, groupsOf }: Snapshot, keyword: string): string {
  const index = indexIn(keywordNames, keyword)
  const counts = new Map<string, number>()
  for (const slot of index === 0 ? [] : groupsOf.values.subarray(groupsOf.starts[index], groupsOf.starts[index + 1])) {
    const tag = tags.values.subarray(tags.starts[slot], tags.starts[slot + 1]).find((one) => keywordOf[one] === index)
    const label = tagNames.values[tag ?? 0]!.split('\0')[1] ?? keyword
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? keyword
}
