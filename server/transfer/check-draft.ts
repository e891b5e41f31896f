import type { Fault } from '../errors.ts'
import { toUtc } from '../group/rules.ts'
import { toFaults, validatorFor } from '../schema.ts'
import type { GroupRecord } from '../schema-types.ts'
import { computed } from './format/portable.ts'
import type { Entry } from './format/read.ts'

/** A record of a file: what the server once added to it, checked, and the group's own words, which nobody has checked yet. */
export interface Draft {
  line: number
  group: Record<string, unknown>
  facts: Facts
  faults: Fault[]
  /** What the server keeps and a table spoilt. It is as if the row were silent on it. */
  spoilt: Fault[]
  /** The columns of the file, where it has some: about the others it says nothing. */
  columns?: ReadonlySet<string>
}

/** What a server adds to a record. Without `origin` the record is kept here. */
export interface Facts extends Partial<Pick<GroupRecord, 'id' | 'createdAt' | 'updatedAt' | 'checkedAt' | 'revision'>> {
  origin?: { server: string } | { source: string; sourceId: string; sourceUrl?: string; goneAt?: string }
  /** The next three are in private exports alone. */
  claimedAt?: string
  formerNames?: string[]
  listings?: { keyword: string; state: 'asked' | 'accepted' | 'declined' | 'unlisted'; at: string }[]
}

/** Reads an entry as a record; `publicUrl` is this server, `from` the address that it had when the file was made. */
export function toDraft({ line, value, faults = [], columns }: Entry, publicUrl: string, from?: string): Draft {
  const draft: Draft = { line, group: {}, facts: {}, faults: [...faults], spoilt: [], columns }
  if (faults.length > 0) return draft
  if (!isObject(value) || isDeeper(value, 6)) {
    draft.faults.push({ field: '', message: { key: isObject(value) ? 'error.field.other' : 'error.field.type.object' } })
    return draft
  }
  const facts: Record<string, unknown> = {}
  for (const [name, fact] of Object.entries(value)) {
    if (name in checks) facts[name] = fact
    else if (!(computed as readonly string[]).includes(name) && !name.startsWith('x-')) draft.group[name] = fact
  }
  readFacts(draft, facts, [publicUrl, from])
  if (columns) setSpoiltAside(draft)
  if (from) for (const picture of picturesOf(draft.group)) bringHome(picture, from)
  withoutMinusZero(draft.group.position)
  return draft
}

const record = '/schemas/group-record.json#/properties'
const time = '/schemas/common.json#/definitions/time'
const schemaOf: Record<keyof Facts, string> = {
  id: `${record}/id`,
  createdAt: time,
  updatedAt: time,
  checkedAt: time,
  revision: `${record}/revision`,
  origin: `${record}/origin`,
  claimedAt: time,
  formerNames: '/schemas/private-record.json#/properties/formerNames',
  listings: '/schemas/private-record.json#/properties/listings',
}
const checks = Object.fromEntries(Object.entries(schemaOf).map(([name, schema]) => [name, validatorFor(schema)]))

function readFacts({ facts, faults }: Draft, given: Record<string, unknown>, ours: (string | undefined)[]): void {
  for (const [name, fact] of Object.entries(given)) {
    if (fact === undefined || fact === null || fact === '') continue
    const value = typeof fact === 'string' ? readText(name, fact) : name === 'origin' ? tidied(fact) : fact
    const wrong = toFaults(checks[name]!(value)).map((fault) => ({ ...fault, field: [name, fault.field].filter(Boolean).join('/') }))
    faults.push(...wrong)
    if (wrong.length === 0) Object.assign(facts, { [name]: value })
  }
  const origin = facts.origin as { server?: string; source?: string; goneAt?: string } | undefined
  if (origin?.goneAt) origin.goneAt = toUtc(origin.goneAt)
  if (origin?.server === undefined || origin.source !== undefined) return
  const server = URL.parse(origin.server)
  if (!server || !/^https?:$/.test(server.protocol)) faults.push({ field: 'origin/server', message: { key: 'error.field.pattern.web' } })
  else if (ours.includes(server.origin)) delete facts.origin
  else facts.origin = { server: server.origin }
}

/** A spreadsheet writes dates in its own way, and there is no telling the month from the day. */
function setSpoiltAside(draft: Draft): void {
  const isSpoilt = ({ field }: Fault) => ['createdAt', 'updatedAt', 'checkedAt', 'revision'].includes(field)
  draft.spoilt = draft.faults.filter(isSpoilt)
  draft.faults = draft.faults.filter((fault) => !isSpoilt(fault))
  const { memberCountAt, ...group } = draft.group
  const [wrong] = memberCountAt === undefined ? [] : toFaults(checkDate(memberCountAt))
  if (!wrong) return
  draft.spoilt.push({ ...wrong, field: 'memberCountAt' })
  draft.group = group
  draft.columns = new Set([...draft.columns!].filter((name) => name !== 'memberCountAt'))
}

const checkDate = validatorFor('/schemas/common.json#/definitions/date')

function picturesOf({ banner, logo, partners }: Record<string, unknown>): unknown[] {
  return [banner, logo, ...(Array.isArray(partners) ? partners.map((partner: unknown) => isObject(partner) && partner.logo) : [])]
}

/** A picture that was served under the old address is served under this one. */
function bringHome(picture: unknown, from: string): void {
  if (isObject(picture) && typeof picture.url === 'string' && picture.url.startsWith(`${from}/uploads/`)) picture.url = picture.url.slice(from.length)
}

/** As the other texts of a record: in NFC, without spaces around. */
function tidied(origin: unknown): unknown {
  if (!isObject(origin)) return origin
  return Object.fromEntries(Object.entries(origin).map(([name, fact]) => [name, typeof fact === 'string' ? fact.normalize('NFC').trim() : fact]))
}

function readText(name: string, text: string): string {
  return name === 'id' ? text.trim().toLowerCase() : toUtc(text.trim())
}

/** JSON knows a zero below zero, databases and CSV do not. */
function withoutMinusZero(position: unknown): void {
  if (isObject(position)) for (const axis of ['lat', 'lng']) if (position[axis] === 0) position[axis] = 0
}

/** No record nests so deep; what walks through it may then trust the stack. */
function isDeeper(value: unknown, most: number): boolean {
  return typeof value === 'object' && value !== null && (most === 0 || Object.values(value).some((inner) => isDeeper(inner, most - 1)))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
