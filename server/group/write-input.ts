import { isDeepStrictEqual } from 'node:util'
import type { GroupRow } from '../db/tables.ts'
import { badRequest, type Fault } from '../errors.ts'
import type { Group, GroupRecord, Link } from '../schema-types.ts'
import { checkGroup } from './check.ts'
import { isPublic } from './present.ts'
import { toGroup } from './row.ts'

type Json = Record<string, unknown>

// What the server adds: sent back as it was read, it is no change.
const added = ['id', 'iri', 'url', 'ecosystems', 'origin', 'formerly', 'createdAt', 'updatedAt', 'checkedAt', 'revision'] as const

/** RFC 7396: the target with what the patch says, `null` taking facts away. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged = new Map(Object.entries(isObject(target) ? target : {}))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key)
    else merged.set(key, mergePatch(merged.get(key), value))
  }
  return Object.fromEntries(merged)
}

/**
 * The record that a program sent in place of `row`. `record` is what it may have read; `whole` whether the links for insiders were in it:
 * what it did not see stays. Throws a 400 that names what is wrong.
 */
export function readRecord(body: Json, row: GroupRow, record: GroupRecord, { whole }: { whole: boolean }): Group {
  const changed = added.filter((field) => body[field] !== undefined && !isDeepStrictEqual(body[field], record[field]))
  const faults: Fault[] = changed.map((field) => ({ field, message: { key: 'error.field.setByServer' } }))
  const own = Object.fromEntries(Object.entries(body).filter(([field]) => !added.includes(field as (typeof added)[number])))
  const checked = checkGroup(whole ? own : withInsideLinks(own, toGroup(row)))
  if (faults.length + checked.faults.length > 0) throw badRequest([...faults, ...checked.faults])
  return checked.group
}

function withInsideLinks(body: Json, { links = [], publicServices }: Group): Json {
  const given = Array.isArray(body.links) ? (body.links as Link[]) : []
  const unseen = links.filter(({ service }) => !isPublic(service, publicServices) && !given.some((link) => link?.service === service))
  return body.links === undefined || Array.isArray(body.links) ? { ...body, links: [...given, ...unseen] } : body
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
