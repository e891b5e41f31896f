import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'

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
  return (key, values = {}) => {
    const message = compiled.get(key) ?? compile(translations, locale, key)
    compiled.set(key, message)
    return String(message.format(values))
  }
}

function compile(translations: Translations, locale: Locale, key: string): IntlMessageFormat {
  const text = translations[locale].get(key)
  if (text === undefined) throw new Error(`No sentence in ${locale} for ${key}.`)
  return new IntlMessageFormat(text, locale, undefined, { ignoreTag: true })
}

function flatten(tree: Tree, prefix = ''): Map<string, string> {
  const entries = Object.entries(tree).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + name, value]] : [...flatten(value, `${prefix}${name}.`)],
  )
  return new Map(entries)
}
