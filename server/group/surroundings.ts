import type { CatalogueState } from '../catalogue/catalogue.ts'
import { listedSlots } from '../catalogue/keyword.ts'
import { neighboursOf } from '../catalogue/neighbours.ts'
import type { Db, GroupRow } from '../db/tables.ts'
import type { Group } from '../schema-types.ts'
import type { Surroundings } from './present-page.ts'
import { findGroup, listChildren, listNamed } from './queries.ts'

/** The groups around a group: neighbours, where it was born, what was born in it. */
export async function findSurroundings(db: Db, state: CatalogueState, row: GroupRow, group: Group): Promise<Surroundings> {
  const slot = state.snapshot.slotOf[row.num] ?? -1
  const near = slot < 0 ? { subject: [], place: [], across: [] } : neighboursOf(state.snapshot, slot)
  const numOf = (other: number) => state.snapshot.num[other]!
  const nums = [...near.subject, ...near.across, ...near.place.map((one) => one.slot)].map(numOf)
  const rows = await listNamed(db, nums)
  const { hidden } = state.twins
  const rowAt = (other: number) => (hidden?.[numOf(other)] === 1 ? [] : (rows.get(numOf(other)) ?? []))
  return {
    subject: near.subject.flatMap(rowAt),
    across: near.across.flatMap(rowAt),
    place: near.place.flatMap(({ slot: other, km }) => [rowAt(other)].flat().map((found) => ({ row: found, km }))),
    parent: group.parent ? await findGroup(db, group.parent) : undefined,
    children: await listChildren(db, row.short_name),
    counts: new Map(
      (group.keywords ?? []).filter(({ slug }) => state.ecosystems.has(slug)).map(({ slug }) => [slug, listedSlots(state, slug).length]),
    ),
  }
}
