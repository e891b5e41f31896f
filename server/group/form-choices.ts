import type { Gazetteer } from '../place/gazetteer.ts'
import type { Formats } from '../text/format.ts'
import type { Locale } from '../text/translate.ts'
import type { OptionView } from './view-edit.ts'

/** The words and codes that a form's selects are made of. */
export interface Choices {
  countries: OptionView[]
  /** Of the chosen country. */
  regions: OptionView[]
}

/** Countries and regions by name; what is chosen is among them whatever it is. */
export function placeChoices(
  { countries, regions }: Pick<Gazetteer, 'countries' | 'regions'>,
  chosen: { country: string; region: string },
  { format, locale }: { format: Formats; locale: Locale },
): Choices {
  const { compare } = new Intl.Collator(locale)
  const options = (codes: Iterable<string>, value: string, name: (code: string) => string) =>
    [...new Set([...codes, value])]
      .filter(Boolean)
      .map((code) => ({ value: code, label: name(code), chosen: code === value }))
      .sort((a, b) => compare(a.label, b.label))
  const here = regions.filter((code) => chosen.country && code.startsWith(`${chosen.country}-`))
  return { countries: options(countries, chosen.country, format.country), regions: options(here, chosen.region, format.region) }
}
