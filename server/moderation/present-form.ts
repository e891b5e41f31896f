import type { Fault } from '../errors.ts'
import { takeFields } from '../group/edit-merge.ts'
import type { Choices } from '../group/form-choices.ts'
import type { FormFields } from '../group/form-fields.ts'
import type { ReaderContext } from '../group/present.ts'
import { toEditView, toPreview } from '../group/present-edit.ts'
import { toRow } from '../group/row.ts'
import type { EditView, FieldView, PreviewView } from '../group/view-edit.ts'
import type { Words } from '../group/view-list.ts'
import type { Group } from '../schema-types.ts'

/** A form about a record, and what was typed beside the record. `faults` of both; those of the record are named as in the form. */
export interface FormState {
  fields: FormFields
  group: Group
  faults: Fault[]
  beside: Record<string, string>
  choices: Choices
  focus?: string
}

const asideNames = new Set(['address', 'message', 'sure', 'kind', 'duplicateOf', 'send', 'text'])

/** The fields of a form about a record that is not kept yet, or by somebody who may not edit it. */
export function toFormView(state: FormState, words: Words, context: ReaderContext) {
  const { fields, faults, beside, choices, focus } = state
  const [aside, own] = [faults.filter(({ field }) => asideNames.has(field)), faults.filter(({ field }) => !asideNames.has(field))]
  const row = toRow(blankGroup(words), blankStamp(context.now))
  const terms = { ecosystems: [], listings: [], charters: [] }
  const view = toEditView({ row, fields, revision: 0, faults: own, focus, preview: blankGroup(words), ...terms, choices }, words, context)
  const { f, lists, languageNames, keywordsUrl, placesUrl } = view
  const told = aside.map(({ field, message }) => ({ id: field, message: words.t(message.key, message.values) }))
  const besides = Object.fromEntries(
    Object.entries(beside).map(([name, value]) => [name, toAside(name, value, told.find(({ id }) => id === name)?.message)]),
  )
  const allFaults: EditView['faults'] = [...view.faults, ...told]
  return { f, lists, languageNames, keywordsUrl, placesUrl, focus: faults.length > 0 ? '' : (focus ?? ''), faults: allFaults, besides }
}

/** How the group would look, with stand-ins where what was typed is missing or wrong. */
export function toBlankPreview({ group, faults }: Pick<FormState, 'group' | 'faults'>, words: Words, context: ReaderContext): PreviewView {
  const wrong = faults.map(({ field }) => field.split('.')[0] as keyof Group)
  const shown = takeFields(group, blankGroup(words), wrong)
  return toPreview(toRow(shown, blankStamp(context.now)), shown, context)
}

function toAside(name: string, value: string, error: string | undefined): Pick<FieldView, 'id' | 'value' | 'error'> {
  return { id: name, value, error }
}

function blankGroup({ t }: Words): Group {
  return { name: t('propose.blank.name'), summary: t('propose.blank.summary'), type: 'thematic', shortName: 'x0' }
}

function blankStamp(now: Date) {
  const at = now.toISOString()
  const elsewhere = { origin_server: null, source: null, source_id: null, source_url: null, gone_at: null, claimed_at: null }
  return { ...elsewhere, num: 0, id: '', created_at: at, updated_at: at, checked_at: null, revision: 0, change_seq: 0 }
}
