import { AppError, type Fault } from '../errors.ts'
import { toAppError } from '../http/error-answer.ts'
import type { GeneratorQuery, WidgetQuery } from '../schema-types.ts'
import { groupOptions, readWidgetQuery, type WidgetKind, type WidgetOptions } from './options.ts'

/** What was asked of the form: `options` when all of it can be read. */
export interface Draft {
  kind: WidgetKind
  query: GeneratorQuery
  options?: WidgetOptions
  faults: Fault[]
}

/** Takes out of an address what a form leaves empty, splits keywords at commas, and lets colours begin with `#`. Changes the query itself. */
export function tidyForm(query: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(query)) {
    const texts = [value].flat().flatMap((text) => readText(name, String(text)))
    if (texts.length === 0) delete query[name]
    else query[name] = texts.length === 1 ? texts[0] : texts
  }
}

/** Reads the form; `refused` is what its schema said. The first kind stands for one that is not offered here. */
export function readDraft(query: GeneratorQuery, kinds: readonly WidgetKind[], refused: unknown): Draft {
  const faults = refused ? (toAppError(refused).errors ?? []) : []
  const offered = query.kind === undefined || kinds.includes(query.kind)
  if (!offered && !faults.some(({ field }) => field === 'kind'))
    faults.push({ field: 'kind', message: { key: 'error.field.enum', values: { allowed: kinds.join(', ') } } })
  const kind = kinds.find((one) => one === query.kind) ?? kinds[0]!
  if (faults.length > 0) return { kind, query, faults }
  try {
    return { kind, query, faults, options: readWidgetQuery(toWidgetQuery(query, kind), kind) }
  } catch (error) {
    if (!(error instanceof AppError) || !error.errors) throw error
    return { kind, query, faults: error.errors }
  }
}

function readText(name: string, text: string): string[] {
  const parts = name === 'keyword' ? text.split(',') : [name === 'accent' ? text.replace(/^#/, '') : text]
  return parts.map((part) => part.trim()).filter(Boolean)
}

/** What the form says, as the widget's own address says it; without what a widget of this kind does not have. */
function toWidgetQuery(query: GeneratorQuery, kind: WidgetKind): WidgetQuery {
  const { kind: _kind, lang: _lang, 'widget-lang': lang, 'no-heading': noHeading, ...rest } = query
  const asked: WidgetQuery = { ...rest, lang, heading: noHeading ? '' : rest.heading }
  return Object.fromEntries(Object.entries(asked).filter(([name, value]) => value !== undefined && hasOption(kind, name)))
}

function hasOption(kind: WidgetKind, name: string): boolean {
  if (kind === 'group' || kind === 'neighbours') return (groupOptions[kind] as readonly string[]).includes(name)
  return kind !== 'count' || !['controls', 'limit', 'sort'].includes(name)
}
