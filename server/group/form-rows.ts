import { type FormFields, type FormRow, type ListName, listFields } from './form-fields.ts'

// What a list may hold, and some to see that it was too many.
const mostRows = 80

/**
 * What a button of a row does, as its value says it: `links.add`, `links.3.up`, `links.3.down`, `links.3.remove`.
 * Gives the fields anew and what the focus goes to; undefined when no row's button says so.
 */
export function changeRows(fields: FormFields, doing: string): { fields: FormFields; focus: string } | undefined {
  const [, list, adds, key, verb] = /^(links|welcome|roles|partners)\.(?:(add)|(\d+)\.(up|down|remove))$/.exec(doing) ?? []
  if (!list) return undefined
  const name = list as ListName
  if (adds) return addRow(fields, name, {})
  const rows = [...fields.lists[name]]
  const at = rows.findIndex((row) => row.key === key)
  if (at < 0) return { fields, focus: `${name}.add` }
  const [row] = rows.splice(at, 1) as [FormRow]
  if (verb === 'remove') {
    const next = rows[at] ?? rows[at - 1]
    return { fields: withRows(fields, name, rows), focus: next ? `${name}.${next.key}.${listFields[name][0]}` : `${name}.add` }
  }
  const to = Math.min(rows.length, Math.max(0, at + (verb === 'up' ? -1 : 1)))
  rows.splice(to, 0, row)
  // The same button again, unless it has nothing left to do.
  const stays = verb === 'up' ? to > 0 : to < rows.length - 1
  return { fields: withRows(fields, name, rows), focus: `${name}.${key}.${stays ? verb : verb === 'up' ? 'down' : 'up'}` }
}

/** One more row, at the end. */
export function addRow(fields: FormFields, name: ListName, values: FormRow['values']): { fields: FormFields; focus: string } {
  const rows = fields.lists[name]
  if (rows.length >= mostRows) return { fields, focus: `${name}.add` }
  const key = String(1 + Math.max(-1, ...rows.map((row) => Number(row.key))))
  return { fields: withRows(fields, name, [...rows, { key, values }]), focus: `${name}.${key}.${listFields[name][0]}` }
}

function withRows(fields: FormFields, name: ListName, rows: FormRow[]): FormFields {
  return { ...fields, lists: { ...fields.lists, [name]: rows } }
}
