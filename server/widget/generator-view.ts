import type { Fault } from '../errors.ts'
import type { GroupListResult } from '../group/list.ts'
import { choicesOf, type Choice as FacetChoice, mostChoices } from '../group/present-list.ts'
import type { Words } from '../group/view-list.ts'
import type { GeneratorQuery } from '../schema-types.ts'
import * as urls from '../urls.ts'
import type { Draft } from './generator-query.ts'
import { pathOf, type Scope, snippetWords } from './generator-words.ts'
import { frameHeights, type WidgetKind } from './options.ts'
import { elementSnippet, snippet, widgetUrl } from './snippet.ts'

type Name = keyof GeneratorQuery

/** A box to type in; its words are `generator.field.<name>` and `generator.hint.<name>`. */
export interface TextField {
  name: Name
  id: string
  type: 'text' | 'number'
  value: string
  wrong?: string
}

/** Choices to tick, or one to pick out of a list. */
export interface ChoiceField {
  name: Name
  id: string
  choices: { value: string; label: string; chosen: boolean }[]
  wrong?: string
  /** Something is chosen or wrong: shown, not folded away. */
  open: boolean
}

export interface GeneratorView {
  of: Scope['of']
  title: string
  back: string
  action: string
  /** What is wrong, each with the field to go to where there is one. */
  wrong: { name: string; message: string; href?: string }[]
  kinds: ChoiceField
  fields: Record<'q' | 'keyword' | 'except' | 'near' | 'radius' | 'bbox' | 'limit' | 'accent' | 'heading', TextField>
  selects: Record<'sort' | 'controls' | 'widgetLang' | 'theme', ChoiceField>
  checks: Record<'type' | 'activity' | 'country' | 'region' | 'language' | 'server', ChoiceField>
  ticked: { wanted: boolean; noHeading: boolean }
  placed: boolean
  made?: { previewUrl: string; frameTitle: string; height: number; geolocation: boolean; code: string; element: string }
  server: string
  places: { id: string; name: string }[]
}

export interface Maker {
  scope: Scope
  kinds: readonly WidgetKind[]
  draft: Draft
  /** What the choices give, for the countries, regions and languages to offer; none for a widget of one group. */
  found?: GroupListResult
  words: Words
  /** The words of the widget's own language. */
  t: Words['t']
  publicUrl: string
}

/** Sites that the help speaks to; its sentences are `generator.paste.<id>` and `generator.allow.<id>`. */
const places = [
  { id: 'wordpress', name: 'WordPress' },
  { id: 'drupal', name: 'Drupal' },
  { id: 'spip', name: 'SPIP' },
  { id: 'yeswiki', name: 'YesWiki' },
  { id: 'discourse', name: 'Discourse' },
]
const choices = {
  type: ['thematic', 'territorial', 'support'],
  activity: ['preparing', 'active', 'archived', 'unknown', 'any'],
  sort: ['', 'name', 'updated', 'members', 'relevance', 'distance'],
  controls: ['none', 'search', 'facets', 'all'],
  lang: ['auto', 'fr', 'en'],
  theme: ['auto', 'light', 'dark'],
}
const texts = ['q', 'keyword', 'except', 'near', 'radius', 'bbox', 'limit', 'accent', 'heading'] as const

