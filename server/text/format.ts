import { createRequire } from 'node:module'
import { once } from '../once.ts'
import { regionsInFrench } from './regions-fr.ts'
import type { Locale } from './translate.ts'

/** Numbers, dates and names as one language writes them. Nothing here throws on odd input: it comes back as it was. */
export interface Formats {
  number: (value: number) => string
  /** `2026-03-12` or an ISO time: « 12 mars 2026 ». */
  date: (iso: string) => string
  /** « mars 2026 ». */
  month: (iso: string) => string
  /** In UTC, and saying so: « 12 mars 2026 à 18:30 UTC ». */
  dateTime: (iso: string) => string
  /** Kilometres in, metres said when there is less than one. */
  distance: (km: number) => string
  /** ISO 3166-1 alpha-2. */
  country: (code: string) => string
  /** ISO 3166-2. */
  region: (code: string) => string
  /** BCP 47. */
  language: (tag: string) => string
  /** « a, b et c ». */
  list: (items: readonly string[]) => string
}

interface Subdivisions {
  subdivisions: { localeDisplayNames: { subdivisions: Record<string, string> } }
}

const byLocale: Record<Locale, () => Formats> = { fr: once(() => makeFormats('fr')), en: once(() => makeFormats('en')) }

/** The formatters of a language. */
export function formats(locale: Locale): Formats {
  return byLocale[locale]()
}

// Each is made when it is first asked for: they take time and memory.
function makeFormats(locale: Locale): Formats {
  const number = once(() => new Intl.NumberFormat(locale))
  const countries = once(() => new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' }))
  const languages = once(() => new Intl.DisplayNames(locale, { type: 'language', fallback: 'code' }))
  const list = once(() => new Intl.ListFormat(locale, { type: 'conjunction' }))
  const distance = once(() => distanceFormat(locale))
  const region = once(() => regionNames(locale))
  return {
    number: (value) => number().format(value),
    ...dateFormats(locale),
    distance: (km) => distance()(km),
    country: (code) => nameOr(code, () => countries().of(code)),
    region: (code) => region()(code),
    language: (tag) => nameOr(tag, () => languages().of(tag)),
    list: (items) => list().format(items),
  }
}

function dateFormats(locale: Locale): Pick<Formats, 'date' | 'month' | 'dateTime'> {
  const day = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const
  const time = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const
  return {
    date: dateFormat(locale, day),
    month: dateFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }),
    dateTime: dateFormat(locale, { ...day, ...time }),
  }
}

function dateFormat(locale: Locale, options: Intl.DateTimeFormatOptions): (iso: string) => string {
  const format = once(() => new Intl.DateTimeFormat(locale, options))
  return (iso) => {
    const time = Date.parse(iso)
    if (Number.isNaN(time)) return iso
    const text = format().format(time)
    // French says « 1er mars », and Intl does not know.
    return locale === 'fr' ? text.replace(/^1 /, '1er ') : text
  }
}

function distanceFormat(locale: Locale): (km: number) => string {
  const unit = (name: string, digits: number) => new Intl.NumberFormat(locale, { style: 'unit', unit: name, maximumFractionDigits: digits })
  const metres = unit('meter', 0)
  const near = unit('kilometer', 1)
  const far = unit('kilometer', 0)
  return (km) => {
    if (km < 0.95) return metres.format(Math.round(km * 100) * 10)
    return (km < 9.95 ? near : far).format(km)
  }
}

function regionNames(locale: Locale): (code: string) => string {
  const load = createRequire(import.meta.url)
  const read = (language: string) =>
    (load(`cldr-subdivisions-full/subdivisions/${language}/${language}.json`) as Subdivisions).subdivisions.localeDisplayNames.subdivisions
  const names: Record<string, string> = { ...read('en'), ...read(locale) }
  return (code) => {
    if (locale === 'fr' && Object.hasOwn(regionsInFrench, code)) return regionsInFrench[code] ?? code
    const key = code.replace('-', '').toLowerCase()
    // Some CLDR names end in the mark of a footnote: « Île-de-France² ».
    return Object.hasOwn(names, key) ? (names[key] ?? code).replace(/[¹²³]$/, '') : code
  }
}

function nameOr(code: string, name: () => string | undefined): string {
  try {
    return name() ?? code
  } catch {
    return code
  }
}
