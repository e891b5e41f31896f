import type { FollowedSourceRow } from '../../db/tables.ts'
import type { Put } from '../../group/actions.ts'
import { checkGroup } from '../../group/check.ts'
import { isPublic } from '../../group/present.ts'
import { schemas } from '../../schema.ts'
import type { Group } from '../../schema-types.ts'
import { fromForeign } from './foreign.ts'
import { mapKeywords, originOf, pastTime, type Translator } from './rules.ts'

/** A record as it came: whose it is, and what was received. */
export interface Received {
  iri: string
  value: unknown
}

/** What becomes of it: a copy to write, a record that is not (or no longer) in what is followed, or a reason to refuse it. */
export type Verdict = { kind: 'copy'; group: Group; stamp: NonNullable<Put['stamp']> } | { kind: 'left' } | { kind: 'refused'; reason: string }

export interface Terms {
  source: Pick<FollowedSourceRow, 'keyword' | 'keywords' | 'mapping'>
  /** Other sources that show it. */
  others?: Translator[]
  publicUrl: string
  now: Date
}

type Facts = Record<string, unknown>

const words = Object.keys(schemas.get('/schemas/group.json')!.properties as object)

/**
 * Judges a record by our own rules, whatever its server says: its origin is that of its address and not ours, links for insiders are left out, times
 * are not in the future. What a later version of the product adds to records is passed over.
 */
export function examine({ iri, value }: Received, terms: Terms): Verdict {
  const origin = originOf(iri)
  if (!isFacts(value) || isDeeper(value, 6)) return refused('not a record')
  if (origin === new URL(terms.publicUrl).origin) return { kind: 'left' }
  const theirs = isFacts(value.origin) ? value.origin.server : undefined
  if (!origin || (value.iri !== undefined && value.iri !== iri)) return refused('another identity')
  if (theirs !== undefined && originOf(theirs) !== origin) return refused('another origin')
  const foreign = fromForeign(value)
  const { parent: _elsewhere, ...said } = Object.fromEntries(Object.entries(foreign).filter(([name]) => words.includes(name)))
  const { group, faults } = checkGroup({ shortName: 'xx', ...withoutPictures(said, origin, terms.publicUrl), ...validName(said.shortName) })
  if (faults.length > 0) return refused(faults.map(({ field, message }) => `${field}: ${message.key.replace('error.field.', '')}`).join(', '))
  const kept: string[] | null = terms.source.keywords ? JSON.parse(terms.source.keywords) : null
  if (kept && !group.keywords?.some(({ slug }) => kept.includes(slug))) return { kind: 'left' }
  const ours = toOurs(group, terms)
  // What stewards follow is of their ecosystem, whatever they typed.
  const { keyword } = terms.source
  if (keyword && !ours.keywords?.some(({ slug }) => slug === keyword)) return { kind: 'left' }
  return { kind: 'copy', group: ours, stamp: stampOf(value, iri, terms.now) }
}

function toOurs({ links, keywords, ...group }: Group, { source, others = [] }: Terms): Group {
  const open = links?.filter(({ service }) => isPublic(service, group.publicServices))
  const mapped = keywords && mapKeywords(keywords, [source, ...others])
  const distinct = mapped?.filter(({ slug }, at) => mapped.findIndex((one) => one.slug === slug) === at)
  return checkGroup({ ...group, links: open, keywords: distinct }).group
}

/** A name that is taken or reserved here is replaced later; what is no name at all says nothing of the rest. */
function validName(name: unknown): Facts {
  return typeof name === 'string' && checkGroup({ name: 'x', summary: 'x', type: 'support', shortName: name }).faults.length === 0
    ? { shortName: name }
    : { shortName: 'xx' }
}

/** Their pictures have addresses there; what claims to be one of ours is not. */
function withoutPictures(said: Facts, origin: string, publicUrl: string): Facts {
  const there = (facts: Facts, name: string) => {
    const { [name]: picture, ...rest } = facts
    const url = isFacts(picture) && typeof picture.url === 'string' ? URL.parse(picture.url, origin) : null
    if (picture === undefined || !url || !/^https?:$/.test(url.protocol) || url.origin === new URL(publicUrl).origin) return rest
    return { ...rest, [name]: { ...(picture as Facts), url: url.href } }
  }
  const partners = Array.isArray(said.partners) ? said.partners.map((one) => (isFacts(one) ? there(one, 'logo') : one)) : said.partners
  return there(there({ ...said, partners }, 'banner'), 'logo')
}

function stampOf(value: Facts, iri: string, now: Date): NonNullable<Put['stamp']> {
  const { claimed, source } = isFacts(value.origin) ? value.origin : {}
  const updated = pastTime(value.updatedAt, now)
  return {
    origin_server: originOf(iri)!,
    // What its home imported it from; under which name there says nothing here.
    source: typeof source === 'string' && source !== '' ? source.slice(0, 60) : null,
    source_id: null,
    source_url: iri,
    claimed_at: claimed === true ? updated : null,
    gone_at: null,
    created_at: pastTime(value.createdAt, now),
    updated_at: updated,
    checked_at: value.checkedAt === undefined ? null : pastTime(value.checkedAt, now),
  }
}

/** No record nests so deep; what walks through it may then trust the stack. */
function isDeeper(value: unknown, most: number): boolean {
  return typeof value === 'object' && value !== null && (most === 0 || Object.values(value).some((inner) => isDeeper(inner, most - 1)))
}

function refused(reason: string): Verdict {
  return { kind: 'refused', reason: reason.slice(0, 300) }
}

function isFacts(value: unknown): value is Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
