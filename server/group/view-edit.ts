import type { ListName } from './form-fields.ts'
import type { GroupCard } from './view-model.ts'

/** One field of the form. Its words are `edit.label.<key>` and, if `help`, `edit.help.<key>`. */
export interface FieldView {
  /** Its name too. */
  id: string
  key: string
  value: string
  error?: string
  help: boolean
  /** Ids of what is said about it. */
  describedBy?: string
  options: OptionView[]
}

export interface OptionView {
  value: string
  label: string
  chosen: boolean
}

export interface RowView {
  list: ListName
  key: string
  /** From 1. */
  number: number
  cells: CellView[]
  /** Buttons: their value is their id. */
  moves: { id: string; icon: string; label: string }[]
}

export interface CellView extends FieldView {
  kind: 'text' | 'select' | 'check' | 'hidden'
  type: 'text' | 'url' | 'date'
  max: number
}

export interface ListView {
  name: ListName
  addId: string
  rows: RowView[]
  /** What a script copies for one more; its key is `NEW`. */
  blank: RowView
  error?: string
}

export interface CharterView {
  keyword: string
  title: string
  conditions: { name: string; text: string; accepted: boolean }[]
  error?: string
}

/** What the page of the form shows. */
export interface EditView {
  groupUrl: string
  action: string
  previewUrl: string
  checkedUrl: string
  picturesUrl: string
  historyUrl: string
  deleteUrl: string
  moveUrl: string
  arrivalUrl: string
  keywordsUrl: string
  placesUrl: string
  name: string
  checkedAt?: string
  imported: boolean
  revision: number
  /** Id of what the focus goes to. */
  focus: string
  /** `field` is an id, `message` names it too. */
  faults: { id: string; message: string }[]
  f: Record<string, FieldView>
  lists: Record<ListName, ListView>
  publicServices: OptionView[]
  hidden: { name: string; value: string }[]
  charters: CharterView[]
  standings: { title: string; url: string; state: 'asked' | 'accepted' | 'declined' | 'unlisted' }[]
  tools: { service: string; name: string; url: string; title: string; doing: string }[]
  languageNames: string[]
  zones: OptionView[]
  preview: PreviewView
}

export interface PreviewView {
  card: GroupCard
  /** Sanitised HTML. */
  descriptionHtml?: string
}

/** Two versions of a record, where they differ and cannot be brought together. */
export interface ConflictView {
  name: string
  action: string
  author?: string
  at?: string
  revision: number
  /** The merged record, to be sent again with the choices. */
  hidden: { name: string; value: string }[]
  fields: { name: string; key: string; mine: string[]; theirs: string[] }[]
}
