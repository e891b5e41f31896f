import type { Locale } from '../text/translate.ts'
import type { FormFields, FormRow, ListName } from './form-fields.ts'
import { readKeywords } from './form-keywords.ts'
import { readLanguages } from './form-languages.ts'
import { fromLocal } from './form-time.ts'
import { services } from './rules.ts'

/** What a form says, for `checkGroup`, and how a fault's field is called in the form. */
export interface FormInput {
  input: Record<string, unknown>
  nameOf: (field: string) => string
}

/** The record that was typed; what is no number stays text, for the schema to refuse. Rows that say nothing are left out. */
export function fromFields(fields: FormFields, locale: Locale): FormInput {
  const { values, publicServices } = fields
  const kept = keptRows(fields)
  const hasPosition = Boolean(values['position.lat'].trim() || values['position.lng'].trim())
  const hasMeeting = Boolean(values['nextMeeting.at'] || values['nextMeeting.url'].trim() || values['nextMeeting.place'].trim())
  const { name, summary, type, shortName, description, activity, country, region, place, memberCountAt, meets, parent, licence } = values
  return {
    input: {
      ...{ name, summary, type, shortName, description, activity, country, region, place, memberCountAt, meets, parent, licence, publicServices },
      languages: readLanguages(values.languages, locale),
      keywords: readKeywords(values.keywords),
      memberCount: toNumber(values.memberCount.replaceAll(/\s/g, '')),
      position: hasPosition
        ? { lat: toDegrees(values['position.lat']), lng: toDegrees(values['position.lng']), precision: values['position.precision'] || 'exact' }
        : undefined,
      nextMeeting: hasMeeting
        ? {
            at: fromLocal(values['nextMeeting.at'].trim(), values['nextMeeting.zone']),
            url: values['nextMeeting.url'],
            place: values['nextMeeting.place'],
          }
        : undefined,
      banner: toPicture(values.banner),
      logo: toPicture(values.logo),
      links: kept.links.map(({ values: { service, url, label } }) => ({ service, url, label })),
      welcome: kept.welcome.map(({ values: { text } }) => text),
      roles: kept.roles.map(({ values: { role, holder, since, wanted } }) => ({ role, holder, since, wanted: Boolean(wanted) })),
      partners: kept.partners.map(({ values: { name: partner, url, logo } }) => ({ name: partner, url, logo: toPicture(logo ?? '') })),
    },
    nameOf: (field) => formName(field, kept),
  }
}

/** The rows that say something, links by service as `normaliseGroup` will sort them. */
function keptRows({ lists }: FormFields): Record<ListName, FormRow[]> {
  const says =
    (...names: string[]) =>
    (row: FormRow) =>
      names.some((name) => row.values[name]?.trim())
  const rank = ({ values }: FormRow) => services.indexOf(values.service as (typeof services)[number])
  return {
    links: lists.links.filter(says('url', 'label')).toSorted((a, b) => rank(a) - rank(b)),
    welcome: lists.welcome.filter(says('text')),
    roles: lists.roles.filter(says('role', 'holder', 'since', 'wanted')),
    partners: lists.partners.filter(says('name', 'url')),
  }
}

// Of a whole row, the part that its fault is told at.
const mainField: Record<string, string> = { links: 'url', welcome: 'text', roles: 'role', partners: 'name' }

function formName(field: string, kept: Record<ListName, FormRow[]>): string {
  const [top = '', at, inner] = field.split('/')
  if (top in kept) {
    const row = at === undefined ? undefined : kept[top as ListName][Number(at)]
    return row ? `${top}.${row.key}.${inner ?? mainField[top]}` : top
  }
  if (top === 'position' || top === 'nextMeeting') return `${top}.${at ?? (top === 'position' ? 'lat' : 'at')}`
  return top
}

function toNumber(text: string): number | string {
  return /^\d{1,15}$/.test(text) ? Number(text) : text
}

function toDegrees(text: string): number | string {
  const told = text.trim().replace(',', '.').replace('−', '-')
  return /^-?\d{1,3}(\.\d+)?(e-?\d{1,2})?$/.test(told) ? Number(told) : text
}

/** One that is there already: pictures have a page of their own, the form only carries them along. */
function toPicture(json: string): unknown {
  if (!json) return undefined
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
