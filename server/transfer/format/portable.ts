import type { GroupRecord } from '../../schema-types.ts'

/** What the server computes when it shows a record: never exported, never read back. */
export const computed = ['iri', 'url', 'ecosystems', 'formerly'] as const

/** The record as it travels: the same bytes wherever it is kept, whatever the order in which its facts were once given. */
export function portable(record: GroupRecord): Omit<GroupRecord, (typeof computed)[number]> {
  const { iri, url, ecosystems, formerly, ...kept } = record
  // Private exports say when; the others cannot bring it back.
  if (kept.origin && 'claimed' in kept.origin) {
    const { claimed, ...origin } = kept.origin
    kept.origin = origin
  }
  for (const name of nested) if (kept[name]) Object.assign(kept, { [name]: inOrder(kept[name]) })
  return kept
}

const nested = ['keywords', 'nextMeeting', 'banner', 'logo', 'partners', 'links', 'roles'] as const
const order = 'slug service role at name url label holder since wanted place logo width height alt'.split(' ')

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const facts = Object.entries(value).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
  return Object.fromEntries(facts.map(([name, fact]) => [name, inOrder(fact)]))
}
