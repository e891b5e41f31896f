import type { FollowedSourceRow } from '../../db/tables.ts'
import type { Fault } from '../../errors.ts'
import { toSlug } from '../../text/fold.ts'
import type { SourceSettings } from '../follow/actions.ts'

/** What the form of a source says, as it was typed. */
export interface SourceFields {
  url: string
  trust: string
  keywords: string
  mapping: string
  every: string
  quota: string
}

/** Minutes between two visits that can be chosen. */
export const rhythms = [15, 60, 360, 1440, 10_080] as const

const mostKeywords = 50
const mostRecords = 200_000

export const emptyFields: SourceFields = { url: '', trust: 'review', keywords: '', mapping: '', every: '60', quota: '20000' }

/** A source as its form shows it: keywords by commas, one mapping a line. */
export function toFields(source: FollowedSourceRow): SourceFields {
  const mapping: Record<string, string> = source.mapping ? JSON.parse(source.mapping) : {}
  return {
    url: source.url,
    trust: source.trust,
    keywords: source.keywords ? (JSON.parse(source.keywords) as string[]).join(', ') : '',
    mapping: Object.entries(mapping)
      .map(([theirs, ours]) => `${theirs} = ${ours}`)
      .join('\n'),
    every: String(source.every),
    quota: String(source.quota),
  }
}

/** Reads the form; what is empty is as it would be without it. The stewards of `keyword` speak of no other keyword here than theirs. */
export function readSettings(
  fields: SourceFields,
  keyword: string | undefined,
): { settings: SourceSettings & { trust: 'review' | 'automatic' }; faults: Fault[] } {
  const keywords = fields.keywords
    .split(/[,;\n]/)
    .map(toSlug)
    .filter(Boolean)
  const mapping = readMapping(fields.mapping)
  const quota = /^\d{1,6}$/.test(fields.quota.trim()) ? Number(fields.quota) : 0
  const every = rhythms.find((minutes) => String(minutes) === fields.every)
  const faults: Fault[] = []
  const wrong = (field: keyof SourceFields) => faults.push({ field, message: { key: `sources.wrong.${field}` } })
  if (keywords.length > mostKeywords) wrong('keywords')
  if (!mapping) wrong('mapping')
  else if (keyword && Object.values(mapping).some((ours) => toSlug(ours) !== keyword))
    faults.push({ field: 'mapping', message: { key: 'sources.wrong.mappingOwn', values: { keyword } } })
  if (quota < 1 || quota > mostRecords) wrong('quota')
  const trust = fields.trust === 'automatic' ? 'automatic' : 'review'
  return { settings: { trust, keywords: [...new Set(keywords)], mapping: mapping ?? {}, every: every ?? 60, quota }, faults }
}

/** « theirs = ours », one a line; undefined when a line says something else. */
function readMapping(text: string): Record<string, string> | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const pairs = lines.map((line) => line.split(/=|→/).map((side) => side.trim()))
  const isWhole = lines.length <= 200 && pairs.every(([theirs, ours, ...more]) => more.length === 0 && toSlug(theirs ?? '') && toSlug(ours ?? ''))
  return isWhole ? Object.fromEntries(pairs.map(([theirs, ours]) => [toSlug(theirs!), ours!])) : undefined
}
