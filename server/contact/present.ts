import type { GroupRow } from '../db/tables.ts'
import type { Fault } from '../errors.ts'
import { homeOf, isPublic, languageOf, wantedRoles } from '../group/present.ts'
import { toGroup } from '../group/row.ts'
import type { Translate } from '../text/translate.ts'
import * as urls from '../urls.ts'

/** One field of a form that comes back: what was typed, and what is wrong with it. */
export interface FormField {
  value: string
  fault: string | undefined
}

/** The group a letter is for, as the pages around it show it. */
export function toAddressee(row: GroupRow) {
  const group = toGroup(row)
  const links = (group.links ?? []).filter(({ service }) => service !== 'unsubscribe' && isPublic(service, group.publicServices))
  return {
    name: row.name,
    ...languageOf(group.languages),
    url: urls.group(row.short_name),
    writeUrl: urls.groupWrite(row.short_name),
    originUrl: homeOf(row)?.url,
    links: links.map(({ service, url, label }) => ({ service, url, label })),
    wanted: wantedRoles(group),
  }
}

/** The fields of a form with the faults said in the reader's language, and the faults as a list for its head. */
export function toForm<Name extends string>(typed: Record<Name, string | undefined>, faults: Fault[], t: Translate) {
  const said = faults.map(({ field, message }) => ({ field, message: t(message.key, message.values) }))
  const entries = Object.entries(typed) as [Name, string | undefined][]
  const fields = Object.fromEntries(
    entries.map(([name, value]) => [name, { value: value ?? '', fault: said.find(({ field }) => field === name)?.message }]),
  ) as Record<Name, FormField>
  return { fields, faults: said.map(({ field, message }) => ({ id: field in typed ? field : undefined, message })) }
}
