import type { Db } from '../db/tables.ts'
import type { Group } from '../schema-types.ts'
import { createDuplicateIndex, type DuplicateIndex, toLikeness } from './duplicates.ts'
import * as queries from './queries.ts'
import type { Findings } from './report.ts'

/** Tells which groups a new one may be, and remembers it for those after it. `besides`: others that it may be, whatever they look like. */
export type Compare = (group: Group, place: { line?: number; besides?: string[] }) => Promise<void>

/** Compares with the directory, which is read when the first new record comes, and writes into the report. */
export function comparing(db: Db, report: Findings): Compare {
  let index: DuplicateIndex | undefined
  return async (group, { line, besides = [] }) => {
    index ??= await readDirectory(db)
    const likeness = toLikeness(group)
    const like = [...new Set([...besides, ...index.like(likeness)])]
    if (like.length > 0) report.duplicates.push({ line, shortName: group.shortName, like: like.slice(0, 5) })
    if (index.isCrowded(likeness)) report.crowded++
    index.add(likeness)
  }
}

async function readDirectory(db: Db): Promise<DuplicateIndex> {
  const index = createDuplicateIndex()
  const size = 2000
  for (let rows = await queries.listLikenesses(db, 0, size); rows.length > 0; rows = await queries.listLikenesses(db, rows.at(-1)!.num, size)) {
    for (const { short_name, name, lat, lng, precision, links } of rows) {
      const position = precision === null ? undefined : { lat: lat!, lng: lng!, precision }
      index.add(toLikeness({ shortName: short_name, name, position, links: links === null ? undefined : JSON.parse(links) }))
    }
  }
  return index
}
