import type { Snapshot } from '../catalogue/snapshot.ts'
import { toSlug } from '../text/fold.ts'

export interface KeywordInUse {
  slug: string
  label: string
  /** Of groups that carry it. */
  count: number
}

/** Keywords in use of which a word begins like this, the most carried first. */
export function suggestKeywords({ keywordNames, keywordLabels, groupsOf }: Snapshot, text: string, limit = 8): KeywordInUse[] {
  const start = toSlug(text)
  if (!start) return []
  const found = keywordNames.values.flatMap((slug, index) => {
    if (!slug.startsWith(start) && !slug.includes(`-${start}`)) return []
    const count = groupsOf.starts[index + 1]! - groupsOf.starts[index]!
    return count > 0 ? [{ slug, label: keywordLabels[index] || slug, count }] : []
  })
  return found.sort((a, b) => b.count - a.count || (a.slug < b.slug ? -1 : 1)).slice(0, limit)
}
