import { rankOf, type TwinRow } from '../../catalogue/twins.ts'
import type { GroupRow } from '../../db/tables.ts'
import { homeOf, languageOf, placeOf } from '../../group/present.ts'
import { toGroup } from '../../group/row.ts'
import type { Formats } from '../../text/format.ts'
import * as urls from '../../urls.ts'

/** Names of the ranks, the highest last. */
const ranks = ['imported', 'curated', 'claimed', 'own'] as const

/** A record beside the other that may be of the same group. */
export function toSide(row: GroupRow, format: Formats) {
  const group = toGroup(row)
  const home = homeOf(row)
  return {
    id: row.id,
    name: row.name,
    ...languageOf(group.languages),
    url: urls.group(row.short_name),
    summary: row.summary,
    place: placeOf(group, format),
    homes: (group.links ?? []).filter(({ service }) => service === 'home').map(({ url }) => url),
    where: home?.host ?? row.source ?? undefined,
    originalUrl: home?.url,
    rank: ranks[rankOf(row satisfies TwinRow)],
  }
}
