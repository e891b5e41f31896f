import type { GroupRow } from '../db/tables.ts'
import type { Fault } from '../errors.ts'
import type { Ecosystem, Group } from '../schema-types.ts'
import { renderMarkdown } from '../text/markdown.ts'
import * as urls from '../urls.ts'
import type { Choices } from './form-choices.ts'
import { type FormFields, type FormRow, type ListName, listFields, listNames, type Single, singles } from './form-fields.ts'
import { languageNames } from './form-languages.ts'
import { listZones } from './form-time.ts'
import { type ReaderContext, toCard } from './present.ts'
import { toRow } from './row.ts'
import { services } from './rules.ts'
import type { CellView, CharterView, EditView, FieldView, ListView, OptionView, PreviewView, RowView } from './view-edit.ts'
import type { Words } from './view-list.ts'

/** What the page is made from. */
export interface EditState {
  row: GroupRow
  fields: FormFields
  /** The version that the person began from. */
  revision: number
  /** `field` is the form's name of it. */
  faults: Fault[]
  focus?: string
  /** The record as it would be, with what is there already where what was typed is wrong. */
  preview: Group
  ecosystems: Ecosystem[]
  listings: { keyword: string; state: 'asked' | 'accepted' | 'declined' | 'unlisted' }[]
  /** Curated ecosystems whose keyword is new, and the numbers of the conditions accepted. */
  charters: { ecosystem: Ecosystem; accepted: number[] }[]
  choices: Choices
}

const roles = ['leader', 'facilitator', 'project-holder', 'news', 'meetings', 'moderation', 'gathering']
const helped = new Set('summary shortName description languages keywords place memberCount nextMeetingAt parent licence positionPrecision'.split(' '))

/** The page of the form in the reader's language. */
export function toEditView(state: EditState, words: Words, context: ReaderContext): EditView {
  const { row, fields, faults, ecosystems } = state
  const errorOf = (id: string) => {
    const fault = faults.find(({ field }) => field === id)
    return fault && tell(fault, words)
  }
  const options = toOptions(state, words)
  return {
    ...addressesOf(row),
    name: row.name,
    checkedAt: row.checked_at ?? undefined,
    imported: row.source !== null && row.claimed_at === null,
    revision: state.revision,
    focus: faults.length > 0 ? '' : (state.focus ?? ''),
    faults: faults.map((fault) => toFault(fault, fields, words)),
    f: Object.fromEntries(singles.map((name) => [toKey(name), toField(name, toKey(name), fields.values[name], errorOf(name), options[name])])),
    lists: Object.fromEntries(listNames.map((name) => [name, toList(name, fields, errorOf, words)])) as Record<ListName, ListView>,
    publicServices: publicOptions(fields, words),
    hidden: (['banner', 'logo'] as const).flatMap((name) => (fields.values[name] ? [{ name, value: fields.values[name] }] : [])),
    charters: state.charters.map((one) => toCharter(one, errorOf)),
    standings: state.listings.flatMap(({ keyword, state: standing }) => {
      const found = ecosystems.find((one) => one.keyword === keyword)
      return found ? [{ title: found.title, url: urls.ecosystem(keyword), state: standing }] : []
    }),
    tools: toolsFor(fields, ecosystems),
    languageNames: languageNames(words.locale),
    zones: toChoices(listZones(), fields.values['nextMeeting.zone']),
    preview: toPreview(row, state.preview, context),
  }
}

/** How a record would look: its card and its description. */
export function toPreview(row: GroupRow, group: Group, context: ReaderContext): PreviewView {
  return {
    card: toCard(toRow(group, row), context),
    descriptionHtml: group.description ? renderMarkdown(group.description, { headingOffset: 3 }) : undefined,
  }
}

/** What ecosystems offer their groups for services that have no link yet; `doing` is the button's value. */
function toolsFor({ lists }: FormFields, ecosystems: Ecosystem[]): EditView['tools'] {
  const filled = new Set(lists.links.filter(({ values }) => values.url?.trim()).map(({ values }) => values.service))
  return ecosystems.flatMap(({ keyword, title, tools = [] }) =>
    tools.map((tool, at) => ({ ...tool, title, doing: `tool.${keyword}.${at}` })).filter(({ service }) => !filled.has(service)),
  )
}

function addressesOf({ short_name }: GroupRow) {
  return {
    groupUrl: urls.group(short_name),
    action: urls.groupEdit(short_name),
    previewUrl: urls.groupEdit(short_name, 'preview'),
    checkedUrl: urls.groupEdit(short_name, 'checked'),
    picturesUrl: urls.groupPictures(short_name),
    historyUrl: urls.groupHistory(short_name),
    deleteUrl: urls.groupDelete(short_name),
    moveUrl: urls.groupMove(short_name),
    arrivalUrl: urls.groupArrival(short_name),
    keywordsUrl: urls.apiKeywords,
    placesUrl: urls.places,
  }
}

