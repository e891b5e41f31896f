import type { Group } from '../schema-types.ts'
import type { Locale } from '../text/translate.ts'
import { writeKeywords } from './form-keywords.ts'
import { writeLanguages } from './form-languages.ts'
import { toLocal } from './form-time.ts'

/** What a form about a record holds: texts as they were typed, valid or not. */
export interface FormFields {
  values: Record<Single, string>
  lists: Record<ListName, FormRow[]>
  publicServices: string[]
}

/** One of several: `key` names it in the form for as long as it is there, wherever it moves. */
export interface FormRow {
  key: string
  values: Record<string, string>
}

/** What a form sends, as server/http/forms.ts reads it. */
export type FormBody = Record<string, string | string[]>

export type Single = (typeof singles)[number]
export type ListName = keyof typeof listFields

/** Fields sent once. */
export const singles = [
  ...(['name', 'summary', 'type', 'shortName', 'description', 'languages', 'keywords', 'activity'] as const),
  ...(['country', 'region', 'place', 'position.lat', 'position.lng', 'position.precision'] as const),
  ...(['memberCount', 'memberCountAt', 'meets', 'nextMeeting.at', 'nextMeeting.zone', 'nextMeeting.url', 'nextMeeting.place'] as const),
  ...(['banner', 'logo', 'parent', 'licence'] as const),
] as const

/** Repeated ones are sent as `links.3.url`. */
export const listFields = {
  links: ['service', 'url', 'label'],
  welcome: ['text'],
  roles: ['role', 'holder', 'since', 'wanted'],
  partners: ['name', 'url', 'logo'],
} as const

export const listNames: ListName[] = ['links', 'welcome', 'roles', 'partners']

const rowField = /^(links|welcome|roles|partners)\.(\d{1,6})\.(\w+)$/

/** The fields among all that a form sent, rows in the order in which they were sent. */
export function readFields(body: FormBody): FormFields {
  const fields = emptyFields()
  for (const name of singles) fields.values[name] = [body[name] ?? ''].flat().at(-1)!.replace(/\r\n?/g, '\n')
  fields.publicServices = [body.publicServices ?? []].flat()
  for (const [name, value] of Object.entries(body)) {
    const [, list, key, field] = rowField.exec(name) ?? []
    if (!list || !(listFields[list as ListName] as readonly string[]).includes(field!)) continue
    const rows = fields.lists[list as ListName]
    const row = rows.find((one) => one.key === key) ?? rows[rows.push({ key: key!, values: {} }) - 1]!
    row.values[field!] = [value].flat().at(-1)!
  }
  return fields
}

/** All that the form would send: names and values in order. */
export function listValues({ values, lists, publicServices }: FormFields): [name: string, value: string][] {
  const rows = listNames.flatMap((list) =>
    lists[list].flatMap(({ key, values: cells }) =>
      Object.entries(cells).map(([field, value]): [string, string] => [`${list}.${key}.${field}`, value]),
    ),
  )
  return [...Object.entries(values), ...rows, ...publicServices.map((service): [string, string] => ['publicServices', service])]
}

/** A record as its form shows it to a reader of `locale`; times are of `zone` (IANA). `fromFields` is the way back. */
export function toFields(group: Partial<Group>, { locale, zone }: { locale: Locale; zone: string }): FormFields {
  const { position, nextMeeting, banner, logo } = group
  const text = (value: string | number | undefined) => (value === undefined ? '' : String(value))
  const next = nextMeeting ? toLocal(nextMeeting.at, zone) : { local: '', zone }
  const json = (value: object | undefined) => (value ? JSON.stringify(value) : '')
  const plain = [
    'name',
    'summary',
    'type',
    'shortName',
    'description',
    'activity',
    'country',
    'region',
    'place',
    'memberCount',
    'memberCountAt',
  ] as const
  const fields = emptyFields()
  for (const name of [...plain, 'meets', 'parent', 'licence'] as const) fields.values[name] = text(group[name])
  Object.assign(fields.values, {
    languages: writeLanguages(group.languages ?? [], locale),
    keywords: writeKeywords((group.keywords ?? []).map(({ label }) => label)),
    'position.lat': text(position?.lat),
    'position.lng': text(position?.lng),
    'position.precision': text(position?.precision),
    'nextMeeting.at': next.local,
    'nextMeeting.zone': next.zone,
    'nextMeeting.url': text(nextMeeting?.url),
    'nextMeeting.place': text(nextMeeting?.place),
    banner: json(banner),
    logo: json(logo),
  } satisfies Partial<Record<Single, string>>)
  fields.publicServices = group.publicServices ?? []
  fields.lists = {
    links: toRows(group.links, ({ service, url, label }) => ({ service, url, label: text(label) })),
    welcome: toRows(group.welcome, (step) => ({ text: step })),
    roles: toRows(group.roles, ({ role, holder, since, wanted }) => ({
      role,
      holder: text(holder),
      since: text(since),
      ...(wanted ? { wanted: '1' } : {}),
    })),
    partners: toRows(group.partners, ({ name, url, logo: picture }) => ({ name, url: text(url), logo: json(picture) })),
  }
  return fields
}

function emptyFields(): FormFields {
  const values = Object.fromEntries(singles.map((name) => [name, ''])) as Record<Single, string>
  return { values, lists: { links: [], welcome: [], roles: [], partners: [] }, publicServices: [] }
}

function toRows<T>(items: T[] | undefined, toValues: (item: T) => Record<string, string>): FormRow[] {
  return (items ?? []).map((item, at) => ({ key: String(at), values: toValues(item) }))
}
