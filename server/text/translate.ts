import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Formatters, IntlMessageFormat } from 'intl-messageformat'
import { once } from '../once.ts'

export type Locale = 'fr' | 'en'
export type Values = Record<string, string | number | undefined>
/** The sentence of a dotted key, e.g. `t('group.join.title')`; throws when there is none. */
export type Translate = (key: string, values?: Values) => string
/** Every ICU message by its dotted key. */
export type Translations = Record<Locale, Map<string, string>>

type Tree = { [key: string]: string | Tree }

export const locales: readonly Locale[] = ['fr', 'en']

export function isLocale(tag: unknown): tag is Locale {
  return locales.includes(tag as Locale)
}

/** Reads fr.json and en.json in `dir`: objects of ICU messages, nested as deep as their words are. */
export function loadTranslations(dir: string): Translations {
  const read = (locale: Locale) => flatten(JSON.parse(readFileSync(join(dir, `${locale}.json`), 'utf8')) as Tree)
  return { fr: read('fr'), en: read('en') }
}

/** The words of one language. Each message is compiled when it is first said. The answer is plain text: the view escapes it. */
export function translator(translations: Translations, locale: Locale): Translate {
  const compiled = new Map<string, IntlMessageFormat>()
  const options = { ignoreTag: true, formatters: formattersOf(locale) }
  return (key, values = {}) => {
    let message = compiled.get(key)
    if (!message) {
      message = new IntlMessageFormat(textOf(translations, locale, key), locale, undefined, options)
      compiled.set(key, message)
    }
    return String(message.format(values))
  }
}

function textOf(translations: Translations, locale: Locale, key: string): string {
  const text = translations[locale].get(key)
  if (text === undefined) throw new Error(`No sentence in ${locale} for ${key}.`)
  return text
}

/** The same for all sentences: left to itself, each makes its own, which takes time and memory. */
function formattersOf(locale: Locale): Formatters {
  const number = once(() => new Intl.NumberFormat(locale))
  const cardinal = once(() => new Intl.PluralRules(locale))
  return {
    getNumberFormat: (_locale, options) => (options ? new Intl.NumberFormat(locale, options) : number()),
    getDateTimeFormat: (_locale, options) => new Intl.DateTimeFormat(locale, options),
    getPluralRules: (_locale, options) => (options?.type === 'ordinal' ? new Intl.PluralRules(locale, options) : cardinal()),
  }
}

function flatten(tree: Tree, prefix = ''): Map<string, string> {
  const entries = Object.entries(tree).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + name, value]] : [...flatten(value, `${prefix}${name}.`)],
  )
  return new Map(entries)
}