/** `position.lat` → `positionLat`, `links.3.url` → `linksUrl`: the last part of its sentences' keys. */
function toKey(name: string): string {
  return name.replace(/\.\d+(?=\.)/, '').replace(/\.(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** With the name of its field, and of its row. */
function toFault({ field, message }: Fault, fields: FormFields, words: Words): EditView['faults'][number] {
  const [list = '', key] = field.split('.')
  const rows = listNames.includes(list as ListName) ? fields.lists[list as ListName] : []
  const row = rows.findIndex((one) => one.key === key) + 1
  return { id: field, message: words.t('edit.fault', { name: labelOf(field, words), row, message: tell({ field, message }, words) }) }
}

/** The schema knows a field by its key, people by its label. */
function tell({ field, message }: Fault, words: Words): string {
  return words.t(message.key, { ...message.values, name: labelOf(field, words) })
}

function labelOf(field: string, { t }: Words): string {
  return t(`edit.label.${field.startsWith('charter.') ? 'charter' : toKey(field)}`)
}

function toField(id: string, key: string, value: string, error: string | undefined, options: OptionView[] = []): FieldView {
  const help = helped.has(key)
  const describedBy = [...(error ? [`${id}-wrong`] : []), ...(help ? [`${id}-help`] : [])].join(' ')
  return { id, key, value, error, help, describedBy: describedBy || undefined, options }
}

function toOptions({ fields: { values }, choices }: EditState, { t }: Words): Partial<Record<Single, OptionView[]>> {
  return {
    type: toChoices(['thematic', 'territorial', 'support'], values.type, (value) => t(`edit.type.${value}`)),
    activity: toChoices(['', 'preparing', 'active', 'archived'], values.activity, (value) => t(`edit.activity.${value || 'unsaid'}`)),
    meets: toChoices(['', 'online', 'in-person', 'both'], values.meets, (value) => t(`edit.meets.${value || 'unsaid'}`)),
    'position.precision': toChoices(['exact', 'place', 'region', 'country'], values['position.precision'], (value) => t(`edit.precision.${value}`)),
    country: choices.countries,
    region: choices.regions,
  }
}

function toChoices(list: string[], chosen: string, label: (value: string) => string = (value) => value): OptionView[] {
  const all = list.includes(chosen) || !chosen ? list : [...list, chosen]
  return all.map((value) => ({ value, label: list.includes(value) ? label(value) : value, chosen: value === chosen }))
}

function publicOptions({ publicServices }: FormFields, { t }: Words): OptionView[] {
  const all = [...new Set([...publicServices, 'administration', 'tracking'])]
  return all.map((value) => ({ value, label: t(`service.${value}`), chosen: publicServices.includes(value) }))
}

function toList(name: ListName, { lists }: FormFields, errorOf: (id: string) => string | undefined, words: Words): ListView {
  const toRowView = ({ key, values }: FormRow, number: number): RowView => ({
    list: name,
    key,
    number,
    cells: listFields[name].map((field) => toCell(`${name}.${key}.${field}`, `${name}.${field}`, values[field] ?? '', errorOf, words)),
    moves: moves.map(({ move, icon }) => ({
      id: `${name}.${key}.${move}`,
      icon,
      label: words.t(`edit.move.${move}`, { row: words.t(`edit.row.${name}`, { number }) }),
    })),
  })
  return {
    name,
    addId: `${name}.add`,
    rows: lists[name].map((row, at) => toRowView(row, at + 1)),
    blank: toRowView({ key: 'NEW', values: {} }, lists[name].length + 1),
    error: errorOf(name),
  }
}

const moves = [
  { move: 'up', icon: 'arrow-up' },
  { move: 'down', icon: 'arrow-down' },
  { move: 'remove', icon: 'x' },
]

const cellKinds: Record<string, Partial<Pick<CellView, 'kind' | 'type' | 'max'>>> = {
  'links.service': { kind: 'select' },
  'links.url': { type: 'url', max: 2000 },
  'roles.role': { kind: 'select' },
  'roles.since': { type: 'date', max: 10 },
  'roles.wanted': { kind: 'check' },
  'partners.url': { type: 'url', max: 2000 },
  'partners.logo': { kind: 'hidden' },
  'welcome.text': { max: 200 },
}

function toCell(id: string, name: string, value: string, errorOf: (id: string) => string | undefined, { t }: Words): CellView {
  const options =
    name === 'links.service'
      ? toChoices(services, value, (one) => t(`service.${one}`))
      : name === 'roles.role'
        ? toChoices(roles, value, (one) => t(`role.${one}`))
        : []
  return { ...toField(id, toKey(name), value, errorOf(id), options), kind: 'text', type: 'text', max: 120, ...cellKinds[name] }
}

function toCharter(
  { ecosystem: { keyword, title, charter }, accepted }: EditState['charters'][number],
  errorOf: (id: string) => string | undefined,
): CharterView {
  const conditions = (charter?.conditions ?? []).map((text, at) => ({ name: `charter.${keyword}.${at}`, text, accepted: accepted.includes(at) }))
  return { keyword, title, conditions, error: errorOf(`charter.${keyword}`) }
}
