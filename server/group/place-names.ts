import { formats } from '../text/format.ts'
import { locales } from '../text/translate.ts'

/** A group's country and region in every language of the interface, so that « Bénin » and "Benin" both find it. */
export function placeNames({ country, region }: { country?: string; region?: string }): string[] {
  return locales.flatMap((locale) => {
    const names = formats(locale)
    return [country ? names.country(country) : '', region ? names.region(region) : ''].filter(Boolean)
  })
}