/** The form as it was filled, and what it makes. */
export function toGeneratorView(maker: Maker): GeneratorView {
  const { scope, kinds, draft, found, words } = maker
  const { t } = words
  const path = pathOf(scope)
  const pick = (name: Name, values: string[], label: (value: string) => string, usual: string) =>
    choiceField(maker, name, values, label, [String(draft.query[name] ?? usual)])
  const tick = (name: 'type' | 'activity', prefix: string) =>
    choiceField(maker, name, choices[name], (value) => t(`${prefix}.${value}`), chosen(draft, name))
  const offer = (name: 'country' | 'region' | 'language' | 'server') =>
    offered(maker, name, found ? choicesOf(found, name, words, mostChoices.onPages(name)) : [])
  return {
    of: scope.of,
    title: scope.title,
    back: path,
    action: urls.widgetsOf(path),
    wrong: draft.faults.map((fault) => toWrong(fault, maker)),
    kinds: choiceField(maker, 'kind', [...kinds], (value) => t(`generator.kind.${value}`), [draft.kind]),
    fields: Object.fromEntries(texts.map((name) => [name, textField(maker, name)])) as GeneratorView['fields'],
    selects: {
      sort: pick('sort', choices.sort, (value) => t(value ? `sort.${value}` : 'generator.usual'), ''),
      controls: pick('controls', choices.controls, (value) => t(`generator.controls.${value}`), 'search'),
      widgetLang: pick('widget-lang', choices.lang, (value) => t(`generator.lang.${value}`), 'auto'),
      theme: pick('theme', choices.theme, (value) => t(`theme.${value}`), 'auto'),
    },
    checks: {
      type: tick('type', 'type'),
      activity: tick('activity', 'activity'),
      country: offer('country'),
      region: offer('region'),
      language: offer('language'),
      server: offer('server'),
    },
    ticked: { wanted: draft.query.wanted !== undefined, noHeading: draft.query['no-heading'] !== undefined },
    placed: (['near', 'radius', 'bbox', 'sort'] as const).some((name) => draft.query[name] !== undefined),
    made: madeOf(maker),
    server: maker.publicUrl,
    places,
  }
}

function madeOf({ scope, draft: { kind, options }, t, publicUrl }: Maker): GeneratorView['made'] {
  if (!options) return undefined
  const widget = { kind, options, name: scope.of === 'all' ? undefined : scope.name }
  const words = snippetWords(scope, kind, options.locked, { t, publicUrl })
  return {
    previewUrl: widgetUrl(widget),
    frameTitle: words.title,
    height: frameHeights[kind],
    geolocation: kind === 'map',
    code: snippet(publicUrl, widget, words),
    element: elementSnippet(publicUrl, widget, words),
  }
}

function textField(maker: Maker, name: (typeof texts)[number]): TextField {
  const value = chosen(maker.draft, name).join(', ')
  return { name, id: idOf(name), type: name === 'limit' ? 'number' : 'text', value, wrong: wrongOf(maker, name) }
}

function choiceField(maker: Maker, name: Name, values: string[], label: (value: string) => string, chosen: string[]): ChoiceField {
  const wrong = wrongOf(maker, name)
  const offered = values.map((value) => ({ value, label: label(value), chosen: chosen.includes(value) }))
  return { name, id: idOf(name), choices: offered, wrong, open: wrong !== undefined || offered.some((one) => one.chosen) }
}

/** What there are groups for, and what was asked for all the same. */
function offered(maker: Maker, name: 'country' | 'region' | 'language' | 'server', known: FacetChoice[]): ChoiceField {
  const labels = new Map([...known.map(({ value, label }) => [value, label] as const)])
  const asked = chosen(maker.draft, name)
  const values = [...new Set([...labels.keys(), ...asked])]
  return choiceField(maker, name, values, (value) => labels.get(value) ?? value, asked)
}

/** As typed, also when it could not be read. */
function chosen({ query }: Draft, name: Name): string[] {
  return [query[name] ?? []].flat().map(String)
}

function toWrong({ field, message }: Fault, { words: { t } }: Maker): GeneratorView['wrong'][number] {
  const known = [
    ...texts,
    'kind',
    'sort',
    'controls',
    'widget-lang',
    'theme',
    'type',
    'activity',
    'country',
    'region',
    'language',
    'server',
  ].includes(field)
  return { name: known ? t(`generator.field.${field}`) : field, message: t(message.key, message.values), href: known ? `#${idOf(field)}` : undefined }
}

function wrongOf({ draft, words: { t } }: Maker, name: string): string | undefined {
  const fault = draft.faults.find(({ field }) => field === name)
  return fault && t(fault.message.key, fault.message.values)
}

function idOf(name: string): string {
  return `f-${name}`
}
