import { isDeepStrictEqual } from 'node:util'
import type { FastifyRequest } from 'fastify'
import type { GroupRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import type { Fault } from '../errors.ts'
import type { Ecosystem, Group } from '../schema-types.ts'
import type { Locale } from '../text/translate.ts'
import { checkGroup } from './check.ts'
import { type GroupField, takeFields } from './edit-merge.ts'
import { type FormBody, type FormFields, readFields, toFields } from './form-fields.ts'
import { fromFields } from './form-input.ts'
import { zoneOf } from './form-time.ts'
import { findGroup, findRevision, listEcosystemsOf, listListings } from './queries.ts'
import { toGroup } from './row.ts'

/** A form that was sent, and what it is about. */
export interface Draft {
  row: GroupRow
  fields: FormFields
  /** What the person began from; of which fields are missing if that version is not known. */
  base: Partial<Group>
  revision: number
  /** As typed, in normal form; valid if there are no `faults`, whose fields are named as in the form. */
  group: Group
  faults: Fault[]
  terms: Terms
}

/** What ecosystems whose keywords are carried ask and offer. */
export interface Terms {
  ecosystems: Ecosystem[]
  listings: { keyword: string; state: 'asked' | 'accepted' | 'declined' | 'unlisted' }[]
  /** Curated ones that were not asked yet. `isNew`: the keyword comes with this draft, so the conditions must be accepted. */
  charters: { ecosystem: Ecosystem; accepted: number[]; isNew: boolean }[]
}

type Asked = Pick<FastifyRequest, 'body' | 'locale'>

/** The form as it was sent about this group. */
export async function readDraft({ db }: Pick<Deps, 'db'>, { body, locale }: Asked, row: GroupRow): Promise<Draft> {
  const sent = (body ?? {}) as FormBody
  const revision = Number(sent.revision)
  const base = await baseOf({ db }, row, revision)
  const typed = checkFields(readFields(sent), locale)
  const taken = takenFields(sent)
  const fields = taken.length > 0 ? toFields(takeFields(typed.group, base as Group, taken), viewOf(row, locale)) : typed.fields
  const { group, faults } = taken.length > 0 ? checkFields(fields, locale) : typed
  const whole = withOldLines(group, base)
  return { row, fields, base, revision, group: whole, faults, terms: await findTerms({ db }, row, whole, sent) }
}

/** A record as a draft that nobody has changed yet. */
export async function startDraft({ db }: Pick<Deps, 'db'>, locale: Locale, row: GroupRow, group: Group = toGroup(row)): Promise<Draft> {
  const fields = toFields(group, viewOf(row, locale))
  const { faults } = checkFields(fields, locale)
  return { row, fields, base: toGroup(row), revision: row.revision, group, faults, terms: await findTerms({ db }, row, group, {}) }
}

/** The same record with what else was typed, its faults named as in the form. */
export function checkFields(fields: FormFields, locale: Locale): { fields: FormFields; group: Group; faults: Fault[] } {
  const { input, nameOf } = fromFields(fields, locale)
  const { group, faults } = checkGroup(input)
  return { fields, group, faults: faults.map((fault) => ({ ...fault, field: nameOf(fault.field) })) }
}

/** Where the draft is valid, the draft; elsewhere what is there. */
export function previewOf({ row, group, faults }: Pick<Draft, 'row' | 'group' | 'faults'>): Group {
  const wrong = faults.map(({ field }) => field.split('.')[0] as GroupField)
  return takeFields(group, toGroup(row), wrong)
}

/** What the schema cannot know: whether the parent exists, whether charters were accepted. */
export async function findMore({ db }: Pick<Deps, 'db'>, group: Group, { row, terms }: Pick<Draft, 'row' | 'terms'>): Promise<Fault[]> {
  const faults: Fault[] = []
  if (group.parent && group.parent !== row.parent && !(await findGroup(db, group.parent)))
    faults.push({ field: 'parent', message: { key: 'error.field.noGroup' } })
  for (const { ecosystem, accepted, isNew } of terms.charters)
    if (isNew && !isWhole(ecosystem, accepted)) faults.push({ field: `charter.${ecosystem.keyword}`, message: { key: 'error.field.charter' } })
  return faults
}

/** The curated ecosystems whose charters were accepted with this draft. */
export function asksOf({ charters }: Terms): string[] {
  return charters
    .filter(({ ecosystem, accepted, isNew }) => isWhole(ecosystem, accepted) && (isNew || accepted.length > 0))
    .map(({ ecosystem }) => ecosystem.keyword)
}

/** A place that changed brings its country, region and position, where these were not said anew. */
export async function placed({ gazetteer }: Pick<Deps, 'gazetteer'>, group: Group, base: Partial<Group>): Promise<Group> {
  const same = (field: 'country' | 'region' | 'position' | 'place') => isDeepStrictEqual(group[field], base[field])
  if (!group.place || same('place') || !same('position')) return group
  const { position, region, ...rest } = group
  const { fillPlace } = await import('../place/fill-place.ts')
  const filled: Group = fillPlace(await gazetteer(), { ...rest, ...(same('region') || !region ? {} : { region }) })
  return filled.position ? filled : group
}

async function baseOf({ db }: Pick<Deps, 'db'>, row: GroupRow, revision: number): Promise<Partial<Group>> {
  if (revision === row.revision) return toGroup(row)
  const found = Number.isSafeInteger(revision) ? await findRevision(db, row.id, revision) : undefined
  return found ? (JSON.parse(found.record) as Group) : {}
}

function viewOf(row: GroupRow, locale: Locale): { locale: Locale; zone: string } {
  return { locale, zone: zoneOf(row.country ?? undefined) }
}

/** Of two versions side by side, the fields where the other one was chosen: `choice.summary=theirs`. */
function takenFields(sent: FormBody): GroupField[] {
  return Object.entries(sent).flatMap(([name, value]) =>
    value === 'theirs' && name.startsWith('choice.') ? [name.slice('choice.'.length) as GroupField] : [],
  )
}

/** Browsers send one kind of line end: where nothing else changed, nothing changes. */
function withOldLines(group: Group, { description }: Partial<Group>): Group {
  return description && group.description === description.replace(/\r\n?/g, '\n') ? { ...group, description } : group
}

async function findTerms({ db }: Pick<Deps, 'db'>, row: GroupRow, { keywords = [] }: Group, sent: FormBody): Promise<Terms> {
  const slugs = keywords.flatMap(({ slug }) => (typeof slug === 'string' ? [slug] : []))
  const carried = new Set((toGroup(row).keywords ?? []).map(({ slug }) => slug))
  const ecosystems = (await listEcosystemsOf(db, slugs.slice(0, 100))).map(toTerms)
  const listings = await listListings(db, row.id)
  const charters = ecosystems.flatMap((ecosystem) => {
    const { keyword, policy, charter } = ecosystem
    const isNew = !carried.has(keyword)
    if (policy !== 'curated' || (!isNew && listings.some((one) => one.keyword === keyword))) return []
    const accepted = (charter?.conditions ?? []).flatMap((_, at) => (sent[`charter.${keyword}.${at}`] ? [at] : []))
    return [{ ecosystem, accepted, isNew }]
  })
  return { ecosystems, listings: listings.filter(({ keyword }) => carried.has(keyword)), charters }
}

function toTerms({ keyword, title, policy, charter, tools }: Awaited<ReturnType<typeof listEcosystemsOf>>[number]): Ecosystem {
  const parse = (text: string | null) => (text === null ? undefined : JSON.parse(text))
  return { keyword, title, policy, charter: parse(charter), tools: parse(tools) }
}

function isWhole({ charter }: Ecosystem, accepted: number[]): boolean {
  return accepted.length === (charter?.conditions.length ?? 0)
}
