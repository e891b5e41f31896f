import { isDeepStrictEqual } from 'node:util'
import type { FastifyRequest } from 'fastify'
import type { GroupRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import type { Fault } from '../errors.ts'
import { checkGroup } from '../group/check.ts'
import { checkFields } from '../group/edit-draft.ts'
import { type FormBody, type FormFields, readFields, toFields } from '../group/form-fields.ts'
import { withoutInside } from '../group/history-changes.ts'
import { isPublic } from '../group/present.ts'
import { findRevision } from '../group/queries.ts'
import { toGroup } from '../group/row.ts'
import type { Group } from '../schema-types.ts'
import type { Locale } from '../text/translate.ts'

type Field = keyof Group

/** What visitors may correct; what is written together is taken together. */
export const units: Field[][] = [['name'], ['summary'], ['description'], ['keywords'], ['activity'], ['place', 'country', 'region'], ['links']]
const formFields = ['name', 'summary', 'description', 'keywords', 'activity', 'place', 'country', 'region'] as const

/** What a visitor typed about a record. `faults` of what was changed alone: what was wrong before is not theirs. */
export interface Correction {
  fields: FormFields
  group: Group
  faults: Fault[]
  changes: Record<string, unknown>
}

/** What a visitor had before their eyes: the record as visitors see it, and which revision of it. */
export interface Seen {
  group: Group
  revision: number
}

/** The revision that a form was made from, as it says; today's where it says none that is known. */
export async function findSeen({ db }: Pick<Deps, 'db'>, row: GroupRow, said: string): Promise<Seen> {
  const revision = Number(said)
  const isEarlier = Number.isInteger(revision) && revision > 0 && revision < row.revision
  const then = isEarlier ? await findRevision(db, row.id, revision) : undefined
  const group = then ? (JSON.parse(then.record) as Group) : toGroup(row)
  return { group: withoutInside(group, group.publicServices), revision: then ? revision : row.revision }
}

/** The record as a visitor sees it, as a form. */
export function startCorrection({ group }: Seen, locale: Locale): Correction {
  return { fields: toFields(group, { locale, zone: 'UTC' }), group, faults: [], changes: {} }
}

export function readCorrection({ body, locale }: Pick<FastifyRequest, 'body' | 'locale'>, seen: Seen): Correction {
  const start = startCorrection(seen, locale)
  const typed = readFields((body ?? {}) as FormBody)
  const values = { ...start.fields.values }
  for (const name of formFields) values[name] = typed.values[name]
  return checkCorrection({ ...start.fields, values, lists: { ...start.fields.lists, links: typed.lists.links } }, seen, locale)
}

/** The same for other fields: after a row came or went. */
export function checkCorrection(fields: FormFields, seen: Seen, locale: Locale): Correction {
  const { group, faults } = checkFields(fields, locale)
  const changed = units.flat().filter((field) => !isSame(seen.group, group, field))
  const mine = faults.filter(({ field }) => changed.includes(field.split('.')[0] as Field))
  return { fields, group, faults: mine, changes: Object.fromEntries(changed.map((field) => [field, group[field] ?? null])) }
}

/** A record with these changes, in its one normal form; links for insiders, which visitors do not see, stay. */
export function withChanges(row: GroupRow, changes: Record<string, unknown>, fields: readonly string[]): { group: Group; faults: Fault[] } {
  const current = toGroup(row)
  const next: Record<string, unknown> = { ...current }
  for (const field of fields) if (field in changes) next[field] = changes[field] ?? undefined
  if (fields.includes('links') && 'links' in changes) {
    const kept = (current.links ?? []).filter(({ service }) => !isPublic(service, current.publicServices))
    next.links = [...kept, ...((changes.links as Group['links'] | null) ?? [])]
  }
  return checkGroup(next)
}

/** Fields that were changed since a visitor saw the record. */
export function changedMeanwhile(then: Group | undefined, row: GroupRow, fields: readonly string[]): boolean {
  return then !== undefined && fields.some((field) => !isSame(then, toGroup(row), field as Field))
}

/** Browsers send one kind of line end: that is no change. */
function isSame(before: Group, after: Group, field: Field): boolean {
  const plain = (value: unknown) => (typeof value === 'string' ? value.replace(/\r\n?/g, '\n') : value)
  return isDeepStrictEqual(plain(before[field]), plain(after[field]))
}
