import { fold } from '../text/fold.ts'
import { formats } from '../text/format.ts'
import type { Locale } from '../text/translate.ts'

// Languages of ISO 639-1 that are spoken, and others where there are groups: those that CLDR names.
const tags = [
  ...'af am ar as ast ay az ba bci be bg bm bn bo br bs bum ca ce co cps cs cv cy da de dv dyu dz ee el en eo es et eu ewo fa ff fi fj fo fon fr frp fy'.split(
    ' ',
  ),
  ...'ga gcr gd gl gn gsw gu gv ha he hi hr ht hu hy ia id ig is it iu ja jv ka kab kg ki kk kl km kn ko ks ku kv kw ky la lb lg li ln lo lt lu lv'.split(
    ' ',
  ),
  ...'mfe mg mh mi mk ml mn mos mr ms mt my nb nd nds ne nl nn no nr nv ny oc om or os pa pl ps pt pt-BR qu rcf rm rn ro ru rup rw sa sat sc scn sd se'.split(
    ' ',
  ),
  ...'sg shi si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tn to tr ts tt ty tzm ug uk ur uz ve vi wa wal wo xh yi yo za zgh zh zh-Hans zh-Hant zu'.split(
    ' ',
  ),
]

/** Languages to choose from, as the reader calls them, in their order. */
export function languageNames(locale: Locale): string[] {
  return [...namedLanguages(locale).values()].sort(new Intl.Collator(locale).compare)
}

/** « français, breton » → `['fr', 'br']`; a name that is not known is taken for a tag. */
export function readLanguages(text: string, locale: Locale): string[] {
  const known = new Map([...namedLanguages(locale)].map(([tag, name]) => [fold(name), tag]))
  const names = text.split(/[,;\n]/).map((name) => name.trim())
  return names.filter(Boolean).map((name) => known.get(fold(name)) ?? name)
}

/** The other way round; a language that is not among those to choose from is written as its tag. */
export function writeLanguages(languages: string[], locale: Locale): string {
  const { language } = formats(locale)
  return languages.map((tag) => (tags.includes(tag) ? language(tag) : tag)).join(', ')
}

/** By tag; each name leads back to its tag. */
function namedLanguages(locale: Locale): Map<string, string> {
  const { language } = formats(locale)
  return new Map(tags.map((tag) => [tag, language(tag)]))
}
